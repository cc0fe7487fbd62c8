"""A deck from its completion on: kept at once, made visible, followed through edits, safe without Presenton."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pptx
import pytest
import requests

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.files import Store, deck_key
from presentations.library import Decks, DeckView, Library
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"PICTURE_THREADS": "2"}


@pytest.fixture
def decks(database: Database) -> Decks:
    return Decks(database, 1_000_000_000)


def prepared(decks: Decks, one: Presentation, version: int = 1) -> DeckView:
    """Its deck, once that version is as visible as it gets."""

    def look() -> DeckView | None:
        view = decks.shown(None, one.id)
        done = view.version and view.version.number >= version and view.version.prepared_at
        return view if done and view.deck and not view.deck.claimed_by else None

    found = eventually(look)
    assert found
    return found


def content(store: Store, view: DeckView, kind: str) -> bytes:
    file = view.files[kind]
    with store.read(deck_key(view.presentation.id, file.sha256), file.sha256, file.size) as kept:
        return b"".join(kept.chunks())


def edit_title(demo: DemoPresenton, deck_id: str | None, title: str) -> None:
    """As somebody does in Presenton's editor."""
    change = {"presentation_id": deck_id, "slides": [{"index": 0, "content": {"title": title}}], "export_as": "pptx"}
    requests.post(f"{demo.url}/api/v1/ppt/presentation/edit", json=change, timeout=30).raise_for_status()


def test_a_deck_is_there_when_it_is_complete_and_visible_soon_after(
    library: Library, decks: Decks, store: Store, start_worker: StartWorker
) -> None:
    start_worker()
    one = ended(library, library.create("alice", "Photosynthesis", 4))[0]
    assert (one.status, one.version) == ("complete", 1)
    assert "pptx" in decks.shown("alice", one.id).files
    view = prepared(decks, one)
    assert len(pptx.Presentation(BytesIO(content(store, view, "pptx"))).slides) == 4
    assert content(store, view, "pdf").startswith(b"%PDF")
    assert [slide.number for slide in view.slides] == [1, 2, 3, 4]
    assert all(slide.title and slide.small_sha256 and slide.large_sha256 for slide in view.slides)
    assert view.slides[0].text
    assert view.presentation.cover == view.slides[0].small_sha256
    assert view.deck is not None
    assert (view.deck.due_at, view.deck.problem, view.deck.attempts) == (None, None, 0)


def test_an_edit_in_presenton_arrives_as_a_new_version_and_the_old_one_stays(
    library: Library, decks: Decks, store: Store, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    one = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    before = prepared(decks, one)
    edit_title(demo, one.presenton_id, "Light becomes sugar")
    decks.want_current("alice", one.id)
    after = prepared(decks, one, version=2)
    assert after.version is not None
    assert (after.version.number, after.version.origin) == (2, "edited")
    assert after.slides[0].title == "Light becomes sugar"
    assert after.presentation.cover == after.slides[0].small_sha256 != before.presentation.cover
    assert [version.number for version in after.versions] == [2, 1]
    assert decks.shown("alice", one.id, version=1).slides[0].title == before.slides[0].title
    number = decks.bring_back("alice", one.id, 1)
    back = decks.shown("alice", one.id)
    assert back.version is not None
    assert (number, back.version.origin, back.version.restored_from) == (3, "restored", 1)
    assert content(store, back, "pptx") == content(store, before, "pptx")
    assert back.presentation.cover == before.presentation.cover


def test_what_was_made_stays_when_presenton_has_lost_everything(
    library: Library, decks: Decks, store: Store, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    one = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    prepared(decks, one)
    requests.delete(f"{demo.url}/api/v1/ppt/presentation/{one.presenton_id}", timeout=30).raise_for_status()
    decks.want_current("alice", one.id)
    eventually(lambda: (found := decks.shown("alice", one.id).deck) and found.gone_at)
    view = prepared(decks, one)
    assert content(store, view, "pdf").startswith(b"%PDF")
    assert view.deck is not None
    assert view.deck.problem is None
