"""Waiting for a presentation: looks with pauses between them, which whoever waits sleeps in its own way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from presentations.agent.results import Status
from presentations.agent.runtime import lectern
from presentations.errors import InvalidRequest, Unavailable, shown

if TYPE_CHECKING:
    from presentations.database.models import Presentation
    from presentations.jobs import Outlook

LONGEST_WAIT = 24 * 3600
OVER = ("complete", "error", "cancelled")
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
# Seconds until it is worth asking again: how few, how many, and where nothing is known.
_ASK_SOON, _ASK_LATE, _ASK_USUALLY = 30, 300, 60


class Look(NamedTuple):
    """How an awaited presentation stands, and the seconds to sleep before the next look; 0: it was the last."""

    status: Status
    pause: float


def is_over(status: Status) -> bool:
    """Whether there is nothing to wait for: it has ended, or its outline waits for its teacher."""
    return status["status"] in OVER or status["awaits_teacher_since"] is not None


def looks(look: Callable[[], Status], timeout: float) -> Iterator[Look]:
    """Look until a presentation is over, or its outline waits for its teacher, but for at most `timeout` seconds.

    The first looks come a moment apart, later ones every two seconds. A database that is away for a while is waited
    for. Raises InvalidRequest, what the first `look` raises, or Unavailable when the last one fails.
    """
    deadline = time.monotonic() + _checked_wait(timeout)
    pause = _FIRST_PAUSE
    now = look()
    while True:
        left = deadline - time.monotonic()
        if is_over(now) or left <= 0:
            yield Look(now, 0)
            return
        yield Look(now, min(pause, left))
        pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            now = look()
        except Unavailable:
            if time.monotonic() >= deadline:
                raise


def ask_again_after(user_id: str | None, job_id: str) -> int:
    """Seconds after which it is worth asking again for one that is not over. Raises NotFound or Unavailable."""
    library = lectern().library
    presentation = library.get(user_id, job_id)
    left = _expected(presentation, library.outlook([presentation]))
    return _ASK_USUALLY if left is None else max(_ASK_SOON, min(left, _ASK_LATE))


def _expected(presentation: Presentation, outlook: Outlook) -> int | None:
    left = outlook.seconds_left(presentation, datetime.now(UTC))
    return outlook.seconds_to_start(presentation) if left is None else left


def _checked_wait(timeout: object) -> float:
    is_number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if not is_number or not 0 <= timeout <= LONGEST_WAIT:  # type: ignore[operator]
        raise InvalidRequest("timeout", f"expected seconds from 0 to {LONGEST_WAIT}, got {shown(timeout)}")
    return float(timeout)  # type: ignore[arg-type]
