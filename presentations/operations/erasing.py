"""All that is kept of one person, erased (GDPR, article 17): every row, every word in others' rows, every job in
Redis, every file.

tests/operations/test_erasing.py says of each column what becomes of it here, or why it may stay.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, delete, or_, select, text, update
from sqlalchemy.orm import Session

from presentations.accounts import Ended, end_powers
from presentations.database import Database
from presentations.database.models import (
    AuditEntry,
    Base,
    BrowserSession,
    Deck,
    Delivery,
    FirstAnswer,
    Presentation,
    Subject,
    Token,
    Undo,
    Upload,
    User,
    Webhook,
)
from presentations.errors import LecternError
from presentations.files import Store, StoreError, deck_prefix, upload_prefix
from presentations.jobs import Engine, Entry
from presentations.keeping import DECKS
from presentations.operations.personal_data import nobody, owner_of, told_of
from presentations.webhooks import WEBHOOKS

log = logging.getLogger(__name__)

ERASED = "(erased)"


class Erased(NamedTuple):
    """How many rows of each table are gone, and what of others' was switched off since it stood on their power.

    `files_problem` is a sentence for admins, where files may be left; None when none are.
    """

    counts: dict[str, int]
    ended: Ended
    files_problem: str | None


def erase_user(database: Database, store: Store, engine: Engine, user_id: str) -> Erased:
    """Delete all that is kept of a user, for good; the audit log keeps what was done, but no longer by whom or to what.

    Decks in Presenton stay there. Raises NotFound when there is nothing, NotErased when the store of files is away.
    """
    sending, keeping = (Engine(work, database, engine.queue.redis) for work in (WEBHOOKS, DECKS))
    # Before the rows: without these nobody could find the files again, but for the sweep.
    if problem := _delete_files(store, _theirs(database, user_id)):
        raise NotErased(f"No row was erased: {problem}. See to that, and erase again.")
    with database.begin() as session:
        decks = session.execute(select(Deck.id, Deck.line_entry).where(Deck.user_id == user_id)).all()
        # Presentations first: whoever ends one just now is waited for, and nobody is told of any later.
        presentations = _gone(session, Presentation, owner_of(Presentation) == user_id)
        told = list(session.execute(select(Delivery.id, Delivery.line_entry).where(Delivery.user_id == user_id)))
        # Webhooks before deliveries, as whoever sends one does. Theirs go with them.
        webhooks = _gone(session, Webhook, or_(Webhook.user_id == user_id, Webhook.made_by == user_id))
        tokens = _gone(session, Token, or_(Token.user_id == user_id, Token.made_by == user_id))
        counts = {"jobs": len(presentations), "webhooks": len(webhooks), "tokens": len(tokens)}
        uploads = _gone(session, Upload, Upload.user_id == user_id)
        counts["uploads"] = len(uploads)
        for part in (FirstAnswer, Undo, Subject, BrowserSession, User):
            gone = _gone(session, part, owner_of(part) == user_id)
            counts[part.__tablename__.removeprefix("presentation_")] = len(gone)
        ended = end_powers(session)
        told += _gone(session, Delivery, told_of(user_id))
        counts["deliveries"] = len(told)
        if not any(counts.values()):
            raise nobody(user_id)
        session.execute(_ANSWERS_ABOUT, {"user_id": user_id})
        _forget_in_audit(
            session, user_id, {str(row.id) for row in (*presentations, *uploads, *told, *webhooks, *tokens)}
        )
    engine.leave(_entries(presentations))
    sending.leave(_entries(told))
    keeping.leave(_entries(decks))
    # Once more, for what a worker has put there meanwhile.
    if problem := _delete_files(store, _prefixes([row.id for row in presentations], [row.id for row in uploads])):
        problem = (
            f"All rows are erased, but files may be left that came meanwhile: {problem}. A worker's daily sweep "
            "deletes them, or a day from now: lectern sweep"
        )
    log.info("a user was erased: %d presentations", counts["jobs"])
    return Erased(counts, ended, problem)


class NotErased(LecternError):
    """Not all could be erased, and no row was; the message says what to do."""


def _theirs(database: Database, user_id: str) -> list[str]:
    """What the keys of all their files begin with."""
    with database.begin() as session:
        presentations = session.scalars(select(Presentation.id).where(Presentation.user_id == user_id)).all()
        uploads = session.scalars(select(Upload.id).where(Upload.user_id == user_id)).all()
    return _prefixes(presentations, uploads)


def _prefixes(presentations: Sequence[UUID], uploads: Sequence[UUID]) -> list[str]:
    return [*map(deck_prefix, presentations), *map(upload_prefix, uploads)]


def _delete_files(store: Store, prefixes: Sequence[str]) -> str | None:
    """What is in the way, where the store does not delete them."""
    try:
        for prefix in prefixes:
            store.delete_all(prefix)
    except StoreError as error:
        return error.reason
    return None


def _gone(session: Session, part: type[Base], where: ColumnElement[bool]) -> list[Any]:
    """Delete these rows; gives their keys, and their places in a queue."""
    columns = part.__table__.columns
    given = [column for column in columns if column.primary_key or column.key == "line_entry"]
    return list(session.execute(delete(part).where(where).returning(*given)).all())


def _entries(rows: Sequence[Any]) -> list[Entry]:
    return [Entry(row.id, row.line_entry) for row in rows if row.line_entry]


def _forget_in_audit(session: Session, user_id: str, ids: set[str]) -> None:
    """What was done to their things names nothing any more, nor does what named one of theirs among others."""
    session.execute(update(AuditEntry).where(AuditEntry.whose == user_id).values(whose=ERASED, what=None))
    session.execute(update(AuditEntry).where(AuditEntry.actor == user_id).values(actor=ERASED))
    for entry in session.scalars(select(AuditEntry).where(_NAMES_ONE), {"ids": sorted(ids)}):
        entry.what = _ID.sub(lambda found: ERASED if found[0] in ids else found[0], entry.what or "")


_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMES_ONE: TextClause = text(
    f"EXISTS (SELECT FROM regexp_matches(what, '{_ID.pattern}', 'g') AS found WHERE found[1] = ANY (:ids))"
)

# What a service got back when it had one of their deliveries sent again.
_ANSWERS_ABOUT = text(
    """
    DELETE FROM presentation_answers
    WHERE CASE WHEN starts_with(body, '{') THEN CAST(body AS jsonb) #>> '{payload,data,user_id}' END = :user_id
    """
)
