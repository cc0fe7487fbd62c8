"""What is said after undoing."""

from __future__ import annotations

import pytest

from presentations.library import Did, Part, Undone, Why
from presentations.web.undone import said

PLACED = {Did.MOVED, Did.RESTORED, Why.MOVED}


def plain(undone: Undone) -> str:
    return said(undone).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("did", "left", "sentence"),
    [
        ([Part(Did.MOVED, "Cells", "Biology")], [], "Undone. “Cells” is in Biology again."),
        (
            [Part(Did.MOVED, "Cells", "Art"), Part(Did.SUBJECT_REMOVED, "Music"), Part(Did.MOVED, "Leaves", "Biology")],
            [],
            "Undone. 2 presentations are where they were. The subject Music is gone again.",
        ),
        (
            [Part(Did.MOVED, "Cells", "Biology")],
            [Part(Why.DELETED, "Roots"), Part(Why.MOVED, "Leaves", "Art"), Part(Why.DELETED, "Stems")],
            "Undone in part. “Cells” is in Biology again. “Leaves” stays in Art, where it was put since. "
            "2 presentations were deleted since, and stay so.",
        ),
        ([], [Part(Why.RENAMED, "Roots")], "Nothing was undone. The title “Roots” stays: it was given since."),
        ([], [], "Nothing was to be undone: all is as it was before."),
    ],
)
def test_what_was_done_and_what_was_left_is_said(did: list[Part], left: list[Part], sentence: str) -> None:
    assert plain(Undone(did, left)) == sentence


@pytest.mark.parametrize("what", [*Did, *Why])
def test_each_outcome_has_its_sentence(what: Did | Why) -> None:
    part = Part(what, "{Cells}", "Biology" if what in PLACED else "")
    done = Undone([part], []) if isinstance(what, Did) else Undone([], [part])
    assert plain(done).endswith(".")
    assert ("{Cells}" in plain(done)) == (what is not Why.GONE)
    assert ("Biology" in plain(done)) == (what in PLACED)
