"""Transitions: how the rows of a table may change their state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Update, update

from presentations.database.models import Base


@dataclass(frozen=True, eq=False)
class Transition:
    """From which rows of a table a step leads, and which columns it sets.

    A guarded UPDATE: where somebody else was first it changes nothing, which is no error.
    """

    table: type[Base]
    when: tuple[ColumnElement[bool], ...]
    sets: Mapping[str, Any] = field(default_factory=dict)

    def of(self, *which: ColumnElement[bool], **also: Any) -> Update:
        """The UPDATE of those rows `which` are in the right state; `also` are columns set besides."""
        return (
            update(self.table)
            .where(*which, *self.when)
            .values({**self.sets, **also})
            .execution_options(synchronize_session=False)
        )
