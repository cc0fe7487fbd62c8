"""Places in line, the median, and what a page is told has changed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.library import Library
from tests.support.presentations import finished
from tests.support.statements import statements_of


def made(library: Library, database: Database, seconds: float, days_ago: float = 0.5, n_slides: int = 5) -> None:
    """A presentation of `n_slides` slides that took so long."""
    row = finished(library, database, "somebody", "Made")
    times = "completed_at = now() - :ago, started_at = now() - :ago - :took, n_slides = :n"
    took = {"ago": timedelta(days=days_ago), "took": timedelta(seconds=seconds), "n": n_slides, "id": row.id}
    with database.begin() as session:
        session.execute(text(f"UPDATE presentation_jobs SET {times} WHERE id = :id"), took)


def in_line(database: Database, presentation_id: UUID, minutes: float) -> None:
    with database.begin() as session:
        session.execute(
            text("UPDATE presentation_jobs SET queued_at = now() - :ago WHERE id = :id"),
            {"ago": timedelta(minutes=minutes), "id": presentation_id},
        )


def claimed(library: Library, database: Database, user: str) -> Presentation:
    """A presentation that is being made."""
    row = library.create(user, "Being made")
    with database.begin() as session:
        session.execute(
            text(
                "UPDATE presentation_jobs SET status = 'processing', queued_at = NULL, "
                "lease_owner = gen_random_uuid() WHERE id = :id"
            ),
            {"id": row.id},
        )
    return row


def test_the_median_is_of_the_newest_of_two_weeks(library: Library, database: Database) -> None:
    for seconds in (100, 1000):
        made(library, database, seconds)
    made(library, database, 5, days_ago=15)
    assert library.outlook([]).seconds_per_slide is None
    made(library, database, 600, n_slides=10)
    assert library.outlook([]).seconds_per_slide == 60
    assert library.outlook([]).usual_slides == 5
    for _ in range(50):
        made(library, database, 50, days_ago=0.1)
    assert library.outlook([]).seconds_per_slide == 10


def test_places_are_among_all_that_stand_in_line(library: Library, database: Database) -> None:
    asked = [library.create("alice", f"Topic {n}") for n in range(3)]
    of_bob, of_carl = library.create("bob", "Bob's"), library.create("carl", "Carl's")
    for presentation, minutes in [(of_bob, 9), (asked[0], 8), (of_carl, 7), (asked[1], 6)]:
        in_line(database, presentation.id, minutes)
    claimed(library, database, "dora")
    outlook = library.outlook([library.get("alice", p.id) for p in asked])
    assert outlook.places == {asked[0].id: 2, asked[1].id: 4}
    assert outlook.at_work == 1


def test_of_two_at_once_the_id_decides(library: Library, database: Database) -> None:
    asked = [library.create(user, "Topic") for user in ("alice", "bob", "carl")]
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET queued_at = now()"))
    places = library.outlook([library.get(None, p.id) for p in asked]).places
    assert [places[each] for each in sorted(p.id for p in asked)] == [1, 2, 3]


def test_an_outlook_takes_two_statements(library: Library, database: Database) -> None:
    asked = [library.create("alice", f"Topic {n}") for n in range(2)]
    statements = statements_of(database.engine)
    library.outlook(asked)
    assert len(statements) == 2


def latest_change(database: Database, user_id: str) -> str:
    with database.single() as session:
        news = text("SELECT latest_change FROM presentation_news(:user_id)")
        return str(session.scalars(news, {"user_id": user_id}).one())


def test_a_new_place_in_line_is_news_for_those_who_wait(library: Library, database: Database) -> None:
    before_her, of_alice = library.create("bob", "Bob's"), library.create("alice", "Alice's")
    in_line(database, before_her.id, 2)
    in_line(database, of_alice.id, 1)
    finished(library, database, "carl", "Carl's")
    seen = {user: latest_change(database, user) for user in ("alice", "carl")}
    assert latest_change(database, "alice") == seen["alice"]
    library.cancel("bob", before_her.id)
    assert latest_change(database, "alice") != seen["alice"]
    assert latest_change(database, "carl") == seen["carl"]
    again = latest_change(database, "alice")
    library.create("bob", "Behind her")
    assert latest_change(database, "alice") == again
