"""What happens to a deck while it is being seen to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from presentations.database.models import Deck, Presentation, Version
from presentations.decks import find_office
from presentations.files import GENERATED, OFFICE, Stored, add_version
from presentations.generation import make_presentation
from presentations.jobs import leases
from presentations.keeping import DECKS, fetching, looking, prepare_deck, showing
from presentations.keeping.claimed import Claimed
from presentations.keeping.fetching import NotFetched
from presentations.library import Library
from tests.keeping.conftest import Hands
from tests.support.presentations import delete as delete_presentation
from tests.support.waiting import eventually


def before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, action: Any) -> None:
    """Have something happen just before a function of a module is called for the first time."""
    real = getattr(module, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(module, name, real)
        action()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, call)


@pytest.mark.parametrize("moment", ["read_words", "draw_pictures"])
def test_an_upload_while_the_version_before_is_drawn_stays_the_one_that_is_shown(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    one = hands.make()
    before(monkeypatch, showing, moment, lambda: hands.upload(one))
    view = hands.prepare(one)
    assert view.version is not None
    assert (view.version.number, view.version.origin, view.slides) == (2, "uploaded", [])
    old = hands.decks.shown(None, one.id, version=1)
    assert old.version is not None
    assert (old.version.slides, len(old.slides), set(old.files)) == (2, 2, {"pptx", "pdf"})
    # The worker sees that it was wished for meanwhile.
    assert hands.deck(one).due_at is not None
    prepare_deck(str(one.id))
    view = hands.shown(one)
    assert [slide.title for slide in view.slides] == ["Title 1"]
    assert (hands.deck(one).due_at, hands.deck(one).problem) == (None, None)
    if find_office():
        assert view.presentation.cover == view.slides[0].small_sha256


def test_a_version_that_newer_ones_replace_meanwhile_is_left(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    one = hands.make()

    def ten_uploads() -> None:
        with hands.context.database.begin() as session:
            for number in range(10):
                add_version(session, one.id, "uploaded", Stored("pptx", 10, f"{number:064x}", "upload"))

    before(monkeypatch, showing, "read_words", ten_uploads)
    hands.prepare(one)
    view = hands.shown(one)
    assert [version.number for version in view.versions] == list(range(11, 1, -1))
    with hands.context.database.begin() as session:
        assert set(session.scalars(select(Version.number))) == set(range(2, 12))
    assert hands.deck(one).claimed_by is None


def test_the_cover_of_a_version_that_is_forgotten_goes_with_it(hands: Hands) -> None:
    one = hands.make()
    assert hands.prepare(one).presentation.cover
    with hands.context.database.begin() as session:
        for number in range(9):
            add_version(session, one.id, "uploaded", Stored("pptx", 10, f"{number:064x}", "upload"))
    assert hands.shown(one).presentation.cover  # until there is a picture of the new one
    with hands.context.database.begin() as session:
        assert add_version(session, one.id, "uploaded", Stored("pptx", 10, "a" * 64, "upload")) == 11
        assert add_version(session, one.id, "uploaded", Stored("pptx", 10, "a" * 64, "upload")) == 11
    assert hands.shown(one).presentation.cover is None


@pytest.mark.parametrize("moment", [(looking, "export"), (showing, "read_words"), (showing, "draw_pictures")])
def test_a_presentation_that_is_purged_meanwhile_ends_the_work(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, moment: tuple[Any, str]
) -> None:
    one = hands.make()
    with hands.context.database.begin() as session:
        session.execute(delete(Version))
        session.execute(text("UPDATE presentation_jobs SET version = NULL"))

    def purge() -> None:
        delete_presentation(hands.library, "alice", one.id)
        with hands.context.database.begin() as session:
            session.execute(delete(Presentation))

    before(monkeypatch, *moment, purge)
    prepare_deck(str(one.id))
    with hands.context.database.begin() as session:
        assert session.scalars(select(Deck)).all() == []


def test_a_presentation_that_is_purged_before_its_deck_is_read_ends_the_work(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hands.make()
    real = Claimed.read

    def read(self: Claimed) -> None:
        with hands.context.database.begin() as session:
            session.execute(delete(Presentation))
        real(self)

    monkeypatch.setattr(Claimed, "read", read)
    prepare_deck(str(one.id))


def test_an_upload_and_the_worker_do_not_lock_each_other_out(hands: Hands) -> None:
    one = hands.make()
    claim = hands.context.engine(DECKS).leases.claim(one.id)
    assert claim
    claimed, database = Claimed(hands.context, claim), hands.context.database
    of_worker = Stored("pptx", 10, "a" * 64, "presenton")

    def someone_waits() -> object:
        with database.begin() as session:
            return session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    with ThreadPoolExecutor(1) as worker:
        with database.begin() as session:
            assert add_version(session, one.id, "uploaded", Stored("pptx", 10, "b" * 64, "upload")) == 2
            noted = worker.submit(looking._keep, claimed, of_worker, "edited")
            eventually(someone_waits)
            session.execute(update(Deck).where(Deck.id == one.id).values(attempts=0))
        noted.result()
    assert [version.origin for version in hands.shown(one).versions] == ["edited", "uploaded", "generated"]


def test_a_wish_while_a_look_ends_in_vain_is_not_put_off(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    one = hands.make()
    hands.write(one, attempts=6)

    def follow(*_: object) -> None:
        raise NotFetched("No.", may_pass=True)

    monkeypatch.setattr(looking, "_follow", follow)
    before(monkeypatch, showing, "read_words", lambda: hands.upload(one))
    deck = hands.prepare(one).deck
    assert deck
    assert deck.due_at
    assert (deck.attempts, deck.problem) == (0, "No.")
    claim = hands.context.engine(DECKS).leases.claim(one.id)
    assert claim  # at once


def test_a_file_is_kept_only_under_the_lease_of_its_presentation(
    hands: Hands, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = library.create("alice", "Photosynthesis", 2)
    before(monkeypatch, fetching, "check_file", lambda: library.cancel("alice", asked.id))
    make_presentation(str(asked.id))
    one = library.get(None, asked.id)
    assert (one.status, one.version) == ("cancelled", None)
    assert hands.shown(one).versions == []


def test_what_was_kept_of_an_attempt_that_was_lost_is_replaced(
    hands: Hands, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = library.create("alice", "Photosynthesis", 2)
    with hands.context.database.begin() as session:
        add_version(session, asked.id, GENERATED, Stored("pptx", 10, "a" * 64, OFFICE))
    make_presentation(str(asked.id))
    view = hands.decks.shown(None, asked.id)
    assert [version.number for version in view.versions] == [1]
    assert view.files["pptx"].sha256 != "a" * 64


def test_the_same_statements_are_put_together_once(hands: Hands) -> None:
    one = hands.make()
    hands.prepare(one)
    known = leases._writing.cache_info().currsize
    hands.write(one, presenton_state="changed")
    hands.prepare(one)
    hands.prepare(one)
    assert leases._writing.cache_info().currsize == known
