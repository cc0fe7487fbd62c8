"""Which release Presenton is shows in its answers, and decides how the next presentation is asked for."""

from __future__ import annotations

import pytest

from presentations.presenton import (
    NoAsynchronousCall,
)
from tests.presenton.scripted import DECK, DECK_ID, REQUEST, Scripted, client, status


def test_release_0_8_says_nothing_until_it_names_the_deck(server: Scripted) -> None:
    server.says(200, {"status": "pending", "message": "Queued for generation", "data": None, "id": "task-1"})
    presenton = client(server)
    task = presenton.submit(REQUEST)
    assert (task.slides_done, task.slides_total, task.deck) == (None, None, None)
    assert not presenton.is_asked_blocking
    server.says(200, status(status="completed", data=DECK))
    deck = presenton.task("task-1").deck
    assert deck
    assert (deck.id, deck.url, deck.path) == (DECK_ID, DECK["edit_path"], DECK["path"])


def test_release_0_9_does_not_name_the_deck_so_the_next_is_asked_for_blocking(server: Scripted) -> None:
    server.says(200, status())
    presenton = client(server)
    presenton.submit(REQUEST)
    assert presenton.is_asked_blocking
    server.says(200, status(status="completed"))
    task = presenton.task("task-1")
    assert (task.is_completed, task.deck) == (True, None)


def test_later_releases_name_the_deck_from_the_start(server: Scripted) -> None:
    server.says(200, status(data={"created_slides": 0, "remaining_slides": 2, "presentation_id": DECK_ID}))
    presenton = client(server)
    presenton.submit(REQUEST)
    assert not presenton.is_asked_blocking


@pytest.mark.parametrize("code", [404, 405])
def test_release_0_5_has_no_asynchronous_call(server: Scripted, code: int) -> None:
    server.says(code, {"detail": "Method Not Allowed"})
    presenton = client(server)
    with pytest.raises(NoAsynchronousCall):
        presenton.submit(REQUEST)
    assert presenton.is_asked_blocking


@pytest.mark.parametrize(("mode", "blocking"), [("sync", True), ("async", False), ("auto", False)])
def test_the_mode_decides(server: Scripted, mode: str, blocking: bool) -> None:
    assert client(server, PRESENTON_MODE=mode).is_asked_blocking is blocking
