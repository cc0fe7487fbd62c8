"""The library's verbs, as Alice (the owner) and Bob (somebody else) meet them."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.errors import InvalidRequest, NotFound, Unavailable
from presentations.jobs import MOST_OF_ONE, quick_redis
from presentations.library import Library
from tests.support.presentations import delete, failed, finished, organise, rename, restore
from tests.support.statements import messages_of


def test_asking_is_one_trip_to_the_database(library: Library) -> None:
    sent = messages_of(library.database.engine)
    library.create("alice", "Photosynthesis", tone="funny")
    assert len(sent) == 1
    library.create("alice", "Photosynthesis", subject="Biology", tone="funny")
    assert len(sent) == 3, "what is usual for the subject is looked up first"


def test_what_is_asked_for_is_kept_and_in_line(library: Library) -> None:
    asked = library.create("alice", "  Photosynthesis ", 7, language="German", tone="funny", template="general")
    kept = library.get("alice", asked.id)
    assert (kept.topic, kept.n_slides, kept.status, kept.subject) == ("Photosynthesis", 7, "pending", "default")
    assert (kept.language, kept.tone, kept.template, kept.verbosity) == ("German", "funny", "general", None)
    assert library.engine.queue.look().jobs == {f"{asked.id}_1"}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("topic", {"topic": "  "}),
        ("topic", {"topic": "x" * 501}),
        ("topic", {"topic": None}),
        ("topic", {"topic": "a\x00b"}),
        ("topic", {"topic": "half a pair: \ud800"}),
        ("user_id", {"user_id": ""}),
        ("user_id", {"user_id": "x" * 201}),
        ("user_id", {"user_id": None}),
        ("n_slides", {"n_slides": 0}),
        ("n_slides", {"n_slides": 51}),
        ("n_slides", {"n_slides": "5"}),
        ("n_slides", {"n_slides": True}),
        ("subject", {"subject": "x" * 81}),
        ("subject", {"subject": " "}),
        ("tone", {"tone": "Casual"}),
        ("verbosity", {"verbosity": "long"}),
        ("export_as", {"export_as": "key"}),
        ("language", {"language": 5}),
        ("instructions", {"instructions": "x" * 5001}),
        ("idempotency_key", {"idempotency_key": ""}),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_wrong_value_is_named_by_its_field_and_nothing_is_kept(
    library: Library, field: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest) as error:
        library.create(**({"user_id": "alice", "topic": "Photosynthesis"} | wrong))
    assert error.value.field == field
    assert library.list(None).items == []


def test_the_longest_values_are_taken(library: Library) -> None:
    asked = library.create("u" * 200, "t" * 500, 50, subject="ß" * 80)
    assert library.get(None, asked.id).subject == "ss" * 80


def test_the_same_key_of_the_same_user_gives_the_first_presentation(library: Library) -> None:
    first = library.create("alice", "Photosynthesis", idempotency_key="k1")
    assert library.create("alice", "Something else", idempotency_key="k1").id == first.id
    assert library.create("alice", "Photosynthesis", idempotency_key="k2").id != first.id
    assert library.create("bob", "Photosynthesis", idempotency_key="k1").id != first.id


def test_the_key_of_what_was_deleted_makes_a_new_one(library: Library) -> None:
    first = library.create("alice", "Photosynthesis", idempotency_key="k1")
    delete(library, "alice", first.id)
    assert library.create("alice", "Photosynthesis", idempotency_key="k1").status == "pending"


def test_a_double_click_makes_one(library: Library) -> None:
    made = []

    def click() -> None:
        made.append(library.create("alice", "Photosynthesis", idempotency_key="same").id)

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_nobody_sees_or_changes_what_is_bobs(library: Library, database: Database) -> None:
    of_bob = finished(library, database, "bob", "Secret")
    for verb in (library.get, library.retry, library.cancel):
        with pytest.raises(NotFound):
            verb("alice", of_bob.id)
    with pytest.raises(NotFound):
        delete(library, "alice", of_bob.id)
    with pytest.raises(NotFound):
        organise(library, "alice", of_bob.id, "biology")
    with pytest.raises(NotFound):
        rename(library, "alice", of_bob.id, "Mine")
    assert library.list("alice").items == []
    assert library.list("alice", text="Secret").items == []
    kept = library.get("bob", of_bob.id)
    assert (kept.status, kept.subject, kept.title) == ("complete", "default", None)


@pytest.mark.parametrize("nonsense", ["", "42", "not-a-uuid", "../etc", "00000000-0000-4000-8000-000000000000"])
def test_an_id_that_is_none_is_not_found(library: Library, nonsense: str) -> None:
    with pytest.raises(NotFound):
        library.get("alice", nonsense)


def test_subjects_are_one_however_they_are_typed(library: Library, database: Database) -> None:
    a, b, c = (finished(library, database, "alice", topic) for topic in "abc")
    assert organise(library, "alice", a.id, "Biology").subject == "biology"
    assert organise(library, "alice", b.id, "  BIOLOGY ").subject == "biology"
    organise(library, "alice", c.id, "Straße 1")
    assert [(s.key, s.name, s.count) for s in library.subjects("alice")] == [
        ("default", "Unorganized", 0),
        ("biology", "Biology", 2),
        ("strasse 1", "Straße 1", 1),
    ]
    assert organise(library, "alice", a.id, "Unorganized").subject == "default"
    assert [p.id for p in library.list("alice", subject="bioLOGY").items] == [b.id]


def test_lists_are_newest_first_and_come_in_pages(library: Library) -> None:
    asked = [library.create("alice", f"Topic {n}").id for n in range(5)]
    library.create("bob", "Not hers")
    seen = []
    cursor = None
    for _ in range(3):
        page = library.list("alice", limit=2, after=cursor)
        seen += [p.id for p in page.items]
        cursor = page.next
    assert seen == asked[::-1]
    assert cursor is None


def test_lists_are_filtered(library: Library, database: Database) -> None:
    finished(library, database, "alice", "Cells 100%", subject="Biology")
    finished(library, database, "alice", "Zero")
    library.create("alice", "Waiting")
    assert [p.topic for p in library.list("alice", subject="Biology").items] == ["Cells 100%"]
    assert [p.topic for p in library.list("alice", status="pending").items] == ["Waiting"]
    assert [p.topic for p in library.list("alice", status=["pending", "complete"], subject="default").items] == [
        "Waiting",
        "Zero",
    ]
    assert [p.topic for p in library.list("alice", text="100%").items] == ["Cells 100%"]
    assert library.list("alice", text="100_").items == []
    far = "0001-01-01T00:00:00+23:59_00000000-0000-4000-8000-000000000000"
    for wrong in ({"status": "done"}, {"after": "yesterday"}, {"after": far}, {"subject": ""}, {"limit": 0}):
        with pytest.raises(InvalidRequest):
            library.list("alice", **wrong)


def test_a_new_name_is_shown_instead_of_the_topic(library: Library) -> None:
    asked = library.create("alice", "Photosynthesis")
    assert asked.shown_title == "Photosynthesis"
    assert rename(library, "alice", asked.id, " Leaves ").shown_title == "Leaves"
    assert rename(library, "alice", asked.id, "").shown_title == "Photosynthesis"


def test_what_failed_can_be_asked_for_again(library: Library, database: Database) -> None:
    asked = failed(library, database, "alice", "Photosynthesis")
    again = library.retry("alice", asked.id)
    assert (again.status, again.error, again.attempts) == ("pending", None, 0)
    assert library.engine.queue.look().jobs == {f"{asked.id}_2"}
    assert library.retry("alice", asked.id).status == "pending"


def test_over_is_over(library: Library, database: Database) -> None:
    done = finished(library, database, "alice", "Photosynthesis")
    assert library.cancel("alice", done.id).status == "complete"
    assert library.retry("alice", done.id).status == "complete"


def test_what_is_cancelled_leaves_the_line_to_the_next(library: Library) -> None:
    asked = [library.create("alice", f"Topic {n}") for n in range(MOST_OF_ONE + 1)]
    library.cancel("alice", asked[0].id)
    assert library.get("alice", asked[0].id).status == "cancelled"
    assert library.engine.queue.look().jobs == {f"{p.id}_1" for p in asked[1:]}


def test_what_is_deleted_is_gone_until_it_is_restored(library: Library, database: Database) -> None:
    done = finished(library, database, "alice", "Photosynthesis")
    waiting = library.create("alice", "Waiting")
    for presentation in (done, waiting):
        delete(library, "alice", presentation.id)
        with pytest.raises(NotFound):
            library.get("alice", presentation.id)
        with pytest.raises(NotFound):
            delete(library, "alice", presentation.id)
    assert library.list("alice").items == []
    assert f"{waiting.id}_1" not in library.engine.queue.look().jobs
    with database.begin() as session:
        shown = session.scalar(text("SELECT count(*) FROM presentation_jobs WHERE status IN ('complete', 'pending')"))
    assert shown == 0
    assert restore(library, done.id).status == "complete"
    assert restore(library, waiting.id).status == "cancelled"


def test_a_teacher_has_two_places_in_line_and_one_while_one_is_made(library: Library, database: Database) -> None:
    asked = [library.create("alice", f"Topic {n}") for n in range(10)]
    of_bob = library.create("bob", "Photosynthesis")
    assert library.engine.queue.look().jobs == {f"{p.id}_1" for p in [*asked[:2], of_bob]}


def test_without_redis_what_is_asked_for_is_kept(database: Database) -> None:
    library = Library.at(database, quick_redis("redis://127.0.0.1:1"))
    asked = library.create("alice", "Photosynthesis")
    kept = library.get("alice", asked.id)
    assert (kept.status, kept.queued_at) == ("pending", None)
    assert library.cancel("alice", asked.id).status == "cancelled"


def test_without_postgres_the_caller_is_told(redis_url: str) -> None:
    library = Library.at(Database.at("postgresql://nobody@127.0.0.1:1/none"), quick_redis(redis_url))
    with pytest.raises(Unavailable, match="cannot be reached"):
        library.create("alice", "Photosynthesis")


def test_a_database_that_may_only_be_read_is_told_of(library: Library, database: Database) -> None:
    with database.begin() as session:
        session.execute(text("SET default_transaction_read_only = on"))
    with pytest.raises(Unavailable, match="read-only"):
        library.create("alice", "Photosynthesis")


def test_without_tables_the_caller_is_told_what_to_do(bare_database_url: str, redis_url: str) -> None:
    database = Database.at(bare_database_url)
    with pytest.raises(Unavailable, match=r"psql -f schema\.sql"):
        Library.at(database, quick_redis(redis_url)).get("alice", uuid4())
    database.engine.dispose()
