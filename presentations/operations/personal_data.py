"""All that is kept of one person: given out, and taken in on another Lectern (GDPR, articles 15 and 20)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, insert, or_, select
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
    Deck,
    Delivery,
    Event,
    FirstAnswer,
    KeptFile,
    Material,
    Presentation,
    SignInLink,
    Slide,
    Subject,
    Token,
    Undo,
    Upload,
    User,
    Version,
    Webhook,
)
from presentations.errors import InvalidRequest, NotFound, shown
from presentations.files import DECKS, UPLOADS, Whose, show
from presentations.validation import checked_user

log = logging.getLogger(__name__)

FORMAT = "lectern-user-1"

# What only means something to the workers of this Lectern, or follows from the rest.
_INTERNAL = {
    *("lease_owner", "lease_until", "queued_at", "line_entry", "claims", "claimed_by", "claimed_until"),
    *("search_text", "changed_at"),
}
# The body of a first answer repeats what is among the rest, and may hold the secret of a webhook.
_SECRETS = {"password_hash", "session_key", "key_hash", "token_hash", "secret", "previous_secret", "body"}
_PARTS: dict[str, type[Base]] = {
    "subjects": Subject,
    "presentations": Presentation,
    "uploads": Upload,
    "decks": Deck,
    "sessions": BrowserSession,
    "tokens": Token,
    "webhooks": Webhook,
    "deliveries": Delivery,
    "undos": Undo,
    "answers": FirstAnswer,
    "sign_in_links": SignInLink,
}
_OF_DECKS: dict[str, type[Base]] = {"versions": Version, "files": KeptFile, "slides": Slide}
_OF_PRESENTATIONS: dict[str, type[Base]] = {"materials": Material, **_OF_DECKS}


class Imported(NamedTuple):
    """Whose data was taken in, and how many of each kind were new."""

    user_id: str
    counts: dict[str, int]


def export_user(database: Database, user_id: str) -> dict[str, Any]:
    """All that is kept of a user but secrets, as plain values. Raises NotFound when that is nothing.

    `told_to_others` is what the webhooks of others were told of them, without whose those are. The files are in the
    store: see archive.py.
    """
    with database.snapshot() as session:
        users = _rows(session, User, User.id == user_id)
        parts = {name: _rows(session, part, owner_of(part) == user_id) for name, part in _PARTS.items()}
        theirs = select(Presentation.id).where(Presentation.user_id == user_id)
        events = _rows(session, Event, Event.presentation_id.in_(theirs))
        parts |= {name: _rows(session, part, _of(part).in_(theirs)) for name, part in _OF_PRESENTATIONS.items()}
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


def import_user(database: Database, given: object, came: Set[Whose] = frozenset()) -> Imported:
    """Add what export_user() gave: the account if there is none, subjects, material and presentations.

    What is there already stays as it is. Tokens and webhooks have to be made anew, since their secrets are not given
    out. One that was being made waits again. Of decks those versions are added all of whose files `came` and are in the
    store; where there is none, a worker fetches the deck as if it was made just now. Material that did not come counts
    as deleted. All or nothing. Raises InvalidRequest.
    """
    data = checked_export(given)
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
            versions = _take_versions(session, data, taken, came)
            uploads = _take_material(session, data, user_id, taken, came)
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise InvalidRequest(
            "file", f"holds what cannot be kept ({reason}): export it once more, and leave it as it is"
        ) from None
    return Imported(user_id, {**counts, "presentations": len(taken), "versions": versions, "uploads": uploads})


def checked_export(given: object) -> Mapping[str, Any]:
    """Raises InvalidRequest for what export_user() has not made."""
    if isinstance(given, dict) and given.get("format") == FORMAT:
        return given
    found = shown(given.get("format")) if isinstance(given, dict) else type(given).__name__
    raise InvalidRequest("file", f"expected one that export has made, with the format {FORMAT!r}, got {found}")


@dataclass(frozen=True)
class NamedFile:
    """A file that rows of an export name: `kind` is the ending of its name, `size` in bytes."""

    whose: Whose
    kind: str
    size: int


def files_named(data: Mapping[str, Any]) -> set[NamedFile]:
    """All files that an export's rows name. Raises InvalidRequest."""
    kept = (_all_values(KeptFile, row) for row in _list(data, "files"))
    drawn = [_all_values(Slide, row) for row in _list(data, "slides")]
    found = {_named(DECKS, row["presentation_id"], row["sha256"], row["kind"], row["size"]) for row in kept}
    for width in ("small", "large"):
        sha256, size = f"{width}_sha256", f"{width}_size"
        found |= {_named(DECKS, row["presentation_id"], row[sha256], "webp", row[size]) for row in drawn if row[sha256]}
    given = (_all_values(Upload, row) for row in _list(data, "uploads"))
    return found | {
        _named(UPLOADS, row["id"], row["sha256"], row["kind"], row["size"]) for row in given if not row["deleted_at"]
    }


def _named(folder: str, whose: UUID, sha256: str, kind: str, size: int) -> NamedFile:
    return NamedFile(Whose(folder, whose, sha256), kind, size)


def new_here(database: Database, data: Mapping[str, Any]) -> set[tuple[str, UUID]]:
    """Those presentations (in DECKS) and uploads (in UPLOADS) of an export that are not here. Raises InvalidRequest."""
    new: set[tuple[str, UUID]] = set()
    with database.begin() as session:
        for folder, name, part in ((DECKS, "presentations", Presentation), (UPLOADS, "uploads", Upload)):
            ids = {row["id"] for row in (_values(part, row) for row in _list(data, name)) if row.get("id")}
            there = session.scalars(select(part.id).where(part.id.in_(ids)))
            new |= {(folder, one) for one in ids.difference(there)}
    return new


def _take_material(session: Session, data: Mapping[str, Any], user_id: str, taken: Set[UUID], came: Set[Whose]) -> int:
    """How many uploads were taken. What a presentation is made from is theirs, whatever the rows say."""
    there = {str(one.id) for one in came if one.folder == UPLOADS}
    given = _list(data, "uploads")
    now = session.scalars(select(func.now())).one().isoformat()
    rows = [
        {**row, "deleted_at": None if str(row.get("id")) in there else row.get("deleted_at") or now} for row in given
    ]
    new = _take(session, Upload, user_id, rows)
    theirs = set(session.scalars(select(Upload.id).where(Upload.user_id == user_id)))
    made_from = (_all_values(Material, row) for row in _list(data, "materials"))
    if named := [row for row in made_from if row["presentation_id"] in taken and row["upload_id"] in theirs]:
        session.execute(insert(Material), named)
    return len(new)


def _take_versions(session: Session, data: Mapping[str, Any], taken: Set[UUID], came: Set[Whose]) -> int:
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, part in _OF_DECKS.items():
        rows[name] = [row for one in _list(data, name) if (row := _all_values(part, one))["presentation_id"] in taken]
    of_versions: dict[tuple[UUID, int], set[Whose]] = {}
    for row in rows["files"] + rows["slides"]:
        hashes = (row[name] for name in ("sha256", "small_sha256", "large_sha256") if row.get(name))
        named = of_versions.setdefault((row["presentation_id"], row["version"]), set())
        named |= {Whose(DECKS, row["presentation_id"], sha256) for sha256 in hashes}
    whole = {version for version, named in of_versions.items() if named and named <= came}
    for name, number in (("versions", "number"), ("files", "version"), ("slides", "version")):
        if added := [row for row in rows[name] if (row["presentation_id"], row[number]) in whole]:
            session.execute(insert(_OF_DECKS[name]), added)
    given = [_values(Presentation, row) for row in _list(data, "presentations")]
    was_shown = {(row.get("id"), row.get("version")) for row in given}
    for presentation_id in {presentation_id for presentation_id, _ in whole}:
        numbers = [number for one, number in whole if one == presentation_id]
        show(session, presentation_id, next((n for n in numbers if (presentation_id, n) in was_shown), max(numbers)))
    return len(whole)


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


def _of(part: type[Base]) -> Any:
    """The column that says of which presentation a row is."""
    return part.__table__.c.presentation_id


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
    """One that is being made over there has no worker here, and nothing of it is kept here yet."""
    status = {"status": PENDING} if row.get("status") == PROCESSING else {}
    return {**row, **status, "version": None, "cover": None, "prepared_at": None}


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


def _all_values(part: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with nothing for each column that is not given."""
    return {column.key: None for column in _table(part).columns if column.key not in _INTERNAL} | _values(part, row)


def _typed(kind: type[Any], value: Any) -> Any:
    if value is None:
        return None
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is UUID:
        return UUID(str(value))
    if kind in (str, int, bool) and type(value) is not kind:
        raise TypeError
    return value


def _table(part: type[Base]) -> Table:
    table = part.__table__
    assert isinstance(table, Table)  # noqa: S101 (each of our classes has a table)
    return table
