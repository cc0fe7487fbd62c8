"""Presenton cannot give a file, or gives another thing: the presentation is complete, and the file is fetched later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import randbytes
from typing import Any

import pytest
from sqlalchemy import select, text, update

from presentations.database.models import Deck, Presentation
from presentations.decks import draw_pictures, find_office, read_words
from presentations.demo.server import DemoPresenton
from presentations.files import StoreAway, deck_key
from presentations.generation import make_presentation
from presentations.keeping import DECKS, fetching, looking, prepare_deck, preparing, showing
from presentations.keeping.work import PAUSES
from presentations.library import Library
from tests.keeping.conftest import Hands
from tests.support.decks import a_compound_file, a_pptx, a_zip_bomb, with_content_type, with_part

MACROS = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
FILES = "/app_data/"


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn: that is not what these are about."""
    monkeypatch.setattr(preparing, "make_visible", lambda one: None)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (("status", {"status": 404, "html": True}), "does not give the file just now"),
        (("status", {"status": 403, "html": True}), "does not give the file just now"),
        (("status", {"status": 503}), "does not give the file just now"),
        (("rubbish", {"form": "html"}), "(This is a web page, and no PowerPoint file)"),
        (("rubbish", {"form": "truncated"}), "does not give|is damaged"),
        (("lose_answer", {}), "does not give the file just now"),
        (("trickle", {"delay": 25}), "does not give the file just now"),
    ],
)
def test_a_presentation_without_its_file_is_complete_and_its_file_comes_later(
    hands: Hands, demo: DemoPresenton, fault: tuple[str, dict[str, Any]], said: str
) -> None:
    hands.context.settings = replace(hands.context.settings, download_timeout=1)
    demo.faults.add(fault[0], path=FILES, **fault[1])
    one = hands.make()
    assert (one.status, one.version) == ("complete", None)
    deck = hands.prepare(one).deck
    assert deck
    assert deck.problem
    assert any(words in deck.problem for words in said.split("|")), deck.problem
    assert (deck.attempts, deck.claimed_by) == (1, None)
    assert deck.due_at
    demo.faults.clear()
    view = hands.prepare(one)
    assert set(view.files) == {"pptx"}
    assert view.deck
    assert (view.deck.due_at, view.deck.problem, view.deck.failing_since, view.deck.attempts) == (None, None, None, 0)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("kind", ["large", "empty", "macros", "encrypted", "bomb"])
def test_a_file_that_cannot_be_kept_says_why_and_the_version_before_stays(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    one, file = hands.make(), a_pptx(tmp_path / "bad.pptx")
    makers: dict[str, Callable[[], object]] = {
        "large": lambda: with_part(file, "ppt/media/film.bin", randbytes(1_100_000)),
        "empty": lambda: file.write_bytes(b""),
        "macros": lambda: with_content_type(file, MACROS),
        "encrypted": lambda: a_compound_file(file, "EncryptedPackage"),
        "bomb": lambda: a_zip_bomb(file),
    }
    makers[kind]()
    if kind == "large":
        hands.context.settings = replace(hands.context.settings, max_file_mb=1)
    monkeypatch.setattr(demo.faults.decks, "file", lambda _: file)
    hands.write(one, presenton_state="of before")
    view = hands.prepare(one)
    said = {
        "large": "larger than the 1 MB",
        "empty": "(This file is empty)",
        "macros": "(This file has macros, which may do harm where it is opened)",
        "encrypted": "protected by a password",
        "bomb": "unpacks to much more",
    }
    assert view.deck
    assert view.deck.problem
    assert said[kind] in view.deck.problem
    assert (view.presentation.version, set(view.files)) == (1, {"pptx"})


@pytest.mark.usefixtures("quiet")
def test_pauses_grow_until_it_is_given_up_and_a_wish_begins_anew(hands: Hands, demo: DemoPresenton) -> None:
    one = hands.make()
    demo.faults.add("status", status=503)
    for pause in PAUSES:
        hands.prepare(one)
        with hands.context.database.begin() as session:
            left = session.scalar(text("SELECT due_at - now() FROM presentation_decks"))
        assert left <= pause
        assert left > pause - pause / 2
    deck = hands.prepare(one).deck
    assert deck
    assert (deck.due_at, deck.attempts, bool(deck.problem), bool(deck.failing_since)) == (None, 0, True, True)
    hands.decks.want_current("alice", one.id)
    assert hands.deck(one).due_at
    demo.faults.clear()
    prepare_deck(str(one.id))
    deck = hands.deck(one)
    assert (deck.due_at, deck.problem, deck.failing_since) == (None, None, None)


@pytest.mark.usefixtures("quiet")
def test_looking_at_a_page_tries_what_failed_again_but_not_all_the_time(hands: Hands, demo: DemoPresenton) -> None:
    one = hands.make()
    demo.faults.add("status", status=503)
    hands.write(one, attempts=5)
    waits = hands.prepare(one).deck
    hands.decks.want_current("alice", one.id)
    wished = hands.deck(one)
    assert waits
    assert waits.due_at
    assert wished.due_at
    assert wished.due_at < waits.due_at
    prepare_deck(str(one.id))
    soon = hands.deck(one)
    assert soon.attempts == 1
    hands.decks.want_current("alice", one.id)  # it is a minute, anyway
    assert hands.deck(one).due_at == soon.due_at


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("broken", [StoreAway("the folder"), OSError(28, "No space left on device")])
def test_where_nothing_can_be_kept_presentations_are_complete_all_the_same(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    def put(*_: object) -> None:
        raise broken

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "put_file", put)
        one = hands.make()
        assert (one.status, one.version) == ("complete", None)
        deck = hands.prepare(one).deck
        assert deck
        assert deck.problem == "The file cannot be kept just now. Lectern tries again."
        assert deck.due_at
    assert hands.prepare(one).presentation.version == 1


@pytest.mark.usefixtures("quiet")
def test_presentations_of_before_are_fetched_the_newest_first(hands: Hands) -> None:
    made = [hands.make(f"Topic {number}") for number in range(3)]
    with hands.context.database.begin() as session:
        session.execute(text("DELETE FROM presentation_versions"))
        session.execute(text("DELETE FROM presentation_decks"))
        session.execute(update(Presentation).values(version=None))
        session.execute(update(Presentation).where(Presentation.id == made[0].id).values(presenton_id=None))
        schema = Path("schema.sql").read_text(encoding="utf-8")
        step = schema.partition("INSERT INTO presentation_decks (id, user_id, due_at)")
        session.execute(text(step[1] + step[2].partition(";")[0]))
    hands.context.engine(DECKS).let_next_in("alice")
    for one in reversed(made):
        with hands.context.database.begin() as session:
            in_line = session.scalars(select(Deck.id).where(Deck.queued_at.is_not(None))).all()
        assert in_line == [one.id]  # of one teacher, one at a time
        prepare_deck(str(one.id))
    assert all(hands.shown(one).presentation.version == 1 for one in made)


def test_a_deck_whose_answer_named_no_file_has_all(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "keep_made", lambda *_: None)
    one = hands.make()
    with hands.context.database.begin() as session:
        session.execute(text("DELETE FROM presentation_versions"))
        session.execute(update(Presentation).values(version=None, presenton_path=None))
    view = hands.prepare(one)
    assert set(view.files) == {"pptx", "pdf"}
    assert len(view.slides) == 2
    assert all(slide.title and slide.small_sha256 for slide in view.slides)


def test_a_presentation_that_was_asked_for_as_pdf_has_its_words_as_well(hands: Hands, library: Library) -> None:
    asked = library.create("alice", "Photosynthesis", 2, export_as="pdf")
    make_presentation(str(asked.id))
    one = library.get(None, asked.id)
    assert set(hands.shown(one).files) == {"pdf"}
    view = hands.prepare(one)
    assert set(view.files) == {"pptx", "pdf"}
    assert all(slide.title and slide.small_sha256 for slide in view.slides)


def test_a_deck_of_which_not_all_is_shown_says_how_many_slides_it_has(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "draw_pictures", lambda pdf, folder: draw_pictures(pdf, folder, most_pages=1))
    monkeypatch.setattr(showing, "read_words", lambda file: replace(words := read_words(file), slides=words.slides[:1]))
    view = hands.prepare(hands.make())
    assert view.version
    assert (view.version.slides, view.version.pictures_problem) == (2, None)
    assert [(slide.number, bool(slide.title), bool(slide.small_sha256)) for slide in view.slides] == [(1, True, True)]


WITH_OFFICE = pytest.mark.skipif(not find_office(), reason="LibreOffice is not installed")


@pytest.mark.parametrize("has_office", [pytest.param(True, marks=WITH_OFFICE), False])
def test_where_presenton_exports_nothing_pictures_are_made_here_or_it_is_said(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch, has_office: bool
) -> None:
    if not has_office:
        monkeypatch.setattr(showing, "find_office", lambda: None)
    demo.faults.add("no_export")
    view = hands.prepare(hands.make())
    assert view.version
    assert view.deck
    assert (view.deck.due_at, view.deck.problem) == (None, None)
    assert [bool(slide.title) for slide in view.slides] == [True, True]
    if has_office:
        assert view.files["pdf"].origin == "office"
        assert all(slide.small_sha256 for slide in view.slides)
        assert view.version.pdf_problem is None
    else:
        assert set(view.files) == {"pptx"}
        assert view.version.pdf_problem
        assert view.version.pictures_problem


def test_presenton_away_after_completion_costs_no_pictures(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "find_office", lambda: None)
    one = hands.make()
    demo.faults.add("status", status=503)
    view = hands.prepare(one)
    assert view.version
    assert (view.version.prepared_at, view.version.pdf_problem) == (None, None)
    assert [bool(slide.title) for slide in view.slides] == [True, True]
    assert view.deck
    assert view.deck.due_at
    demo.faults.clear()
    view = hands.prepare(one)
    assert all(slide.small_sha256 for slide in view.slides)
    assert view.deck
    assert (view.deck.problem, view.deck.due_at) == (None, None)


def test_what_presenton_does_not_give_for_a_day_is_said_and_given_up(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "find_office", lambda: None)
    one = hands.make()
    demo.faults.add("status", status=503)
    hands.write(one, attempts=len(PAUSES))
    view = hands.prepare(one)
    assert view.version
    assert view.version.prepared_at
    assert view.version.pdf_problem
    assert view.version.pictures_problem
    assert view.deck
    assert view.deck.due_at is None


def edit(demo: DemoPresenton, one: Presentation, title: str) -> None:
    """As somebody does in Presenton's editor."""
    decks, deck_id = demo.faults.decks, str(one.presenton_id)
    assert decks
    deck = decks.get(deck_id)
    assert deck
    decks.change(deck_id, [replace(slide, title=title) for slide in deck.slides])


def test_an_edit_between_export_and_look_is_seen_by_the_next_look(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "make_visible", lambda one: None)
    one = hands.make()
    real = fetching.fetch

    def fetch(*args: Any, **how: Any) -> Any:
        fetched = real(*args, **how)
        edit(demo, one, "Edited while it was exported")
        return fetched

    edit(demo, one, "Edited")
    monkeypatch.setattr(looking, "fetch", fetch)
    assert hands.prepare(one).presentation.version == 2
    monkeypatch.setattr(looking, "fetch", real)
    assert hands.prepare(one).presentation.version == 3
    assert hands.prepare(one).presentation.version == 3


@pytest.mark.usefixtures("quiet")
def test_an_edit_arrives_although_the_kept_file_was_lost(hands: Hands, demo: DemoPresenton) -> None:
    one = hands.make()
    hands.context.store.delete([deck_key(one.id, hands.shown(one).files["pptx"].sha256)])
    edit(demo, one, "Edited")
    view = hands.prepare(one)
    assert view.presentation.version == 2
    assert view.deck
    assert view.deck.problem is None


@pytest.mark.usefixtures("quiet")
def test_a_file_that_is_gone_with_its_deck_is_given_up(hands: Hands, demo: DemoPresenton) -> None:
    demo.faults.add("status", path=FILES, status=404, html=True)
    one = hands.make()
    demo.faults.add("forget_decks")
    deck = hands.prepare(one).deck
    assert deck
    assert (deck.due_at, bool(deck.gone_at)) == (None, True)
    assert deck.problem == "The slide generator no longer has the file. Make another like it."


@pytest.mark.usefixtures("quiet")
def test_a_deck_that_says_another_state_at_each_look_makes_no_versions(
    hands: Hands, demo: DemoPresenton, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = hands.make()
    saved, exports = tmp_path / "saved.pptx", iter(range(100))

    def saved_again(_: str) -> Path:
        saved.write_bytes(hands.content(one.id, hands.shown(one)))
        return with_part(saved, "docProps/when.xml", f"<saved>{next(exports)}</saved>".encode())

    monkeypatch.setattr(demo.faults.decks, "file", saved_again)
    states = iter(range(100))
    monkeypatch.setattr(hands.context.presenton, "deck_updated_at", lambda _: f"now {next(states)}")
    for _ in range(3):
        view = hands.prepare(one)
        assert [version.number for version in view.versions] == [1]
        assert view.deck
        assert (view.deck.due_at, view.deck.problem) == (None, None)
    assert next(exports) == 3
