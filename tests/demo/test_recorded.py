"""The demo answers as the releases did that were recorded: the same status, fields, types and words.

`recorded/` has the shapes of answers of real servers, a file for each of them and the name of a call for each answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from presentations.demo.server import DemoPresenton
from tests.demo.caller import ALL, DECK, GENERATE, GENERATE_ASYNC, STATUS, TASK_STATUS, Caller
from tests.demo.shapes import shape

RECORDED = {file.stem: json.loads(file.read_text()) for file in Path(__file__).with_name("recorded").glob("*.json")}
UPLOAD = "/api/v1/ppt/files/upload"
NOBODY = "00000000-0000-0000-0000-000000000000"

_LET_IN = {"username": "admin", "password": "secret"}
HOW: dict[str, dict[str, Any]] = {
    "0.8.9": {"release": "0.8.9", **_LET_IN},
    "0.9.0": {"release": "0.9.0", **_LET_IN},
    "0.9.3": {"release": "0.9.3", **_LET_IN, "api_key": "sk-presenton-1"},
    "0.9.3-not-set-up": {"release": "0.9.3", **_LET_IN},
    "0.9.3-open-to-all": {"release": "0.9.3"},
    "0.9.3+837": {"release": "0.9.3+837"},
    "fork": {"release": "fork"},
}
"""The demo for each file of recorded answers."""


class Server:
    """A demo that is done at once, and how the right person and others call it."""

    def __init__(self, demo: DemoPresenton, how: dict[str, Any]) -> None:
        basic = ("admin", "secret") if "username" in how and "api_key" not in how else None
        self.demo = demo
        self.caller = Caller(demo, auth=basic, key=how.get("api_key"))

    @property
    def nobody(self) -> Caller:
        """Somebody else each time, since a log-in leaves a cookie."""
        return Caller(self.demo)

    def generate(self, n_slides: int = 2, **asked: Any) -> requests.Response:
        return self.caller.post(GENERATE, {"content": "Volcanoes", "n_slides": n_slides, **asked})

    def made(self, **asked: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.generate(**asked).json()
        return made

    def accepted(self, n_slides: int = 12, **asked: Any) -> requests.Response:
        return self.caller.post(GENERATE_ASYNC, {"content": "Volcanoes", "n_slides": n_slides, **asked})

    def failing(self, cause: str, ask: Callable[[int], requests.Response], n_slides: int = 2) -> requests.Response:
        self.demo.faults.add("failing", cause=cause, times=1)
        return ask(n_slides)

    def task(self, accepted: requests.Response, path: str = STATUS) -> requests.Response:
        return self.caller.get(path + accepted.json()["id"])

    def held_task(self, n_slides: int = 12) -> requests.Response:
        self.demo.hold()
        shown = self.task(self.accepted(n_slides))
        self.demo.let_all_go()
        return shown

    def export(self, deck_id: str, export_as: str = "pptx", slides: Any = ()) -> requests.Response:
        change = {"presentation_id": deck_id, "slides": list(slides), "export_as": export_as}
        return self.caller.post(DECK + "edit", change)

    def deleted(self, **asked: Any) -> dict[str, Any]:
        made = self.made(**asked)
        self.caller.delete(DECK + made["presentation_id"])
        return made

    def upload(self, field: str, name: str, kind: str) -> requests.Response:
        return self.caller.session.post(self.demo.url + UPLOAD, files={field: (name, b"x", kind)}, timeout=30)

    def file(self) -> str:
        return str(self.upload("files", "lesson.txt", "text/plain").json()[0])

    def outlined_draft(self) -> requests.Response:
        deck_id = self.demo.people.begin("Volcanoes", 3)
        self.demo.people.outline(deck_id)
        return self.caller.get(DECK + deck_id)

    def list_with_a_deck(self, path: str) -> requests.Response:
        self.made()
        return self.caller.get(path)

    def bare_list_with_a_draft(self) -> requests.Response:
        self.demo.people.begin("Volcanoes", 3)
        return self.caller.get(ALL)

    def log_in(self, password: str) -> requests.Response:
        return self.nobody.post("/api/v1/auth/login", {"username": "admin", "password": password})


NOTE = {"index": 0, "content": {"__speaker_note__": "Another note."}}
CALLS: dict[str, Callable[[Server], requests.Response]] = {
    "auth status, nobody": lambda it: it.nobody.get("/api/v1/auth/status"),
    "login": lambda it: it.log_in("secret"),
    "login, wrong password": lambda it: it.log_in("wrong"),
    "verify": lambda it: it.caller.get("/api/v1/auth/verify"),
    "verify, nobody": lambda it: it.nobody.get("/api/v1/auth/verify"),
    "generate, nobody": lambda it: it.nobody.post(GENERATE, {"content": "x", "n_slides": 2}),
    "with basic credentials": lambda it: Caller(it.demo, auth=("admin", "secret")).get(ALL),
    "with a wrong key": lambda it: Caller(it.demo, key="sk-presenton-2").get(ALL),
    "unknown path": lambda it: it.caller.get("/api/v1/health"),
    "unknown path, nobody": lambda it: it.nobody.get("/api/v1/health"),
    "generate": lambda it: it.generate(),
    "generate, pdf": lambda it: it.generate(export_as="pdf"),
    "generate, unknown template": lambda it: it.generate(template="no-such-template"),
    "download": lambda it: it.caller.get(it.made()["path"]),
    "download, nobody": lambda it: it.nobody.get(it.made()["path"]),
    "download, missing": lambda it: it.caller.get(it.made()["path"].rpartition("/")[0] + "/nope.pptx"),
    "download of another user": lambda it: it.caller.get(f"/app_data/exports/users/{NOBODY}/other.pptx"),
    "download of a deleted deck": lambda it: it.caller.get(it.deleted(export_as="pdf")["path"]),
    "unknown task": lambda it: it.caller.get(STATUS + "task-0"),
    "unknown asynchronous task": lambda it: it.caller.get(TASK_STATUS + "task-0"),
    "unknown deck": lambda it: it.caller.get(DECK + NOBODY),
    "deck, no uuid": lambda it: it.caller.get(DECK + "not-a-uuid"),
    "deck, short id": lambda it: it.caller.get(DECK + "abc"),
    "deck": lambda it: it.caller.get(DECK + it.made()["presentation_id"]),
    "bare list": lambda it: it.list_with_a_deck(ALL),
    "bare list with a draft": lambda it: it.bare_list_with_a_draft(),
    "outlined draft": lambda it: it.outlined_draft(),
    "list": lambda it: it.list_with_a_deck(DECK + "all"),
    "delete": lambda it: it.caller.delete(DECK + it.made()["presentation_id"]),
    "delete again": lambda it: it.caller.delete(DECK + it.deleted()["presentation_id"]),
    "export by an edit": lambda it: it.export(it.made()["presentation_id"]),
    "export by an edit, pdf": lambda it: it.export(it.made()["presentation_id"], "pdf"),
    "edit, unknown deck": lambda it: it.export(NOBODY),
    "edit, deleted deck": lambda it: it.export(it.deleted()["presentation_id"]),
    "edit of a slide": lambda it: it.export(it.made()["presentation_id"], slides=[NOTE]),
    "templates": lambda it: it.caller.get("/api/v1/ppt/template/all"),
    "task, accepted": lambda it: it.accepted(),
    "task, ten made": lambda it: it.held_task(),
    "task, completed": lambda it: it.task(it.accepted()),
    "task, completed, at the other path": lambda it: it.task(it.accepted(), TASK_STATUS),
    "task, provider error": lambda it: it.task(it.failing("provider_error", it.accepted)),
    "task, bad json": lambda it: it.task(it.failing("bad_json", it.accepted)),
    "task, wrong count": lambda it: it.task(it.failing("wrong_count", it.accepted)),
    "task, export fails": lambda it: it.task(it.failing("export", it.accepted)),
    "task, provider unreachable": lambda it: it.task(it.failing("provider_unreachable", it.accepted, 1)),
    "task, file gone": lambda it: it.task(it.accepted(3, files=[it.file() + ".gone"])),
    "generate, provider error": lambda it: it.failing("provider_error", it.generate),
    "generate, bad json": lambda it: it.failing("bad_json", it.generate),
    "generate, wrong count": lambda it: it.failing("wrong_count", it.generate),
    "generate, export fails": lambda it: it.failing("export", it.generate),
    "generate, provider unreachable": lambda it: it.failing("provider_unreachable", it.generate),
    "generate, file gone": lambda it: it.generate(files=[it.file() + ".gone"]),
    "generate, file outside": lambda it: it.generate(files=["/etc/passwd"]),
    "upload": lambda it: it.upload("files", "lesson.pdf", "application/pdf"),
    "upload of another type": lambda it: it.upload("files", "x.exe", "application/octet-stream"),
    "upload of nothing": lambda it: it.upload("other", "n.txt", "text/plain"),
}


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Gives the demo that plays what was recorded in this file."""
    servers: dict[str, Server] = {}

    def serve(file: str) -> Server:
        if file not in servers:
            demo = DemoPresenton(tmp_path_factory.mktemp("demo"), **HOW[file])
            demo.start()
            servers[file] = Server(demo, HOW[file])
        return servers[file]

    yield serve
    for server in servers.values():
        server.demo.stop()


def seen(answer: requests.Response) -> dict[str, Any]:
    kind = answer.headers["Content-Type"].partition(";")[0]
    is_json = kind == "application/json" and answer.content
    return {"status": answer.status_code, "type": kind, "body": shape(answer.json()) if is_json else None}


@pytest.mark.parametrize(
    ("file", "name"),
    [(file, name) for file, answers in sorted(RECORDED.items()) for name in answers if name != "task, at work"],
)
def test_the_demo_answers_as_recorded(serve: Callable[[str], Server], file: str, name: str) -> None:
    server = serve(file)
    if file == "0.9.3-not-set-up":
        server.demo.faults.add("not_set_up", times=1)
    assert seen(CALLS[name](server)) == RECORDED[file][name]


@pytest.mark.parametrize("file", [file for file, answers in sorted(RECORDED.items()) if "task, at work" in answers])
def test_a_task_at_work_is_told_as_recorded(tmp_path: Path, file: str) -> None:
    with DemoPresenton(tmp_path, seconds_per_slide=30, **HOW[file]) as demo:
        server = Server(demo, HOW[file])
        assert seen(server.task(server.accepted())) == RECORDED[file]["task, at work"]
