"""What each kind of option takes, and how its values are written in a form; no server is needed."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from docs.options import PAGE, with_table
from presentations.errors import InvalidRequest
from presentations.options import OPTIONS, Choice, Flag, GenerationRequest, Number, Option, Text
from presentations.options.kinds import OnForm
from tests.options.samples import SAMPLES, sample

ABOUT: dict[str, Any] = {"name": "colour", "label": "Colour", "description": "Of the slides."}
NAME = Text(**ABOUT, longest=10)
SIZE = Number(**ABOUT, low=5, high=90)
COUNT = Number(**ABOUT, low=1, high=50, default=5)
HUE = Choice(**ABOUT, words={"red": "Red", "none": None})
PALE = Flag(**ABOUT)


@pytest.mark.parametrize(
    ("option", "given", "kept"),
    [
        (NAME, " red ", "red"),
        (NAME, " ", None),
        (NAME, None, None),
        (SIZE, 5, 5),
        (SIZE, 90, 90),
        (SIZE, None, None),
        (HUE, "none", "none"),
        (HUE, "", None),
        (HUE, None, None),
        (PALE, False, False),
        (PALE, True, True),
        (PALE, None, None),
    ],
)
def test_values_are_kept_as_they_are_meant(option: Option, given: object, kept: object) -> None:
    assert option.checked(given) is kept or option.checked(given) == kept


@pytest.mark.parametrize(
    ("option", "given", "problem"),
    [
        (NAME, "x" * 11, "expected at most 10 characters, got 11"),
        (NAME, 5, "expected text, got int"),
        (dataclasses.replace(NAME, is_required=True), None, "expected text, got NoneType"),
        (dataclasses.replace(NAME, is_required=True), " ", "expected some text, got nothing"),
        (SIZE, 4, "expected a whole number from 5 to 90, got 4"),
        (SIZE, 91, "expected a whole number from 5 to 90, got 91"),
        (SIZE, True, "expected a whole number from 5 to 90, got True"),
        (SIZE, "6", "expected a whole number from 5 to 90, got '6'"),
        (COUNT, None, "expected a whole number from 1 to 50, got nothing"),
        (HUE, "Red", "expected one of red, none, got 'Red'"),
        (HUE, ["red"], "expected one of red, none, got ['red']"),
        (PALE, "Yes", "expected true or false, got 'Yes'"),
        (PALE, 1, "expected true or false, got 1"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(option: Option, given: object, problem: str) -> None:
    with pytest.raises(InvalidRequest, match="colour") as refused:
        option.checked(given)
    assert refused.value.problem == problem


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [(NAME, "red", "red"), (SIZE, 12, "12"), (HUE, "red", "red"), (PALE, True, "Yes"), (PALE, False, "No")],
)
def test_a_value_goes_through_a_form_and_back(option: Option, value: object, text: str) -> None:
    assert option.written(value) == text
    assert option.read(text) == value
    assert option.written(None) == ""
    assert option.checked(option.read("")) is None


def test_what_is_no_value_of_a_form_is_refused_and_not_guessed() -> None:
    for option, text in ((SIZE, "many"), (SIZE, "9" * 5000), (COUNT, ""), (PALE, "maybe"), (HUE, "blue")):
        with pytest.raises(InvalidRequest):
            option.checked(option.read(text))


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_described(option: Option) -> None:
    assert option.name.isidentifier()
    assert option.label[0].isupper()
    assert option.description.endswith(".")
    assert option.for_models is None or option.for_models.endswith(".")
    assert isinstance(option.on_form, OnForm | None)


def test_every_option_has_names_of_its_own() -> None:
    assert len({option.name for option in OPTIONS}) == len(OPTIONS)
    assert len({option.presenton_name or option.name for option in OPTIONS}) == len(OPTIONS)


def test_a_request_has_a_value_for_each_option_and_no_other() -> None:
    assert GenerationRequest.checked(**SAMPLES).values == SAMPLES
    least = GenerationRequest.checked(topic="Cells").values
    assert least == {option.name: option.default for option in OPTIONS} | {"topic": "Cells"}
    with pytest.raises(InvalidRequest, match="colour: is not an option of a presentation"):
        GenerationRequest.checked(topic="Cells", colour="red")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_sample_is_a_value_that_nothing_else_leads_to(option: Option) -> None:
    assert option.checked(sample(option)) == sample(option) != option.default


def test_docs_have_the_table_of_options() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page), "docs/api.md is older than the options: run python -m docs.options"
