"""What is in the store and no row names any more: deleted, once a day.

It was left by versions that are no longer kept, by a worker or an upload that broke off, or by a purge while the store
was away.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import cast

from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from presentations.database import Database, Lock, try_lock
from presentations.errors import Conflicting
from presentations.files import DECKS, UPLOADS, Listed, Store, StoreError, Whose, whose_file

log = logging.getLogger(__name__)

# A file is in the store before a row names it. For so long, by the store's clock, it may be on its way to one.
GRACE = timedelta(hours=24)
_EVERY = 24 * 3600.0
_LAST = "lectern:swept"
# Few enough that a file is deleted within a moment after it was found to be nobody's: whoever puts the same file again
# in between would lose it.
_BATCH = 500
_MANY = 1000


class SweepRefused(Conflicting):
    """So much would be deleted that a mistake is likelier; nothing was."""


@dataclass(frozen=True)
class Swept:
    """How many files were looked at, and how many of them are gone, with how many bytes in all."""

    files: int
    deleted: int
    size: int


@dataclass(frozen=True)
class _Look:
    """Some files of the store: how many there are, how many of them rows name, and those that are to be deleted."""

    files: int
    named: int
    orphans: list[Listed]


def sweep_daily(database: Database, store: Store, redis: Redis) -> None:
    """sweep_store(), unless that was done within a day; what is in its way is logged. Any number of workers may ask.

    On a Redis that does not know when it was done, as after a restore, it is done a day later: until then a database
    that is the wrong one does no harm. Raises Unavailable or RedisError.
    """
    now = time.time()
    last = cast(bytes | None, redis.set(_LAST, now, nx=True, get=True))
    if last is None or now - _number(last) < _EVERY:
        return
    redis.set(_LAST, now)
    try:
        sweep_store(database, store)
    except SweepRefused as error:
        log.error("%s", error)
    except Conflicting as error:
        log.info("%s", error)
    except StoreError as error:
        log.warning("the store of files cannot be swept now: %s", error.reason)


def sweep_store(database: Database, store: Store, *, forced: bool = False) -> Swept:
    """Delete what is in the store for longer than GRACE and no row names, and what crashes left on its way in.

    Raises Conflicting when it is being done just now, SweepRefused unless `forced`, StoreError and Unavailable: then
    what was deleted until then is gone.
    """
    before = datetime.now(UTC) - GRACE
    with database.begin() as session:
        if not try_lock(session, Lock.SWEEP):
            raise Conflicting("The store of files is being swept just now. Try again in a few minutes.")
        session.execute(_PATIENTLY)
        files = named = orphans = size = 0
        for look in _looks(session, store, before):
            files, named, orphans = files + look.files, named + look.named, orphans + len(look.orphans)
        if not forced:
            _check(store, files, named, orphans)
        deleted = 0
        for look in _looks(session, store, before) if orphans else ():
            store.delete(one.key for one in look.orphans)
            deleted, size = deleted + len(look.orphans), size + sum(one.size for one in look.orphans)
    log.info("swept %s: %d of %d files were nobody's and are deleted (%d bytes)", store.name, deleted, files, size)
    return Swept(files, deleted, size)


def _check(store: Store, files: int, named: int, orphans: int) -> None:
    """Raises SweepRefused where the database is likelier the wrong one than the files nobody's."""
    if orphans > files / 2 and (orphans > _MANY or not named):
        raise SweepRefused(
            f"Nothing was deleted: of {files} files in {store.name} no row of the database names {orphans}, so it may "
            "be the wrong database (DATABASE_URL), or another Lectern's files (FILES_URL). If both are right: "
            "lectern sweep --force"
        )


def _looks(session: Session, store: Store, before: datetime) -> Iterator[_Look]:
    listed = store.listed()
    while batch := list(islice(listed, _BATCH)):
        kept = {one: whose for one in batch if (whose := whose_file(one.key))}
        old = [one for one in batch if one.modified < before]
        nobodys = _nobodys(session, [kept[one] for one in old if one in kept])
        orphans = [one for one in old if one not in kept or kept[one] in nobodys]
        yield _Look(len(batch), sum(one in kept and kept[one] not in nobodys for one in old), orphans)


def _nobodys(session: Session, files: Sequence[Whose]) -> set[Whose]:
    """Those of these files that no row names."""
    if not files:
        return set()
    asked = {"folders": [one.folder for one in files], "ids": [one.id for one in files]}
    rows = session.execute(_NOBODYS, asked | {"hashes": [one.sha256 for one in files]})
    return {Whose(*row) for row in rows}


def _number(value: bytes) -> float:
    with suppress(ValueError):
        return float(value)
    return 0.0


# The store may take a while between two statements, and this transaction holds nothing but the lock.
_PATIENTLY = text("SET LOCAL idle_in_transaction_session_timeout = '10min'")

# The row of a file that was deleted stays for as long as a presentation names it, and names no file any more.
_NOBODYS = text(f"""
    SELECT folder, id, sha256
    FROM unnest(CAST(:folders AS text[]), CAST(:ids AS uuid[]), CAST(:hashes AS text[])) AS listed(folder, id, sha256)
    EXCEPT (
        SELECT '{DECKS}', presentation_id, sha256 FROM presentation_files
        WHERE presentation_id = ANY (CAST(:ids AS uuid[]))
        UNION ALL
        SELECT '{DECKS}', presentation_id, small_sha256 FROM presentation_slides
        WHERE presentation_id = ANY (CAST(:ids AS uuid[]))
        UNION ALL
        SELECT '{DECKS}', presentation_id, large_sha256 FROM presentation_slides
        WHERE presentation_id = ANY (CAST(:ids AS uuid[]))
        UNION ALL
        SELECT '{DECKS}', id, cover FROM presentation_jobs WHERE id = ANY (CAST(:ids AS uuid[]))
        UNION ALL
        SELECT '{UPLOADS}', id, sha256 FROM presentation_uploads
        WHERE id = ANY (CAST(:ids AS uuid[])) AND deleted_at IS NULL
    )
""")  # noqa: S608 (two constants)
