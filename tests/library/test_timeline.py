"""The timeline, what was opened, and Edit and retry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.errors import InvalidRequest, NotFound
from presentations.jobs import PRESENTATIONS, Leases
from presentations.library import Library, Organiser
from tests.support.presentations import delete, failed, finished, rename, restore


def change(database: Database, presentation_id: UUID, values: str) -> None:
    with database.begin() as session:
        session.execute(text(f"UPDATE presentation_jobs SET {values} WHERE id = :id"), {"id": presentation_id})


def happened(library: Library, presentation_id: UUID) -> list[tuple[str, str | None]]:
    return [(event.kind, event.detail) for event in library.timeline("alice", presentation_id)]


def test_the_timeline_tells_each_step_but_no_hand_back(library: Library, database: Database) -> None:
    asked = library.create("alice", "Photosynthesis")
    leases = Leases(database, PRESENTATIONS, 30)
    for _ in range(2):
        claimed = leases.claim(asked.id)
        assert claimed is not None
        lease = claimed[0]
        leases.save(lease, attempts=1, message="Writing")
        leases.renew()
        leases.hand_back([lease])
        change(database, asked.id, "queued_at = now()")
    change(database, asked.id, "attempts = 2")
    change(database, asked.id, "status = 'error', queued_at = NULL, error = 'No.', error_detail = '500'")
    rename(library, "alice", asked.id, "Leaves")
    library.retry("alice", asked.id)
    library.cancel("alice", asked.id)
    delete(library, "alice", asked.id)
    restore(library, asked.id)
    steps = happened(library, asked.id)
    assert steps[:5] == [("asked", None), ("started", None), ("submitted", "1"), ("submitted", "2"), ("error", "No.")]
    assert [kind for kind, _ in steps[5:]] == ["asked", "cancelled", "deleted", "restored"]
    times = [event.at for event in library.timeline("alice", asked.id)]
    assert times == sorted(times)


def test_an_attempt_that_presenton_did_not_take_leaves_no_trace(library: Library, database: Database) -> None:
    asked = library.create("alice", "Photosynthesis")
    for attempts in (1, 0, 1, 0, 1):
        change(database, asked.id, f"attempts = {attempts}")
    assert happened(library, asked.id) == [("asked", None), ("submitted", "1")]


def test_the_end_of_a_deleted_one_stays_in_its_timeline(library: Library, database: Database) -> None:
    done = finished(library, database, "alice", "Photosynthesis")
    undo_id = Organiser(library.database, library.engine).delete("alice", [done.id]).undo_id
    with pytest.raises(NotFound):
        library.timeline("alice", done.id)
    Organiser(library.database, library.engine).undo("alice", undo_id)
    assert [kind for kind, _ in happened(library, done.id)] == ["asked", "complete", "deleted", "restored"]
    with pytest.raises(NotFound):
        library.timeline("bob", done.id)


def test_what_an_older_lectern_made_has_a_timeline_too(library: Library, database: Database) -> None:
    asked = failed(library, database, "alice", "Photosynthesis")
    change(database, asked.id, "created_at = now() - interval '1 hour', started_at = now(), ended_at = now()")
    with database.begin() as session:
        session.execute(text("DROP TABLE presentation_events, presentation_schema_steps"))
    for _ in range(2):
        database.install_schema()
        steps = [("asked", None), ("asked", None), ("started", None), ("error", "No.")]
        assert happened(library, asked.id) == steps


def test_only_what_is_finished_is_opened_and_only_once(library: Library, database: Database) -> None:
    waiting, done = library.create("alice", "Waiting"), finished(library, database, "alice", "Done")
    assert library.mark_opened("alice", waiting.id).opened_at is None
    first = library.mark_opened("alice", done.id)
    assert first.opened_at is not None
    assert library.mark_opened("alice", done.id).opened_at == first.opened_at
    with pytest.raises(NotFound):
        library.mark_opened("bob", done.id)


def test_what_is_asked_for_again_was_not_opened(library: Library, database: Database) -> None:
    asked = failed(library, database, "alice", "Photosynthesis")
    change(database, asked.id, "opened_at = now()")
    assert library.retry("alice", asked.id).opened_at is None


OLD = (
    "presenton_task_id = 'task-old', presenton_id = 'deck-old', unanswered_since = now(), submit_started_at = now(), "
    "slides_done = 3, slides_total = 5, progress_mark = 'old', fault_since = now(), attempts = 3, claims = 4, "
    "title = 'Leaves', tone = 'funny', opened_at = now()"
)


@pytest.mark.parametrize("status", ["error", "cancelled"])
def test_another_order_takes_nothing_of_the_old_one(library: Library, database: Database, status: str) -> None:
    asked = failed(library, database, "alice", "Photosynthesis")
    change(database, asked.id, f"status = '{status}', {OLD}")
    new = library.edit("alice", asked.id, " Roots ", 9, subject="Biology", language="German", tone=None)
    assert (new.status, new.topic, new.n_slides, new.language, new.tone) == ("pending", "Roots", 9, "German", None)
    assert (new.title, new.subject, new.error, new.attempts, new.claims) == ("Leaves", "biology", None, 0, 0)
    gone = ("presenton_task_id", "presenton_id", "unanswered_since", "submit_started_at", "slides_done")
    assert {getattr(new, name) for name in gone} == {None}
    assert (new.slides_total, new.progress_mark, new.fault_since, new.opened_at) == (None, None, None, None)
    assert library.engine.queue.look().jobs == {f"{asked.id}_2"}
    assert happened(library, asked.id)[-1] == ("asked", None)


@pytest.mark.parametrize("status", ["pending", "processing", "complete"])
def test_what_is_not_over_in_vain_is_not_edited(library: Library, database: Database, status: str) -> None:
    asked = library.create("alice", "Photosynthesis")
    owner = "gen_random_uuid()" if status == "processing" else "NULL"
    change(database, asked.id, f"status = '{status}', queued_at = NULL, lease_owner = {owner}")
    same = library.edit("alice", asked.id, "Roots", 9, subject="Biology")
    assert (same.status, same.topic, same.n_slides, same.subject) == (status, "Photosynthesis", 5, "default")
    assert "biology" not in library.counts("alice")[1]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("topic", {"topic": " "}),
        ("n_slides", {"n_slides": 51}),
        ("tone", {"tone": "angry"}),
        ("subject", {"subject": "x" * 81}),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_wrong_order_changes_nothing(library: Library, database: Database, field: str, wrong: dict[str, Any]) -> None:
    asked = failed(library, database, "alice", "Photosynthesis")
    values: dict[str, Any] = {"topic": "Roots", "n_slides": 5}
    with pytest.raises(InvalidRequest) as error:
        library.edit("alice", asked.id, **(values | wrong))
    assert error.value.field == field
    assert library.get("alice", asked.id).status == "error"
    with pytest.raises(NotFound):
        library.edit("bob", asked.id, "Roots", 5)
