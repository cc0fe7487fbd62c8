"""What a call asks for: a deck, a draft of one, or a change. After the types of a body, its rules are checked (400)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from presentations.demo.checks import (
    REQUIRED,
    Check,
    Refused,
    check_types,
    list_of,
    list_of_texts_or_nothing,
    one_of,
    slide_of,
    text,
    text_or_nothing,
    uuid_of,
    whole_number,
    whole_number_or_nothing,
    yes_or_no,
)
from presentations.demo.releases import Release

_TONES = ("default", "casual", "professional", "funny", "educational", "sales_pitch")
_VERBOSITIES = ("concise", "standard", "text-heavy")
_FORMATS = ("pptx", "pdf")
_LISTS = ("files", "slides_markdown")


@dataclass(frozen=True)
class Asked:
    content: str
    tone: str
    verbosity: str
    n_slides: int | None
    language: str
    template: str = "general"
    export_as: str = "pptx"
    files: tuple[str, ...] = ()
    slides_markdown: tuple[str, ...] = ()
    """The slides as they are to be; none: they are to be written."""
    instructions: str | None = None
    include_table_of_contents: bool = False
    include_title_slide: bool = True
    web_search: bool = False

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """From JSON, where lists stand for what is never changed."""
        return cls(**values | {name: tuple(values.get(name) or ()) for name in _LISTS})


@dataclass(frozen=True)
class Change:
    """What an edit puts over the content of slides, each by its index. Without any the deck is just exported."""

    presentation_id: str
    slides: dict[int, dict[str, Any]]
    export_as: str


def check(body: Any, release: Release) -> Asked:
    """Raise Refused unless the body can be worked on. Unknown fields are ignored."""
    values = check_types(body, _FIELDS | _fields_of(release))
    _check_rules(values, release)
    values["language"] = values["language"] or release.language
    # Recorded: slides that are given count, whatever number is asked for.
    return Asked.of(values | {"n_slides": len(values["slides_markdown"] or ()) or values["n_slides"]})


def check_draft(body: Any, release: Release) -> Asked:
    """The same for a draft, which is not exported and whose files have another name. Raises Refused."""
    values = check_types(body, _DRAFT)
    _check_number(values, release)
    return Asked.of(values | {"language": values["language"] or release.language, "files": values.pop("file_paths")})


def check_change(body: Any) -> Change:
    """Raise Refused unless the body says what to change, or to export."""
    values = check_types(body, _CHANGE)
    return Change(**values | {"slides": {slide["index"]: slide["content"] for slide in values["slides"]}})


def check_export(body: Any) -> str:
    """The format that is asked for. Raises Refused if there is no such."""
    export_as: str = check_types(body, _EXPORT)["export_as"]
    return export_as


def _fields_of(release: Release) -> dict[str, tuple[Check, Any]]:
    if release.n_slides is None:
        return {}
    return {"n_slides": (whole_number, release.n_slides), "language": (text, release.language)}


def _check_rules(values: dict[str, Any], release: Release) -> None:
    if not (values["content"] or values["slides_markdown"] or values["files"]):
        raise Refused(400, "Either content or slides markdown or files is required to generate presentation")
    _check_number(values, release)
    if not release.has_template(values["template"]):
        raise Refused(400, "Template not found. Please use a valid template.")


def _check_number(values: dict[str, Any], release: Release) -> None:
    n_slides = values["n_slides"]
    if n_slides is None:
        return
    if n_slides <= 0:
        raise Refused(400, "Number of slides must be greater than 0")
    if release.most_slides and n_slides > release.most_slides:
        raise Refused(400, f"Number of slides cannot be greater than {release.most_slides}")
    if n_slides < 3 and values["include_table_of_contents"]:
        raise Refused(400, "Number of slides cannot be less than 3 if table of contents is included")


# In the order of Presenton's own models, since faults come in this order.
_FIELDS: dict[str, tuple[Check, Any]] = {
    "content": (text, REQUIRED),
    "slides_markdown": (list_of_texts_or_nothing, None),
    "instructions": (text_or_nothing, None),
    "tone": (one_of("enum", _TONES), "default"),
    "verbosity": (one_of("enum", _VERBOSITIES), "standard"),
    "web_search": (yes_or_no, False),
    "n_slides": (whole_number_or_nothing, None),
    "language": (text_or_nothing, None),
    "template": (text, "general"),
    "include_table_of_contents": (yes_or_no, False),
    "include_title_slide": (yes_or_no, True),
    "files": (list_of_texts_or_nothing, None),
    "export_as": (one_of("literal_error", _FORMATS), "pptx"),
}
_DRAFT: dict[str, tuple[Check, Any]] = {
    **{name: _FIELDS[name] for name in ("content", "n_slides", "language")},
    "file_paths": (list_of_texts_or_nothing, None),
    **{name: _FIELDS[name] for name in ("tone", "verbosity", "instructions")},
    **{name: _FIELDS[name] for name in ("include_table_of_contents", "include_title_slide", "web_search")},
}
_EXPORT: dict[str, tuple[Check, Any]] = {"export_as": (one_of("literal_error", _FORMATS), REQUIRED)}
_CHANGE: dict[str, tuple[Check, Any]] = {
    "presentation_id": (uuid_of, REQUIRED),
    "slides": (list_of(slide_of), REQUIRED),
    "export_as": (one_of("literal_error", _FORMATS), "pptx"),
}
