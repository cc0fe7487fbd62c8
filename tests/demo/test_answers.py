"""The demo answers as Presenton does: the fields, words and messages here were recorded from real servers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.demo.caller import GENERATE, GENERATE_ASYNC, STATUS, TASK, TASK_STATUS, Caller, Start, titles

MESSAGES = [
    "Queued for generation",
    "Generating presentation outlines",
    "Selecting layout for each slide",
    "Generating slides",
    "Fetching assets for slides",
    "Presentation generation completed",
]
RESULT = {"presentation_id", "path", "edit_path"}
COUNTERS = {"created_slides", "remaining_slides"}


def test_a_blocking_call_answers_with_the_deck(teacher: Caller) -> None:
    result = teacher.made("The water cycle", 5)
    assert set(result) == RESULT
    assert result["path"] == f"/app_data/exports/The-water-cycle_{result['presentation_id']}.pptx"
    assert result["edit_path"] == f"/presentation?id={result['presentation_id']}"

    file = teacher.get(result["path"])
    assert file.headers["Content-Type"].endswith("presentationml.presentation")
    assert titles(file.content) == [
        "The water cycle",
        "What it is",
        "Why it matters",
        "What we already know",
        "Summary",
    ]
    assert teacher.get(result["path"], headers={"Range": "bytes=0-3"}).content == b"PK\x03\x04"


def test_an_asynchronous_call_can_be_watched(start: Start) -> None:
    teacher = start(seconds_per_slide=0.3)
    before = datetime.now(UTC).replace(tzinfo=None)
    task = teacher.ask("Volcanoes", 6)
    assert set(task) == TASK
    assert (task["type"], task["status"], task["error"]) == ("presentation.generate", "pending", None)
    assert re.fullmatch(r"task-[0-9a-f]{64}", task["id"])
    assert before <= datetime.fromisoformat(task["created_at"]) <= datetime.now(UTC).replace(tzinfo=None)

    seen = [task]
    while seen[-1]["status"] == "pending":
        seen.append(teacher.task(task))
    assert list(dict.fromkeys(shown["message"] for shown in seen)) == MESSAGES
    assert sorted({shown["data"]["created_slides"] for shown in seen}) == list(range(7))
    assert all(shown["data"]["created_slides"] + shown["data"]["remaining_slides"] == 6 for shown in seen)
    changed = [shown["updated_at"] for shown in seen if shown["message"] != "Queued for generation"]
    assert sorted(changed) == changed
    assert {shown["data"]["presentation_id"] for shown in seen} == {task["data"]["presentation_id"]}

    assert seen[-1]["status"] == "completed"
    assert teacher.get(TASK_STATUS + task["id"]).json() == seen[-1]
    assert len(titles(teacher.get(seen[-1]["data"]["path"]).content)) == 6


@pytest.mark.parametrize(
    ("release", "fields", "working", "at_first", "at_last"),
    [
        ("latest", TASK, "pending", COUNTERS | {"presentation_id"}, COUNTERS | RESULT),
        ("0.9.3", TASK, "pending", COUNTERS, COUNTERS),
        ("0.9.0", TASK, "processing", COUNTERS, COUNTERS),
        ("0.8.9", TASK - {"type"}, "pending", set(), RESULT),
    ],
)
def test_releases_differ_in_what_a_task_tells(
    start: Start, release: str, fields: set[str], working: str, at_first: set[str], at_last: set[str]
) -> None:
    teacher = start(seconds_per_slide=0.1, release=release)
    task = teacher.ask("Photosynthesis")
    running = teacher.task(task)
    ended = teacher.ended(task)
    assert [set(shown) for shown in (task, running, ended)] == [fields] * 3
    assert [shown["status"] for shown in (task, running, ended)] == ["pending", working, "completed"]
    assert [set(shown["data"] or ()) for shown in (task, running, ended)] == [at_first, at_first, at_last]


def test_an_old_release_has_no_asynchronous_calls(start: Start) -> None:
    teacher = start(release="0.5")
    for answer in (teacher.post(GENERATE_ASYNC, {"content": "x"}), teacher.get(STATUS + "task-1")):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
    assert teacher.get("/api/v1/auth/status").status_code == 404
    assert set(teacher.made("Rome")) == RESULT
    for content, n_slides in (("", 2), ("x", 0), ("[[fail=1]]", 2)):
        answer = teacher.post(GENERATE, {"content": content, "n_slides": n_slides})
        assert (answer.status_code, answer.json()) == (500, {"detail": "Presentation generation failed"})


def test_templates_are_listed_as_each_release_does(start: Start) -> None:
    page = start().get("/api/v1/ppt/template/all").json()
    assert set(page) == {"items", "total", "page", "page_size"}
    assert "general" in [item["id"] for item in page["items"]]
    assert {"id": "general", "name": "general", "total_layouts": None} in (
        start(release="0.8.9").get("/api/v1/ppt/template/all").json()
    )


def test_generations_fail_where_the_content_says_so(start: Start) -> None:
    teacher = start(seconds_per_slide=0.02)
    failed = teacher.ended(teacher.ask("[[fail=3]] Lava", 5))
    assert (failed["status"], failed["message"]) == ("error", "Presentation generation failed")
    assert failed["error"] == {"status_code": 500, "detail": "AI provider API request failed. Please try again."}
    assert failed["data"]["created_slides"] == 2
    answer = teacher.post(GENERATE, {"content": "[[fail=1:503]]", "n_slides": 2})
    assert (answer.status_code, answer.json()) == (503, {"detail": "Connection error."})
    again = [teacher.ended(teacher.ask("[[fail=1 once]]"))["status"] for _ in range(2)]
    assert again == ["error", "completed"]
    assert [deck["content"] for deck in teacher.listed()] == ["[[fail=1 once]]"]
