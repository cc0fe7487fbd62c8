"""The templates that Presenton lists: bare (0.8), by ids that tell nothing (0.9.0), in pages (0.9.3 and newer)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from presentations.errors import InvalidRequest
from presentations.presenton.errors import BadAnswer
from presentations.validation import checked_id, checked_text

_LONGEST = 200


@dataclass(frozen=True)
class Template:
    """Something that decks are made with: `id` is what is asked for, `name` what people call it."""

    id: str
    name: str

    @property
    def called(self) -> str:
        """Its id, and its name where that tells more."""
        return self.id if self.name.lower() == self.id else f"{self.id} ({self.name})"

    def is_meant_by(self, given: str) -> bool:
        """Whether Presenton takes `given` for it: releases before 0.9.3 go by the name, or by `custom-` and the id."""
        return given in (self.id, f"custom-{self.id}", self.name.lower())


@dataclass(frozen=True)
class TemplatePage:
    """A part of the list; `total` is how many there are on all pages, 0 where there are no pages."""

    templates: list[Template]
    total: int


def read_templates(value: Any) -> TemplatePage:
    """The templates that `value` lists, without those that cannot be asked for. Raises BadAnswer."""
    items = value.get("items") if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise BadAnswer(f"its list of templates is a {type(items).__name__}, not a list")
    found = [_read(item) for item in items]
    total = value.get("total") if isinstance(value, dict) else None
    return TemplatePage([one for one in found if one], total if isinstance(total, int) else 0)


def _read(item: Any) -> Template | None:
    try:
        template_id = checked_id("id", item["id"], _LONGEST)
        return Template(template_id, checked_text("name", item.get("name") or template_id, _LONGEST))
    except (InvalidRequest, TypeError, KeyError, AttributeError):
        return None
