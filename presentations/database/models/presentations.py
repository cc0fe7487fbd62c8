"""The mapped rows. schema.sql makes the tables; a test holds the two together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Text, false, func, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PENDING = "pending"
PROCESSING = "processing"
COMPLETE = "complete"
ERROR = "error"
CANCELLED = "cancelled"
DELETED = "deleted"

UNORGANIZED = "default"

WAITING = "waiting"
DELIVERED = "delivered"
FAILED = "failed"

TEACHER = "teacher"
ADMIN = "admin"


class Base(DeclarativeBase):
    """Base of all rows; text is unbounded and every time is aware."""

    type_annotation_map = {str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012 (SQLAlchemy's own name)


class Presentation(Base):
    """One presentation that was asked for. What the columns mean is said in schema.sql."""

    __tablename__ = "presentation_jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    topic: Mapped[str]
    title: Mapped[str | None]
    subject: Mapped[str] = mapped_column(server_default=UNORGANIZED)
    status: Mapped[str] = mapped_column(server_default=PENDING)

    n_slides: Mapped[int] = mapped_column(server_default=text("5"))
    language: Mapped[str | None]
    tone: Mapped[str | None]
    template: Mapped[str | None]
    instructions: Mapped[str | None]
    verbosity: Mapped[str | None]
    export_as: Mapped[str | None]
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

    queued_at: Mapped[datetime | None]
    line_entry: Mapped[int] = mapped_column(server_default=text("0"))
    lease_owner: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    claims: Mapped[int] = mapped_column(server_default=text("0"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    submit_started_at: Mapped[datetime | None]
    unanswered_since: Mapped[datetime | None]
    fault_since: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    search_text: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    request_id: Mapped[str | None]

    @property
    def shown_title(self) -> str:
        """The name it was given, or else its topic."""
        return self.title or self.topic

    def as_dict(self) -> dict[str, Any]:
        """The presentation as the API and the agent give it: plain values, times in ISO 8601."""
        return {
            "job_id": str(self.id),
            "topic": self.topic,
            "title": self.shown_title,
            "user_id": self.user_id,
            "status": self.status,
            "subject": self.subject,
            "n_slides": self.n_slides,
            "message": self.message,
            "slides_done": self.slides_done,
            "slides_total": self.slides_total,
            "error": self.error,
            "presenton_id": self.presenton_id,
            "presenton_url": self.presenton_url,
            "created_at": _iso(self.created_at),
            "started_at": _iso(self.started_at),
            "completed_at": _iso(self.completed_at),
        }


class Subject(Base):
    """The name under which a teacher's subject is shown."""

    __tablename__ = "presentation_subjects"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Event(Base):
    """Something that happened to a presentation: it was asked for, started, submitted, or got another status."""

    __tablename__ = "presentation_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    presentation_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    detail: Mapped[str | None]


class Undo(Base):
    """What a teacher changed of late, to be put back once. presentations.library.organiser knows the steps."""

    __tablename__ = "presentation_undos"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    steps: Mapped[dict[str, Any]] = mapped_column(JSONB)


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "presentation_users"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(server_default=TEACHER)
    is_active: Mapped[bool] = mapped_column(server_default=true())
    session_key: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    signed_in_at: Mapped[datetime | None]
    form_choices: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    oidc_subject: Mapped[str | None] = mapped_column(unique=True)


class SignInLink(Base):
    """A link that signs somebody in once."""

    __tablename__ = "presentation_sign_in_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Webhook(Base):
    """Somebody who wants to be told. Its secrets are only loaded where they are asked for by name."""

    __tablename__ = "presentation_webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    all_users: Mapped[bool] = mapped_column(server_default=false())
    presentation_id: Mapped[UUID | None]
    url: Mapped[str]
    events: Mapped[list[str]] = mapped_column(JSONB)
    secret: Mapped[str] = mapped_column(deferred=True)
    previous_secret: Mapped[str | None] = mapped_column(deferred=True)
    previous_secret_until: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default=true())
    failing_since: Mapped[datetime | None]
    switched_off_at: Mapped[datetime | None]
    switched_off_why: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def as_dict(self) -> dict[str, Any]:
        """The webhook as the API gives it: plain values, times in ISO 8601, no secrets."""
        return {
            "id": str(self.id),
            "user_id": self.user_id,
            "job_id": str(self.presentation_id) if self.presentation_id else None,
            "all_users": self.all_users,
            "url": self.url,
            "events": self.events,
            "is_active": self.is_active,
            "previous_secret_until": _iso(self.previous_secret_until),
            "failing_since": _iso(self.failing_since),
            "switched_off_at": _iso(self.switched_off_at),
            "switched_off_why": self.switched_off_why,
            "created_at": _iso(self.created_at),
        }


class Delivery(Base):
    """One thing that a webhook is told."""

    __tablename__ = "presentation_deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    number: Mapped[int] = mapped_column(BigInteger)
    webhook_id: Mapped[UUID]
    user_id: Mapped[str]
    presentation_id: Mapped[UUID | None]
    event: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(server_default=WAITING)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))

    queued_at: Mapped[datetime | None]
    line_entry: Mapped[int] = mapped_column(server_default=text("0"))
    claimed_by: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]

    sent_at: Mapped[datetime | None]
    request: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    status_code: Mapped[int | None]
    answer: Mapped[str | None]
    duration_ms: Mapped[int | None]
    problem: Mapped[str | None]

    def as_dict(self) -> dict[str, Any]:
        """The delivery as the API gives it: plain values, times in ISO 8601."""
        return {
            "id": str(self.id),
            "webhook_id": str(self.webhook_id),
            "user_id": self.user_id,
            "job_id": str(self.presentation_id) if self.presentation_id else None,
            "event": self.event,
            "payload": self.payload,
            "status": self.status,
            "created_at": _iso(self.created_at),
            "due_at": _iso(self.due_at) if self.status == WAITING else None,
            "attempts": self.attempts,
            "sent_at": _iso(self.sent_at),
            "request": self.request,
            "status_code": self.status_code,
            "answer": self.answer,
            "duration_ms": self.duration_ms,
            "problem": self.problem,
        }


class Token(Base):
    """What a program shows instead of signing in."""

    __tablename__ = "presentation_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    name: Mapped[str]
    token_hash: Mapped[str]
    scopes: Mapped[str]
    acts_for_all: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]

    def allows(self, scope: str) -> bool:
        """Whether it is good for "read", or for "write"."""
        return scope in self.scopes.split()


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


class Control(Base):
    """What admins have set: a single row. presentations.operations.controls changes it."""

    __tablename__ = "presentation_controls"

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    max_waiting: Mapped[int] = mapped_column(server_default=text("20"))
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str | None]
    notice: Mapped[str | None]


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


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
