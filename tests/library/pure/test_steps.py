"""What of a change is still as it was left: after everything that another tab may have done since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from presentations.library.steps import Part, Plan, Stands, Steps, Why, plan_of

WHEN = datetime(2026, 11, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 2, tzinfo=UTC)
SUBJECTS = {"biology": "Biology", "physics": "Physics", "art": "Art"}
MOVED = Steps(subject_now="physics", subjects_were=[("1", "biology")], names=[("biology", "Biology")])
MADE = replace(MOVED, created=[("physics", "Physics")])
RENAMED = Steps(title_now="Leaves", titles_were=[("1", None)])
DELETED = Steps(deleted_at=WHEN.isoformat(), deleted=["1"])
SUBJECT_DELETED = Steps("default", subjects_were=[("1", "biology")], removed=[("biology", "Biology")])
SUBJECT_RENAMED = replace(SUBJECT_DELETED, subject_now="physics", created=[("physics", "Physics")])
RESPELLED = Steps(renamed=[("art", "ART", "Art")])


def one(**how: Any) -> dict[str, Stands]:
    """Presentation 1, which is in Physics unless that is said otherwise."""
    told = {"status": "complete", "subject": "physics", "title": None, "topic": "Cells", "deleted_at": None}
    return {"1": Stands("1", **told | how)}


def gone(at: datetime = LATER, **how: Any) -> dict[str, Stands]:
    return one(status="deleted", deleted_at=at, **how)


def without(*keys: str) -> dict[str, str]:
    return {key: name for key, name in SUBJECTS.items() if key not in keys}


@pytest.mark.parametrize(
    ("steps", "stands", "subjects", "plan"),
    [
        (MOVED, one(), SUBJECTS, Plan(refile={"1": "biology"})),
        (MOVED, one(title="Leaves"), SUBJECTS, Plan(refile={"1": "biology"})),
        (MOVED, one(), without("biology"), Plan(refile={"1": "biology"}, make={"biology": "Biology"})),
        (MADE, one(), SUBJECTS, Plan(refile={"1": "biology"}, remove={"physics": "Physics"})),
        (RENAMED, one(title="Leaves", subject="art"), SUBJECTS, Plan(retitle={"1": None})),
        (DELETED, gone(WHEN), SUBJECTS, Plan(restore=["1"])),
        (
            SUBJECT_DELETED,
            one(subject="default"),
            without("biology"),
            Plan(refile={"1": "biology"}, make={"biology": "Biology"}),
        ),
        (SUBJECT_DELETED, one(subject="default"), SUBJECTS, Plan(refile={"1": "biology"})),
        (SUBJECT_DELETED, one(subject="art"), SUBJECTS, Plan(left=[Part(Why.MOVED, "Cells", "Art", "1")])),
        (
            SUBJECT_RENAMED,
            one(),
            without("biology"),
            Plan(refile={"1": "biology"}, make={"biology": "Biology"}, remove={"physics": "Physics"}),
        ),
        (RESPELLED, {}, SUBJECTS, Plan(respell={"art": "ART"})),
    ],
)
def test_what_is_as_it_was_left_is_put_back(
    steps: Steps, stands: dict[str, Stands], subjects: dict[str, str], plan: Plan
) -> None:
    assert plan_of(steps, stands, subjects) == plan


@pytest.mark.parametrize(
    ("steps", "stands", "left"),
    [
        (MOVED, one(subject="art"), Part(Why.MOVED, "Cells", "Art", "1")),
        (MOVED, one(subject="default", title="Leaves"), Part(Why.MOVED, "Leaves", "Unorganized", "1")),
        (MOVED, one(subject="music"), Part(Why.MOVED, "Cells", "music", "1")),
        (MOVED, gone(), Part(Why.DELETED, "Cells", id="1")),
        (MOVED, {}, Part(Why.GONE, "", id="1")),
        (RENAMED, one(title="Roots"), Part(Why.RENAMED, "Roots", id="1")),
        (RENAMED, one(title=None), Part(Why.RENAMED, "Cells", id="1")),
        (RENAMED, gone(title="Leaves"), Part(Why.DELETED, "Leaves", id="1")),
        (RENAMED, {}, Part(Why.GONE, "", id="1")),
        (DELETED, one(), Part(Why.RESTORED, "Cells", id="1")),
        (DELETED, gone(LATER), Part(Why.DELETED, "Cells", id="1")),
        (DELETED, {}, Part(Why.GONE, "", id="1")),
        (Steps(renamed=[("art", "ART", "aRt")]), {}, Part(Why.SUBJECT_RENAMED, "Art")),
        (Steps(renamed=[("music", "MUSIC", "Music")]), {}, Part(Why.SUBJECT_GONE, "Music")),
        (replace(SUBJECT_RENAMED, created=[("chemistry", "Chemistry")]), one(), Part(Why.SUBJECT_GONE, "Chemistry")),
        (replace(SUBJECT_RENAMED, created=[("physics", "PHYSICS")]), one(), Part(Why.SUBJECT_RENAMED, "Physics")),
    ],
)
def test_what_has_changed_since_is_left_and_named(steps: Steps, stands: dict[str, Stands], left: Part) -> None:
    assert plan_of(steps, stands, SUBJECTS) == Plan(left=[left])


@pytest.mark.parametrize(
    ("stands", "refile"), [(gone(subject="default"), {"1": "biology"}), (gone(subject="art"), {}), ({}, {})]
)
def test_what_was_deleted_before_its_subject_follows_it_unseen(
    stands: dict[str, Stands], refile: dict[str, str]
) -> None:
    steps = replace(SUBJECT_DELETED, were_deleted=["1"])
    assert plan_of(steps, stands, without("biology")) == Plan(refile=refile, make={"biology": "Biology"})
