"""The agent's tool with outlines: read, changed, answered, and waited for."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from presentations.agent import AsyncPresentationTool, call_tool
from presentations.agent.functions import BY_NAME
from presentations.database import Database
from presentations.errors import Conflicting, InvalidRequest, NotFound, NotThere
from presentations.library import Library, keep_templates, keep_thumbnail
from presentations.presenton import Template
from tests.support.presentations import SLIDES, outlined

MINE = [{"title": "Light", "points": ["It is fast"]}, {"title": "End", "points": []}]


def call(name: str, **arguments: Any) -> Any:
    said = call_tool(name, arguments, "alice")
    assert not said.startswith("Error"), said
    answer = json.loads(said)
    jsonschema.validate(answer, BY_NAME[name].answer, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return answer


def test_an_outline_is_read_changed_and_made(own: Library) -> None:
    asked = outlined(own, "alice", "Light")
    alice, job_id = AsyncPresentationTool("alice"), str(asked.id)
    found = alice.get_outline(job_id)
    assert [slide["markdown"] for slide in found["slides"]] == list(SLIDES)
    assert found["outline_url"] == f"https://lectern.example/presentations/{job_id}"
    assert found["awaits_teacher_since"] == alice.get_job_status(job_id)["awaits_teacher_since"]
    changed = alice.change_outline(job_id, MINE)
    assert [(slide["title"], slide["points"]) for slide in changed["slides"]] == [
        ("Light", ["It is fast"]),
        ("End", []),
    ]
    made = alice.make_presentation(job_id)
    assert (made["status"], made["n_slides"], made["awaits_teacher_since"]) == ("pending", 2, None)
    assert alice.get_outline(job_id)["awaits_teacher_since"] is None
    for act in (alice.change_outline, alice.make_presentation):
        with pytest.raises(Conflicting, match="not waiting for an answer"):
            act(job_id, MINE)
    bob = AsyncPresentationTool("bob")
    for look in (bob.get_outline, bob.make_presentation, lambda one: bob.change_outline(one, MINE)):
        with pytest.raises(NotFound):
            look(job_id)


def test_an_outline_that_waits_is_news_until_it_is_answered(own: Library) -> None:
    alice, since = AsyncPresentationTool("alice"), "2026-01-01T00:00:00+00:00"
    assert call("finished_presentations", since=since) == {"presentations": [], "outlines": [], "next_since": since}
    outlined(own, "bob", "Secret")
    done, asked = own.create("alice", "Rain"), outlined(own, "alice", "Light")
    own.cancel("alice", done.id)
    news = alice.news_since(None, since)
    assert [one["topic"] for one in news["ended"]] == ["Rain"]
    assert [one["topic"] for one in news["outlines"]] == ["Light"]
    assert alice.news_since("alice", news["next_since"])["outlines"] == []
    said = call("finished_presentations", since=since)
    assert [one["topic"] for one in said["presentations"]] == ["Rain"]
    assert said["outlines"][0]["message"].startswith("Its outline waits for your word")
    assert said["next_since"] == news["next_since"]
    assert [one["topic"] for one in alice.finished_since(None, since)] == ["Rain"]
    alice.make_presentation(str(asked.id))
    assert alice.news_since(None, since)["outlines"] == []


def test_what_is_no_outline_is_said(own: Library) -> None:
    alice = AsyncPresentationTool("alice")
    without = alice.create_presentation_async("Cells")["job_id"]
    with pytest.raises(NotThere, match="asked for without one"):
        alice.get_outline(without)
    with pytest.raises(InvalidRequest, match="slides: expected a list of 1 to 50 slides, got 0"):
        alice.change_outline(without, [])
    with pytest.raises(InvalidRequest, match=r"slides\.0\.points: expected a list"):
        alice.make_presentation(without, [{"title": "x", "points": "y"}])


def test_a_wait_ends_when_the_outline_waits(own: Library) -> None:
    asked = outlined(own, "alice", "Light")
    assert AsyncPresentationTool("alice").wait_for(str(asked.id), timeout=600)["awaits_teacher_since"]
    answer = call("wait_for_presentation", job_id=str(asked.id), timeout=40)
    assert answer["message"].startswith("Its outline waits for your word")
    assert "ask_again_after_seconds" not in answer
    assert call("get_presentation", job_id=str(asked.id))["message"] == answer["message"]
    assert "proposed first" in call("create_presentation", topic="Rain", outline_first=True)["message"]


def test_a_model_changes_an_outline_and_has_it_made(own: Library) -> None:
    job_id = str(outlined(own, "alice", "Light").id)
    assert call("get_outline", job_id=job_id)["waits"]
    assert call("change_outline", job_id=job_id, slides=MINE)["slides"] == MINE
    made = call("make_presentation", job_id=job_id)
    assert made["message"].startswith("Started")
    assert own.whole("alice", job_id).outline == ["# Light\n\n- It is fast", "# End"]
    said = call_tool("make_presentation", {"job_id": job_id}, "alice")
    assert said.endswith("Call get_presentation to see how it stands now.")
    assert said.startswith("Error: This outline is not waiting")


@pytest.mark.parametrize(
    ("slides", "problem"),
    [
        ("Light", 'slides: expected a list of 1 to 50, got "Light"'),
        ([], "slides: expected a list of 1 to 50, got 0"),
        (["Light"], 'slides.0: expected an object with title, points, got "Light"'),
        ([{"title": "x"}], "slides.0.points: is missing"),
        ([{"title": "x", "points": [5]}], "slides.0.points.0: expected text, got 5"),
        ([{"title": "x", "points": [], "notes": ""}], "slides.0.notes: is not known: leave it out"),
    ],
)
def test_a_model_is_told_what_is_wrong_with_its_outline(own: Library, slides: Any, problem: str) -> None:
    said = call_tool("change_outline", {"job_id": "x", "slides": slides}, "alice")
    assert said.startswith(f"Error: {problem}")


def test_a_long_outline_comes_in_parts(own: Library) -> None:
    job_id = str(outlined(own, "alice", "Light", [f"# {n}\n\n- {'x' * 4900}" for n in range(20)]).id)
    first = call("get_outline", job_id=job_id)
    following = len(first["slides"]) + 1
    assert first["message"].startswith(f"There are more slides: call get_outline again with from_slide = {following}.")
    rest = [
        slide
        for start in range(following, 21, len(first["slides"]))
        for slide in call("get_outline", job_id=job_id, from_slide=start)["slides"]
    ]
    assert [slide["title"] for slide in first["slides"] + rest] == [str(n) for n in range(20)]
    assert call("get_outline", job_id=job_id, from_slide=21)["message"] == "It has no slide 21 and none after that."


def test_templates_are_told_with_what_else_there_is(own: Library, database: Database) -> None:
    keep_templates(database, [Template("general", "General", "For any class", "/app_data/g.png")], has_outlines=True)
    keep_thumbnail(database, "general", "/app_data/g.png", "image/png", b"a picture")
    told = AsyncPresentationTool("alice").list_templates()
    assert told["templates"][0]["picture_url"].startswith("https://lectern.example/templates/")  # type: ignore[union-attr]
    assert call("list_templates") == {
        "templates": [{"id": "general", "name": "General", "description": "For any class"}],
        "offers_outlines": True,
        "offers_web_search": False,
    }
