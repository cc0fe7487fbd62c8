"""What requests with an Idempotency-Key were answered with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base


class FirstAnswer(Base):
    """What a request with an Idempotency-Key was answered with."""

    __tablename__ = "presentation_answers"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    began_at: Mapped[datetime] = mapped_column(server_default=func.now())
    status: Mapped[int | None]
    location: Mapped[str | None]
    body: Mapped[str | None]
