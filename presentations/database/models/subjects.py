"""Subjects, and what can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base

UNORGANIZED = "default"


class Subject(Base):
    """The name under which a teacher's subject is shown."""

    __tablename__ = "presentation_subjects"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    defaults: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class Undo(Base):
    """What a teacher changed of late, to be put back once. presentations.library.organiser knows the steps."""

    __tablename__ = "presentation_undos"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    steps: Mapped[dict[str, Any]] = mapped_column(JSONB)
