"""Which release Presenton is shows in its answers, and decides how the next presentation is asked for."""

from __future__ import annotations

import json

import pytest

from presentations.presenton import (
    NoAsynchronousCall,
    Refused,
    UnknownDeck,
)
from tests.presenton.scripted import DECK, DECK_ID, MARK, REQUEST, Scripted, client, status


def test_release_0_8_says_nothing_until_it_names_the_deck(server: Scripted) -> None:
    server.says(200, {"status": "pending", "message": "Queued for generation", "data": None, "id": "task-1"})
    presenton = client(server)
    task = presenton.submit(REQUEST, MARK)
    assert (task.slides_done, task.slides_total, task.deck) == (None, None, None)
    assert not presenton.is_asked_blocking
    server.says(200, status(status="completed", data=DECK))
    deck = presenton.task("task-1").deck
    assert deck
    assert (deck.id, deck.url, deck.path) == (DECK_ID, DECK["edit_path"], DECK["path"])


def test_release_0_9_does_not_name_the_deck(server: Scripted) -> None:
    server.says(200, status())
    presenton = client(server)
    presenton.submit(REQUEST, MARK)
    assert not presenton.is_asked_blocking
    server.says(200, status(status="completed"))
    task = presenton.task("task-1")
    assert (task.is_completed, task.deck, task.deck_id) == (True, None, None)


def test_a_deck_that_exists_is_exported(server: Scripted) -> None:
    server.says(200, DECK)
    deck = client(server).export(DECK_ID, "pdf")
    assert (deck.id, deck.path) == (DECK_ID, DECK["path"])
    sent = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
    assert sent == {"presentation_id": DECK_ID, "slides": [], "export_as": "pdf"}


def test_a_deck_that_is_gone_is_told_from_a_call_that_is_not_there(server: Scripted) -> None:
    server.says(404, {"detail": "Presentation not found"})
    with pytest.raises(UnknownDeck):
        client(server).export(DECK_ID, "pptx")
    server.says(404, {"detail": "Not Found"})
    server.says_at(f"/api/v1/ppt/presentation/{DECK_ID}", 200, {"id": DECK_ID, "slides": [{}, {}]})
    with pytest.raises(Refused):
        client(server).export(DECK_ID, "pptx")


@pytest.mark.parametrize("code", [404, 405])
def test_release_0_5_has_no_asynchronous_call(server: Scripted, code: int) -> None:
    server.says(code, {"detail": "Method Not Allowed"})
    presenton = client(server)
    with pytest.raises(NoAsynchronousCall):
        presenton.submit(REQUEST, MARK)
    assert presenton.is_asked_blocking


@pytest.mark.parametrize(("mode", "blocking"), [("sync", True), ("async", False), ("auto", False)])
def test_the_mode_decides(server: Scripted, mode: str, blocking: bool) -> None:
    assert client(server, PRESENTON_MODE=mode).is_asked_blocking is blocking
