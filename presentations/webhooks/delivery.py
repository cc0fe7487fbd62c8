"""The RQ job that sends a webhook: one attempt, and what becomes of its delivery.

At least once: an attempt whose worker dies is made again when its lease is over. In order: a delivery waits for earlier
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
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Signer

from presentations.accounts import may_be_told
from presentations.database import Database
from presentations.database.models import DELIVERED, FAILED, Delivery, Presentation, Webhook
from presentations.errors import InvalidRequest
from presentations.jobs import Claim, Engine, Lease, LeaseLost, Stopped, current_context
from presentations.telemetry import logs
from presentations.telemetry.metrics import DELIVERIES
from presentations.webhooks import sender
from presentations.webhooks.addresses import Target
from presentations.webhooks.outbox import GIVE_BACK, WEBHOOKS
from presentations.webhooks.sender import NoAnswer, Reply

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
    lease: Lease


@dataclass(frozen=True)
class Outcome:
    """How an attempt went: an answer, or the reason why there is none."""

    request: dict[str, Any]
    seconds: float
    answer: Reply | None
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
    """The RQ job: send one delivery that is due, once, and let its user's next one into the queue."""
    context = current_context.get()
    engine = context.engine(WEBHOOKS)
    with suppress(Stopped), context.claimed(engine, UUID(delivery_id)) as claim:
        attempt = claim and context.when_database_answers(attempt_of, engine.database, claim)
        if attempt is None:
            return
        with logs.about(attempt.presentation_id, attempt.request_id):
            outcome = send(attempt, allow_private=context.settings.webhook_allow_private)
            context.when_database_answers(record, engine, attempt, outcome)
        context.when_database_answers(engine.let_next_in, attempt.user_id)


def attempt_of(database: Database, claim: Claim) -> Attempt | None:
    """The attempt that a claim on a delivery is for; None when its webhook is gone or off since. Raises Unavailable."""
    delivery: Delivery = claim.row
    with database.begin() as session:
        its_webhook = (Webhook.id == delivery.webhook_id, Webhook.is_active, may_be_told(Webhook))
        webhook = session.execute(_WEBHOOK.where(*its_webhook)).one_or_none()
        request_id = session.scalar(select(Presentation.request_id).where(Presentation.id == delivery.presentation_id))
    if webhook is None:
        return None
    return Attempt(
        delivery_id=delivery.id,
        webhook_id=delivery.webhook_id,
        user_id=delivery.user_id,
        presentation_id=delivery.presentation_id,
        request_id=request_id,
        number=delivery.attempts,
        payload=delivery.payload,
        url=webhook.url,
        secrets=[webhook.secret, *([webhook.previous_secret] if webhook.is_previous_good else [])],
        now=claim.now,
        lease=claim.lease,
    )


_WEBHOOK = select(
    Webhook.url,
    Webhook.secret,
    Webhook.previous_secret,
    (Webhook.previous_secret_until > func.now()).label("is_previous_good"),
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


def record(engine: Engine, attempt: Attempt, outcome: Outcome) -> None:
    """Write down how an attempt went, and when the next one is due, unless another one was begun meanwhile."""
    pause = None if outcome.is_good else pause_after(attempt.number, outcome.answer, attempt.now)
    values: dict[str, Any] = {
        **GIVE_BACK.sets,
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
    # The webhook first, as when it is deleted with its deliveries.
    its_webhook = select(Webhook).where(Webhook.id == attempt.webhook_id).with_for_update(key_share=True)
    try:
        with engine.database.begin() as session:
            webhook = session.scalar(its_webhook)
            engine.leases.write(session, attempt.lease, **values)
            _judge(session, webhook, outcome)
    except LeaseLost:
        return
    DELIVERIES.labels(_name_of(outcome, pause)).inc()
    log.info("delivery %s: attempt %d: %s", attempt.delivery_id, attempt.number, _told(outcome, pause))


def _judge(session: Session, webhook: Webhook | None, outcome: Outcome) -> None:
    """Note whether the endpoint works; switch it off when it says so or has not worked for long."""
    if webhook is None:
        return
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


def pause_after(attempts: int, answer: Reply | None, now: datetime) -> float | None:
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
