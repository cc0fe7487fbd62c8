"""The functions for language models, in dialogues that are kept as data: what is called, and what the model reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import jsonschema
import pytest
from redis import Redis
from sqlalchemy import text

from presentations.agent import call_tool, runtime, tool_definitions
from presentations.agent.functions import FUNCTIONS
from presentations.agent.runtime import Lectern
from presentations.database import Database
from presentations.jobs import Line
from presentations.library import Library

DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.json"))


@pytest.fixture
def own(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The tool's own library is the test's."""
    monkeypatch.setattr(runtime, "_lectern", [Lectern(library, "http://slides.example", "https://lectern.example")])
    return library


class Dialogue:
    """A dialogue with alice that is played: calls are made, and what happens meanwhile happens."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.names: dict[str, str] = {}

    def given(self, values: dict[str, Any]) -> None:
        asked = self._library.create(values.get("user", "alice"), values["topic"], subject=values.get("subject"))
        self.names[values["as"]] = str(asked.id)
        if "status" in values:
            self.ends({"ends": values["as"], "status": values["status"]})

    def ends(self, turn: dict[str, Any]) -> None:
        values = {"presenton_url": None, "error": None, **turn, "id": self.names[turn["ends"]]}
        with self._library.database.begin() as session:
            session.execute(
                text(
                    "UPDATE presentation_jobs SET status = :status, ended_at = now(), queued_at = NULL, "
                    "presenton_url = :presenton_url, error = :error WHERE id = :id"
                ),
                values,
            )

    def call(self, turn: dict[str, Any]) -> None:
        said = call_tool(turn["call"], self._named(turn["arguments"]), "alice")
        if "error" in turn:
            assert said.startswith("Error: ")
            assert turn["error"] in said
            return
        answer = json.loads(said)
        assert_holds(answer, self._named(turn["answer"]))
        self.names |= {name: answer[key] for name, key in turn.get("keep", {}).items()}

    def _named(self, value: Any) -> Any:
        """The value with what its $names stand for."""
        written = json.dumps(value)
        for name, meant in self.names.items():
            written = written.replace(f"${name}", meant)
        return json.loads(written)


def assert_holds(answer: Any, expected: Any) -> None:
    """The answer has at least what is expected; texts have to begin so."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert_holds(answer[key], value)
    elif isinstance(expected, list):
        assert len(answer) == len(expected), answer
        for one, other in zip(answer, expected, strict=True):
            assert_holds(one, other)
    elif isinstance(expected, str):
        assert answer.startswith(expected)
    else:
        assert answer == expected


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_a_dialogue_goes_as_written(own: Library, path: Path) -> None:
    written = json.loads(path.read_text())
    dialogue = Dialogue(own)
    for values in written.get("given", []):
        dialogue.given(values)
    for turn in written["turns"]:
        if "call" in turn:
            dialogue.call(turn)
        elif "ends" in turn:
            dialogue.ends(turn)


def calls() -> Iterator[tuple[str, Any]]:
    """All calls of the dialogues that are to succeed."""
    for path in DIALOGUES:
        for turn in json.loads(path.read_text())["turns"]:
            if "call" in turn and "error" not in turn:
                yield turn["call"], turn["arguments"]


def test_the_dialogues_call_every_function_as_its_schema_says() -> None:
    schemas = {function.name: function.schema for function in FUNCTIONS}
    for name, arguments in calls():
        given = json.loads(arguments or "{}") if isinstance(arguments, str) else arguments
        jsonschema.validate({key: value for key, value in given.items() if value is not None}, schemas[name])
    assert {name for name, _ in calls()} == schemas.keys()


@pytest.mark.parametrize(("shape", "key"), [("openai", "parameters"), ("anthropic", "input_schema")])
def test_definitions_are_valid_in_both_formats(shape: Literal["openai", "anthropic"], key: str) -> None:
    definitions = tool_definitions(shape)
    if shape == "openai":
        assert {one["type"] for one in definitions} == {"function"}
        definitions = [one["function"] for one in definitions]
    assert [one["name"] for one in definitions] == [function.name for function in FUNCTIONS]
    for one in definitions:
        assert one.keys() == {"name", "description", key}
        jsonschema.Draft202012Validator.check_schema(one[key])
        assert len(one["description"]) <= 1024, "OpenAI takes no more"
        assert "user_id" not in one[key]["properties"]
        assert all(schema["description"] for schema in one[key]["properties"].values())
    assert json.loads(json.dumps(definitions)) == definitions


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 'openai' or 'anthropic'"):
        tool_definitions("gemini")  # type: ignore[arg-type]


@pytest.mark.parametrize("user_id", [None, "", "  ", 5])
def test_nobody_acts_for_everybody(own: Library, user_id: Any) -> None:
    own.create("bob", "Secret")
    assert call_tool("list_presentations", {}, user_id).startswith("Error: user_id: expected")


def test_a_database_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Library(Database.at("postgresql://nobody@127.0.0.1:1/none"), Line(Redis(port=1)))
    monkeypatch.setattr(runtime, "_lectern", [Lectern(away, "", "")])
    for name, arguments in calls():
        if isinstance(arguments, dict) and "$" not in arguments.get("since", ""):
            given = arguments | ({"job_id": str(uuid4())} if "job_id" in arguments else {})
            said = call_tool(name, given, "alice")
            assert said.startswith("Error: The database cannot be reached just now"), said
            assert "Try once more in a minute" in said


def test_settings_that_are_wrong_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_lectern", [])
    monkeypatch.setenv("PORT", "eighty")
    said = call_tool("list_presentations", {}, "alice")
    assert "PORT is 'eighty': expected" in said
    assert "an administrator has to look at it" in said


def test_what_nobody_thought_of_is_answered_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Lectern:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("presentations.agent.tool.lectern", broken)
    said = call_tool("list_presentations", {}, "alice")
    assert said.startswith("Error: something went wrong inside Lectern (RuntimeError).")
    assert "secret detail" not in said
    assert "secret detail" in caplog.text


def test_odd_calls_are_answered_too(own: Library) -> None:
    odd: list[tuple[Any, Any]] = [
        (None, {}),
        ([], {}),
        ("create_presentation", 5),
        ("create_presentation", {5: 6}),
        ("create_presentation", {"topic": "\ud800"}),
        ("create_presentation", {"topic": "x\x00"}),
        ("list_presentations", {"limit": True}),
        ("list_presentations", {"limit": float("nan")}),
        ("finished_presentations", {"since": "9999-12-31T23:59:59-23:59"}),
        ("finished_presentations", {"since": "0001-01-01T00:00:00+23:59"}),
        ("move_presentation", {"job_id": "x" * 10_000, "subject": "y" * 10_000}),
    ]
    for name, arguments in odd:
        said = call_tool(name, arguments, "alice")
        assert isinstance(said, str)
        said.encode()
        assert "something went wrong inside" not in said, (name, arguments, said)
