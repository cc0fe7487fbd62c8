"""The client against answers as recorded from real servers."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from presentations.presenton import (
    Cause,
    Failure,
    Unanswered,
    UnknownTask,
)
from presentations.presenton.errors import BadAnswer
from presentations.presenton.marks import marked
from tests.presenton.scripted import DECK, DECK_ID, MARK, REQUEST, Scripted, client, status


def test_a_request_is_sent_as_presenton_has_it(server: Scripted) -> None:
    server.says(200, status())
    client(server, PRESENTON_API_KEY="sk-presenton-1").submit(REQUEST, MARK)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/v1/ppt/presentation/generate/async HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer sk-presenton-1" in head
    sent = {"content": marked("Photosynthesis", MARK), "n_slides": 12, "tone": "funny"}
    assert json.loads(body) == sent


def test_basic_credentials_are_sent(server: Scripted) -> None:
    server.says(200, status())
    client(server, PRESENTON_USERNAME="admin", PRESENTON_PASSWORD="pässword").task("task-1")
    assert b"\r\nAuthorization: Basic YWRtaW46cMOkc3N3b3Jk\r" in server.requests[0]


def test_progress_is_read(server: Scripted) -> None:
    server.says(200, status())
    task = client(server).task("task-1")
    assert (task.slides_done, task.slides_total, task.message) == (10, 12, "Generating slides")
    assert not task.is_completed
    assert task.failure is None
    server.says(200, status(updated_at="2026-11-23T18:53:58"))
    assert client(server).task("task-1").mark != task.mark


@pytest.mark.parametrize("word", ["pending", "processing", "reticulating"])
def test_a_word_it_does_not_know_means_still_running(server: Scripted, word: str) -> None:
    server.says(200, status(status=word))
    task = client(server).task("task-1")
    assert (task.is_completed, task.failure) == (False, None)


def test_a_blocking_call_gives_the_deck(server: Scripted) -> None:
    server.says(200, DECK)
    assert client(server).generate(REQUEST, MARK, 5).id == DECK_ID
    assert server.requests[0].startswith(b"POST /api/v1/ppt/presentation/generate HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("edit_path", "url"),
    [
        ("http://presenton.local:5000/presentation?id=1", "/presentation?id=1"),
        (None, f"/presentation?id={DECK_ID}"),
        ("javascript:alert(1)", f"/presentation?id={DECK_ID}"),
        ("//evil.example/x", "/x"),
        ("https://x//evil.example/x", f"/presentation?id={DECK_ID}"),
        ("presentation?id=1", f"/presentation?id={DECK_ID}"),
        ("/\\evil.example", f"/presentation?id={DECK_ID}"),
        ("http://[x", f"/presentation?id={DECK_ID}"),
    ],
)
def test_a_link_stays_on_presentons_own_address(server: Scripted, edit_path: str | None, url: str) -> None:
    server.says(200, DECK | {"edit_path": edit_path})
    assert client(server).generate(REQUEST, MARK, 5).url == url


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/app_data/exports/users/1/a b.pptx", "/app_data/exports/users/1/a b.pptx"),
        ("http://presenton.local/app_data/exports/a%20b.pptx", "/app_data/exports/a b.pptx"),
        ("/app_data/../etc/passwd", None),
        ("http://x/app_data/%2e%2e/etc/passwd", None),
        ("/home/me/presenton/exports/a.pptx", None),
        ("/app_data/a\r\nb.pptx", None),
        ("http://[x", None),
        (None, None),
    ],
)
def test_a_file_stays_below_app_data(server: Scripted, path: str | None, kept: str | None) -> None:
    server.says(200, DECK | {"path": path})
    assert client(server).generate(REQUEST, MARK, 5).path == kept


def test_a_failed_task_tells_its_reason(server: Scripted) -> None:
    server.says(200, status(status="error", error={"status_code": 500, "detail": "AI provider API request failed."}))
    failure = client(server).task("task-1").failure
    assert failure == Failure(Cause.MODEL_BUSY, "500: AI provider API request failed.")


def test_a_task_may_be_forgotten(server: Scripted) -> None:
    server.says(404, {"detail": "No presentation generation task found"})
    with pytest.raises(UnknownTask, match="No presentation generation task found"):
        client(server).task("task-1")


def test_what_no_index_takes_is_no_id(server: Scripted) -> None:
    server.says(200, status(id="\U00020000" * 201))
    with pytest.raises(BadAnswer, match="its id has more than 200 characters"):
        client(server).task("task-1")
    server.says(200, DECK | {"presentation_id": "x" * 201})
    with pytest.raises(Unanswered, match="its presentation_id has more than 200 characters"):
        client(server).generate(REQUEST, MARK, 5)
    server.says(200, [{"id": "x" * 201, "content": marked("Photosynthesis", MARK)}])
    assert client(server).marked_decks(MARK) == []


def test_what_postgres_cannot_store_is_left_out(server: Scripted) -> None:
    server.says(200, rb'{"id": "task-1", "status": "pending", "message": "a\u0000b\ud800c"}')
    assert client(server).task("task-1").message == "ab?c"


def test_what_was_asked_for_is_found_by_its_mark(server: Scripted) -> None:
    own = marked(REQUEST.topic, MARK)

    def listed(**changed: Any) -> dict[str, Any]:
        return {"id": "d0", "content": own, "created_at": "2026-11-23T12:10:00"} | changed

    server.says(
        200,
        [
            listed(id="a copy of it", created_at="2026-11-23T12:20:00"),
            listed(),
            listed(id="alike", content=REQUEST.topic),
            listed(id="another's", content=marked(REQUEST.topic, "fedcba9876543210")),
            listed(id="changed", content=f"{own}!"),
            listed(id=None),
            listed(id="no content", content=None),
            "rubbish",
        ],
    )
    assert client(server).marked_decks(MARK) == ["d0", "a copy of it"]


def test_a_mark_is_not_seen(server: Scripted) -> None:
    server.says(200, status())
    client(server).submit(REQUEST, MARK)
    content = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])["content"]
    assert content != REQUEST.topic
    assert content.startswith(REQUEST.topic)
    assert {unicodedata.category(sign) for sign in content.removeprefix(REQUEST.topic)} == {"Cf"}
