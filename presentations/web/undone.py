"""What is said after undoing: what is as it was, and what is not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from presentations.library import Did, Part, Undone, Why
from presentations.web.wording import presentations, quoted

# For one, by its name and place; and for several presentations, by their number.
_SENTENCES: dict[Did | Why, tuple[str, str]] = {
    Did.MOVED: ("{title} is in {place} again.", "{number} are where they were."),
    Did.RENAMED: ("The title is {title} again.", ""),
    Did.RESTORED: ("{title} is back in {place}.", "{number} are back."),
    Did.WAITING: ("{title} is back, and waits again.", "{number} are back, and wait again."),
    Did.SUBJECT_MADE: ("The subject {name} is there again.", ""),
    Did.SUBJECT_RENAMED: ("The subject is called {name} again.", ""),
    Did.SUBJECT_REMOVED: ("The subject {name} is gone again.", ""),
    Why.MOVED: ("{title} stays in {place}, where it was put since.", "{number} stay where they were put since."),
    Why.RENAMED: ("The title {title} stays: it was given since.", ""),
    Why.DELETED: ("{title} was deleted since, and stays so.", "{number} were deleted since, and stay so."),
    Why.GONE: ("1 presentation is there no longer.", "{number} are there no longer."),
    Why.RESTORED: ("{title} was back already.", "{number} were back already."),
    Why.SUBJECT_RENAMED: ("The subject {name} stays as it is: it was given this name since.", ""),
    Why.SUBJECT_GONE: ("There is no subject {name} any more.", ""),
    Why.SUBJECT_USED: ("The subject {name} stays, since it is not empty.", ""),
}


def said(undone: Undone) -> str:
    """All that undoing a change did and left, in one sentence each."""
    return " ".join([_verdict(undone), *_sentences(undone.did), *_sentences(undone.left)])


def _verdict(undone: Undone) -> str:
    if undone.did:
        return "Undone in part." if undone.left else "Undone."
    return "Nothing was undone." if undone.left else "Nothing was to be undone: all is as it was before."


def _sentences(parts: Sequence[Part]) -> Iterator[str]:
    order = list(_SENTENCES)
    for what, group in groupby(sorted(parts, key=lambda part: order.index(part.what)), key=lambda part: part.what):
        same = list(group)
        one, many = _SENTENCES[what]
        if many and len(same) > 1:
            yield many.format(number=presentations(len(same)))
        else:
            yield from (_of_one(one, part) for part in same)


def _of_one(sentence: str, part: Part) -> str:
    return sentence.format(title=quoted(part.name), name=quoted(part.name, ""), place=quoted(part.place, ""))
