"""Why something is late: what an admin should know of it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from presentations.bidi import isolated
from presentations.database.models import PENDING, PROCESSING, Control, Presentation
from presentations.jobs import MOST_OF_ONE
from presentations.lifecycle import KEPT_OUTLINES
from presentations.operations.checks import Check
from presentations.operations.overview import Overview, Trouble
from presentations.presenton import Cause
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
    return [
        Finding(f"{check.name.capitalize()}: {check.problem}", check.advice, is_bad=not check.is_warning)
        for check in checks
        if check.problem
    ]


def of_line(overview: Overview, control: Control) -> list[Finding]:
    """Why those that wait are not begun."""
    found = []
    if control.refused_at is not None:
        what = (
            f"The line has waited for {_minutes(overview.now - control.refused_at)}: Presenton does not let Lectern in."
        )
        advice = (
            f"Presenton says: {isolated(control.refusal or '')}. Lectern looks every half minute, and goes on by "
            "itself as soon as it is let in. Nothing has failed, or is lost."
        )
        found.append(Finding(what, advice))
    if control.paused_at is not None:
        what = f"The line is paused: {isolated(control.pause_reason or '')} Nothing new is begun."
        found.append(Finding(what, "Let it go on under Limits when the reason is gone."))
    is_long = overview.waiting > overview.threads or (overview.oldest_wait or 0) > _LONG_WAIT.total_seconds()
    if overview.waiting and is_long and 0 < overview.threads <= len(overview.at_work) and not control.is_paused:
        what = f"The line is long: {overview.waiting} wait, and all {overview.threads} threads are at work."
        advice = (
            "Nothing is broken. More threads (WORKER_THREADS) or one more worker shorten it, if Presenton bears that."
        )
        found.append(Finding(what, advice, is_bad=False))
    return found


def of_decks(overview: Overview) -> list[Finding]:
    """Why no file is kept of presentations that are complete."""
    found, decks = [], overview.unfetched
    since = _minutes(timedelta(seconds=decks.oldest_unfetched or 0))
    is_long = (decks.oldest_unfetched or 0) > _LONG_WAIT.total_seconds()
    if decks.waiting and is_long and overview.threads and not overview.keepers:
        what = f"Decks are not fetched: {_decks(decks.waiting)} for up to {since}, and no worker's thread keeps decks."
        found.append(Finding(what, "Start a worker of this release: lectern worker"))
    elif decks.failing and is_long:
        what = f"Decks are not fetched: {_decks(decks.failing)} for up to {since}, and could not be had so far."
        advice = (
            "Look at the checks of Presenton and of the files; a worker's log says of each why (its file cannot be "
            "fetched). They are asked for again for about a day, and are complete for their teachers all the same."
        )
        found.append(Finding(what, advice))
    elif decks.waiting and is_long:
        what = f"Decks are being fetched: {_decks(decks.waiting)}."
        found.append(Finding(what, "Older presentations are fetched after an upgrade, bit by bit.", is_bad=False))
    if decks.given_up:
        what = f"Of {_of(decks.given_up)} the file could not be had within a day."
        advice = "Its page says why. Where Presenton has it after all, a look at that page has it asked for again."
        found.append(Finding(what, advice, is_bad=False))
    return found


def _decks(number: int) -> str:
    return "1 waits" if number == 1 else f"{number} wait"


def _of(number: int) -> str:
    return "1 presentation" if number == 1 else f"{number} presentations"


def of_failures(overview: Overview) -> list[Finding]:
    """What is the matter with Presenton and the model behind it, by what has failed since the last one was made."""
    return [
        Finding(_since(_OF_CAUSE[one.cause][0], one, overview.now), _OF_CAUSE[one.cause][1])
        for one in overview.trouble
        if one.cause in _OF_CAUSE and one.number >= (_SEVERAL if one.cause.may_pass else 1)
    ]


# One that may pass is no trouble yet.
_SEVERAL = 3
_TRY_AGAIN = 'Then try again what has failed, under Presentations with the status "Not made".'
_OF_CAUSE = {
    Cause.MODEL_KEY: (
        "The model provider refuses Presenton's key",
        f"Put a key that is valid into Presenton's settings. {_TRY_AGAIN}",
    ),
    Cause.MODEL_CREDIT: (
        "The credit at the model provider is used up",
        f"Add to it there, or raise the limit of Presenton's key. {_TRY_AGAIN}",
    ),
    Cause.MODEL_UNKNOWN: (
        "The model provider does not know the model that Presenton asks for",
        f"Choose another one in Presenton's settings. {_TRY_AGAIN}",
    ),
    Cause.MODEL_BUSY: (
        "The model provider is too busy, or out of order",
        "Look at its status page, and at the limits of Presenton's key; fewer threads (WORKER_THREADS) ask for less at "
        f"once. {_TRY_AGAIN}",
    ),
    Cause.MODEL_UNREACHABLE: (
        "Presenton cannot reach the model provider",
        f"Look at the address in Presenton's settings, and at the network of its machine. {_TRY_AGAIN}",
    ),
    Cause.MODEL_ANSWER: (
        "The model gives answers that Presenton cannot use",
        f"A small model often does: choose a larger one in Presenton's settings. {_TRY_AGAIN}",
    ),
    Cause.EXPORT: (
        "Presenton makes slides, but no files of them",
        f"Look at Presenton's own log; restarting it helps most often. {_TRY_AGAIN}",
    ),
    Cause.OTHER: (
        "Presenton fails, and does not say why",
        f"Look at Presenton's own log; restarting it helps most often. {_TRY_AGAIN}",
    ),
}


def _since(what: str, trouble: Trouble, now: datetime) -> str:
    since, today = trouble.since, now.astimezone(trouble.since.tzinfo).date()
    day = "" if since.date() == today else "yesterday, "
    presentations = "1 presentation" if trouble.number == 1 else f"{trouble.number} presentations"
    return f"{what} since {day}{since:%H:%M}, {presentations}."


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
    if one.awaits_teacher:
        advice = (
            f"Nothing is broken, and no worker may have it. Without an answer it is put aside after "
            f"{KEPT_OUTLINES.days} days."
        )
        yield Finding("Its outline waits for its teacher.", advice, is_bad=False)
        return
    if one.status != PENDING or control.is_paused:
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
