"""Leases: who may write a presentation, and how one that nobody holds any more comes back to the line."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.jobs import PRESENTATIONS, Dispatcher, Engine, Lease, LeaseLost, Leases, quick_redis
from presentations.jobs.outages import Outages
from presentations.library import Library
from tests.support.statements import messages_of


@pytest.fixture
def leases(database: Database) -> Leases:
    return Leases(database, PRESENTATIONS, seconds=30)


@pytest.fixture
def dispatcher(library: Library) -> Dispatcher:
    """One that may take at once what it sees twice, with a Redis that was not emptied."""
    library.engine.queue.mark()
    return impatient(library.engine)


def impatient(engine: Engine) -> Dispatcher:
    return Dispatcher(engine, Outages(), lease_seconds=0, patience=0)


def claimed(leases: Leases, asked: Presentation) -> Lease:
    claim = leases.claim(asked.id)
    assert claim
    return claim[0]


def expire(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET lease_until = now() - interval '1 second'"))


def expire_and_dispatch(database: Database, dispatcher: Dispatcher) -> None:
    expire(database)
    dispatch(dispatcher)


def dispatch(dispatcher: Dispatcher) -> None:
    dispatcher.run_once()
    dispatcher.run_once()


def test_only_one_claim_wins(library: Library, leases: Leases) -> None:
    asked = library.create("alice", "Photosynthesis")
    assert leases.claim(asked.id)
    assert leases.claim(asked.id) is None
    assert library.get(None, asked.id).claims == 1


def test_claiming_and_ending_are_a_message_each_and_say_whether_others_wait(
    library: Library, leases: Leases, database: Database
) -> None:
    alone = library.create("bob", "Cells")
    first, _, _ = [library.create("alice", f"Topic {n}") for n in range(3)]
    sent = messages_of(database.engine)
    claims = [leases.claim(alone.id), leases.claim(first.id)]
    assert [claim and claim.others_wait for claim in claims] == [False, True]
    ended = [leases.end(claim.lease, status="complete", lease_owner=None) for claim in claims if claim]
    assert [others_wait for _, others_wait in ended] == [False, True]
    assert len(sent) == 4


def test_what_is_not_in_line_cannot_be_claimed(library: Library, leases: Leases) -> None:
    asked = [library.create("alice", f"Topic {n}") for n in range(3)]
    assert leases.claim(asked[2].id) is None
    library.cancel("alice", asked[0].id)
    assert leases.claim(asked[0].id) is None


def test_two_threads_of_a_process_cannot_write_each_others_rows(library: Library, leases: Leases) -> None:
    first, second = library.create("alice", "Photosynthesis"), library.create("bob", "Cells")
    of_first, of_second = claimed(leases, first), claimed(leases, second)
    crossed = Lease(first.id, of_second.owner)
    with pytest.raises(LeaseLost):
        leases.save(crossed, message="not mine")
    leases.save(of_first, message="mine")
    assert library.get(None, first.id).message == "mine"


def test_a_late_result_changes_nothing_once_the_lease_went_to_another(
    library: Library, leases: Leases, database: Database, dispatcher: Dispatcher
) -> None:
    asked = library.create("alice", "Photosynthesis")
    stale = claimed(leases, asked)
    expire_and_dispatch(database, dispatcher)
    fresh = claimed(leases, asked)
    with pytest.raises(LeaseLost):
        leases.save(stale, status="complete", lease_owner=None, presenton_id="stale")
    now = library.get(None, asked.id)
    assert (now.status, now.lease_owner, now.presenton_id) == ("processing", fresh.owner, None)


def test_a_late_result_does_not_revive_a_cancelled_one(library: Library, leases: Leases) -> None:
    asked = library.create("alice", "Photosynthesis")
    lease = claimed(leases, asked)
    library.cancel("alice", asked.id)
    with pytest.raises(LeaseLost):
        leases.save(lease, status="complete", lease_owner=None)
    assert library.get(None, asked.id).status == "cancelled"


def test_a_renewal_keeps_all_that_is_held_and_tells_of_what_is_lost(
    library: Library, leases: Leases, database: Database
) -> None:
    kept, lost = library.create("alice", "Photosynthesis"), library.create("bob", "Cells")
    of_kept, of_lost = claimed(leases, kept), claimed(leases, lost)
    expire(database)
    library.cancel("bob", lost.id)
    leases.renew()
    with database.begin() as session:
        renewed = session.scalars(text("SELECT id FROM presentation_jobs WHERE lease_until > now()")).all()
    assert renewed == [kept.id]
    assert (of_kept.is_lost, of_kept.news.is_set()) == (False, False)
    assert (of_lost.is_lost, of_lost.news.is_set()) == (True, True)


def test_an_orderly_hand_back_is_no_crash(library: Library, leases: Leases) -> None:
    asked = library.create("alice", "Photosynthesis")
    assert leases.hand_back([claimed(leases, asked)]) == 1
    now = library.get(None, asked.id)
    assert (now.status, now.claims, now.lease_owner, now.queued_at) == ("pending", 0, None, None)
    assert leases.held() == []


def test_an_expired_lease_is_taken_only_when_seen_twice(
    library: Library, leases: Leases, database: Database, dispatcher: Dispatcher
) -> None:
    """After an outage of the database all leases are expired, and living workers need a moment."""
    asked = library.create("alice", "Photosynthesis")
    claimed(leases, asked)
    expire(database)
    patient = Dispatcher(library.engine, Outages(), lease_seconds=30, patience=30)
    dispatch(patient)
    assert library.get(None, asked.id).status == "processing"
    leases.renew()
    dispatcher.run_once()
    assert library.get(None, asked.id).status == "processing"
    expire_and_dispatch(database, dispatcher)
    now = library.get(None, asked.id)
    assert (now.status, now.line_entry) == ("pending", 2)


def test_a_task_begun_goes_to_the_front_of_the_line_and_needs_no_turn(
    library: Library, leases: Leases, database: Database, dispatcher: Dispatcher
) -> None:
    begun = library.create("alice", "Photosynthesis")
    leases.save(claimed(leases, begun), presenton_task_id="task-1")
    waiting = [library.create("bob", "Cells"), library.create("alice", "Zero"), library.create("alice", "One")]
    expire_and_dispatch(database, dispatcher)
    redis = library.engine.queue.redis
    order = [job_id.decode() for job_id in redis.lrange(library.engine.queue.queue.key, 0, -1)]  # type: ignore[union-attr]
    assert order[0] == f"{begun.id}_2"
    assert set(order[1:]) == {f"{one.id}_1" for one in waiting}


def test_a_place_in_line_that_redis_lost_is_given_anew(library: Library, dispatcher: Dispatcher) -> None:
    asked = library.create("alice", "Photosynthesis")
    library.engine.queue.redis.flushdb()
    dispatch(dispatcher)
    assert library.engine.queue.look().jobs == {f"{asked.id}_2"}


def test_a_place_in_line_that_is_still_there_is_kept(library: Library, dispatcher: Dispatcher) -> None:
    asked = library.create("alice", "Photosynthesis")
    dispatcher.run_once()
    assert library.engine.queue.look().jobs == {f"{asked.id}_1"}


def test_what_a_dead_worker_had_popped_enters_again_and_leaves_nothing_behind(
    library: Library, dispatcher: Dispatcher
) -> None:
    asked = library.create("alice", "Photosynthesis")
    redis, queue = library.engine.queue.redis, library.engine.queue.queue
    redis.lmove(queue.key, queue.intermediate_queue_key, "LEFT", "RIGHT")
    dispatch(dispatcher)
    assert library.engine.queue.look().jobs == {f"{asked.id}_2"}
    assert redis.llen(queue.intermediate_queue_key) == 0
    assert not redis.exists(f"rq:job:{asked.id}_1")


def test_what_was_popped_a_moment_ago_keeps_its_place(library: Library, dispatcher: Dispatcher) -> None:
    asked = library.create("alice", "Photosynthesis")
    redis, queue = library.engine.queue.redis, library.engine.queue.queue
    redis.lmove(queue.key, queue.intermediate_queue_key, "LEFT", "RIGHT")
    dispatcher.run_once()
    assert library.engine.queue.look().jobs == set()
    assert library.get(None, asked.id).line_entry == 1


def test_rq_keeps_nothing_of_what_is_long_over(library: Library, dispatcher: Dispatcher) -> None:
    redis = library.engine.queue.redis
    for registry in ("rq:finished:presentations", "rq:failed:presentations"):
        redis.zadd(registry, {"long-over_1": 1})
    for workers in ("rq:workers", "rq:workers:presentations"):
        redis.sadd(workers, "rq:worker:killed.1.1")
    dispatcher.run_once()
    assert not redis.exists("rq:finished:presentations", "rq:failed:presentations")
    assert not redis.exists("rq:workers", "rq:workers:presentations")


def test_what_was_asked_for_without_redis_enters_the_line_later(
    library: Library, database: Database, dispatcher: Dispatcher
) -> None:
    asked = Library.at(database, quick_redis("redis://127.0.0.1:1")).create("alice", "Photosynthesis")
    dispatcher.run_once()
    assert [job_id.split("_")[0] for job_id in library.engine.queue.look().jobs] == [str(asked.id)]


def test_without_redis_leases_are_still_taken_back(
    library: Library, leases: Leases, database: Database, dispatcher: Dispatcher
) -> None:
    asked = library.create("alice", "Photosynthesis")
    claimed(leases, asked)
    expire_and_dispatch(database, impatient(Engine(PRESENTATIONS, database, quick_redis("redis://127.0.0.1:1"))))
    assert library.get(None, asked.id).status == "pending"


def test_two_dispatchers_do_not_work_at_once(library: Library, database: Database, dispatcher: Dispatcher) -> None:
    library.create("alice", "Photosynthesis")
    library.engine.queue.redis.flushdb()
    with database.begin() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(723600)"))
        dispatch(dispatcher)
        assert library.engine.queue.look().jobs == set()
    dispatch(dispatcher)
    assert len(library.engine.queue.look().jobs) == 1
