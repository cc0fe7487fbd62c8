"""What Presenton answers, checked: the rest of Lectern sees only what is of the right shape, or a named error.

The releases differ. 0.5.15 to 0.8.9 name the deck once it is completed, 0.9.0 to 0.9.3 only count slides, later ones
name the deck from the start. Errors are {"detail": text}, {"detail": [{"loc", "msg", ...}]} or a proxy's HTML.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import Any

from presentations.presenton.errors import BadAnswer, Down, Failed, NotLetIn, Passing, Refused, Unanswered
from presentations.presenton.failures import Cause, Failure, cause_of, is_own_refusal
from presentations.presenton.marks import holds
from presentations.presenton.places import deck_page, page_path, served_path

_MAX_REASON = 2000
# So much of an error is looked at, in characters: whoever sends 20 MB of it decides how long that takes.
_MOST_READ = 20_000
_MAX_TEXT = 1000
_MOST_SLIDES = 10_000
# Characters: a UUID has 36, and an index of PostgreSQL takes no text of more than 2,704 bytes.
_LONGEST_ID = 200


@dataclass(frozen=True)
class Deck:
    """A finished presentation. `path` is that of its file below /app_data/, None when it cannot be downloaded."""

    id: str
    url: str
    path: str | None


@dataclass(frozen=True)
class Task:
    """What Presenton says of a task. `mark` differs whenever anything it said differs."""

    id: str
    is_completed: bool
    message: str | None
    slides_done: int | None
    slides_total: int | None
    deck: Deck | None
    deck_id: str | None
    failure: Failure | None
    mark: str


class Answer:
    """An HTTP answer, read whole."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body

    @property
    def is_json(self) -> bool:
        """Whether it is Presenton's own answer, rather than a proxy's."""
        try:
            self.json()
        except BadAnswer:
            return False
        return True

    def json(self) -> Any:
        """The answer's value. Raises BadAnswer."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise BadAnswer(f"its answer is not JSON: {self.words}") from None

    @property
    def words(self) -> str:
        """What Presenton, or the proxy in front of it, said."""
        return f"HTTP {self.status}: {self._said or 'no text'}"

    @property
    def failure(self) -> Failure:
        """What this error says of the generation that was asked for."""
        return Failure(cause_of(self.status, self._said), self.words)

    @property
    def is_unknown_call(self) -> bool:
        """Whether these are Presenton's words for a path that it does not have."""
        return self.status == 404 and self.is_json and self.json() == {"detail": "Not Found"}

    @property
    def is_own_error(self) -> bool:
        """Whether it is an error in Presenton's own form."""
        return self.status >= 400 and self.is_json and isinstance(self.json(), dict) and "detail" in self.json()

    @property
    def _said(self) -> str:
        try:
            said = _detail(json.loads(self.body))
        except (ValueError, RecursionError):
            said = _plain(self.body[:_MOST_READ].decode("utf-8", "replace"))
        return storable(said, _MAX_REASON)

    def raise_for_status(self) -> None:
        """Raise NotLetIn, Passing or Refused unless this is a success."""
        if self.status in (401, 403, 428):
            raise NotLetIn(f"{_HOW_TO_GET_IN[self.status]} ({self.words})")
        if self.status in (502, 503) and not self.is_json:
            raise Down(self.words)  # the proxy in front of it finds nobody
        if self.status >= 500 or self.status in (408, 425, 429):
            raise Passing(self.words)
        if self.status >= 300:
            raise (
                Refused(f"{_REDIRECTED}{self.words}") if self.status < 400 else Refused(self.words, self.failure.cause)
            )

    def raise_for_submit(self) -> None:
        """The same for a request that starts work: raises Unanswered and Failed as well."""
        # A gateway that gave up waiting says nothing about the server behind it, which goes on.
        if self.status == 504:
            raise Unanswered(self.words)
        if self.status == 500 or (self.status >= 400 and self.failure.cause is Cause.FILE_LOST):
            raise Failed(self.failure)
        self.raise_for_status()

    def raise_for_generation(self) -> None:
        """The same for the blocking call: the model provider's errors come through with their own status."""
        if not self.is_own_error or is_own_refusal(self.status, self._said):
            self.raise_for_submit()
        elif self.failure.cause in _SEEN_BEFORE_WORK:
            raise Refused(self.words, self.failure.cause)
        else:
            raise Failed(self.failure)


_SEEN_BEFORE_WORK = (Cause.REQUEST, Cause.TEMPLATE)

_HOW_TO_GET_IN = {
    401: "It does not accept the credentials: check PRESENTON_API_KEY, or PRESENTON_USERNAME and PRESENTON_PASSWORD",
    403: "The account may not do this: use the API key of an account that may make presentations",
    428: "It has no account yet: open it in a browser once and set one up",
}


_REDIRECTED = "It redirects: set PRESENTON_URL to the address that it redirects to. "


def read_task(value: Any, task_id: str | None) -> Task:
    """The task that `value` describes; `task_id` is used where it does not say its own. Raises BadAnswer."""
    if not isinstance(value, dict):
        raise BadAnswer(f"its answer is {_type(value)}, not an object")
    status = _field(value, "status", str)
    if not status:
        raise BadAnswer("its answer has no status")
    data = _field(value, "data", dict) or {}
    own_id = read_id(value, "id") or task_id
    if not own_id:
        raise BadAnswer("its answer has no task id")
    is_completed = status == "completed"
    deck_id = read_id(data, "presentation_id") or None
    message = _field(value, "message", str)
    done, left = _count(data, "created_slides"), _count(data, "remaining_slides")
    return Task(
        id=own_id,
        is_completed=is_completed,
        message=message,
        slides_done=done,
        slides_total=None if done is None or left is None else done + left,
        deck=read_deck(data) if is_completed and deck_id else None,
        deck_id=deck_id,
        failure=read_failure(value.get("error") or message) if status in ("error", "failed") else None,
        mark=_mark(status, message, data, value.get("updated_at")),
    )


def read_deck(value: Any) -> Deck:
    """The deck that `value` names. Raises BadAnswer."""
    if not isinstance(value, dict):
        raise BadAnswer(f"its answer is {_type(value)}, not an object")
    deck_id = read_id(value, "presentation_id")
    if not deck_id:
        raise BadAnswer("its answer has no presentation_id")
    url, path = _field(value, "edit_path", str), _field(value, "path", str)
    return Deck(deck_id, page_path(url) or deck_page(deck_id), served_path(path))


def read_marked(value: Any, mark: str) -> list[str]:
    """The ids of those in a list of presentations that hold this mark, oldest first. Raises BadAnswer."""
    if not isinstance(value, list):
        raise BadAnswer(f"its list of presentations is {_type(value)}, not a list")
    ours = [item for item in value if isinstance(item, dict) and holds(item.get("content"), mark)]
    ours.sort(key=lambda item: str(item.get("created_at")))
    ids = [item.get("id") for item in ours]
    return [storable(one) for one in ids if isinstance(one, str) and len(one) <= _LONGEST_ID]


def read_slide_count(value: Any) -> int:
    """How many slides a presentation has by now: none while it is a draft. Raises BadAnswer."""
    if not isinstance(value, dict):
        raise BadAnswer(f"its answer is {_type(value)}, not an object")
    return len(_field(value, "slides", list) or [])


def read_updated_at(value: Any) -> str:
    """When a presentation was changed, in Presenton's own words, and a digest of its slides. Raises BadAnswer.

    The digest, since Presenton's editor saves slides beside the presentation's own row, whose `updated_at` stays then.
    """
    if not isinstance(value, dict):
        raise BadAnswer(f"its answer is {_type(value)}, not an object")
    updated_at = _field(value, "updated_at", str)
    if not updated_at:
        raise BadAnswer("its answer has no updated_at")
    return f"{updated_at} {_mark(_field(value, 'slides', list))}"


def has_same_slides(before: str, after: str) -> bool:
    """Whether the slides were the same at two read_updated_at(): to be exported may count as a change to Presenton."""
    return before.rpartition(" ")[2] == after.rpartition(" ")[2]


def deck_of(deck_id: str) -> Deck:
    """A deck whose file is not known."""
    return Deck(deck_id, deck_page(deck_id), None)


def read_id(value: dict[str, Any], name: str) -> str | None:
    """The id of this name; None where there is none. Raises BadAnswer for what is too long to be one."""
    found: str | None = _field(value, name, str)
    if found and len(found) > _LONGEST_ID:
        raise BadAnswer(f"its {name} has more than {_LONGEST_ID} characters")
    return found


def _field(value: dict[str, Any], name: str, kind: type) -> Any:
    found = value.get(name)
    if found is not None and not isinstance(found, kind):
        raise BadAnswer(f"its {name} is {_type(found)}, not {kind.__name__}")
    return storable(found) if isinstance(found, str) else found


def _count(data: dict[str, Any], name: str) -> int | None:
    found = _field(data, name, int)
    if isinstance(found, bool) or (found is not None and not 0 <= found <= _MOST_SLIDES):
        raise BadAnswer(f"its {name} is {found!r}, not a number of slides")
    return found  # type: ignore[no-any-return]


def read_failure(error: Any) -> Failure:
    """What an error says that does not come as an answer of its own: a task's, or that of an event."""
    if not isinstance(error, dict):
        said = storable(str(error or "no reason given"), _MAX_REASON)
        return Failure(cause_of(None, said), said)
    status, said = error.get("status_code"), _detail(error)[:_MOST_READ]
    words = storable(f"{'no code' if status is None else status}: {said}", _MAX_REASON)
    return Failure(cause_of(status if isinstance(status, int) else None, said), words)


def _mark(*said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _detail(value: Any) -> str:
    detail = value.get("detail", value) if isinstance(value, dict) else value
    if isinstance(detail, list):
        return "; ".join(_complaint(item) for item in detail)
    return detail if isinstance(detail, str) else json.dumps(detail)


def _complaint(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    loc = item.get("loc")
    where = ".".join(str(part) for part in (loc if isinstance(loc, list) else [loc]))
    return f"{where}: {item.get('msg')}"


def _plain(html: str) -> str:
    text = re.sub(r"<[^<>]*>", " ", html)
    with suppress(ValueError):  # a character's number of thousands of digits: it stays as it is written
        text = unescape(text)
    return " ".join(text.split())


def storable(text: str, longest: int = _MAX_TEXT) -> str:
    """The beginning of `text`, without what PostgreSQL cannot store: NUL and halves of surrogate pairs."""
    return text[:longest].replace("\x00", "").encode("utf-8", "replace").decode()


def _type(value: Any) -> str:
    return f"a {type(value).__name__}"
