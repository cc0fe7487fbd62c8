"""Decks that are to be fetched, looked at again or made visible, as a kind of work on the queue `pictures`.

One of each user is in the queue or being worked on at a time: nobody's hundred decks hold up another's one. Of those of
one user the latest comes first: what is just made or looked at does not wait for what is older. Rows are made by
presentation_jobs_keep() in schema.sql, in the transaction that makes a presentation complete.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, func, or_, text, true
from sqlalchemy.orm import Session

from presentations.database import Lock, Transition
from presentations.database.models import COMPLETE, Deck, Presentation
from presentations.jobs import Entry, Work

# From a look in vain to the next: in all about a day.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (60, 300, 900, 3600, 7200, 14400, 21600, 36000))

# The life of a look at a deck; claimed.py writes how it ended.
CLAIM = Transition(
    Deck,
    (
        Deck.due_at <= func.now(),
        or_(Deck.claimed_by.is_(None), Deck.claimed_until < func.now()),
        exists().where(Presentation.id == Deck.id, Presentation.status == COMPLETE),
    ),
    {"queued_at": None, "attempts": Deck.attempts + 1},
)
LEAVE = Transition(Deck, (Deck.queued_at.is_not(None),), {"queued_at": None})
# Its worker is gone: what it had done is kept, and the next one does the rest.
GIVE_BACK = Transition(
    Deck, (Deck.claimed_by.is_not(None),), {"claimed_by": None, "claimed_until": None, "queued_at": None}
)
# Its worker stops, for which the deck can do nothing.
HAND_BACK = Transition(Deck, GIVE_BACK.when, {**GIVE_BACK.sets, "attempts": func.greatest(Deck.attempts - 1, 0)})


def _admit(session: Session, user_id: str | None) -> list[Entry]:
    return [Entry(*row) for row in session.execute(_ADMIT_ALONE, {"user_id": user_id})]


DECKS = Work(
    row="deck",
    queue="pictures",
    job="presentations.decks.prepare",
    about="Keep a deck, and make its pictures",
    failure="The deck was not kept; its row, or the worker's log, says why.",
    dispatching=Lock.DISPATCH_DECKS,
    admit=_admit,
    claim=CLAIM,
    leave=LEAVE,
    give_back=GIVE_BACK,
    hand_back=HAND_BACK,
    owner=Deck.claimed_by,
    until=Deck.claimed_until,
    others_wait=true(),
)

ADMIT = text(
    """
    WITH next AS (
        SELECT DISTINCT ON (d.user_id) d.id
        FROM presentation_decks AS d JOIN presentation_jobs AS p ON p.id = d.id
        WHERE d.due_at <= now() AND p.status = 'complete'
          AND (CAST(:user_id AS text) IS NULL OR d.user_id = :user_id)
          AND NOT EXISTS (
              SELECT FROM presentation_decks AS in_line
              WHERE in_line.user_id = d.user_id AND in_line.queued_at IS NOT NULL)
          AND NOT EXISTS (
              SELECT FROM presentation_decks AS at_work
              WHERE at_work.user_id = d.user_id AND at_work.claimed_by IS NOT NULL AND at_work.claimed_until > now())
        ORDER BY d.user_id, d.due_at DESC
    )
    UPDATE presentation_decks AS d SET queued_at = now(), line_entry = line_entry + 1
    FROM next WHERE d.id = next.id RETURNING d.id, d.line_entry
    """
)

# As with deliveries: two admissions at once would both see that nothing of a user is in the queue.
_ADMIT_ALONE = text(f"SELECT pg_advisory_xact_lock({int(Lock.ADMIT_DECKS)}); {ADMIT.text}")
