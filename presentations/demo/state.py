"""What a running demo server knows, and how its views get at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import abort, current_app, g

from presentations.demo.counts import Counts
from presentations.demo.credentials import Credentials
from presentations.demo.decks import Decks
from presentations.demo.failures import CAUSES, Failure
from presentations.demo.faults import Faults
from presentations.demo.generations import Generations
from presentations.demo.outlines import Outlines
from presentations.demo.people import People
from presentations.demo.releases import Release
from presentations.demo.uploads import Uploads


@dataclass(frozen=True)
class State:
    release: Release
    credentials: Credentials
    decks: Decks
    generations: Generations
    uploads: Uploads
    outlines: Outlines
    people: People
    faults: Faults
    counts: Counts
    users_folder: str
    """Where the user's files are, below the folder for all: empty where files are everybody's."""

    def path_of(self, file_name: str) -> str:
        """Where the exported file of this name is, as Presenton says it."""
        return f"/app_data/exports/{self.users_folder}{file_name}"


def state() -> State:
    """That of the server which the current request is for."""
    return cast(State, current_app.extensions["demo"])


def told_failure() -> Failure | None:
    """What the fault "failing" that the current request met makes of it."""
    return CAUSES[g.met["failing"].cause](state().release) if "failing" in g.met else None


def needs(is_there: bool) -> None:
    """Not every release knows every path."""
    if not is_there:
        abort(404)
