"""Why something is late: what an admin should know of it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from presentations.database.models import PENDING, PROCESSING, Control, Presentation
from presentations.jobs import MOST_OF_ONE
from presentations.operations.checks import Check
from presentations.operations.overview import Overview
from presentations.settings import Settings

# A slide takes up to three minutes; the demo and idle hours must not cry wolf.
_STILL = timedelta(minutes=5)
_LONG_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """What is the matter, and what to do about it; `is_bad` unless it is as it should be."""

    what: str
    advice: str
    is_bad: bool = True


def of_servers(checks: Iterable[Check]) -> list[Finding]:
    """What the checks complain about."""
    return [Finding(f"{check.name.capitalize()}: {check.problem}", check.advice) for check in checks if check.problem]


def of_line(overview: Overview, control: Control) -> list[Finding]:
    """Why those that wait are not begun."""
    found = []
    if control.paused_at is not None:
        what = f"The line is paused: {control.pause_reason} Nothing new is begun."
        found.append(Finding(what, "Let it go on under Limits when the reason is gone."))
    is_long = overview.waiting > overview.threads or (overview.oldest_wait or 0) > _LONG_WAIT.total_seconds()
    if overview.waiting and is_long and 0 < overview.threads <= len(overview.at_work) and not control.paused_at:
        what = f"The line is long: {overview.waiting} wait, and all {overview.threads} threads are at work."
        advice = (
            "Nothing is broken. More threads (WORKER_THREADS) or one more worker shorten it, if Presenton bears that."
        )
        found.append(Finding(what, advice, is_bad=False))
    return found


def of_work(
    presentations: Sequence[Presentation], now: datetime, settings: Settings
) -> list[tuple[Presentation, Finding]]:
    """Which of those that are being made do not get on; `now` is the time on the database's clock."""
    return [(one, finding) for one in presentations for finding in of_one(one, now, settings)]


def of_one(one: Presentation, now: datetime, settings: Settings) -> Iterator[Finding]:
    """Why a presentation that is being made does not get on."""
    if one.status != PROCESSING:
        return
    if one.lease_until is not None and one.lease_until < now:
        advice = "Another worker takes it up within a minute. If there is none, start one: lectern worker"
        yield Finding(f"Its worker is gone since {_minutes(now - one.lease_until)}.", advice)
    elif one.fault_since is not None and now - one.fault_since > timedelta(seconds=30):
        advice = f"It is tried again until {settings.give_up_after / 60:g} min have passed, and then given up."
        yield Finding(f"Presenton has given no usable answer for {_minutes(now - one.fault_since)}.", advice)
    elif one.unanswered_since is not None:
        advice = f"Its deck is looked for there for {settings.lost_call_wait / 60:g} min before it is asked again."
        yield Finding(f"Presenton's answer was lost {_minutes(now - one.unanswered_since)} ago.", advice)
    elif (still := now - (one.progress_at or one.started_at or now)) > _STILL:
        limit = settings.stall_limit(one.n_slides) / 60
        advice = (
            f"It seems stuck in Presenton. After {limit:g} min without a change Presenton is asked anew. Look at "
            "Presenton's own log; restarting Presenton helps most often."
        )
        yield Finding(f"Nothing has changed for {_minutes(still)}.", advice)


def of_waiting(one: Presentation, place: int | None, others: int, control: Control) -> Iterator[Finding]:
    """Why a presentation that waits is not begun; `others` of its teacher's are before it."""
    if one.status != PENDING or control.paused_at is not None:
        return
    if place is not None:
        yield Finding(f"It is number {place} in line.", "It is begun as soon as a thread is free.", is_bad=False)
    elif others:
        advice = f"At most {MOST_OF_ONE} of one teacher stand in line at a time, so that the others get their turn."
        yield Finding(f"{others} of the same teacher's come before it.", advice, is_bad=False)
    else:
        yield Finding("It is about to enter the line.", "The dispatcher of any worker does that.", is_bad=False)


def _minutes(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} min" if minutes else "less than a minute"
