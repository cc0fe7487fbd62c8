"""Who wants to be told what becomes of presentations: subscriptions, their secrets and the log of what was sent.

Every verb takes the acting user first. `None` is a trusted process that may act on everybody's; anybody else finds only
what is theirs, and NotFound for all the rest. Every verb raises Unavailable when the database is away.
"""

from __future__ import annotations

import base64
import logging
import secrets
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations.accounts import may_be_told
from presentations.database import Database, Lock, lock
from presentations.database.models import CANCELLED, COMPLETE, ERROR, WAITING, Delivery, Presentation, Webhook
from presentations.database.models import FAILED as GIVEN_UP
from presentations.errors import AddressRefused, Conflicting, InvalidRequest, NotFound, shown
from presentations.library import one_of
from presentations.validation import checked_user, whole_number
from presentations.webhooks.addresses import Target, addresses_of
from presentations.webhooks.sender import within

log = logging.getLogger(__name__)

# schema.sql knows them, too: presentation_webhooks.events may hold these, and presentation_event() chooses one.
OUTLINED_EVENT = "presentation.outlined"
COMPLETED_EVENT = "presentation.completed"
FAILED_EVENT = "presentation.failed"
CANCELLED_EVENT = "presentation.cancelled"
EVENTS = (OUTLINED_EVENT, COMPLETED_EVENT, FAILED_EVENT, CANCELLED_EVENT)
TEST_EVENT = "webhook.test"

MOST = 20
BOTH_SECRETS_FOR = timedelta(hours=24)

_GROUNDLESS = (
    "This webhook cannot be switched on: its account is deactivated, or whoever had it made may no longer act for "
    "everybody. Make a new one in its place."
)
# Names are looked up here for a quick word to whoever made a slip, and a thread of the web waits for that: so not for
# long, and not for many at once. What counts is the look-up at each use, by a worker.
_LOOK_UP_SECONDS = 1.0
_look_ups = threading.BoundedSemaphore(4)
_MOST_LISTED = 200
_MOST_IN_TROUBLE = 50


@dataclass(frozen=True)
class Revealed:
    """A webhook with its secret, which is shown now and never again."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Deliveries:
    """A part of a log, newest first. `next` is the cursor of the part after it, None on the last one."""

    items: list[Delivery]
    next: str | None


class Webhooks:
    """The webhooks in one database. `allow_private` lets them go to addresses of the network it runs in."""

    def __init__(self, database: Database, *, allow_private: bool = False) -> None:
        self.database = database
        self._allow_private = allow_private

    def checked_url(self, url: str) -> str:
        """The URL in its one spelling. The address is checked again whenever it is used.

        Raises InvalidRequest, for names only if the DNS says at once that they lead nowhere or where they may not.
        """
        target = Target.of(url)
        try:
            self._look_up(target)
        except AddressRefused as refused:
            raise InvalidRequest("url", str(refused)) from None
        return target.url

    def _look_up(self, target: Target) -> None:
        if target.is_numeric:
            addresses_of(target, allow_private=self._allow_private)
            return
        if not _look_ups.acquire(blocking=False):
            return

        def look_up() -> None:
            try:
                addresses_of(target, allow_private=self._allow_private)
            finally:
                _look_ups.release()

        with suppress(TimeoutError):
            within(_LOOK_UP_SECONDS, look_up)

    def subscribe(
        self,
        user_id: str,
        url: str,
        events: Iterable[str] = EVENTS,
        *,
        all_users: bool = False,
        made_by: str | None = None,
    ) -> Revealed:
        """Have `url` told of the events of all of a user's presentations; with `all_users`, of everybody's.

        `made_by` is an account that acts for the user. It is told for as long as that account, or with `all_users`
        the user, has a token that acts for everybody. Raises InvalidRequest, or Conflicting when there are too many.
        """
        owner = checked_user(user_id)
        values = {
            "user_id": owner,
            "url": self.checked_url(url),
            "events": _checked_events(events),
            "all_users": all_users,
            "made_by": made_by,
        }
        secret = _new_secret()
        with self.database.begin() as session:
            # Two at once would both see that there is room for one more.
            lock(session, Lock.COUNT_WEBHOOKS, owner)
            _check_room(session, Webhook.user_id == owner, Webhook.presentation_id.is_(None))
            made = session.scalars(insert(Webhook).values(secret=secret, **values).returning(Webhook)).one()
        log.info("webhook %s: made", made.id)
        return Revealed(made, secret)

    def subscribe_once(
        self, user_id: str | None, presentation_id: str | UUID, url: str, *, made_by: str | None = None
    ) -> Revealed:
        """Have `url` told of all events of one presentation: what a request's `webhook_url` asks for.

        May come at any time: when the presentation is over already, or its outline waits, that is told. Asking again
        with the same URL gives the same webhook and secret. `made_by` is as in subscribe(). Raises InvalidRequest,
        NotFound, or Conflicting when there are too many.
        """
        checked = self.checked_url(url)
        with self.database.begin() as session:
            # Whoever ends it just now waits for this, or this for them: nothing falls in between.
            query = select(Presentation).where(*one_of(user_id, presentation_id)).with_for_update(key_share=True)
            presentation = session.scalar(query)
            if presentation is None:
                raise NotFound
            same = (Webhook.presentation_id == presentation.id, Webhook.url == checked)
            known = session.execute(select(Webhook, Webhook.secret).where(*same)).one_or_none()
            if known is not None:
                return Revealed(*known)
            _check_room(session, Webhook.presentation_id == presentation.id)
            secret = _new_secret()
            new = insert(Webhook).values(
                user_id=presentation.user_id,
                made_by=made_by,
                presentation_id=presentation.id,
                url=checked,
                events=list(EVENTS),
                secret=secret,
            )
            made = session.scalars(new.returning(Webhook)).one()
            if presentation.awaits_teacher or presentation.status in (COMPLETE, ERROR, CANCELLED):
                session.execute(_TELL, {"presentation_id": presentation.id, "webhook_id": made.id})
        log.info("webhook %s: made for presentation %s", made.id, presentation.id)
        return Revealed(made, secret)

    def list(self, user_id: str | None) -> Sequence[Webhook]:
        """The lasting webhooks, oldest first; without those of single presentations."""
        query = select(Webhook).where(*_owned_by(user_id), Webhook.presentation_id.is_(None))
        with self.database.single() as session:
            return session.scalars(query.order_by(Webhook.created_at, Webhook.id)).all()

    def troubled(self) -> Sequence[Webhook]:
        """Everybody's that Lectern has switched off, or that fail, the latest first."""
        since = func.coalesce(Webhook.switched_off_at, Webhook.failing_since)
        query = select(Webhook).where(since.is_not(None)).order_by(since.desc(), Webhook.id).limit(_MOST_LISTED)
        with self.database.single() as session:
            return session.scalars(query).all()

    def failing(self) -> Sequence[Delivery]:
        """Everybody's deliveries that were given up, or are tried again, the latest first."""
        in_trouble = or_(Delivery.status == GIVEN_UP, (Delivery.status == WAITING) & (Delivery.attempts > 0))
        query = select(Delivery).where(in_trouble).order_by(Delivery.number.desc()).limit(_MOST_IN_TROUBLE)
        with self.database.single() as session:
            return session.scalars(query).all()

    def get(self, user_id: str | None, webhook_id: str | UUID) -> Webhook:
        """One webhook. Raises NotFound."""
        with self.database.single() as session:
            return _found(session.scalar(select(Webhook).where(*_one(user_id, webhook_id))))

    def update(
        self,
        user_id: str | None,
        webhook_id: str | UUID,
        *,
        url: str | None = None,
        events: Iterable[str] | None = None,
        is_active: bool | None = None,
    ) -> Webhook:
        """Change what is given. Switching on, or another URL, begins anew; what waited is then sent.

        Raises InvalidRequest, NotFound, or Conflicting for one that may no longer be told anything.
        """
        self.get(user_id, webhook_id)  # nobody learns from somebody else's webhook what a name stands for
        values: dict[str, Any] = {}
        if url is not None:
            values |= {"url": self.checked_url(url), "failing_since": None}
        if events is not None:
            values["events"] = _checked_events(events)
        if is_active is not None:
            values["is_active"] = is_active
        if is_active:
            values |= {"failing_since": None, "switched_off_at": None, "switched_off_why": None}
        if not values:
            return self.get(user_id, webhook_id)
        with self.database.begin() as session:
            query = update(Webhook).where(*_one(user_id, webhook_id)).values(**values)
            changed = session.execute(query.returning(Webhook, may_be_told(Webhook))).one_or_none()
            if changed is not None and is_active and not changed[1]:
                raise Conflicting(_GROUNDLESS)  # which takes the change back
            return _found(changed and changed[0])

    def rotate_secret(self, user_id: str | None, webhook_id: str | UUID) -> Revealed:
        """Give a webhook a new secret; for 24 hours the one before signs as well. Raises NotFound."""
        secret = _new_secret()
        values = {
            "secret": secret,
            "previous_secret": Webhook.secret,
            "previous_secret_until": func.now() + BOTH_SECRETS_FOR,
        }
        with self.database.single() as session:
            query = update(Webhook).where(*_one(user_id, webhook_id)).values(**values).returning(Webhook)
            changed = _found(session.scalar(query))
        log.info("webhook %s: has a new secret", changed.id)
        return Revealed(changed, secret)

    def unsubscribe(self, user_id: str | None, webhook_id: str | UUID) -> None:
        """Delete a webhook, with its log and all that was still to be sent. Raises NotFound."""
        with self.database.begin() as session:
            query = delete(Webhook).where(*_one(user_id, webhook_id)).returning(Webhook.id)
            if session.scalar(query) is None:
                raise _no_webhook()
        log.info("webhook %s: deleted", webhook_id)

    def deliveries(
        self, user_id: str | None, webhook_id: str | UUID, after: str | None = None, limit: int = 50
    ) -> Deliveries:
        """A webhook's log of 30 days; the part that follows the cursor `after`. Raises InvalidRequest or NotFound."""
        if not 1 <= limit <= _MOST_LISTED:
            raise InvalidRequest("limit", f"expected a whole number from 1 to {_MOST_LISTED}, got {limit}")
        query = select(Delivery).where(Delivery.webhook_id == _uuid(webhook_id))
        if after is not None:
            query = query.where(Delivery.number < _position(after))
        with self.database.begin() as session:
            _found(session.scalar(select(Webhook).where(*_one(user_id, webhook_id))))
            found = list(session.scalars(query.order_by(Delivery.number.desc()).limit(limit + 1)))
        return Deliveries(found[:limit], str(found[limit - 1].number) if len(found) > limit else None)

    def send_again(self, user_id: str | None, webhook_id: str | UUID, delivery_id: str | UUID) -> Delivery:
        """Send a delivery anew, with the same id, however it ended; one that waits is due at once.

        Raises NotFound, or Conflicting when its webhook is switched off.
        """
        anew = {"status": WAITING, "due_at": func.now(), "attempts": 0}
        with self.database.begin() as session:
            webhook = _active(session, user_id, webhook_id)
            theirs = (Delivery.id == _uuid(delivery_id), Delivery.webhook_id == webhook.id)
            again: Delivery | None = session.scalar(update(Delivery).where(*theirs).values(**anew).returning(Delivery))
        if again is None:
            raise NotFound("There is no such delivery. Look in the log of its webhook.")
        return again

    def send_test(self, user_id: str | None, webhook_id: str | UUID) -> Delivery:
        """Have a webhook sent an event `webhook.test`. Raises NotFound, or Conflicting when it is switched off."""
        with self.database.begin() as session:
            webhook = _active(session, user_id, webhook_id)
            now = session.scalar(select(func.presentation_time(func.now())))
            data = {"webhook_id": str(webhook.id), "message": "A test, as asked for."}
            payload = {"type": TEST_EVENT, "timestamp": now, "data": data}
            values = {"webhook_id": webhook.id, "user_id": webhook.user_id, "event": TEST_EVENT, "payload": payload}
            return session.scalars(insert(Delivery).values(**values).returning(Delivery)).one()


_TELL = text("SELECT presentation_tell(:presentation_id, :webhook_id)")


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _check_room(session: Session, *of: ColumnElement[bool]) -> None:
    if (session.scalar(select(func.count(Webhook.id)).where(*of)) or 0) >= MOST:
        raise Conflicting(f"There are {MOST} webhooks already, which is the most; delete one first.")


def _owned_by(user_id: str | None) -> list[ColumnElement[bool]]:
    return [] if user_id is None else [Webhook.user_id == user_id]


def _one(user_id: str | None, webhook_id: str | UUID) -> list[ColumnElement[bool]]:
    return [Webhook.id == _uuid(webhook_id), *_owned_by(user_id)]


def _active(session: Session, user_id: str | None, webhook_id: str | UUID) -> Webhook:
    webhook = _found(session.scalar(select(Webhook).where(*_one(user_id, webhook_id))))
    if not webhook.is_active:
        raise Conflicting("This webhook is switched off; switch it on first.")
    return webhook


def _found(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise _no_webhook()
    return webhook


def _no_webhook() -> NotFound:
    return NotFound("There is no such webhook. Look in the list of webhooks.")


def _uuid(text_of_it: str | UUID) -> UUID:
    try:
        return text_of_it if isinstance(text_of_it, UUID) else UUID(str(text_of_it))
    except ValueError:
        raise NotFound("There is no such webhook or delivery. Look in the list of webhooks.") from None


def _checked_events(events: Iterable[str]) -> list[str]:
    wanted = [events] if isinstance(events, str) else list(events)
    if not wanted or not all(event in EVENTS for event in wanted):
        raise InvalidRequest("events", f"expected some of {', '.join(EVENTS)}, got {shown(wanted)}")
    return [event for event in EVENTS if event in wanted]


def _position(cursor: str) -> int:
    position = whole_number(cursor)
    if position is None:
        raise InvalidRequest("after", f"expected a cursor from an earlier part, got {shown(cursor)}")
    return position
