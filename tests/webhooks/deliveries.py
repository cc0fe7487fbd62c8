"""Deliveries, made due and sent without a worker."""

from __future__ import annotations

from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Delivery
from presentations.jobs import Dispatcher, WorkerContext
from presentations.library import Library
from presentations.webhooks import WEBHOOKS, Revealed, Webhooks
from presentations.webhooks.delivery import Attempt, attempt_of, deliver


def dispatch(context: WorkerContext) -> None:
    """What an impatient dispatcher does that sees things twice."""
    dispatcher = Dispatcher(context.engine(WEBHOOKS), context.outages, lease_seconds=0, patience=0)
    dispatcher.run_once()
    dispatcher.run_once()


def send_due(context: WorkerContext) -> None:
    """What the dispatcher and a thread at its queue do until nothing more is due."""
    dispatch(context)
    redis = context.redis
    while job_id := redis.lpop("rq:queue:webhooks"):
        deliver(job_id.decode().split("_")[0])  # type: ignore[union-attr]


def attempt(context: WorkerContext, delivery: Delivery) -> Attempt | None:
    """An attempt at a delivery, as a worker's thread begins it."""
    engine = context.engine(WEBHOOKS)
    claim = engine.leases.claim(delivery.id)
    return attempt_of(engine.database, claim) if claim else None


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
