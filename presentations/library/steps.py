"""The steps of a change, and which of them can be undone: what is still as the change left it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from presentations.database.models import DELETED, UNORGANIZED


@dataclass
class Steps:
    """One change, as it is kept in presentation_undos. Ids and times are text; a subject is its key and its name.

    `defaults` are those of the subject that was removed.
    """

    subject_now: str | None = None
    subjects_were: list[tuple[str, str]] = field(default_factory=list)
    title_now: str | None = None
    titles_were: list[tuple[str, str | None]] = field(default_factory=list)
    deleted_at: str | None = None
    deleted: list[str] = field(default_factory=list)
    deleted_from: list[tuple[str, str]] = field(default_factory=list)
    were_live: list[str] = field(default_factory=list)
    were_deleted: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    created: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    defaults: dict[str, Any] = field(default_factory=dict)


class Did(Enum):
    """What undoing did with a presentation or a subject."""

    MOVED = "moved"
    RENAMED = "renamed"
    RESTORED = "restored"
    WAITING = "waiting"
    SUBJECT_MADE = "subject_made"
    SUBJECT_RENAMED = "subject_renamed"
    SUBJECT_REMOVED = "subject_removed"


class Why(Enum):
    """Why undoing left a presentation or a subject as it is: what became of it since."""

    MOVED = "moved"
    RENAMED = "renamed"
    DELETED = "deleted"
    GONE = "gone"
    RESTORED = "restored"
    SUBJECT_RENAMED = "subject_renamed"
    SUBJECT_GONE = "subject_gone"
    SUBJECT_USED = "subject_used"


@dataclass(frozen=True)
class Part:
    """A presentation, by its title, subject and id, or a subject, by its name: how it is, and what was done or not."""

    what: Did | Why
    name: str
    place: str = ""
    id: str | None = None


class Stands(NamedTuple):
    """How a presentation stands now."""

    id: str
    status: str
    subject: str
    title: str | None
    topic: str
    deleted_at: datetime | None

    @property
    def is_deleted(self) -> bool:
        return self.status == DELETED

    @property
    def shown(self) -> str:
        return self.topic if self.title is None else self.title


@dataclass
class Plan:
    """What is to be undone, by presentations' ids and subjects' keys, and what is left."""

    refile: dict[str, str] = field(default_factory=dict)
    retitle: dict[str, str | None] = field(default_factory=dict)
    restore: list[str] = field(default_factory=list)
    make: dict[str, str] = field(default_factory=dict)
    respell: dict[str, str] = field(default_factory=dict)
    remove: dict[str, str] = field(default_factory=dict)
    left: list[Part] = field(default_factory=list)


def plan_of(steps: Steps, stands: Mapping[str, Stands], subjects: Mapping[str, str]) -> Plan:
    """What of a change can be undone, by how its presentations (by id) and the user's subjects (by key) are now."""
    plan = Plan()
    if steps.removed and not all(_is_named(plan, key, name, subjects) for key, name in steps.created):
        # The new name of a subject was changed once more: what is in it stays, too.
        return plan
    plan.remove = dict(steps.created)
    plan.respell = {key: was for key, was, now in steps.renamed if _is_named(plan, key, now, subjects)}
    _plan_subjects(plan, steps, stands, subjects)
    for id_, was in steps.titles_were:
        _plan_title(plan, id_, stands.get(id_), steps.title_now, was)
    for id_ in steps.deleted:
        _plan_restoring(plan, id_, stands.get(id_), steps.deleted_at)
    _plan_places(plan, steps, stands, subjects)
    return plan


def subject_name(key: str, subjects: Mapping[str, str]) -> str:
    """The name of a subject; its key where another program has filed something without making the subject."""
    return "Unorganized" if key == UNORGANIZED else subjects.get(key, key)


def _is_named(plan: Plan, key: str, name: str, subjects: Mapping[str, str]) -> bool:
    """Whether a subject has the name that the change gave it. If not, that is noted."""
    if subjects.get(key) == name:
        return True
    is_there = key in subjects
    plan.left.append(Part(Why.SUBJECT_RENAMED, subjects[key]) if is_there else Part(Why.SUBJECT_GONE, name))
    return False


def _plan_subjects(plan: Plan, steps: Steps, stands: Mapping[str, Stands], subjects: Mapping[str, str]) -> None:
    for id_, was in steps.subjects_were:
        now = stands.get(id_)
        is_gone, was_gone = now is None or now.is_deleted, id_ in steps.were_deleted
        if now and now.subject == steps.subject_now and (was_gone or not is_gone):
            plan.refile[id_] = was
        elif is_gone and not was_gone:
            plan.left.append(_gone(id_, now))
        elif now and not is_gone:
            plan.left.append(Part(Why.MOVED, now.shown, subject_name(now.subject, subjects), id_))
    names = dict([*steps.names, *steps.removed])
    # A subject may have been deleted since its presentations were moved away.
    again = names.keys() & plan.refile.values() | dict(steps.removed).keys()
    plan.make = {key: names[key] for key in sorted(again) if key not in subjects}


def _plan_title(plan: Plan, id_: str, now: Stands | None, title: str | None, was: str | None) -> None:
    if now is None or now.is_deleted:
        plan.left.append(_gone(id_, now))
    elif now.title == title:
        plan.retitle[id_] = was
    else:
        plan.left.append(Part(Why.RENAMED, now.shown, id=id_))


def _plan_restoring(plan: Plan, id_: str, now: Stands | None, deleted_at: str | None) -> None:
    if now is None:
        plan.left.append(_gone(id_, now))
    elif not now.is_deleted:
        plan.left.append(Part(Why.RESTORED, now.shown, id=id_))
    elif now.deleted_at and deleted_at and now.deleted_at == datetime.fromisoformat(deleted_at):
        plan.restore.append(id_)
    else:
        plan.left.append(_gone(id_, now))


def _plan_places(plan: Plan, steps: Steps, stands: Mapping[str, Stands], subjects: Mapping[str, str]) -> None:
    """What is restored goes back to its subject where that was deleted and is there again.

    Where it is gone, that is noted.
    """
    names, were_in = dict(steps.names), dict(steps.deleted_from)
    out_of_it = [id_ for id_ in plan.restore if stands[id_].subject == UNORGANIZED and id_ in were_in]
    plan.refile |= {id_: were_in[id_] for id_ in out_of_it if were_in[id_] in subjects}
    gone = {were_in[id_] for id_ in out_of_it} - subjects.keys()
    plan.left += [Part(Why.SUBJECT_GONE, names.get(key, key)) for key in sorted(gone)]


def _gone(id_: str, now: Stands | None) -> Part:
    return Part(Why.DELETED, now.shown, id=id_) if now else Part(Why.GONE, "", id=id_)
