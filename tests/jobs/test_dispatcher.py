"""What the dispatcher's looks cost while nothing is to be done, and how soon it sees what others do to the queue."""

from __future__ import annotations

import pytest
from redis import Redis

from presentations.jobs import Dispatcher
from presentations.jobs import dispatcher as looks
from presentations.jobs.outages import Outages
from presentations.library import Library
from tests.support.statements import messages_of
from tests.support.trips import trips_to_redis

GONE = "rq:wip:presentations"


def test_a_look_that_finds_nothing_costs_one_trip_to_redis_and_six_to_the_database(
    library: Library, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = trips_to_redis(monkeypatch)
    seen = messages_of(library.database.engine)
    dispatcher.run_once()
    assert (len(trips), len(seen)) == (1, 6)


def test_a_key_of_others_in_place_of_the_queue_is_set_aside_at_the_next_look(
    library: Library, dispatcher: Dispatcher, redis: Redis
) -> None:
    library.create("teacher", "Photosynthesis")
    key = library.engine.queue.queue.key
    redis.set(key, "x")
    dispatcher.run_once()
    assert redis.get(f"lectern:set-aside:{key}") == b"x"
    assert library.engine.queue.look().jobs == set()


def test_jobs_whose_worker_is_gone_are_swept_only_now_and_then(
    library: Library, dispatcher: Dispatcher, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis.zadd(GONE, {"gone:execution": 1})
    dispatcher.run_once()
    assert redis.zcard(GONE) == 1
    monkeypatch.setattr(looks, "_TIDYING_SECONDS", 0)
    dispatcher.run_once()
    assert redis.zcard(GONE) == 0


def test_a_look_says_that_postgres_is_back_though_nobody_else_has_anything_to_write(
    dispatcher: Dispatcher, outages: Outages, caplog: pytest.LogCaptureFixture
) -> None:
    outages.note("PostgreSQL", "gone")
    dispatcher.run_once()
    assert caplog.messages[-1] == "PostgreSQL is back"
