"""The outbox: the deliveries that wait, as a kind of work on a queue of their own.

One delivery of each user is in the queue or being sent at a time: an endpoint that hangs holds up nobody else's. Rows
are written by presentation_tell() in schema.sql, in the transaction that ends a presentation.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import exists, func, or_, text, true
from sqlalchemy.orm import Session, aliased

from presentations.accounts import may_be_told
from presentations.database import Database, Lock, Transition
from presentations.database.models import WAITING, Delivery, Webhook
from presentations.jobs import Entry, Work

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)

_PURGED_AT_ONCE = 5000

_EARLIER = aliased(Delivery)
_HAS_TO_WAIT = exists().where(
    _EARLIER.webhook_id == Delivery.webhook_id,
    _EARLIER.presentation_id == Delivery.presentation_id,
    _EARLIER.status == WAITING,
    _EARLIER.number < Delivery.number,
)

# The life of a delivery, up to its attempt; delivery.record() writes how that went.
CLAIM = Transition(
    Delivery,
    (
        Delivery.status == WAITING,
        Delivery.due_at <= func.now(),
        or_(Delivery.claimed_by.is_(None), Delivery.claimed_until < func.now()),
        ~_HAS_TO_WAIT,
        exists().where(Webhook.id == Delivery.webhook_id, Webhook.is_active, may_be_told(Webhook)),
    ),
    {"queued_at": None, "attempts": Delivery.attempts + 1, "sent_at": func.now()},
)
LEAVE = Transition(Delivery, (Delivery.queued_at.is_not(None),), {"queued_at": None})
# Its worker is gone or stops: nobody knows whether it was received, so it is sent again.
GIVE_BACK = Transition(
    Delivery,
    (Delivery.status == WAITING, Delivery.claimed_by.is_not(None)),
    {"claimed_by": None, "claimed_until": None, "queued_at": None},
)


def _admit(session: Session, user_id: str | None) -> list[Entry]:
    return [Entry(*row) for row in session.execute(_ADMIT_ALONE, {"user_id": user_id})]


WEBHOOKS = Work(
    row="delivery",
    queue="webhooks",
    job="presentations.deliveries.deliver",
    about="Send a webhook",
    failure="The webhook was not sent; its row, or the worker's log, says why.",
    dispatching=Lock.DISPATCH_DELIVERIES,
    admit=_admit,
    others_wait=true(),
    claim=CLAIM,
    leave=LEAVE,
    give_back=GIVE_BACK,
    hand_back=GIVE_BACK,
    owner=Delivery.claimed_by,
    until=Delivery.claimed_until,
)


def purge_deliveries(database: Database) -> int:
    """Delete deliveries older than 30 days, and webhooks of single presentations that are over as long; how many.

    Raises Unavailable.
    """
    purged = 0
    for statement in (_PURGE_DELIVERIES, _PURGE_WEBHOOKS):
        count = _PURGED_AT_ONCE
        while count == _PURGED_AT_ONCE:
            with database.single() as session:
                count = len(session.execute(statement, {"kept": KEPT, "most": _PURGED_AT_ONCE}).all())
            purged += count
    if purged:
        log.info("%d old deliveries and webhooks of single presentations are cleared away", purged)
    return purged


ADMIT = text(
    """
    WITH next AS (
        SELECT DISTINCT ON (d.user_id) d.id, d.due_at
        FROM presentation_deliveries AS d JOIN presentation_webhooks AS w ON w.id = d.webhook_id
        WHERE d.status = 'waiting' AND d.due_at <= now() AND w.is_active
          AND presentation_may_be_told(w.user_id, w.made_by, w.all_users)
          AND (CAST(:user_id AS text) IS NULL OR d.user_id = :user_id)
          AND NOT EXISTS (
              SELECT FROM presentation_deliveries AS earlier
              WHERE earlier.webhook_id = d.webhook_id AND earlier.presentation_id = d.presentation_id
                AND earlier.status = 'waiting' AND earlier.number < d.number)
          AND NOT EXISTS (
              SELECT FROM presentation_deliveries AS in_line
              WHERE in_line.user_id = d.user_id AND in_line.queued_at IS NOT NULL)
          AND NOT EXISTS (
              SELECT FROM presentation_deliveries AS being_sent
              WHERE being_sent.user_id = d.user_id AND being_sent.claimed_by IS NOT NULL
                AND being_sent.claimed_until > now())
        ORDER BY d.user_id, d.due_at, d.number
    )
    UPDATE presentation_deliveries AS d SET queued_at = now(), line_entry = line_entry + 1
    FROM next WHERE d.id = next.id RETURNING d.id, d.line_entry
    """
)

# Two admissions at once would both see that nothing of a user is in the queue. Both statements are one message, and so
# one transaction wherever this is executed; the second sees what was committed while the first waited.
_ADMIT_ALONE = text(f"SELECT pg_advisory_xact_lock({int(Lock.ADMIT_DELIVERIES)}); {ADMIT.text}")

_PURGE_DELIVERIES = text(
    """
    DELETE FROM presentation_deliveries WHERE id IN (
        SELECT id FROM presentation_deliveries WHERE created_at < now() - :kept LIMIT :most)
    RETURNING id
    """
)

_PURGE_WEBHOOKS = text(
    """
    DELETE FROM presentation_webhooks WHERE id IN (
        SELECT w.id FROM presentation_webhooks AS w LEFT JOIN presentation_jobs AS p ON p.id = w.presentation_id
        WHERE w.presentation_id IS NOT NULL
          AND (p.id IS NULL OR p.status NOT IN ('pending', 'processing') AND p.changed_at < now() - :kept)
          AND NOT EXISTS (SELECT FROM presentation_deliveries AS d WHERE d.webhook_id = w.id)
        LIMIT :most)
    RETURNING id
    """
)
