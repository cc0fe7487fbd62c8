"""Files that nothing names any more are deleted, and no others: neither new ones, nor all by mistake."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from redis import Redis
from sqlalchemy import text

from presentations.database import Database, Lock, try_lock
from presentations.database.models import Presentation
from presentations.errors import Conflicting
from presentations.files import Store, deck_key, upload_key
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import Swept, sweep_daily, sweep_store
from presentations.settings import Settings, load
from tests.support.keeper import Keeper
from tests.support.presentations import finished
from tests.support.s3 import S3
from tests.support.uploads import Give
from tests.web.cli.conftest import run

__all__ = ["run"]

OLD = timedelta(hours=25)


@pytest.fixture
def kept(library: Library, database: Database, keeper: Keeper) -> Presentation:
    """A presentation with ten files, of two versions; the oldest is not named any more."""
    one = finished(library, database, "alice", "Cells")
    keeper.keep(one.id)
    return one


def put(store: Store, key: str) -> str:
    source = Path(os.devnull)
    store.put(key, source)
    return key


def orphan(store: Store) -> str:
    return put(store, deck_key(uuid4(), f"{0:064}"))


def age(settings: Settings, by: timedelta = OLD) -> None:
    """Make all that is in the folder older."""
    then = time.time() - by.total_seconds()
    for file in (settings.var_dir / "files").rglob("*"):
        if file.is_file():
            os.utime(file, (then, then))


def keys(store: Store) -> set[str]:
    return {one.key for one in store.listed()}


def test_what_nothing_names_goes_and_what_is_named_stays(
    database: Database, store: Store, settings: Settings, kept: Presentation
) -> None:
    named = keys(store)
    assert len(named) == 10
    gone = {orphan(store), put(store, deck_key(kept.id, f"{0:064}")), put(store, f"incoming/{'0' * 32}")}
    gone.add(put(store, f"checks/{'0' * 32}"))
    age(settings)
    young = {orphan(store), put(store, f"incoming/{'1' * 32}")}
    assert sweep_store(database, store) == Swept(files=16, deleted=4, size=0)
    assert keys(store) == named | young
    assert not gone & keys(store)


def test_a_version_that_is_no_longer_kept_takes_its_files_along_but_not_those_of_others(
    database: Database, store: Store, settings: Settings, kept: Presentation, keeper: Keeper
) -> None:
    """The pictures of both are the same."""
    before = keys(store)
    keeper.keep(kept.id, origin="edited")
    with database.begin() as session:
        session.execute(text("DELETE FROM presentation_versions WHERE number = 1"))
    age(settings)
    assert sweep_store(database, store).deleted == 2
    assert len(keys(store) & before) == 8


def test_material_stays_until_its_row_says_that_it_is_deleted(
    database: Database, store: Store, settings: Settings, give: Give, library: Library
) -> None:
    one, gone = give("alice", "1.txt"), give("alice", "2.txt")
    another = put(store, upload_key(one.id, f"{0:064}"))
    orphan = put(store, upload_key(uuid4(), f"{0:064}"))
    library.create("alice", "Cells", file_ids=[gone.id])
    with database.begin() as session:
        session.execute(text("UPDATE presentation_uploads SET deleted_at = now() WHERE name = '2.txt'"))
    age(settings)
    assert sweep_store(database, store) == Swept(files=4, deleted=3, size=gone.size)
    assert keys(store) == {upload_key(one.id, one.sha256)}
    assert {another, orphan}.isdisjoint(keys(store))


def test_in_a_bucket_as_well(
    database: Database, library: Library, keeper: Keeper, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.store = store = Store.of(load(s3.environment()))
    keeper.keep(finished(library, database, "alice", "Cells").id)
    named = keys(store)
    orphan(store)
    assert sweep_store(database, store).deleted == 0  # it is new
    monkeypatch.setattr("presentations.operations.sweep.GRACE", -OLD)
    assert sweep_store(database, store).deleted == 1
    assert keys(store) == named


def test_it_is_done_batch_by_batch(
    database: Database, store: Store, settings: Settings, kept: Presentation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presentations.operations.sweep._BATCH", 3)
    for _ in range(5):
        orphan(store)
    age(settings)
    assert sweep_store(database, store) == Swept(files=15, deleted=5, size=0)


@pytest.mark.parametrize("many", [False, True])
def test_a_database_that_names_hardly_anything_deletes_nothing_unless_that_is_meant(
    run: Callable[..., Result],
    database: Database,
    store: Store,
    settings: Settings,
    kept: Presentation,
    many: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if many:
        monkeypatch.setattr("presentations.operations.sweep._MANY", 10)
        for _ in range(11):
            orphan(store)
    else:
        with database.begin() as session:
            session.execute(text("DELETE FROM presentation_jobs"))
    age(settings)
    before = keys(store)
    refused = run("sweep")
    assert (refused.exit_code, keys(store)) == (1, before)
    for said in (f"Nothing was deleted: of {len(before)} files in", "DATABASE_URL", "lectern sweep --force"):
        assert said in refused.output
    done = run("sweep", "--force")
    assert (done.exit_code, len(keys(store))) == (0, 10 if many else 0)
    assert "that nothing names any more are gone" in done.output


def test_two_do_not_do_it_at_once(database: Database, store: Store) -> None:
    with database.begin() as session:
        assert try_lock(session, Lock.SWEEP)
        with pytest.raises(Conflicting, match="just now"):
            sweep_store(database, store)
    assert sweep_store(database, store).files == 0


def test_it_is_done_once_a_day_and_first_a_day_after_redis_was_emptied(
    database: Database, store: Store, settings: Settings, kept: Presentation, backends: Backends
) -> None:
    redis = Redis.from_url(backends.redis_url)
    orphan(store)
    age(settings)
    for _ in range(2):
        sweep_daily(database, store, redis)
        assert len(keys(store)) == 11
    redis.set("lectern:swept", (datetime.now(UTC) - OLD).timestamp())
    sweep_daily(database, store, redis)
    assert len(keys(store)) == 10
    orphan(store)
    age(settings)
    sweep_daily(database, store, redis)
    assert len(keys(store)) == 11


@pytest.mark.parametrize("value", ["rubbish", b"\xff"])
def test_what_keeps_it_from_sweeping_is_logged_and_harms_nobody(
    database: Database,
    settings: Settings,
    backends: Backends,
    value: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    redis = Redis.from_url(backends.redis_url)
    redis.set("lectern:swept", value)
    sweep_daily(database, Store.of(load({"FILES_URL": "/srv/not-mounted"})), redis)
    assert "cannot be swept now: the folder /srv/not-mounted: it is not there" in caplog.text


def test_a_store_that_is_away_is_named_in_a_shell(
    run: Callable[..., Result], settings: Settings, kept: Presentation
) -> None:
    (settings.var_dir / "files").rename(settings.var_dir / "elsewhere")
    (settings.var_dir / "files").write_text("no folder")
    done = run("sweep")
    assert done.exit_code == 1
    assert "cannot be reached just now" in done.output
    assert str(settings.var_dir) in done.output
