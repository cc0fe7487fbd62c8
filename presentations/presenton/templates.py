"""The templates that Presenton lists: bare (0.8), by ids that tell nothing (0.9.0), in pages (0.9.3 and newer)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from presentations.errors import InvalidRequest
from presentations.presenton.answers import Answer, storable
from presentations.presenton.errors import BadAnswer
from presentations.presenton.places import served_path
from presentations.presenton.sending import Sender
from presentations.presenton.transport import AnswerTooLarge, read
from presentations.validation import checked_id, checked_text

# Bytes, and seconds for them.
_MOST_OF_A_PICTURE = 500 * 1000
_SECONDS = 30.0
_LONGEST = 200
_LONGEST_DESCRIPTION = 500
_LONGEST_PATH = 500


@dataclass(frozen=True)
class Template:
    """Something that decks are made with: `id` is what is asked for, `name` what people call it.

    `thumbnail` is the path of a picture of it; older lists name none, and describe nothing.
    """

    id: str
    name: str
    description: str = ""
    thumbnail: str | None = None

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
        name = checked_text("name", item.get("name") or template_id, _LONGEST)
        return Template(template_id, name, _description(item), _thumbnail(item))
    except (InvalidRequest, TypeError, KeyError, AttributeError):
        return None


def _description(item: dict[str, Any]) -> str:
    try:
        return checked_text("description", item["description"][:_LONGEST_DESCRIPTION], _LONGEST_DESCRIPTION)
    except (InvalidRequest, TypeError, KeyError):
        return ""


def _thumbnail(item: dict[str, Any]) -> str | None:
    path = item.get("thumbnail")
    return served_path(storable(path, _LONGEST_PATH)) if isinstance(path, str) else None


def picture_type(content: bytes) -> str | None:
    """The media type of a picture that a browser may be shown, by its first bytes; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def picture(sender: Sender, path: str) -> bytes | None:
    """The picture below /app_data/ with this path; None when there is none, or one of more than 500 KB."""
    served = served_path(path)
    if served is None:
        return None
    with sender.opened(quote(served)) as response:
        try:
            answer = Answer(response.status, read(response, _SECONDS, _MOST_OF_A_PICTURE))
        except AnswerTooLarge:
            return None
    if answer.status in (403, 404, 410):
        return None
    answer.raise_for_status()
    return answer.body if picture_type(answer.body) else None
