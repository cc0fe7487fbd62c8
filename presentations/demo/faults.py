"""Faults on demand, for tests of what calls Presenton. They outlive a restart of the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from presentations.demo.decks import Decks
from presentations.demo.failures import CAUSES
from presentations.demo.generations import Generations
from presentations.demo.uploads import Uploads

_LIMITS = ("path", "times", "seconds")
KINDS: dict[str, tuple[str, ...]] = {
    "forget_tasks": (),
    "forget_decks": (),
    "forget_uploads": (),
    "stuck": ("times", "seconds"),
    "hang": _LIMITS,
    "slow": ("delay", *_LIMITS),
    "trickle": ("delay", *_LIMITS),
    "status": ("status", "html", "detail", *_LIMITS),
    "rubbish": ("form", *_LIMITS),
    "lose_answer": _LIMITS,
    "withhold": _LIMITS,
    "failing": ("cause", *_LIMITS),
    "cut": _LIMITS,
    "no_export": _LIMITS,
    "key_refused": _LIMITS,
    "not_set_up": _LIMITS,
    "web_server": ("found", *_LIMITS),
}
"""What each kind of fault may be told.

forget_tasks  every task is unknown from now on, once
forget_decks  every deck and every file of one is gone from now on, once
forget_uploads  every file that was uploaded is gone from now on, once, as after a restart
stuck         what is at work now, and what is begun while this stands, never changes any more
hang          no answer, nor any work, until this is cleared; then the connection is closed
slow          each answer comes `delay` seconds later
trickle       each file of a deck comes in pieces, and is whole after `delay` seconds
status        `status` is the answer, in Presenton's JSON with `detail` or as nginx's page (`html`); no work is done
rubbish       the work is done, but the answer is useless in one of the FORMS, with status 200
lose_answer   the work is done, but the connection is closed without an answer
withhold      the work is done, but no answer comes until this is cleared
failing       generations begun while this stands fail for a `cause`, one of CAUSES, in the words of the release;
              with another `path`, such as /edit, so do exports of decks that are there, or with /outlines/ outlines,
              in an event of the stream
cut           the connection is closed in the middle of the stream of an outline, which comes to nothing
no_export     neither of the calls is there by which a deck that exists is exported
key_refused   nobody is let in, whatever they give: the key is wrong, or was revoked
not_set_up    nobody is let in before an account is made (428)
web_server    a web server that is no Presenton answers, with a page for every path (`found`) or for none

With the `path` /app_data/, a file is missing (status 404, `html`), a page in its place (rubbish), broken (rubbish,
truncated), slow (slow, trickle) or another user's (status 403, `html`).
"""

FORMS = ("html", "truncated", "wrong_types", "missing_fields", "list")
_DEFAULT_PATHS = {
    **dict.fromkeys(("stuck", "lose_answer", "failing"), "/generate"),
    **dict.fromkeys(("key_refused", "not_set_up", "web_server"), "/"),
    "trickle": "/app_data/exports/",
    "cut": "/outlines/stream/",
}


class InvalidFault(Exception):
    """There is no such fault; the message says what is wrong with it."""


@dataclass(eq=False)
class Fault:
    """It meets requests whose path holds `path`: so many `times`, until a moment, or until it is cleared."""

    kind: str
    path: str = "/api/"
    times: int | None = None
    until: float | None = None
    status: int = 503
    html: bool = False
    detail: str = "The demo was told to fail."
    cause: str = "provider_error"
    found: bool = False
    delay: float = 1
    form: str = "html"

    @property
    def is_over(self) -> bool:
        return self.times == 0 or self.seconds_left == 0

    @property
    def seconds_left(self) -> float | None:
        return None if self.until is None else max(0, self.until - time.monotonic())

    def as_json(self) -> dict[str, Any]:
        shown = {name: value for name, value in vars(self).items() if name != "until"} | {"seconds": self.seconds_left}
        return {"kind": self.kind} | {name: shown[name] for name in KINDS[self.kind]}


class Faults:
    """Safe to use from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._faults: list[Fault] = []
        self._stops = 0
        self.generations: Generations | None = None
        self.decks: Decks | None = None
        self.uploads: Uploads | None = None

    def add(self, kind: str, /, **fields: Any) -> Fault:
        """Raise InvalidFault if there is no such fault."""
        fault = _read(kind, fields)
        if kind.startswith("forget_"):
            self._forget(kind)
            return fault
        with self._changed:
            self._faults.append(fault)
        if kind == "stuck" and self.generations:
            self.generations.freeze()
        return fault

    def _forget(self, kind: str) -> None:
        if kind == "forget_tasks" and self.generations:
            self.generations.forget_tasks()
        if kind == "forget_decks" and self.decks:
            self.decks.forget()
        if kind == "forget_uploads" and self.uploads:
            self.uploads.forget()

    def clear(self) -> None:
        with self._changed:
            self._faults.clear()
            self._changed.notify_all()

    def standing(self) -> list[Fault]:
        with self._changed:
            return [fault for fault in self._faults if not fault.is_over]

    def meet(self, path: str) -> dict[str, Fault]:
        """The faults that a request for this path meets, by kind. Each such request counts."""
        with self._changed:
            met = {fault.kind: fault for fault in reversed(self._faults) if fault.path in path and not fault.is_over}
            for fault in met.values():
                if fault.times:
                    fault.times -= 1
            return met

    def pause(self, fault: Fault, seconds: float | None) -> None:
        """Wait for so long; less if the fault is cleared or the server stops."""
        with self._changed:
            stops = self._stops
            self._changed.wait_for(lambda: self._stops != stops or fault not in self._faults, seconds)

    def release(self) -> None:
        """The server stops: nobody needs to wait any longer."""
        with self._changed:
            self._stops += 1
            self._changed.notify_all()


def _read(kind: Any, fields: dict[str, Any]) -> Fault:
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidFault(f"kind: expected one of {', '.join(KINDS)}")
    for name, value in fields.items():
        if name not in KINDS[kind]:
            raise InvalidFault(f"{name}: {kind} takes {', '.join(KINDS[kind]) or 'nothing'}")
        is_right, expected = _FIELDS[name]
        if not is_right(value):
            raise InvalidFault(f"{name}: expected {expected}")
    seconds = fields.pop("seconds", None)
    until = None if seconds is None else time.monotonic() + seconds
    return Fault(kind, **{"path": _DEFAULT_PATHS.get(kind, "/api/")} | fields, until=until)


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and _is_number(value, low, high)


_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "path": (lambda value: isinstance(value, str) and bool(value), "a part of a path, such as /generate"),
    "times": (lambda value: _is_whole(value, 1, 1_000_000), "a whole number from 1 to 1000000"),
    "seconds": (lambda value: _is_number(value, 0, 86400), "a number from 0 to 86400"),
    "status": (lambda value: _is_whole(value, 400, 599), "a whole number from 400 to 599"),
    "html": (lambda value: isinstance(value, bool), "true or false"),
    "detail": (lambda value: isinstance(value, str), "a text"),
    "cause": (lambda value: isinstance(value, str) and value in CAUSES, f"one of {', '.join(CAUSES)}"),
    "found": (lambda value: isinstance(value, bool), "true or false"),
    "delay": (lambda value: _is_number(value, 0, 3600), "a number from 0 to 3600"),
    "form": (lambda value: value in FORMS, f"one of {', '.join(FORMS)}"),
}
