"""The functions for language models, in dialogues that are kept as data: what is called, and what the model reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from redis import Redis
from sqlalchemy import text

from presentations.agent import call_tool, runtime
from presentations.agent.functions import BY_NAME
from presentations.agent.runtime import Lectern
from presentations.database import Database
from presentations.library import Library
from tests.agent.dialogues import DIALOGUES, calls
from tests.support.presentations import outlined

FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER


class Dialogue:
    """A dialogue with alice that is played: calls are made, and what happens meanwhile happens."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.names: dict[str, str] = {}

    def given(self, values: dict[str, Any]) -> None:
        user = values.get("user", "alice")
        if "outline" in values:
            asked = outlined(self._library, user, values["topic"], values["outline"])
        else:
            asked = self._library.create(user, values["topic"], subject=values.get("subject"))
        self.names[values["as"]] = str(asked.id)
        if "status" in values:
            self.ends({"ends": values["as"], "status": values["status"]})

    def ends(self, turn: dict[str, Any]) -> None:
        values = {"presenton_url": None, "presenton_path": None, "error": None, **turn, "id": self.names[turn["ends"]]}
        with self._library.database.begin() as session:
            session.execute(
                text(
                    "UPDATE presentation_jobs SET status = :status, ended_at = now(), queued_at = NULL, "
                    "presenton_url = :presenton_url, presenton_path = :presenton_path, error = :error WHERE id = :id"
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
        jsonschema.validate(answer, BY_NAME[turn["call"]].answer, format_checker=FORMATS)
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


@pytest.mark.parametrize("user_id", [None, "", "  ", 5])
def test_nobody_acts_for_everybody(own: Library, user_id: Any) -> None:
    own.create("bob", "Secret")
    assert call_tool("list_presentations", {}, user_id).startswith("Error: user_id: expected")


def test_a_database_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Library.at(Database.at("postgresql://nobody@127.0.0.1:1/none"), Redis(port=1))
    monkeypatch.setattr(runtime, "_lectern", [Lectern(away, "", "")])
    for name, arguments in calls():
        if isinstance(arguments, dict) and "$" not in arguments.get("since", ""):
            given = arguments | ({"job_id": str(uuid4())} if "job_id" in arguments else {})
            said = call_tool(name, given, "alice")
            assert said.startswith("Error: The database cannot be reached just now"), said
            assert "Try again in a minute." in said


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
