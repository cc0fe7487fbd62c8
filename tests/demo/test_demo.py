"""The demo answers as Presenton does: the fields, words and messages here were recorded from real servers."""

from __future__ import annotations

import http.client
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from pptx import Presentation as open_presentation

from presentations.demo.__main__ import main
from presentations.demo.faults import InvalidFault
from presentations.demo.outline import write_slides
from presentations.demo.server import DemoPresenton
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
GENERATE = "/api/v1/ppt/presentation/generate"
GENERATE_ASYNC = "/api/v1/ppt/presentation/generate/async"
STATUS = "/api/v1/ppt/presentation/status/"
TASK_STATUS = "/api/v1/async-tasks/status/"
ALL = "/api/v1/ppt/presentation/all?include_slides=false"
DECK = "/api/v1/ppt/presentation/"

MESSAGES = [
    "Queued for generation",
    "Generating presentation outlines",
    "Selecting layout for each slide",
    "Generating slides",
    "Fetching assets for slides",
    "Presentation generation completed",
]
TASK = {"type", "id", "status", "message", "data", "error", "created_at", "updated_at"}
RESULT = {"presentation_id", "path", "edit_path"}
COUNTERS = {"created_slides", "remaining_slides"}
LISTED = {
    "id", "version", "content", "n_slides", "language", "title",
    "created_at", "updated_at", "tone", "verbosity", "slides", "fonts",
}  # fmt: skip
SLIDE = {
    "id", "presentation", "layout_group", "layout", "index",
    "content", "html_content", "speaker_note", "ui", "properties",
}  # fmt: skip
NGINX_404 = "<html>\r\n<head><title>404 Not Found</title></head>"


class Caller:
    """Somebody who uses the demo over HTTP."""

    def __init__(self, demo: DemoPresenton, auth: tuple[str, str] | None = None, key: str | None = None) -> None:
        self.demo = demo
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth
        if key:
            self.session.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.demo.url + path, timeout=10, allow_redirects=False, **options)

    def post(self, path: str, body: Any, timeout: float = 10) -> requests.Response:
        return self.session.post(self.demo.url + path, json=body, timeout=timeout)

    def delete(self, path: str) -> requests.Response:
        return self.session.delete(self.demo.url + path, timeout=10)

    def ask(self, content: str, n_slides: int | None = 2) -> dict[str, Any]:
        """The task that was begun."""
        return self._json(self.post(GENERATE_ASYNC, {"content": content, "n_slides": n_slides}))

    def task(self, task: dict[str, Any]) -> dict[str, Any]:
        return self._json(self.get(STATUS + task["id"]))

    def ended(self, task: dict[str, Any]) -> dict[str, Any]:
        return eventually(lambda: self._if_ended(task), 10)

    def _if_ended(self, task: dict[str, Any]) -> dict[str, Any]:
        seen = self.task(task)
        return seen if seen["status"] in ("completed", "error") else {}

    def listed(self) -> list[dict[str, Any]]:
        decks: list[dict[str, Any]] = self.get(ALL).json()
        return decks

    def made(self, content: str, n_slides: int = 2) -> dict[str, Any]:
        """Where the deck is, once it is made."""
        return self._json(self.post(GENERATE, {"content": content, "n_slides": n_slides}))

    def _json(self, answer: requests.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


Start = Callable[..., Caller]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a demo, at once done with everything unless told otherwise, and gives somebody who uses it."""
    demos = []

    def start(seconds_per_slide: float = 0, **settings: Any) -> Caller:
        demos.append(DemoPresenton(tmp_path / "data", seconds_per_slide, **settings))
        demos[-1].start()
        return Caller(demos[-1])

    yield start
    for demo in demos:
        demo.stop()


@pytest.fixture
def teacher(start: Start) -> Caller:
    return start()


def titles(file: bytes) -> list[str]:
    deck = open_presentation(io.BytesIO(file))
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


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
    teacher = start(seconds_per_slide=0.1)
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
    assert sorted(shown["updated_at"] for shown in seen) == [shown["updated_at"] for shown in seen]
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


def wrong(kind: str, field: str | None, message: str, given: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "loc": ["body", field] if field else ["body"], "msg": message, "input": given, **more}]


TONES = "'default', 'casual', 'professional', 'funny', 'educational' or 'sales_pitch'"
LENGTHS = "'concise', 'standard' or 'text-heavy'"
FORMATS = "'pptx' or 'pdf'"
NOT_A_DICT = "Input should be a valid dictionary or object to extract fields from"
NO_STRING = "Input should be a valid string"
ONLY_POWERPOINT = "This demo of Presenton makes PowerPoint files only: ask for pptx."
UNPARSABLE = "Input should be a valid integer, unable to parse string as an integer"
FRACTION = "Input should be a valid integer, got a number with a fractional part"


def in_words(field: str, given: str, expected: str, kind: str = "enum") -> tuple[Any, int, Any]:
    fault = wrong(kind, field, f"Input should be {expected}", given, ctx={"expected": expected})
    return {"content": "x", field: given}, 422, fault


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"n_slides": 3}, 422, wrong("missing", "content", "Field required", {"n_slides": 3})),
        ({"content": 5}, 422, wrong("string_type", "content", NO_STRING, 5)),
        ({"content": ""}, 400, "Either content or slides markdown or files is required to generate presentation"),
        ({"content": "  ", "n_slides": 0}, 400, "Number of slides must be greater than 0"),
        ({"content": "x", "n_slides": -1}, 400, "Number of slides must be greater than 0"),
        ({"content": "x", "n_slides": 51}, 400, "Number of slides cannot be greater than 50"),
        ({"content": "x", "n_slides": "abc"}, 422, wrong("int_parsing", "n_slides", UNPARSABLE, "abc")),
        ({"content": "x", "n_slides": 3.5}, 422, wrong("int_from_float", "n_slides", FRACTION, 3.5)),
        in_words("tone", "angry", TONES),
        in_words("tone", "Professional", TONES),
        in_words("verbosity", "long", LENGTHS),
        in_words("export_as", "docx", FORMATS, kind="literal_error"),
        ({"content": "x", "template": "General "}, 400, "Template not found. Please use a valid template."),
        ({"content": "x", "template": None}, 422, wrong("string_type", "template", NO_STRING, None)),
        (
            {"content": "x", "n_slides": 2, "include_table_of_contents": True},
            400,
            "Number of slides cannot be less than 3 if table of contents is included",
        ),
        ([], 422, wrong("model_attributes_type", None, NOT_A_DICT, [])),
        ({"content": "x", "export_as": "pdf"}, 400, ONLY_POWERPOINT),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused(teacher: Caller, body: Any, status: int, detail: Any) -> None:
    for path in (GENERATE, GENERATE_ASYNC):
        answer = teacher.post(path, body)
        assert (answer.status_code, answer.json()) == (status, {"detail": detail})


def test_all_wrong_types_are_told_at_once(teacher: Caller) -> None:
    answer = teacher.post(GENERATE_ASYNC, {"n_slides": "abc", "tone": "angry"})
    assert [fault["loc"][1] for fault in answer.json()["detail"]] == ["content", "tone", "n_slides"]


@pytest.mark.parametrize(
    ("body", "content_type", "fault"),
    [
        (
            "{not json",
            "application/json",
            {
                "type": "json_invalid", "loc": ["body", 1], "msg": "JSON decode error", "input": {},
                "ctx": {"error": "Expecting property name enclosed in double quotes"},
            },
        ),
        ('{"content":"x"}', "text/plain", wrong("model_attributes_type", None, NOT_A_DICT, '{"content":"x"}')[0]),
        ("", "application/json", wrong("missing", None, "Field required", None)[0]),
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(teacher: Caller, body: str, content_type: str, fault: Any) -> None:
    answer = teacher.session.post(
        teacher.demo.url + GENERATE_ASYNC, data=body, headers={"Content-Type": content_type}, timeout=10
    )
    assert (answer.status_code, answer.json()) == (422, {"detail": [fault]})


def test_what_presenton_lets_pass_passes(teacher: Caller) -> None:
    assert teacher.ask("  ")["data"]["remaining_slides"] == 2
    assert teacher.post(GENERATE_ASYNC, {"content": "x", "n_slides": "2", "slides": 9, "unknown": True}).ok
    unsaid = teacher.ask("No count given", None)
    assert unsaid["data"]["remaining_slides"] == 0
    assert teacher.ended(unsaid)["data"]["created_slides"] == 8


def test_unknown_things_are_not_found(teacher: Caller) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    assert teacher.get(STATUS + "task-0").json() == {"detail": "No presentation generation task found"}
    assert teacher.get(TASK_STATUS + "task-0").json() == {"detail": "No async task found"}
    assert teacher.get(DECK + nobody).json() == {"detail": "Presentation not found"}
    assert teacher.get(DECK + "not-a-uuid").json()["detail"][0]["type"] == "uuid_parsing"
    assert teacher.get("/api/v1/health").json() == {"detail": "Not Found"}
    missing = teacher.get("/app_data/exports/nope.pptx")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert missing.text.startswith(NGINX_404)
    assert teacher.get("/app_data/exports/..%2Fdecks").status_code == 404
    slash = teacher.get(STATUS)
    assert (slash.status_code, slash.headers["Location"]) == (307, f"http://127.0.0.1{STATUS[:-1]}")


def test_decks_are_listed_newest_first_once_their_slides_are_made(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    task = teacher.ask("First")
    while not teacher.listed():
        before = teacher.task(task)["data"]
    assert before["remaining_slides"] <= 1
    assert teacher.task(task)["data"]["remaining_slides"] == 0
    teacher.made("Second")
    decks = teacher.listed()
    assert [deck["content"] for deck in decks] == ["Second", "First"]
    assert set(decks[0]) == LISTED
    assert (decks[0]["n_slides"], decks[0]["language"], decks[0]["tone"], decks[0]["slides"]) == (2, "", "default", [])
    shown = teacher.get(DECK + decks[0]["id"]).json()
    assert set(shown) == LISTED | {"outlines"}
    assert [set(slide) for slide in shown["slides"]] == [SLIDE, SLIDE]


def test_a_deck_is_finished_though_nobody_looks(start: Start, tmp_path: Path) -> None:
    teacher = start(seconds_per_slide=0.05)
    teacher.ask("Left alone")
    eventually(lambda: list((tmp_path / "data" / "decks").glob("*.json")), 5)


def test_an_abandoned_blocking_call_makes_its_deck(start: Start) -> None:
    teacher = start(seconds_per_slide=0.2)
    with pytest.raises(requests.ReadTimeout):
        teacher.post(GENERATE, {"content": "Abandoned", "n_slides": 2}, timeout=0.1)
    assert eventually(teacher.listed, 5)[0]["content"] == "Abandoned"
    assert teacher.demo.requests_of("Abandoned") == 1


def test_a_deleted_deck_is_gone_but_its_file_stays(teacher: Caller) -> None:
    result = teacher.made("Short-lived")
    path = DECK + result["presentation_id"]
    assert [teacher.delete(path).status_code for _ in range(2)] == [204, 404]
    assert teacher.listed() == []
    assert teacher.get(result["path"]).content.startswith(b"PK")
    assert teacher.get(result["edit_path"]).status_code == 404


@pytest.mark.parametrize(
    "title",
    ["光合作用とは何か", "x" * 500, "مقدمة في الخوارزميات", "a\x00b\U0001f600\ufffe\x1b", "../../etc/passwd", "  "],
)
def test_any_title_makes_a_deck(teacher: Caller, title: str) -> None:  # fmt: skip
    result = teacher.made(title, 3)
    assert re.fullmatch(r"/app_data/exports/[A-Za-z0-9-]{1,60}_[0-9a-f-]{36}\.pptx", result["path"])
    assert len(titles(teacher.get(result["path"]).content)) == 3
    assert teacher.get(result["edit_path"]).ok
    assert teacher.listed()[0]["content"] == title


def test_every_slide_of_a_long_deck_has_a_title_of_its_own() -> None:
    for n_slides in range(1, 51):
        slides = write_slides("Rivers", n_slides)
        assert len({slide.title for slide in slides}) == n_slides
        assert all(3 <= len(slide.points) <= 5 for slide in slides[1:])


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


def test_credentials_are_asked_for_where_they_are_set(start: Start) -> None:
    stranger = start(username="admin", password="secret", api_key="sk-presenton-1")
    assert stranger.get("/api/v1/auth/status").json()["authenticated"] is False
    for path in (ALL, STATUS + "x", "/api/v1/auth/verify", "/api/v1/unknown"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()) == (401, {"detail": "Unauthorized"})
        assert "WWW-Authenticate" not in answer.headers
    assert stranger.get("/app_data/exports/x.pptx").text.startswith("<html>\r\n<head><title>401 Authorization Required")
    assert stranger.get("/").headers["WWW-Authenticate"].startswith("Basic")

    by_key, by_name = Caller(stranger.demo, key="sk-presenton-1"), Caller(stranger.demo, auth=("admin", "secret"))
    assert by_key.get("/api/v1/auth/verify").json()["method"] == "api_key"
    assert by_name.get("/").ok
    assert by_key.get(by_name.made("Rome")["path"]).ok
    for wrong_one in (Caller(stranger.demo, key="sk-presenton-2"), Caller(stranger.demo, auth=("admin", "Secret"))):
        assert wrong_one.get(ALL).status_code == 401


def test_pages_say_that_this_is_a_demo_and_escape_what_they_show(teacher: Caller) -> None:
    result = teacher.made("<script>alert('hi')</script> & co", 4)
    for path in ("/", result["edit_path"], "/presentation?id=unknown", "/nowhere"):
        page = teacher.get(path)
        assert "This is a demo, not Presenton." in page.text
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    page = teacher.get(result["edit_path"])
    assert "&lt;script&gt;alert(&#39;hi&#39;)&lt;/script&gt; &amp; co" in page.text
    assert page.text.count("<article") == 4
    assert f'href="{result["path"]}" download' in page.text
    assert teacher.get("/demo/static/demo.css").ok


def test_only_its_own_computer_is_served(teacher: Caller) -> None:
    assert teacher.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert teacher.get("/", headers={"Host": "localhost:1"}).status_code == 200


def test_connections_are_kept_open(teacher: Caller) -> None:
    connection = http.client.HTTPConnection(teacher.demo.url.removeprefix("http://"), timeout=10)
    sockets = set()
    for method, path in (
        ("GET", ALL),
        ("POST", GENERATE_ASYNC),
        ("HEAD", "/"),
        ("DELETE", "/demo/faults"),
        ("GET", "/"),
    ):
        connection.request(method, path, body=b"x" * 100_000 if method == "POST" else None)
        sockets.add(connection.sock)
        connection.getresponse().read()
    assert len(sockets) == 1
    connection.close()


def test_200_generations_run_at_once(start: Start) -> None:
    teacher = start(seconds_per_slide=0.5)
    with ThreadPoolExecutor(20) as people:
        tasks = list(people.map(teacher.ask, [f"Topic {number}" for number in range(200)], [6] * 200))
        assert teacher.demo.most_at_once == 200
        ended = list(people.map(teacher.ended, tasks))
    assert {task["status"] for task in ended} == {"completed"}
    assert len({deck["content"] for deck in teacher.listed()}) == 200


def test_decks_survive_a_restart_but_tasks_do_not(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    result, task, url = teacher.made("Before"), teacher.ask("Cut short"), teacher.demo.url
    teacher.demo.stop()
    with pytest.raises(requests.ConnectionError):
        teacher.get(ALL)
    teacher.demo.start()
    assert teacher.demo.url == url
    assert len(titles(teacher.get(result["path"]).content)) == 2
    assert teacher.get(result["edit_path"]).ok
    assert teacher.get(STATUS + task["id"]).status_code == 404
    teacher.made("After")
    assert [deck["content"] for deck in teacher.listed()] == ["After", "Before"]


def test_tasks_can_be_kept_as_presenton_keeps_them_pending_for_ever(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1, keep_tasks=True)
    done, cut = teacher.ended(teacher.ask("Done", 1)), teacher.ask("Cut short", 50)
    teacher.demo.stop()
    teacher.demo.start()
    assert teacher.task(done) == done
    assert teacher.task(cut)["status"] == "pending"
    teacher.ended(teacher.ask("Later", 1))
    assert teacher.task(cut)["updated_at"] < teacher.listed()[0]["created_at"]


def test_a_stop_ends_calls_that_wait(start: Start) -> None:
    teacher = start(seconds_per_slide=30)
    with ThreadPoolExecutor() as people:
        call = people.submit(teacher.post, GENERATE, {"content": "Long"})
        eventually(lambda: teacher.demo.requests_of("Long"), 5)
        teacher.demo.stop()
        assert isinstance(call.exception(5), requests.ConnectionError)


def test_faults_are_set_shown_and_cleared_over_http(teacher: Caller) -> None:
    told = {"kind": "status", "status": 502, "html": True, "path": "/status/", "times": 2}
    assert teacher.post("/demo/faults", told).status_code == 201
    assert teacher.get("/demo/faults").json() == [told | {"seconds": None}]
    task = teacher.ask("Rivers")
    answers = [teacher.get(STATUS + task["id"]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 200]
    assert answers[0].text.startswith("<html>\r\n<head><title>502 Bad Gateway</title></head>")
    assert teacher.get("/demo/faults").json() == []
    teacher.post("/demo/faults", {"kind": "status", "status": 429})
    assert teacher.get(ALL).json() == {"detail": "The demo was told to fail."}
    assert teacher.delete("/demo/faults").status_code == 204
    assert teacher.listed()


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({}, "kind: expected one of"),
        ({"kind": ["hang"]}, "kind: expected one of"),
        ({"kind": "hang", "status": 500}, "status: hang takes path, times, seconds"),
        ({"kind": "forget_tasks", "times": 1}, "times: forget_tasks takes nothing"),
        ({"kind": "status", "status": 200}, "status: expected a whole number from 400 to 599"),
        ({"kind": "status", "times": True}, "times: expected a whole number"),
        ({"kind": "slow", "delay": "1"}, "delay: expected a number"),
        ({"kind": "rubbish", "form": []}, "form: expected one of html, truncated"),
        ({"kind": "hang", "self": 1}, "self: hang takes"),
        (["hang"], "A fault is a JSON object"),
    ],
)
def test_faults_that_do_not_exist_are_refused(teacher: Caller, told: Any, problem: str) -> None:
    answer = teacher.post("/demo/faults", told)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(problem)


def test_tasks_can_be_forgotten(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    task = teacher.ask("Forgotten")
    teacher.demo.faults.add("forget_tasks")
    assert teacher.get(STATUS + task["id"]).status_code == 404
    assert eventually(teacher.listed, 5)[0]["content"] == "Forgotten"
    assert teacher.ended(teacher.ask("Known", 1))["status"] == "completed"


def test_tasks_can_be_stuck(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    running = teacher.ask("Running")
    teacher.demo.faults.add("stuck", times=1)
    begun, later = teacher.ask("Begun"), teacher.ask("Later", 3)
    before = [teacher.task(task) for task in (running, begun)]
    assert teacher.ended(later)["status"] == "completed"
    assert [teacher.task(task) for task in (running, begun)] == before
    assert {task["status"] for task in before} == {"pending"}


def test_the_server_can_hang_until_it_is_told_not_to(start: Start) -> None:
    teacher = start()
    teacher.demo.faults.add("hang", path="/generate")
    with pytest.raises(requests.ReadTimeout):
        teacher.post(GENERATE, {"content": "Never"}, timeout=0.1)
    assert teacher.listed() == []
    with ThreadPoolExecutor() as people:
        call = people.submit(teacher.post, GENERATE, {"content": "Let go"})
        eventually(lambda: teacher.demo.requests_of("Let go"), 5)
        teacher.demo.faults.clear()
        assert isinstance(call.exception(5), requests.ConnectionError)
    assert teacher.demo.generations_of("Never") == teacher.demo.generations_of("Let go") == 0


def test_answers_can_be_slow(teacher: Caller) -> None:
    teacher.demo.faults.add("slow", delay=0.3, times=1)
    assert teacher.get(ALL).elapsed.total_seconds() >= 0.3
    teacher.demo.faults.add("slow", delay=30, seconds=0)
    assert teacher.listed() == []


@pytest.mark.parametrize("form", ["html", "truncated", "wrong_types", "missing_fields", "list"])
def test_answers_can_be_rubbish(teacher: Caller, form: str) -> None:
    teacher.demo.faults.add("rubbish", form=form, times=1)
    answer = teacher.post(GENERATE_ASYNC, {"content": "Spoilt"})
    assert answer.status_code == 200
    if form in ("html", "truncated"):
        with pytest.raises(requests.JSONDecodeError):
            answer.json()
    if form == "html":
        assert answer.headers["Content-Type"].startswith("text/html")
    if form == "wrong_types":
        assert (answer.json()["id"], answer.json()["data"]) == (17, "seventeen")
    if form == "missing_fields":
        assert answer.json() == {}
    if form == "list":
        assert set(answer.json()[0]) == TASK
    assert teacher.demo.generations_of("Spoilt") == 1


def test_files_can_be_rubbish_too(teacher: Caller) -> None:
    path = teacher.made("Rome")["path"]
    teacher.demo.faults.add("rubbish", path="/app_data/")
    assert teacher.get(path).headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", [GENERATE, GENERATE_ASYNC])
def test_an_answer_can_be_lost_though_the_work_is_done(start: Start, path: str) -> None:
    teacher = start(seconds_per_slide=0.05)
    teacher.demo.faults.add("lose_answer", times=1)
    with pytest.raises(requests.ConnectionError):
        teacher.post(path, {"content": "Lost", "n_slides": 2})
    assert eventually(teacher.listed, 5)[0]["content"] == "Lost"
    assert teacher.demo.generations_of("Lost") == 1


def test_faults_in_python_are_checked_like_those_over_http(teacher: Caller) -> None:
    with pytest.raises(InvalidFault, match="kind: expected one of"):
        teacher.demo.faults.add("earthquake")


def test_requests_are_counted(teacher: Caller) -> None:
    teacher.demo.faults.add("status", status=503, path="/generate", times=1)
    for _ in range(2):
        teacher.post(GENERATE, {"content": "Rome", "n_slides": 1})
    teacher.ask("Rome", 1)
    teacher.listed()
    counted = teacher.get("/demo/requests").json()
    assert counted["requests"] == {"generate": 2, "generate_async": 1, "all": 1}
    assert (counted["asked"], counted["accepted"]) == ({"Rome": 3}, {"Rome": 2})
    assert counted["most_at_once"] == teacher.demo.most_at_once == 1
    assert (teacher.demo.requests_of("Rome"), teacher.demo.generations_of("Rome")) == (3, 2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_is_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    process = launch("--port", "0", "--data", str(tmp_path), "--seconds-per-slide", "30")
    assert process.stdout
    line = process.stdout.readline()
    url = re.fullmatch(r"Demo Presenton is at (http://127\.0\.0\.1:\d+)\n", line)
    assert url, line
    answer = requests.post(url[1] + GENERATE_ASYNC, json={"content": "Long"}, timeout=10)
    assert answer.json()["status"] == "pending"
    process.send_signal(number)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "--data"),
        (["--data", "x", "--release", "7"], "--release"),
        (["--data", "x", "--seconds-per-slide", "-1"], "--seconds-per-slide"),
        (["--data", "x", "--port", "70000"], "--port"),
        (["--data", "x", "--username", "admin"], "--password"),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert problem in capsys.readouterr().err


def test_a_taken_port_is_named(teacher: Caller, tmp_path: Path) -> None:
    process = launch("--data", str(tmp_path), "--port", teacher.demo.url.rpartition(":")[2])
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
    assert "cannot serve" in err


def launch(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "presentations.demo", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
