"""An outline first: a draft, the stream in which its outline is written, and what can happen to it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.demo.caller import ALL, DECK, GENERATE, Caller, Start
from tests.demo.test_material import FACT, upload
from tests.support.waiting import eventually

CREATE, OUTLINES, STREAM = DECK + "create", "/api/v1/ppt/outlines/", "/api/v1/ppt/outlines/stream/"
NOBODY = "00000000-0000-0000-0000-000000000000"
DRAFT = {
    "id", "version", "content", "n_slides", "language", "file_paths", "instructions", "tone", "verbosity",
    "include_table_of_contents", "include_title_slide", "web_search", "title", "outlines", "layout", "structure",
    "theme", "fonts", "created_at", "updated_at",
}  # fmt: skip


def draft(teacher: Caller, **asked: Any) -> dict[str, Any]:
    answer = teacher.post(CREATE, {"content": "Leaves", "n_slides": 3, **asked})
    assert answer.status_code == 200, answer.text
    created: dict[str, Any] = answer.json()
    return created


def stream(teacher: Caller, draft_id: str) -> list[dict[str, Any]]:
    answer = teacher.get(STREAM + draft_id)
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    events = answer.text.removesuffix("\n\n").split("\n\n")
    assert all(event.startswith("event: response\ndata: ") for event in events)
    return [json.loads(event.partition("data: ")[2]) for event in events]


def kept(teacher: Caller, draft_id: str) -> list[str]:
    return [slide["content"] for slide in teacher.get(OUTLINES + draft_id).json()["slides"]]


def test_an_outline_is_streamed_kept_and_made(teacher: Caller) -> None:
    created = draft(teacher, instructions="For grade 9.", language="French")
    assert set(created) == DRAFT
    assert (created["title"], created["outlines"], created["created_at"][-1]) == (None, None, "Z")
    assert [deck["title"] for deck in teacher.listed()] == [None]
    assert kept(teacher, created["id"]) == []

    events = stream(teacher, created["id"])
    assert [event["type"] for event in events] == ["status", "status", "chunk", "chunk", "chunk", "complete"]
    outline = [slide["content"] for slide in events[-1]["presentation"]["outlines"]["slides"]]
    chunks = "".join(event["chunk"] for event in events if event["type"] == "chunk")
    assert [slide["content"] for slide in json.loads(chunks)["slides"]] == outline == kept(teacher, created["id"])
    assert set(events[-1]["presentation"]) == DRAFT
    assert outline[0].startswith("## Leaves\n- ")
    assert teacher.demo.outlines[0].asked.instructions == "For grade 9."

    asked = {"content": "Leaves", "slides_markdown": ["## Edited\n- mine", *outline[1:]]}
    made = teacher.post(GENERATE, asked).json()["presentation_id"]
    assert kept(teacher, made)[0] == "## Edited\n- mine\n\n"
    assert [teacher.delete(DECK + created["id"]).status_code for _ in range(2)] == [204, 404]


def test_an_outline_is_made_of_files_and_has_no_contents(teacher: Caller) -> None:
    files = upload(teacher, ("a.txt", FACT.encode(), "text/plain"))
    created = draft(teacher, content="", n_slides=4, file_paths=files, include_table_of_contents=True)
    assert created["file_paths"] == files
    stream(teacher, created["id"])
    outline = kept(teacher, created["id"])
    assert (len(outline), outline[1][: len(FACT) + 3]) == (3, f"## {FACT}")
    short = teacher.post(CREATE, {"content": "x", "n_slides": 2, "include_table_of_contents": True})
    assert (short.status_code, "less than 3" in short.text) == (400, True)
    teacher.demo.faults.add("forget_uploads")
    assert stream(teacher, created["id"])[-1] == {"type": "error", "detail": "File not found"}


def test_the_model_decides_how_many_slides_there_are(teacher: Caller) -> None:
    created = draft(teacher, n_slides=None)
    assert (created["n_slides"], stream(teacher, created["id"])[-1]["presentation"]["n_slides"]) == (0, 8)


def test_an_outline_that_fails_says_so_in_its_stream(teacher: Caller) -> None:
    created = draft(teacher)
    teacher.demo.faults.add("failing", cause="provider_error", path="/outlines/", times=1)
    assert stream(teacher, created["id"])[2:] == [
        {"type": "error", "detail": "AI provider API request failed. Please try again."}
    ]
    assert kept(teacher, created["id"]) == []
    assert stream(teacher, created["id"])[-1]["type"] == "complete"


def test_a_stream_that_stops_in_the_middle_leaves_nothing(teacher: Caller) -> None:
    created = draft(teacher)
    teacher.demo.faults.add("cut", times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        teacher.get(STREAM + created["id"])
    eventually(lambda: teacher.demo.outlines[0].is_over)
    assert kept(teacher, created["id"]) == []


def test_an_outline_is_there_though_the_answer_was_lost(teacher: Caller) -> None:
    created = draft(teacher)
    teacher.demo.faults.add("lose_answer", path="/outlines/stream/", times=1)
    with pytest.raises(requests.ConnectionError):
        teacher.get(STREAM + created["id"])
    assert len(kept(teacher, created["id"])) == 3


def test_outlines_are_held_and_let_go_or_fail(teacher: Caller) -> None:
    teacher.demo.hold("outline")
    drafts = [draft(teacher)["id"] for _ in range(2)]
    with ThreadPoolExecutor() as people:
        calls = {draft_id: people.submit(stream, Caller(teacher.demo), draft_id) for draft_id in drafts}
        eventually(lambda: len(teacher.demo.held_outlines) == 2)
        for held in teacher.demo.held_outlines:
            teacher.demo.let_go(held, cause="wrong_count" if held.draft_id == drafts[0] else None)
        assert [calls[draft_id].result(10)[-1]["type"] for draft_id in drafts] == ["error", "complete"]
    teacher.demo.let_all_go()
    assert teacher.demo.held_outlines == []
    assert stream(teacher, drafts[0])[-1]["type"] == "complete"


def test_a_stream_that_its_reader_leaves_comes_to_nothing(teacher: Caller) -> None:
    teacher.demo.hold("outline")
    created = draft(teacher)
    with requests.get(teacher.demo.url + STREAM + created["id"], stream=True, timeout=60):
        eventually(lambda: teacher.demo.held_outlines)
    teacher.demo.let_all_go()
    eventually(lambda: teacher.demo.outlines[0].is_over)
    assert kept(teacher, created["id"]) == []


def test_a_kill_leaves_a_draft_without_an_outline(teacher: Caller) -> None:
    teacher.demo.hold("outline")
    created, done = draft(teacher), draft(teacher)
    with ThreadPoolExecutor() as people:
        call = people.submit(Caller(teacher.demo).get, STREAM + created["id"])
        eventually(lambda: teacher.demo.held_outlines)
        teacher.demo.kill()
        assert isinstance(call.exception(10), requests.RequestException)
    teacher.demo.start()
    assert kept(teacher, created["id"]) == []
    assert stream(teacher, done["id"])[-1]["type"] == "complete"
    teacher.demo.stop()
    teacher.demo.start()
    assert len(kept(teacher, done["id"])) == 3


def test_a_draft_that_is_not_there_has_no_outline(teacher: Caller) -> None:
    for path in (OUTLINES, STREAM):
        answer = teacher.get(path + NOBODY)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Presentation not found"})


@pytest.mark.parametrize("release", ["0.5", "0.7"])
def test_old_releases_have_no_outlines(start: Start, release: str) -> None:
    teacher = start(release=release)
    answers = (teacher.post(CREATE, {"content": "x"}), teacher.get(OUTLINES + NOBODY), teacher.get(STREAM + NOBODY))
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"detail": "Not Found"})] * 3
    assert teacher.get(ALL).json() == []
