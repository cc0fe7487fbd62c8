"""All that is kept of one person: given out, and taken in on another Lectern (GDPR, articles 15 and 20)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import (
    PENDING,
    PROCESSING,
    AuditEntry,
    Base,
    BrowserSession,
    Delivery,
    Event,
    FirstAnswer,
    Presentation,
    SignInLink,
    Subject,
    Token,
    Undo,
    User,
    Webhook,
)
from presentations.errors import InvalidRequest, NotFound, shown
from presentations.validation import checked_user

log = logging.getLogger(__name__)

FORMAT = "lectern-user-1"

# What only means something to the workers of this Lectern, or follows from the rest.
_INTERNAL = {"lease_owner", "lease_until", "queued_at", "line_entry", "claims", "search_text", "changed_at"}
# The body of a first answer repeats what is among the rest, and may hold the secret of a webhook.
_SECRETS = {"password_hash", "session_key", "key_hash", "token_hash", "secret", "previous_secret", "body"}
_PARTS: dict[str, type[Base]] = {
    "subjects": Subject,
    "presentations": Presentation,
    "sessions": BrowserSession,
    "tokens": Token,
    "webhooks": Webhook,
    "deliveries": Delivery,
    "undos": Undo,
    "answers": FirstAnswer,
    "sign_in_links": SignInLink,
}


def export_user(database: Database, user_id: str) -> dict[str, Any]:
    """All that is kept of a user but secrets, as plain values. Raises NotFound when that is nothing.

    `told_to_others` is what the webhooks of others were told of them, without whose those are.
    """
    with database.snapshot() as session:
        users = _rows(session, User, User.id == user_id)
        parts = {name: _rows(session, part, owner_of(part) == user_id) for name, part in _PARTS.items()}
        theirs = select(Presentation.id).where(Presentation.user_id == user_id)
        events = _rows(session, Event, Event.presentation_id.in_(theirs))
        audit = _rows(session, AuditEntry, or_(AuditEntry.actor == user_id, AuditEntry.whose == user_id))
        told = session.execute(_TOLD_TO_OTHERS.where(Delivery.user_id != user_id, told_of(user_id))).mappings().all()
    if not users and not told and not any(parts.values()):
        raise nobody(user_id)
    return {
        "format": FORMAT,
        "user_id": user_id,
        "account": users[0] if users else None,
        **parts,
        "events": events,
        "told_to_others": [{name: _plain(value) for name, value in row.items()} for row in told],
        "audit": audit,
    }


def import_user(database: Database, data: object) -> dict[str, int]:
    """Add what export_user() gave: the account if there is none, subjects and presentations. How many of each were new.

    What is there already stays as it is. Tokens and webhooks have to be made anew, since their secrets are not given
    out. One that was being made waits again. All or nothing. Raises InvalidRequest.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        given = shown(data.get("format")) if isinstance(data, dict) else type(data).__name__
        raise InvalidRequest("file", f"expected one that export has made, with the format {FORMAT!r}, got {given}")
    user_id = checked_user(data.get("user_id"))
    account = [data["account"]] if data.get("account") else []
    try:
        with database.begin() as session:
            counts = {
                "account": len(_take(session, User, user_id, account)),
                "subjects": len(_take(session, Subject, user_id, _list(data, "subjects"))),
            }
            presentations = [_at_rest(row) for row in _list(data, "presentations")]
            taken = {row.id for row in _take(session, Presentation, user_id, presentations)}
            session.execute(delete(Event).where(Event.presentation_id.in_(taken)))
            events = [_values(Event, row) for row in _list(data, "events")]
            events = [{**row, "id": None} for row in events if row.get("presentation_id") in taken]
            if events:
                session.execute(insert(Event), [{k: v for k, v in row.items() if k != "id"} for row in events])
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise InvalidRequest(
            "file", f"holds what cannot be kept ({reason}): export it once more, and leave it as it is"
        ) from None
    return {**counts, "presentations": len(taken)}


_TOLD_TO_OTHERS = select(Delivery.event, Delivery.payload, Delivery.status, Delivery.created_at).order_by(
    Delivery.number
)


def told_of(user_id: str) -> ColumnElement[bool]:
    """Deliveries that tell of one of this user's presentations, whoever is told."""
    whose: ColumnElement[str] = Delivery.payload["data"]["user_id"].astext
    return whose == user_id


def owner_of(part: type[Base]) -> Any:
    """The column that says whose a row is."""
    return User.id if part is User else part.__table__.c.user_id


def nobody(user_id: str) -> NotFound:
    """The error of whoever asks for a user of whom nothing is kept."""
    return NotFound(f"Nothing is kept of a user with the id {user_id!r}. Check how it is written.")


def _rows(session: Session, part: type[Base], *where: Any) -> list[dict[str, Any]]:
    table = _table(part)
    shown = [column for column in table.columns if column.key not in _INTERNAL | _SECRETS]
    found = session.execute(select(*shown).where(*where).order_by(*table.primary_key)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _list(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidRequest(name, f"expected a list of objects, got {shown(rows)}")
    return rows


def _at_rest(row: Mapping[str, Any]) -> dict[str, Any]:
    """One that is being made over there has no worker here."""
    return {**row, "status": PENDING} if row.get("status") == PROCESSING else dict(row)


def _take(session: Session, part: type[Base], user_id: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
    if not rows:
        return []
    owner = "id" if part is User else "user_id"
    values = [{**_values(part, row), owner: user_id} for row in rows]
    keys = list(_table(part).primary_key)
    query = upsert(part).on_conflict_do_nothing(index_elements=keys).returning(*keys)
    return session.execute(query, values).all()


def _values(part: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    columns = _table(part).columns
    values = {}
    for name, value in row.items():
        if name not in columns or name in _INTERNAL | _SECRETS:
            raise InvalidRequest(name, f"is nothing that an export of {_table(part).name} holds: leave it out")
        kind = columns[name].type.python_type
        try:
            values[name] = _typed(kind, value)
        except (TypeError, ValueError):
            raise InvalidRequest(name, f"expected {kind.__name__}, got {shown(value)}") from None
    return values


def _typed(kind: type[Any], value: Any) -> Any:
    if value is None:
        return None
    if kind is datetime:
        return datetime.fromisoformat(value)
    return UUID(value) if kind is UUID else value


def _table(part: type[Base]) -> Table:
    table = part.__table__
    assert isinstance(table, Table)  # noqa: S101 (each of our classes has a table)
    return table
