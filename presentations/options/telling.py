"""What the slide generator is told besides the topic: for whom, for how long, what must be in it, how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_ENDINGS = {
    "questions": "End with a slide of questions on what was shown, without the answers.",
    "exit_ticket": "End with an exit ticket: a slide of two or three short tasks that show what was understood.",
    "homework": "End with a slide that sets homework on what was shown.",
    "summary": "End with a slide that sums up what was shown.",
}
_AS_IT_IS = "Keep the wording of each slide exactly as it is given; add nothing to it."


def told(values: Mapping[str, Any]) -> str | None:
    """The instructions that Presenton gets for these options; None where there is nothing to say."""
    return "\n".join(_sentences(values)) or None


def _sentences(values: Mapping[str, Any]) -> Iterator[str]:
    if values["instructions"]:
        yield values["instructions"]
    if values["grade"]:
        yield f"For whom it is: {values['grade']}."
    if values["minutes"]:
        yield f"It is for a lesson of {values['minutes']} minutes."
    if values["keep_wording"]:
        yield _AS_IT_IS
        return  # the others would have it change or add words
    if values["level"]:
        yield f"How well they know its language: {values['level']}. Choose words and sentences that they understand."
    if values["must_cover"]:
        yield f"It must cover:\n{values['must_cover']}"
    if values["ends_with"]:
        yield _ENDINGS[values["ends_with"]]
    if values["avoid"]:
        yield f"Do not use these words: {values['avoid']}"
