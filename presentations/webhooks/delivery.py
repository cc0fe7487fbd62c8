"""The RQ job that sends a webhook: one attempt, and what becomes of its delivery.

At least once: an attempt whose worker dies is made again when its claim is over. In order: a delivery waits for earlier
ones of the same presentation to the same webhook, until those were delivered or given up.
"""

from __future__ import annotations

import json
import logging
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID, uuid4

from redis.exceptions import RedisError
from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from standardwebhooks import Webhook as Signer

from presentations.database import Database
from presentations.database.models import DELIVERED, FAILED, WAITING, Delivery, Presentation, Webhook
from presentations.errors import InvalidRequest
from presentations.jobs import Stopped, current_workshop
from presentations.telemetry import logs
from presentations.telemetry.metrics import DELIVERIES
from presentations.webhooks import sender
from presentations.webhooks.addresses import Target
from presentations.webhooks.sender import Answer, NoAnswer

log = logging.getLogger(__name__)

# Seconds from a failed attempt to the next: in all ten attempts within about a day.
PAUSES = (5, 60, 5 * 60, 20 * 60, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 10 * 3600)
LONGEST_RETRY_AFTER = 12 * 3600.0
# An endpoint without one success for so long is switched off.
FAILING = timedelta(days=5)

_GONE = 410


@dataclass(frozen=True)
class Attempt:
    """One claim on one delivery, with all that is needed to send it. `now` is the database's clock."""

    delivery_id: UUID
    webhook_id: UUID
    user_id: str
    presentation_id: UUID | None
    request_id: str | None
    number: int
    payload: dict[str, Any]
    url: str
    secrets: list[str]
    now: datetime
    owner: UUID


@dataclass(frozen=True)
class Outcome:
    """How an attempt went: an answer, or the reason why there is none."""

    request: dict[str, Any]
    seconds: float
    answer: Answer | None
    problem: str | None

    @property
    def is_good(self) -> bool:
        """Whether the endpoint has taken it."""
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def sentence(self) -> str | None:
        """What its user is told when it went wrong."""
        if self.answer is None or self.is_good:
            return self.problem
        redirects = " Redirects are not followed." if 300 <= self.answer.status < 400 else ""
        return f"It answered with status {self.answer.status}.{redirects}"


def deliver(delivery_id: str) -> None:
    """The RQ job: send one delivery that is due, once, and let its user's next one into the line."""
    workshop = current_workshop.get()
    database, settings = workshop.database, workshop.settings
    claim_ends_after = timedelta(seconds=sender.SECONDS + settings.lease_seconds)
    try:
        attempt = workshop.when_database_answers(claim, database, UUID(delivery_id), claim_ends_after)
        if attempt is None:
            return
        with logs.about(attempt.presentation_id, attempt.request_id):
            outcome = send(attempt, allow_private=settings.webhook_allow_private)
            workshop.when_database_answers(record, database, attempt, outcome)
        # Whatever is missed here, the next pass of the outbox finds.
        with suppress(RedisError):
            workshop.when_database_answers(workshop.outbox.let_next_in, attempt.user_id)
    except Stopped:
        return


def claim(database: Database, delivery_id: UUID, duration: timedelta) -> Attempt | None:
    """Take a delivery that is due; None when it is not, somebody has it, or another one has to go first."""
    owner = uuid4()
    earlier = aliased(Delivery)
    has_to_wait = exists().where(
        earlier.webhook_id == Delivery.webhook_id,
        earlier.presentation_id == Delivery.presentation_id,
        earlier.status == WAITING,
        earlier.number < Delivery.number,
    )
    is_due = (
        Delivery.id == delivery_id,
        Delivery.status == WAITING,
        Delivery.due_at <= func.now(),
        or_(Delivery.claimed_by.is_(None), Delivery.claimed_until < func.now()),
        ~has_to_wait,
        exists().where(Webhook.id == Delivery.webhook_id, Webhook.is_active),
    )
    with database.begin() as session:
        out_of_line = update(Delivery).where(Delivery.id == delivery_id, Delivery.queued_at.is_not(None))
        session.execute(out_of_line.values(queued_at=None))
        taken = {
            "claimed_by": owner,
            "claimed_until": func.now() + duration,
            "attempts": Delivery.attempts + 1,
            "sent_at": func.now(),
        }
        delivery = session.scalar(update(Delivery).where(*is_due).values(**taken).returning(Delivery))
        if delivery is None:
            return None
        row = session.execute(_SECRETS.where(Webhook.id == delivery.webhook_id)).one()
        asked_by = select(Presentation.request_id).where(Presentation.id == delivery.presentation_id)
        return Attempt(
            delivery_id=delivery.id,
            webhook_id=delivery.webhook_id,
            user_id=delivery.user_id,
            presentation_id=delivery.presentation_id,
            request_id=session.scalar(asked_by),
            number=delivery.attempts,
            payload=delivery.payload,
            url=row.url,
            secrets=[row.secret, *([row.previous_secret] if row.is_previous_good else [])],
            now=row.now,
            owner=owner,
        )


_SECRETS = select(
    Webhook.url,
    Webhook.secret,
    Webhook.previous_secret,
    (Webhook.previous_secret_until > func.now()).label("is_previous_good"),
    func.clock_timestamp().label("now"),
)


def send(attempt: Attempt, *, allow_private: bool) -> Outcome:
    """Make the attempt."""
    body = json.dumps(attempt.payload, ensure_ascii=False, separators=(",", ":"))
    headers = signed(str(attempt.delivery_id), attempt.now, body, attempt.secrets)
    request = {"method": "POST", "url": attempt.url, "headers": headers}
    began = time.monotonic()
    answer, problem = None, None
    try:
        target = Target.of(attempt.url)
        answer = sender.post(target, body.encode(), headers, allow_private=allow_private)
    except (NoAnswer, InvalidRequest) as error:
        problem = str(error)
    return Outcome(request, time.monotonic() - began, answer, problem)


def signed(message_id: str, now: datetime, body: str, secrets: list[str]) -> dict[str, str]:
    """The headers of a message, signed with each of the secrets as Standard Webhooks has it."""
    signatures = [Signer(secret).sign(message_id, now.astimezone(UTC), body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lectern-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def record(database: Database, attempt: Attempt, outcome: Outcome) -> None:
    """Write down how an attempt went, and when the next one is due, unless another one was begun meanwhile."""
    pause = None if outcome.is_good else pause_after(attempt.number, outcome.answer, attempt.now)
    values: dict[str, Any] = {
        "claimed_by": None,
        "claimed_until": None,
        "queued_at": None,  # put in line again when the claim was over, but not begun
        "request": outcome.request,
        "status_code": outcome.answer.status if outcome.answer else None,
        "answer": outcome.answer.text if outcome.answer else None,
        "duration_ms": round(outcome.seconds * 1000),
        "problem": outcome.sentence,
    }
    if outcome.is_good:
        values["status"] = DELIVERED
    elif pause is None:
        values["status"] = FAILED
    else:
        values["due_at"] = func.now() + timedelta(seconds=pause)
    with database.begin() as session:
        # The webhook first, as when it is deleted with its deliveries.
        webhook = session.scalar(
            select(Webhook).where(Webhook.id == attempt.webhook_id).with_for_update(key_share=True)
        )
        ours = (Delivery.id == attempt.delivery_id, Delivery.claimed_by == attempt.owner, Delivery.status == WAITING)
        changed = session.scalar(update(Delivery).where(*ours).values(**values).returning(Delivery.id))
        if webhook is None or changed is None:
            return
        _judge(session, webhook, outcome)
    DELIVERIES.labels(_name_of(outcome, pause)).inc()
    log.info("delivery %s: attempt %d: %s", attempt.delivery_id, attempt.number, _told(outcome, pause))


def _judge(session: Session, webhook: Webhook, outcome: Outcome) -> None:
    """Note whether the endpoint works; switch it off when it says so or has not worked for long."""
    if outcome.is_good:
        webhook.failing_since = None
        return
    now = session.execute(select(func.now())).scalar_one()
    webhook.failing_since = webhook.failing_since or now
    if outcome.answer and outcome.answer.status == _GONE:
        why = "It answered that it is gone for good (status 410)."
    elif now - webhook.failing_since >= FAILING:
        why = f"It has failed for {FAILING.days} days. Its last failure: {outcome.sentence}"
    else:
        return
    if webhook.is_active:
        log.warning("webhook %s: switched off", webhook.id)
        webhook.is_active, webhook.switched_off_at, webhook.switched_off_why = False, now, why


def pause_after(attempts: int, answer: Answer | None, now: datetime) -> float | None:
    """Seconds until the next attempt after so many; None when that was the last one."""
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * random.uniform(0.9, 1.1)  # noqa: S311 (spreads load, hides nothing)
    asked = _seconds_of(answer.retry_after, now) if answer and answer.retry_after else 0.0
    return max(pause, min(asked, LONGEST_RETRY_AFTER))


def _seconds_of(retry_after: str, now: datetime) -> float:
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    # A date without a zone is meant as GMT.
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()


def _name_of(outcome: Outcome, pause: float | None) -> str:
    if outcome.is_good:
        return "delivered"
    return "given up" if pause is None else "failed"


def _told(outcome: Outcome, pause: float | None) -> str:
    if outcome.is_good:
        return f"delivered in {outcome.seconds:.2f} s"
    what = f"status {outcome.answer.status}" if outcome.answer else "no answer"
    return f"{what}; given up" if pause is None else f"{what}; again in {pause:.0f} s"
