"""Workers that are killed, that stop, and that share a store; what ends a deck that no worker survives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
import requests
from sqlalchemy import func, update

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import Deck, Presentation
from presentations.demo.server import DemoPresenton
from presentations.files import Store, deck_key
from presentations.keeping import preparing
from presentations.library import Decks, DeckView, Library
from presentations.settings import load
from tests.keeping.conftest import Hands
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.s3 import S3
from tests.support.waiting import PATIENCE, eventually

StartWorker = Callable[..., Process]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"PICTURE_THREADS": "2"}


def prepared(decks: Decks, one: Presentation) -> DeckView:
    def look() -> DeckView | None:
        view = decks.shown(None, one.id)
        return view if view.version and view.version.prepared_at and view.deck and not view.deck.claimed_by else None

    found = eventually(look)
    assert found
    return found


def is_being_drawn(decks: Decks, one: Presentation, attempts: int) -> bool:
    view = decks.shown(None, one.id)
    is_claimed = view.deck is not None and view.deck.claimed_by is not None and view.deck.attempts == attempts
    return is_claimed and "pdf" in view.files and not any(slide.small_sha256 for slide in view.slides)


def test_a_deck_outlives_its_workers(
    library: Library, decks: Decks, database: Database, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("trickle", delay=3600, times=1)
    worker = start_worker()
    one = library.create("alice", "Photosynthesis", 20)
    eventually(lambda: not demo.faults.standing())
    worker.kill()  # while the file is fetched
    demo.faults.clear()

    worker = start_worker()
    one = ended(library, one)[0]
    assert (one.status, one.version) == ("complete", 1)
    eventually(lambda: is_being_drawn(decks, one, attempts=1))
    worker.kill()
    worker = start_worker()
    eventually(lambda: is_being_drawn(decks, one, attempts=2))
    assert worker.stop() == 0
    stopped = decks.shown(None, one.id).deck
    assert stopped
    assert (stopped.attempts, stopped.claimed_by) == (1, None)
    start_worker()
    view = prepared(decks, one)
    assert [version.number for version in view.versions] == [1]
    assert all(slide.small_sha256 and slide.title for slide in view.slides)


def test_two_workers_on_one_bucket_make_each_deck_once_and_two_webs_give_it_out(
    library: Library,
    decks: Decks,
    accounts: Accounts,
    start_worker: StartWorker,
    start_web: Callable[..., str],
    s3: S3,
    environment: dict[str, str],
) -> None:
    accounts.add("alice", "Alice", "alice@school.example")
    _, secret = Tokens(library.database).make("alice", "laptop", SCOPES)
    bucket = s3.environment()
    workers = [start_worker(**bucket), start_worker(**bucket)]
    asked = [library.create(teacher, "Photosynthesis", 2) for teacher in ("alice", "bob", "carol")]
    store = Store.of(load(environment | bucket))
    for one in ended(library, *asked):
        view = prepared(decks, one)
        for kept in view.files.values():
            with store.read(deck_key(one.id, kept.sha256), kept.sha256, kept.size) as content:
                assert sum(map(len, content.chunks())) == kept.size
        assert all(slide.large_sha256 for slide in view.slides)
    drawn = [line for worker in workers for line in worker.lines("drew 2 of 2 pages")]
    assert len(drawn) == len(asked)
    of_alice = decks.shown("alice", asked[0].id)
    for url in (start_web(**bucket), start_web(**bucket)):
        with requests.Session() as visitor:
            visitor.headers["Authorization"] = f"Bearer {secret}"
            its_address = f"{url}/api/presentations/{asked[0].id}"
            for kind, kept in of_alice.files.items():
                given = visitor.get(f"{its_address}/file", params={"format": kind}, timeout=PATIENCE)
                assert hashlib.sha256(given.content).hexdigest() == kept.sha256
            slides = visitor.get(f"{its_address}/slides", timeout=PATIENCE).json()["slides"]
            assert visitor.get(url + slides[1]["picture"]["large"], timeout=PATIENCE).content[8:12] == b"WEBP"


def test_a_deck_at_which_the_code_fails_ends_after_some_claims(
    hands: Hands, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hands.make()

    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(preparing, "look", fail)
    for _ in range(preparing.MAX_CLAIMS):
        with pytest.raises(ZeroDivisionError):
            hands.prepare(one)
        with database.begin() as session:
            session.execute(update(Deck).values(claimed_by=None, claimed_until=None))
    deck = hands.prepare(one).deck
    assert deck
    assert (deck.due_at, deck.claimed_by) == (None, None)
    assert re.search("again and again", deck.problem or "")


def test_a_lease_that_ran_out_and_was_renewed_ends_well(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    one = hands.make()

    def admitted(_: object) -> None:  # by a dispatcher that took its worker for dead
        hands.write(one, queued_at=func.now(), due_at=func.now())

    monkeypatch.setattr(preparing, "look", admitted)
    monkeypatch.setattr(preparing, "make_visible", lambda _: None)
    deck = hands.prepare(one).deck
    assert deck
    assert (deck.due_at, deck.queued_at, deck.claimed_by) == (None, None, None)


def test_a_deck_that_was_held_back_when_its_worker_died_is_prepared_by_the_next(
    hands: Hands, decks: Decks, start_worker: StartWorker
) -> None:
    one = hands.make()  # complete, and no dispatcher has let its deck into the line
    assert hands.deck(one).due_at
    assert hands.deck(one).queued_at is None
    start_worker()
    assert all(slide.small_sha256 for slide in prepared(decks, one).slides)
