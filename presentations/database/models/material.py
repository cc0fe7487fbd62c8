"""The files that presentations are made from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, false, func
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base


class Upload(Base):
    """A file that a teacher gave. What the columns mean is said in schema.sql."""

    __tablename__ = "presentation_uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    pages: Mapped[int | None]
    is_kept: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]


class Material(Base):
    """That a presentation is made from an upload."""

    __tablename__ = "presentation_materials"

    presentation_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    upload_id: Mapped[UUID]
