"""Whose a deck is, and where its file is, where Presenton's answers do not say."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import requests

from presentations.database.models import Presentation
from presentations.demo import bodies
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]

UNNAMED = ("0.9.0", "0.9.3", "fork")


def language_of(demo: DemoPresenton, made: Presentation) -> str:
    """What a deck was asked for in, as Presenton has it."""
    shown = requests.get(f"{demo.url}/api/v1/ppt/presentation/{made.presenton_id}", timeout=30)
    return str(shown.json()["language"])


@pytest.mark.parametrize("mode", ["auto", "async"])
@pytest.mark.parametrize("release", UNNAMED)
def test_each_deck_has_its_file(
    library: Library, start_demo: StartDemo, start_worker: StartWorker, release: str, mode: str
) -> None:
    demo = start_demo(release=release)
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE=mode)
    made = ended(library, *(library.create("alice", f"Topic {n}", 3, export_as="pdf") for n in range(2)))
    for one in made:
        assert (one.status, one.attempts) == ("complete", 1)
        assert one.presenton_path
        assert requests.get(f"{demo.url}{one.presenton_path}", timeout=30).content.startswith(b"%PDF")


def test_a_lost_blocking_call_has_its_file(library: Library, start_demo: StartDemo, start_worker: StartWorker) -> None:
    demo = start_demo(release="0.9.3")
    demo.faults.add("lose_answer", times=1)
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE="sync")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts, bool(made.presenton_path)) == ("complete", 1, True)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_alike_requests_are_never_swapped_however_they_end(
    library: Library, start_demo: StartDemo, start_worker: StartWorker, order: tuple[int, ...]
) -> None:
    demo = start_demo(release="0.9.3", seconds_per_slide=0)
    demo.hold()
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE="async")
    languages = ("English", "German", "Latin")
    asked = []
    for user, language in zip(("alice", "bob", "carla"), languages, strict=True):
        asked.append(library.create(user, "Photosynthesis", 3, language=language))
        eventually(lambda: len(demo.held) == len(asked))
    held = demo.held
    for number in order:
        demo.let_go(held[number])
    made = ended(library, *asked)
    assert [language_of(demo, one) for one in made] == list(languages)
    assert {one.attempts for one in made} == {1}


def test_a_draft_of_somebody_else_is_not_taken(
    library: Library, start_demo: StartDemo, start_worker: StartWorker
) -> None:
    demo = start_demo(release="0.9.3")
    foreign = demo.people.begin("Photosynthesis", 3, "")
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE="async")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert made.status == "complete"
    assert made.presenton_id != foreign
    assert made.presenton_path


def test_a_server_that_gives_our_mark_back_nowhere_is_asked_blocking(
    library: Library, start_demo: StartDemo, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = bodies.deck
    monkeypatch.setattr(bodies, "deck", lambda *deck: shown(*deck) | {"content": "Photosynthesis"})
    demo = start_demo(release="0.9.3")
    start_worker(PRESENTON_URL=demo.url)
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts, bool(made.presenton_path)) == ("complete", 2, True)


def test_a_deck_whose_file_cannot_be_made_is_complete_without(
    library: Library, start_demo: StartDemo, start_worker: StartWorker
) -> None:
    demo = start_demo(release="0.9.3")
    demo.faults.add("status", status=500, path="edit")
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE="async")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.presenton_path) == ("complete", None)
    assert made.presenton_id


def test_a_task_that_a_killed_presenton_forgot_is_asked_for_again(
    library: Library, start_demo: StartDemo, start_worker: StartWorker
) -> None:
    demo = start_demo(release="0.9.3", seconds_per_slide=0)
    demo.hold()
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE="async", RESTART_WAIT="0.5")
    asked = library.create("alice", "Photosynthesis", 3)
    eventually(lambda: library.get(None, asked.id).presenton_task_id)
    demo.kill()
    eventually(lambda: library.get(None, asked.id).presenton_down_at)
    demo.start()
    eventually(lambda: library.get(None, asked.id).attempts == 2)
    demo.let_all_go()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts, bool(made.presenton_path)) == ("complete", 2, True)
