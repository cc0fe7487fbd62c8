"""What admins have set, who did what, and what Presenton offers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, false, func, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base


class Control(Base):
    """What admins have set, and whether Presenton lets Lectern in: a single row."""

    __tablename__ = "presentation_controls"

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    max_waiting: Mapped[int] = mapped_column(server_default=text("20"))
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str | None]
    notice: Mapped[str | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    web_search: Mapped[bool] = mapped_column(server_default=false())

    @property
    def is_paused(self) -> bool:
        """Whether nothing new is begun: by an admin's will, or since Presenton lets nobody in."""
        return self.paused_at is not None or self.refused_at is not None


class OfferedTemplates(Base):
    """What Presenton offers: a single row. presentations.library.templates keeps it."""

    __tablename__ = "presentation_templates"

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    listed: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    has_outlines: Mapped[bool] = mapped_column(server_default=false())


class TemplatePicture(Base):
    """The thumbnail of one of Presenton's templates."""

    __tablename__ = "presentation_template_pictures"

    template_id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditEntry(Base):
    """Something that somebody did."""

    __tablename__ = "presentation_audit"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    via: Mapped[str]
    action: Mapped[str]
    whose: Mapped[str | None]
    what: Mapped[str | None]


class SchemaStep(Base):
    """A step of schema.sql that the database has behind it. Only schema.sql writes it."""

    __tablename__ = "presentation_schema_steps"

    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    applied_at: Mapped[datetime] = mapped_column(server_default=func.now())
