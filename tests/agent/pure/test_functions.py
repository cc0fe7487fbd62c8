"""The functions for language models: their definitions, and answers where nothing can be asked."""

from __future__ import annotations

import json
from typing import Literal

import jsonschema
import pytest

from presentations.agent import Status, call_tool, runtime, tool_definitions
from presentations.agent.calls import NOT_TOLD
from presentations.agent.functions import FUNCTIONS
from presentations.agent.runtime import Lectern
from presentations.agent.schemas import PRESENTATION
from tests.agent.dialogues import calls


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


def test_what_a_presentation_is_told_by_is_in_its_schema() -> None:
    told = Status.__annotations__.keys() - set(NOT_TOLD)
    assert PRESENTATION["properties"].keys() == told
    for function in FUNCTIONS:
        jsonschema.Draft202012Validator.check_schema(function.answer)


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 'openai' or 'anthropic'"):
        tool_definitions("gemini")  # type: ignore[arg-type]


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
