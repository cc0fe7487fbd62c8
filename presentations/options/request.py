"""What somebody asks for, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from presentations.errors import InvalidRequest
from presentations.options.catalog import MAX_SLIDES, MAX_TOPIC, OPTIONS
from presentations.options.cutting import cuts
from presentations.options.telling import told
from presentations.validation import shows_nothing

LEAST_WITH_CONTENTS = 3
"""Presenton refuses fewer slides with one of contents."""


@dataclass(frozen=True)
class GenerationRequest:
    """What is to be made: a value for each of OPTIONS, by its name. One that is None is left to Presenton.

    `outline` are the slides that its teacher has accepted, in Markdown; None: there is none.
    """

    values: Mapping[str, Any]
    outline: tuple[str, ...] | None = None

    @classmethod
    def checked(cls, **given: object) -> GenerationRequest:
        """A request of values that can be made. Raises InvalidRequest naming the first field that cannot.

        One without a topic gets it from its text; one that keeps the wording of its text has as many slides as that.
        """
        given = {**given, "topic": _topic(given.get("topic"), given.get("text"))}
        values: dict[str, Any] = {
            option.name: option.checked(given.pop(option.name, option.default)) for option in OPTIONS
        }
        for field in given:
            raise InvalidRequest(field, f"is not an option of a presentation: use one of {', '.join(values)}")
        if values["keep_wording"]:
            values["n_slides"] = _count_of_cuts(values)
        if values["table_of_contents"] and values["n_slides"] < LEAST_WITH_CONTENTS:
            problem = f"it needs at least {LEAST_WITH_CONTENTS} slides, got {values['n_slides']}: ask for more"
            raise InvalidRequest("table_of_contents", problem)
        return cls(values)

    @classmethod
    def of(cls, row: Any) -> GenerationRequest:
        """What the row of a presentation asks for; its text and its outline have to be loaded."""
        is_accepted = row.outline is not None and row.awaits_teacher_since is None
        values = {option.name: getattr(row, option.name) for option in OPTIONS}
        return cls(values, tuple(row.outline) if is_accepted else None)

    @property
    def topic(self) -> str:
        return str(self.values["topic"])

    @property
    def n_slides(self) -> int:
        return int(self.values["n_slides"])

    @property
    def slides(self) -> Sequence[str] | None:
        """Its slides in Markdown, where they are settled: its outline, or the text whose wording is kept."""
        return self.outline or (cuts(self.values["text"]) if self.values["keep_wording"] else None)

    @property
    def content(self) -> str:
        """What it is about: its topic, and the text that it is to be made from."""
        text = self.values["text"]
        return f"{self.topic}\n\n{text}" if text and self.slides is None else self.topic

    @property
    def instructions(self) -> str | None:
        """What the slide generator is told besides."""
        return told(self.values)


def _topic(topic: object, text: object) -> object:
    is_missing = topic is None or (isinstance(topic, str) and shows_nothing(topic))
    if not is_missing or not isinstance(text, str):
        return topic
    lines = (line.strip().lstrip("#").strip() for line in text.splitlines())
    return next((line[:MAX_TOPIC] for line in lines if not shows_nothing(line)), topic)


def _count_of_cuts(values: Mapping[str, Any]) -> int:
    if not values["text"]:
        raise InvalidRequest("keep_wording", "expected a text whose wording is kept, got none: give one")
    if values["outline_first"]:
        raise InvalidRequest("outline_first", "the text is the outline already: leave it out, or keep_wording")
    count = len(cuts(values["text"]))
    if count > MAX_SLIDES:
        raise InvalidRequest(
            "text",
            f"expected at most {MAX_SLIDES} parts, got {count}: put fewer lines of --- between them, or make it two",
        )
    return count
