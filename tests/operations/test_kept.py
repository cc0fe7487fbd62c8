"""What is kept of decks, as admins see it: the space, what is not fetched yet and why, and what the store has lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.files import Store, Stored, add_version, deck_key
from presentations.jobs import quick_redis
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import Overview, Servers, of_decks, standing, thoroughly
from presentations.operations.kept import Unfetched
from presentations.operations.workers import Thread
from presentations.settings import Settings
from presentations.web.metering import Standing
from tests.support.keeper import Keeper
from tests.support.presentations import finished
from tests.support.uploads import Give
from tests.web.admin.pages import found_on
from tests.web.cli.conftest import run

__all__ = ["run"]


@pytest.fixture
def made(library: Library, database: Database, keeper: Keeper) -> list[Presentation]:
    """Of four presentations one is kept, one waits, one fails since an hour, and one was given up."""
    kept, _, fails, given_up = made = [finished(library, database, "alice", f"Topic {n}") for n in range(4)]
    keeper.keep(kept.id)
    keeper.note(fails.id, failing_since=text("now() - interval '1 hour'"), due_at=text("now() + interval '1 hour'"))
    keeper.note(given_up.id, due_at=None, problem="It is gone.")
    finished(library, database, "alice", "Deleted")
    with database.begin() as session:
        session.execute(
            text(
                "UPDATE presentation_jobs SET status = 'deleted', deleted_at = now(), "
                "deleted_from = 'complete' WHERE topic = 'Deleted'"
            )
        )
    return made


def test_what_is_not_fetched_is_counted_for_shell_pages_and_prometheus(
    run: Callable[..., Result], ann: FlaskClient, library: Library, made: list[Presentation], store: Store, give: Give
) -> None:
    now = standing(library.database).unfetched
    assert (now.waiting, now.failing, now.given_up) == (2, 1, 1)
    assert 3600 <= (now.oldest_unfetched or 0) < 3700
    told = json.loads(run("status", "--json").output)
    assert (told["decks_waiting"], told["decks_failing"], told["decks_given_up"]) == (2, 1, 1)
    assert told["oldest_unfetched"] >= 3600
    assert told["kept_bytes"] == sum(one.size for one in store.listed()) > 0
    assert (told["decks_bytes"], told["versions_bytes"], told["material_bytes"]) == (told["kept_bytes"], 0, 0)
    given = give("alice")
    with library.database.begin() as session:
        add_version(session, made[0].id, "uploaded", Stored("pptx", 500_000, "a" * 64, "upload"))
    told = json.loads(run("status", "--json").output)
    assert (told["decks_bytes"], told["material_bytes"]) == (500_000, given.size)
    assert told["versions_bytes"] == told["kept_bytes"] - 500_000 - given.size > 0
    overview = found_on(ann, "/admin")
    assert "2 to be fetched, the oldest for 60 min" in overview
    assert "Decks are not fetched: 1 waits for up to 60 min, and could not be had so far." in overview
    families = {one.name: one for one in Standing(library.database, library.engine.queue.redis).collect()}
    assert families["lectern_decks_failing"].samples[0].value == 1
    assert families["lectern_oldest_unfetched_seconds"].samples[0].value >= 3600


def of(unfetched: Unfetched, *queues: str) -> list[tuple[str, bool]]:
    """What is found, and whether it is bad, where there are threads for these queues."""
    threads = {"host.1": [Thread(queue, None) for queue in queues]} if queues else {}
    now = datetime.now(UTC)
    overview = Overview(now, 0, None, (), (), threads, (), (), {}, unfetched, 0)
    return [(found.what, found.is_bad) for found in of_decks(overview)]


LONG = timedelta(hours=2).total_seconds()


@pytest.mark.parametrize(
    ("unfetched", "said", "is_bad"),
    [
        (
            Unfetched(3, LONG, 3, 0),
            "Decks are not fetched: 3 wait for up to 120 min, and could not be had so far.",
            True,
        ),
        (Unfetched(900, LONG, 0, 0), "Decks are being fetched: 900 wait.", False),
        (Unfetched(0, None, 0, 1), "Of 1 presentation the file could not be had within a day.", False),
    ],
)
def test_why_decks_are_not_fetched_is_said(unfetched: Unfetched, said: str, is_bad: bool) -> None:
    assert of(unfetched, "presentations", "pictures") == [(said, is_bad)]


def test_that_nobody_fetches_decks_is_said() -> None:
    [(said, is_bad)] = of(Unfetched(3, LONG, 0, 0), "presentations")
    assert said == "Decks are not fetched: 3 wait for up to 120 min, and no worker's thread keeps decks."
    assert is_bad


def test_what_just_waits_is_no_trouble() -> None:
    assert of(Unfetched(3, 60, 1, 0), "pictures") == []


def test_the_overview_shows_who_keeps_decks(ann: FlaskClient, backends: Backends) -> None:
    worker = Worker(
        ["pictures"], name="host.1.pictures1", connection=quick_redis(backends.redis_url), serializer=JSONSerializer
    )
    worker.register_birth()  # type: ignore[no-untyped-call]
    assert "0 that send webhooks, 1 that keep decks and draw them." in found_on(ann, "/admin")


def checked(settings: Settings, database: Database, backends: Backends) -> dict[str, tuple[str | None, str]]:
    found = thoroughly(Servers(settings, database, quick_redis(backends.redis_url), None))
    return {one.name: (one.problem, one.said) for one in found}


def test_check_looks_whether_the_newest_files_are_still_there(
    settings: Settings, database: Database, backends: Backends, store: Store, made: list[Presentation], keeper: Keeper
) -> None:
    found = checked(settings, database, backends)
    taken = "0.0 GB decks, 0.0 GB older versions, 0.0 GB material"
    assert found["kept files"] == (None, f"the newest 2 are there and as they were; {taken}")
    problem, said = found["decks"]
    assert problem is None
    assert "LibreOffice" in said
    keeper.keep(made[1].id, kinds=["pptx"])
    with database.begin() as session:
        (pdf,) = session.scalars(text("SELECT sha256 FROM presentation_files WHERE kind = 'pdf'"))
    damaged = keeper.folder / "damaged"
    damaged.write_bytes(b"x")
    store.put(deck_key(made[0].id, pdf), damaged)
    store.delete(one.key for one in store.listed() if str(made[1].id) in one.key)
    problem, _ = checked(settings, database, backends)["kept files"]
    assert problem == f"Of the newest 3 in {store.name}, 1 are missing and 1 damaged."
