"""Requests that are sent again: with the same Idempotency-Key they get the first answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from presentations.database import Database
from presentations.database.models import FirstAnswer
from presentations.errors import InvalidRequest, LecternError, shown

KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[!-~]{1,200}$"
KEPT_FOR = timedelta(hours=24)
# A request that takes longer has died with its process.
_UNDER_WAY_FOR = timedelta(minutes=1)


class UnderWay(LecternError):
    """The first request with this key is still being answered."""


@dataclass(frozen=True)
class KeptAnswer:
    """What the first request was answered with."""

    status: int
    location: str | None
    body: str


class Idempotency:
    """The first answers in one database. Every verb raises Unavailable when that is away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, user_id: str, key: str, request: str) -> KeptAnswer | None:
        """The first answer to a user's request with this key; None when this one is the first.

        `request` is a digest of all that was asked. Raises InvalidRequest when something else was asked with the
        same key, UnderWay when the first is not yet answered.
        """
        if not re.fullmatch(KEY_PATTERN, key):
            raise InvalidRequest(KEY_HEADER, f"expected 1 to 200 visible ASCII characters, got {shown(key)}")
        values = {"user_id": user_id, "key": key, "request": request}
        of = _of(user_id, key)
        has_died = FirstAnswer.status.is_(None) & (FirstAnswer.began_at < func.now() - _UNDER_WAY_FOR)
        with self.database.begin() as session:
            session.execute(delete(FirstAnswer).where(FirstAnswer.began_at < func.now() - KEPT_FOR))
            if session.scalar(insert(FirstAnswer).values(values).on_conflict_do_nothing().returning(FirstAnswer.key)):
                return None
            first = session.scalars(select(FirstAnswer).where(*of)).one_or_none()
            if first is not None and first.request != request:
                raise InvalidRequest(KEY_HEADER, "was used for another request: expected a new key")
            if first is not None and first.status is not None:
                return KeptAnswer(first.status, first.location, first.body or "")
            again = update(FirstAnswer).where(*of, has_died).values(began_at=func.now())
            if session.scalar(again.returning(FirstAnswer.key)):
                return None
        raise UnderWay(
            "The first request with this Idempotency-Key is still being answered. Send it again in a second."
        )

    def keep(self, user_id: str, key: str, answer: KeptAnswer) -> None:
        """Keep the answer to a request that was begun."""
        values = {"status": answer.status, "location": answer.location, "body": answer.body}
        with self.database.single() as session:
            session.execute(update(FirstAnswer).where(*_of(user_id, key)).values(values))

    def forget(self, user_id: str, key: str) -> None:
        """Let a request that was begun, and changed nothing, be sent again as if it were the first."""
        with self.database.single() as session:
            session.execute(delete(FirstAnswer).where(*_of(user_id, key), FirstAnswer.status.is_(None)))


def _of(user_id: str, key: str) -> list[ColumnElement[bool]]:
    return [FirstAnswer.user_id == user_id, FirstAnswer.key == key]
