"""What a running demo server knows, and how its views get at it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import cast

from flask import current_app
from werkzeug.datastructures import Authorization

from presentations.demo.counts import Counts
from presentations.demo.decks import Decks
from presentations.demo.faults import Faults
from presentations.demo.generations import Generations
from presentations.demo.releases import Release


@dataclass(frozen=True)
class Credentials:
    """Who may call. Nobody needs to say who they are when nothing is set."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)

    @property
    def are_needed(self) -> bool:
        return self.username is not None or self.api_key is not None

    def method_of(self, given: Authorization | None) -> str | None:
        """How somebody proved who they are: basic, api_key, local when there is no need to, None if they did not."""
        if not self.are_needed:
            return "local"
        if given is None:
            return None
        if given.type == "bearer" and _is_same(given.token, self.api_key):
            return "api_key"
        if given.type == "basic" and _is_same(given.username, self.username):
            return "basic" if _is_same(given.password, self.password) else None
        return None


def _is_same(given: str | None, expected: str | None) -> bool:
    if given is None or expected is None:
        return False
    return hmac.compare_digest(given.encode(), expected.encode())


@dataclass(frozen=True)
class State:
    release: Release
    credentials: Credentials
    decks: Decks
    generations: Generations
    faults: Faults
    counts: Counts


def state() -> State:
    """That of the server which the current request is for."""
    return cast(State, current_app.extensions["demo"])
