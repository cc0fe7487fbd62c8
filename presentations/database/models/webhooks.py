"""Webhooks, and what they are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, false, func, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base, iso

WAITING = "waiting"
DELIVERED = "delivered"
FAILED = "failed"


class Webhook(Base):
    """Somebody who wants to be told. Its secrets are only loaded where they are asked for by name."""

    __tablename__ = "presentation_webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    all_users: Mapped[bool] = mapped_column(server_default=false())
    made_by: Mapped[str | None]
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
            "previous_secret_until": iso(self.previous_secret_until),
            "failing_since": iso(self.failing_since),
            "switched_off_at": iso(self.switched_off_at),
            "switched_off_why": self.switched_off_why,
            "created_at": iso(self.created_at),
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
            "created_at": iso(self.created_at),
            "due_at": iso(self.due_at) if self.status == WAITING else None,
            "attempts": self.attempts,
            "sent_at": iso(self.sent_at),
            "request": self.request,
            "status_code": self.status_code,
            "answer": self.answer,
            "duration_ms": self.duration_ms,
            "problem": self.problem,
        }
