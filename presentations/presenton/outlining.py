"""Outlines: a draft of a presentation, of which Presenton first writes what will stand on each slide.

It writes while it is asked, and tells of it by server-sent events
(https://html.spec.whatwg.org/multipage/server-sent-events.html). What it has written is asked for afterwards.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from presentations.presenton.answers import Answer, read_failure, read_id, storable
from presentations.presenton.calls import stream_path
from presentations.presenton.errors import BadAnswer, Failed, Refused, UnknownDeck
from presentations.presenton.sending import Sender
from presentations.presenton.transport import pieces, read

# Bytes of events, of which an outline of 50 slides has some 100 KB.
_MOST_STREAMED = 5 * 1024 * 1024
# Seconds for the words of an answer that is no stream.
_REFUSAL_SECONDS = 30.0

_KNOWN_TO_DRAFTS = frozenset(
    {
        *("content", "n_slides", "language", "tone", "verbosity", "instructions"),
        *("include_table_of_contents", "include_title_slide", "web_search"),
    }
)
_MOST_SLIDES = 50
_LONGEST_SLIDE = 5000


def draft_body(body: dict[str, Any]) -> dict[str, Any]:
    """What a draft takes of the body of a generation."""
    return {name: value for name, value in body.items() if name in _KNOWN_TO_DRAFTS}


def read_draft(value: Any) -> str:
    """The id of the draft that `value` describes. Raises BadAnswer."""
    draft_id = read_id(value, "id") if isinstance(value, dict) else None
    if not draft_id:
        raise BadAnswer("its answer has no id of a draft")
    return draft_id


def read_outlines(value: Any) -> list[str]:
    """What is to stand on each slide, in Markdown: at most 50 slides of 5,000 characters each. Raises BadAnswer."""
    slides = value.get("slides") if isinstance(value, dict) else None
    if slides is None and isinstance(value, dict):
        return []
    if not isinstance(slides, list):
        raise BadAnswer("its outlines are no list of slides")
    written = [_slide(one) for one in slides[:_MOST_SLIDES]]
    return [one for one in written if one]


def _slide(value: Any) -> str:
    content = value.get("content") if isinstance(value, dict) else None
    if not isinstance(content, str):
        raise BadAnswer("its outlines hold a slide without text")
    return storable(content.strip(), _LONGEST_SLIDE)


def raise_for_draft(answer: Answer) -> None:
    """Raise unless this is a success: UnknownDeck, Failed, Refused, Passing."""
    raise_if_unknown(answer)
    if answer.status == 404:
        raise UnknownDeck(answer.words) if answer.is_json else BadAnswer(answer.words)
    if answer.status == 500:
        raise Failed(answer.failure)
    answer.raise_for_status()


def raise_if_unknown(answer: Answer) -> None:
    """Raise Refused by a release that has no such call."""
    if answer.is_unknown_call:
        raise Refused(f"It proposes no outlines ({answer.words})")


def write(sender: Sender, draft_id: str, seconds: float) -> None:
    """Have the outlines of a draft written, within `seconds` in all. Raises UnknownDeck, Passing, Failed, Refused."""
    end = time.monotonic() + seconds
    with sender.opened(stream_path(draft_id), seconds) as response:
        if response.status != 200:
            raise_for_draft(Answer(response.status, read(response, _REFUSAL_SECONDS)))
        with closing(pieces(response, max(0.0, end - time.monotonic()), _MOST_STREAMED)) as heard:
            _listen(heard)


def _listen(heard: Iterable[bytes]) -> None:
    """Until it is written. Raises Failed when Presenton says that it could not be."""
    for event in _events(heard):
        kind = event.get("type")
        if kind == "error":
            raise Failed(read_failure(event))
        if kind == "complete":
            return


def _events(heard: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """What each event says; those that say nothing in JSON are passed over."""
    data: list[bytes] = []
    for line in _lines(heard):
        if line.startswith(b"data:"):
            data.append(line.removeprefix(b"data:"))
        elif not line.strip() and data:
            event = _said(b"\n".join(data))
            data.clear()
            if event is not None:
                yield event


def _said(data: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _lines(heard: Iterable[bytes]) -> Iterator[bytes]:
    begun = bytearray()  # a line may come in a million pieces
    for piece in heard:
        *ended, rest = piece.split(b"\n")
        for part in ended:
            begun += part
            yield bytes(begun)
            begun.clear()
        begun += rest
