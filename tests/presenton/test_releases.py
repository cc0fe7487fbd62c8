"""Which release Presenton is shows in its answers, and decides how the next presentation is asked for."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from presentations.presenton import (
    NoAsynchronousCall,
    NotLetIn,
    Refused,
    UnknownDeck,
)
from presentations.presenton.errors import BadAnswer
from tests.presenton.scripted import DECK, DECK_ID, MARK, REQUEST, Scripted, client, status

EDIT = "/api/v1/ppt/presentation/edit"
EXPORT = f"/api/v1/ppt/presentation/{DECK_ID}/export"


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


@pytest.mark.parametrize("code", [400, 404, 405, 422])
def test_a_deck_is_exported_by_the_newer_call_where_no_edit_does_it(server: Scripted, code: int) -> None:
    server.says(200, {"id": DECK_ID, "slides": [{}, {}]})
    server.says_at(EDIT, code, {"detail": "Not Found"})
    server.says_at(EXPORT, 200, DECK)
    deck = client(server).export(DECK_ID, "pdf")
    assert (deck.id, deck.path) == (DECK_ID, DECK["path"])
    assert json.loads(server.requests[-1].partition(b"\r\n\r\n")[2]) == {"export_as": "pdf"}


def test_where_no_call_exports_it_says_what_each_answers(server: Scripted) -> None:
    server.says(200, {"id": DECK_ID, "slides": [{}, {}]})
    server.says_at(EDIT, 405, {"detail": "Method Not Allowed"})
    server.says_at(EXPORT, 404, {"detail": "Not Found"})
    with pytest.raises(Refused, match=r"presentation/edit .*405: Method Not Allowed.*export .*404: Not Found"):
        client(server).export(DECK_ID, "pptx")


@pytest.mark.parametrize("path", [EDIT, EXPORT])
def test_whoever_is_not_let_in_is_told_so_whichever_call_exports(server: Scripted, path: str) -> None:
    server.says(200, {"id": DECK_ID, "slides": []})
    server.says_at(EDIT, 404, {"detail": "Not Found"})
    server.says_at(path, 401, {"detail": "Unauthorized"})
    with pytest.raises(NotLetIn):
        client(server).export(DECK_ID, "pptx")


def test_a_proxy_that_finds_nobody_says_nothing_about_the_calls(server: Scripted) -> None:
    server.says(404, b"<html>404 Not Found</html>")
    with pytest.raises(BadAnswer):
        client(server).export(DECK_ID, "pptx")
    with pytest.raises(BadAnswer):
        client(server).deck_updated_at(DECK_ID)


def updated_at(server: Scripted, **shown: object) -> str:
    server.says(200, {"id": DECK_ID, "updated_at": "2026-11-25T01:30:59.440050"} | shown)
    return client(server).deck_updated_at(DECK_ID)


def test_that_a_deck_was_changed_shows(server: Scripted) -> None:
    slides = [{"id": "s1", "index": 0, "content": {"title": "Rome"}}]
    before = updated_at(server, slides=slides)
    assert before == updated_at(server, slides=slides, fonts=None)
    assert before != updated_at(server, slides=slides, updated_at="2026-11-25T01:30:59.440051")
    edited = [slides[0] | {"content": {"title": "Rome today"}}]
    assert before != updated_at(server, slides=edited), "Presenton's editor leaves updated_at as it is"
    assert len(updated_at(server, updated_at="9" * 5000)) < 1100
    server.says(404, {"detail": "Presentation not found"})
    with pytest.raises(UnknownDeck):
        client(server).deck_updated_at(DECK_ID)


def test_a_deck_of_any_depth_is_read_or_a_bad_answer(server: Scripted) -> None:
    for depth in (900, 5_000, 200_000):
        server.says(200, b'{"updated_at": "now", "slides": ' + b"[" * depth + b"]" * depth + b"}")
        with suppress(BadAnswer):
            client(server).deck_updated_at(DECK_ID)


@pytest.mark.parametrize("answer", [{}, [], {"updated_at": None}, {"updated_at": 17}, {"updated_at": ""}])
def test_a_deck_without_its_time_is_a_bad_answer(server: Scripted, answer: object) -> None:
    server.says(200, answer)
    with pytest.raises(BadAnswer):
        client(server).deck_updated_at(DECK_ID)


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
