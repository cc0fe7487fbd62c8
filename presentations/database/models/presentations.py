"""Presentations and what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base, iso
from presentations.database.models.subjects import UNORGANIZED
from presentations.options import OPTIONS

PENDING = "pending"
PROCESSING = "processing"
COMPLETE = "complete"
ERROR = "error"
CANCELLED = "cancelled"
DELETED = "deleted"

_TOLD = tuple(option.name for option in OPTIONS if option.is_in_answers)


class Presentation(Base):
    """One presentation that was asked for. What the columns mean is said in schema.sql."""

    __tablename__ = "presentation_jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    topic: Mapped[str]
    title: Mapped[str | None]
    subject: Mapped[str] = mapped_column(server_default=UNORGANIZED)
    status: Mapped[str] = mapped_column(server_default=PENDING)

    n_slides: Mapped[int] = mapped_column(server_default="5")
    language: Mapped[str | None]
    tone: Mapped[str | None]
    template: Mapped[str | None]
    instructions: Mapped[str | None]
    verbosity: Mapped[str | None]
    export_as: Mapped[str | None]
    # These two may be long, and are read only where they are needed.
    text: Mapped[str | None] = mapped_column(Text, deferred=True)
    keep_wording: Mapped[bool | None]
    grade: Mapped[str | None]
    level: Mapped[str | None]
    minutes: Mapped[int | None]
    must_cover: Mapped[str | None]
    ends_with: Mapped[str | None]
    avoid: Mapped[str | None]
    table_of_contents: Mapped[bool | None]
    title_slide: Mapped[bool | None]
    web_search: Mapped[bool | None]
    outline_first: Mapped[bool | None]
    file_count: Mapped[int] = mapped_column(server_default="0")
    outline: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    outlined_at: Mapped[datetime | None]
    awaits_teacher_since: Mapped[datetime | None]
    idempotency_key: Mapped[str | None]

    presenton_id: Mapped[str | None]
    presenton_url: Mapped[str | None]
    presenton_path: Mapped[str | None]
    presenton_task_id: Mapped[str | None]

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_from: Mapped[str | None]

    message: Mapped[str | None]
    slides_done: Mapped[int | None]
    slides_total: Mapped[int | None]
    progress_mark: Mapped[str | None]
    progress_at: Mapped[datetime | None]
    error: Mapped[str | None]
    error_detail: Mapped[str | None]
    error_cause: Mapped[str | None]

    queued_at: Mapped[datetime | None]
    line_entry: Mapped[int] = mapped_column(server_default="0")
    lease_owner: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    claims: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    submit_started_at: Mapped[datetime | None]
    unanswered_since: Mapped[datetime | None]
    fault_since: Mapped[datetime | None]
    deck_mark: Mapped[str | None]
    presenton_down_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    search_text: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    request_id: Mapped[str | None]

    version: Mapped[int | None]
    cover: Mapped[str | None]
    prepared_at: Mapped[datetime | None]

    @property
    def shown_title(self) -> str:
        """The name it was given, or else its topic."""
        return self.title or self.topic

    @property
    def needs_outline(self) -> bool:
        """Whether an outline is to be proposed before it is made."""
        return bool(self.outline_first) and self.outlined_at is None

    @property
    def awaits_teacher(self) -> bool:
        """Whether it waits for its teacher's word on its outline, and not for a worker."""
        return self.status == PENDING and self.awaits_teacher_since is not None

    @property
    def file_kind(self) -> str:
        """The kind of file that was asked for."""
        return self.export_as or "pptx"

    def as_dict(self) -> dict[str, Any]:
        """The presentation as the API and the agent give it: plain values, times in ISO 8601."""
        return {
            "job_id": str(self.id),
            **{name: getattr(self, name) for name in _TOLD},
            "title": self.shown_title,
            "user_id": self.user_id,
            "status": self.status,
            "subject": self.subject,
            "message": self.message,
            "slides_done": self.slides_done,
            "slides_total": self.slides_total,
            "awaits_teacher_since": iso(self.awaits_teacher_since) if self.awaits_teacher else None,
            "error": self.error,
            "presenton_id": self.presenton_id,
            "presenton_url": self.presenton_url,
            "created_at": iso(self.created_at),
            "started_at": iso(self.started_at),
            "completed_at": iso(self.completed_at),
        }


class Event(Base):
    """Something that happened to a presentation: it was asked for, started, submitted, or got another status."""

    __tablename__ = "presentation_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    presentation_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    detail: Mapped[str | None]
