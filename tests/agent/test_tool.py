"""The agent's tool beyond the spec's snippets: what a status holds, and whose presentations it reaches."""

from __future__ import annotations

import json
from typing import Literal, get_type_hints
from uuid import UUID

import jsonschema
import pytest

from presentations.agent import AsyncPresentationTool, Status, call_tool, results, runtime
from presentations.agent.functions import BY_NAME
from presentations.agent.runtime import Lectern
from presentations.database import Database
from presentations.errors import InvalidRequest, NotFound
from presentations.library import Defaults, Library
from tests.agent.ends import end
from tests.support.keeper import WORDS, Keeper


def test_addresses_begin_with_the_path_that_lectern_stands_under(
    own: Library, database: Database, keeper: Keeper
) -> None:
    below = Lectern(own, "", "https://school.example/slides")
    requested = own.request("alice", "Photosynthesis")
    made = requested.presentation
    assert results.asked(requested, below)["check_status"] == f"/slides/api/presentations/{made.id}"
    end(
        database,
        str(made.id),
        "complete",
        presenton_url="/presentation?id=d1",
        presenton_id="d1",
    )
    keeper.keep(made.id)
    answer = results.status(own.get("alice", made.id), below)
    assert answer["file_url"] == f"https://school.example/slides/presentations/{made.id}/file"


def test_what_is_not_given_is_as_is_usual_for_the_subject(own: Library) -> None:
    Defaults(own.database).keep("alice", "Biology", {"n_slides": 8, "grade": "Grade 9", "outline_first": True})
    tool = AsyncPresentationTool(user_id="alice")
    asked = tool.create_presentation_async("Cells", subject="biology", grade="")
    assert asked["applied_defaults"] == {"n_slides": 8, "outline_first": True}
    assert own.get("alice", asked["job_id"]).grade is None
    plain = tool.create_presentation_async("Cells")
    assert plain.keys() == {"job_id", "status", "message", "check_status"}
    arguments = {"topic": "Cells", "subject": "Biology", "n_slides": None}
    said = json.loads(call_tool("create_presentation", arguments, "alice"))
    jsonschema.validate(said, BY_NAME["create_presentation"].answer)
    assert said["applied_defaults"] == {"n_slides": 8, "grade": "Grade 9", "outline_first": True}
    assert "Its outline is proposed first" in said["message"]
    given = json.loads(call_tool("create_presentation", arguments | {"outline_first": False}, "alice"))
    assert "outline" not in given["message"]


def test_a_status_has_links_progress_and_the_reason(own: Library, database: Database, keeper: Keeper) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Photosynthesis", n_slides=4)["job_id"]
    waiting = tool.get_job_status(job_id)
    assert waiting.keys() == get_type_hints(Status).keys()
    assert (waiting["progress"], waiting["open_url"], waiting["file_url"], waiting["error"]) == (0, None, None, None)
    end(database, job_id, "complete", presenton_url="/presentation?id=d1", presenton_id="d1")
    links: tuple[Literal["file_url", "pdf_url", "slides_url"], ...] = ("file_url", "pdf_url", "slides_url")
    assert [tool.get_job_status(job_id)[link] for link in links] == [None] * 3  # nothing is kept yet
    keeper.keep(UUID(job_id), kinds=["pptx"])
    assert tool.get_job_status(job_id)["pdf_url"] is None
    keeper.keep(UUID(job_id), origin="edited")
    made = tool.get_job_status(job_id)
    assert made["presenton_url"] == "/presentation?id=d1"
    assert made["open_url"] == "http://slides.example/presentation?id=d1"
    page = f"https://lectern.example/presentations/{job_id}"
    assert [made[link] for link in links] == [f"{page}/file", f"{page}/file?format=pdf", page]
    assert made["slides"] == len(WORDS)
    assert made["progress"] == 100
    assert made["ended_at"]
    end(database, job_id, "error", error="It took too long.")
    failed = tool.get_job_status(job_id)
    assert (failed["error"], failed["open_url"], failed["file_url"]) == ("It took too long.", None, None)
    assert [one["status"] for one in tool.list_presentations()] == ["error"]


def test_without_a_known_presenton_there_is_no_link_to_click(own: Library, database: Database) -> None:
    asked = own.create("alice", "Cells")
    end(database, asked, "complete", presenton_url="/presentation?id=d1")
    assert results.status(own.get("alice", asked.id), Lectern(own, "", "http://127.0.0.1:8000"))["open_url"] is None


@pytest.mark.parametrize(("editor", "is_shown"), [("1", True), ("0", False)])
def test_where_nobody_may_edit_in_presenton_there_is_no_link_to_it(
    own: Library,
    database: Database,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    editor: str,
    is_shown: bool,
) -> None:
    for name, value in (environment | {"PRESENTON_EDITOR": editor}).items():
        monkeypatch.setenv(name, value)
    asked = own.create("alice", "Cells")
    end(database, asked, "complete", presenton_url="/presentation?id=d1")
    here = runtime._by_environment()
    assert bool(results.status(own.get("alice", asked.id), here)["open_url"]) is is_shown
    here.library.database.engine.dispose()


def test_cancel_retry_and_subjects_are_the_librarys(own: Library, database: Database) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Cells")["job_id"]
    assert tool.cancel(job_id)["status"] == "cancelled"
    assert tool.retry(job_id)["status"] == "pending"
    end(database, job_id, "complete")
    assert tool.update_subject(job_id, "Cell Biology")["subject"] == "cell biology"
    assert tool.list_subjects() == [
        {"subject": "default", "name": "Unorganized", "count": 0},
        {"subject": "cell biology", "name": "Cell Biology", "count": 1},
    ]
    assert AsyncPresentationTool().list_subjects("alice") == tool.list_subjects()
    bob = AsyncPresentationTool(user_id="bob")
    for act in (bob.cancel, bob.retry, lambda one: bob.wait_for(one, 1)):
        with pytest.raises(NotFound):
            act(job_id)
    with pytest.raises(InvalidRequest, match="user_id"):
        bob.list_subjects("alice")
    with pytest.raises(InvalidRequest, match="user_id"):
        AsyncPresentationTool().list_subjects()
