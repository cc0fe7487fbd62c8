"""Deliveries, made due and sent without a worker."""

from __future__ import annotations

from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Delivery
from presentations.jobs import Workshop
from presentations.library import Library
from presentations.webhooks import Revealed, Webhooks
from presentations.webhooks.delivery import deliver


def send_due(workshop: Workshop) -> None:
    """What the outbox and a thread at its line do until nothing more is due."""
    workshop.outbox.run_once()
    redis = workshop.line.redis
    while job_id := redis.lpop("rq:queue:webhooks"):
        deliver(job_id.decode().split("_")[0])  # type: ignore[union-attr]


def ended(library: Library, topic: str = "Photosynthesis", user: str = "alice") -> str:
    """The id of a presentation that was cancelled."""
    return str(library.cancel(user, library.create(user, topic).id).id)


def log_of(webhooks: Webhooks, hook: Revealed) -> list[Delivery]:
    return webhooks.deliveries(None, hook.webhook.id).items


def change(database: Database, table: str, values: str) -> None:
    with database.begin() as session:
        session.execute(text(f"UPDATE presentation_{table} SET {values}"))


def make_due(database: Database) -> None:
    change(database, "deliveries", "due_at = now() WHERE status = 'waiting'")
