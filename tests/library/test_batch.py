"""Many presentations asked for at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from presentations.database.models import Presentation
from presentations.errors import InvalidRequest, LimitReached
from presentations.library import Library, ask_many, check_many

WEEK: list[dict[str, Any]] = [
    {"topic": "Photosynthesis", "n_slides": 6, "subject": "Biology"},
    {"topic": "Volcanoes", "subject": "Geography"},
    {"topic": "The French Revolution"},
]


def test_each_is_asked_for_in_order_and_filed(library: Library) -> None:
    asked = ask_many(library, "alice", WEEK)
    assert [(one.topic, one.n_slides, one.subject) for one in asked if isinstance(one, Presentation)] == [
        ("Photosynthesis", 6, "biology"),
        ("Volcanoes", 5, "geography"),
        ("The French Revolution", 5, "default"),
    ]
    # No more of one teacher's stand in line than if each had been asked for by itself.
    assert len(library.engine.queue.look().jobs) == 2


def test_one_that_cannot_be_made_does_not_cost_the_others(library: Library) -> None:
    items: list[dict[str, Any]] = [
        WEEK[0],
        {"topic": " "},
        {"topic": "x", "n_slides": 51},
        {"topic": "x", "subject": "s" * 81},
        WEEK[1],
    ]
    checked = check_many(library, "alice", items)
    fields = [None, "topic", "n_slides", "subject", None]
    assert [one.field if isinstance(one, InvalidRequest) else None for one in checked.items] == fields
    assert library.list("alice").items == []
    asked = ask_many(library, "alice", items)
    assert [one.field if isinstance(one, InvalidRequest) else None for one in asked] == fields


def test_what_is_sent_again_is_not_asked_for_again(library: Library) -> None:
    twice = [*WEEK, WEEK[0]]
    first = [one.id for one in ask_many(library, "alice", twice, "k1") if isinstance(one, Presentation)]
    assert len(set(first)) == 4
    again = [one.id for one in ask_many(library, "alice", twice[::-1], "k1") if isinstance(one, Presentation)]
    assert sorted(again) == sorted(first)
    changed = [*WEEK[:2], {"topic": "The Russian Revolution"}]
    (*same, other) = [one.id for one in ask_many(library, "alice", changed, "k1") if isinstance(one, Presentation)]
    assert same == first[:2]
    assert other not in first


def test_how_many_more_may_wait_is_known_before_and_holds(library: Library) -> None:
    with library.database.begin() as session:
        session.execute(text("UPDATE presentation_controls SET max_waiting = 3"))
    assert check_many(library, "alice", WEEK).room == 3
    library.create("alice", "One that waits already")
    assert check_many(library, "alice", WEEK).room == 2
    assert check_many(library, "bob", WEEK).room == 3
    *asked, refused = ask_many(library, "alice", WEEK)
    assert [one.topic for one in asked if isinstance(one, Presentation)] == ["Photosynthesis", "Volcanoes"]
    assert isinstance(refused, LimitReached)
    assert check_many(library, "alice", WEEK).room == 0


@pytest.mark.parametrize("number", [0, 51])
def test_there_are_one_to_fifty(library: Library, number: int) -> None:
    for verb in (check_many, ask_many):
        with pytest.raises(InvalidRequest, match=f"items: expected 1 to 50 presentations, got {number}"):
            verb(library, "alice", [WEEK[0]] * number)
