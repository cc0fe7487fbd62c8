"""All that Lectern may refuse stands in docs/errors.md, and says what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import errors
from presentations.errors import InvalidRequest, LimitReached, shown
from presentations.web.wording import complaint
from tests.support.refusals import says_what_to_do

# This only puts a name before what another error says.
PASSED_ON = "… is …: …"

MODULE = """
SAID = "A name of the module."

def one(field, problem, is_odd):
    said = f"A name of the function, {field}."
    raise InvalidRequest(field, "A text."
                                " In two parts.")
    raise NotFound(SAID)
    raise NotFound(said)
    raise NotFound(f"With {field}: " + "and more.")
    raise Conflicting("When odd." if is_odd else "When even.")
    raise NotThere(_WHYS.get(field, "Why else?").format("open"))
    if (said := _wrong(field)):
        raise NotAllowed(said)
    raise NotFound(f"{field}: {error}")
    raise NotFound(str(error))
    raise NotFound
    problems.problem(400, "By another module.")

_WHYS = {"odd": "Why odd: {}.", "even": "Why even."}

def _wrong(field):
    return "When wrong." if field else None

def two(field):
    raise _bad("Given to a function.")

def _bad(problem):
    return InvalidRequest("url", problem)
"""


def test_page_is_as_the_code() -> None:
    written = errors.PAGE.read_text(encoding="utf-8")
    assert written == errors.page(), "docs/errors.md is older than the code: run python -m docs.errors"


def test_each_says_what_to_do() -> None:
    mute = [one for one in errors.refusals() if not says_what_to_do(one.sentence) and one.sentence != PASSED_ON]
    assert mute == []


def test_each_way_of_saying_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "said.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(errors, "CODE", tmp_path)
    assert {refusal.sentence for refusal in errors.refusals() if refusal.module == "said.py"} == {
        "A name of the module.",
        "A name of the function, ….",
        "A text. In two parts.",
        "With …: and more.",
        "When odd.",
        "When even.",
        "Why odd: ….",
        "Why even.",
        "Why else?",
        "When wrong.",
        "By another module.",
        "Given to a function.",
    }


@pytest.mark.parametrize(
    "sentence", ["There is no such page.", "This token does not work.", "is no JSON", "only an admin grants this"]
)
def test_what_says_nothing_to_do_is_told_apart(sentence: str) -> None:
    assert not says_what_to_do(sentence)


def test_values_are_cut_and_can_be_shown() -> None:
    assert (shown("Cells"), shown(99), shown(None)) == ("'Cells'", "99", "nothing")
    assert len(shown("x" * 500)) == 60
    assert shown("\ud800\x00").isprintable()


@pytest.mark.parametrize(("seconds", "said"), [(None, "wait until"), (10, "about 1 min"), (600, "about 10 min")])
def test_a_limit_says_how_long_to_wait(seconds: int | None, said: str) -> None:
    error = LimitReached(20, seconds)
    assert "20 presentations waiting, which is the most: wait" in str(error)
    assert said in str(error)


def test_a_complaint_is_one_sentence() -> None:
    assert complaint(InvalidRequest("url", "the name is not known. Check it.")) == "The name is not known. Check it."
