"""A Redis that was emptied is seen at the next look, however patient the dispatcher is with single places."""

from __future__ import annotations

from redis import Redis

from presentations.jobs import PRESENTATIONS, Dispatcher
from presentations.library import Library

MARK = f"lectern:line:{PRESENTATIONS.queue}"


def entries(library: Library) -> set[str]:
    return {f"{one.id}_{one.line_entry}" for one in library.list(None).items}


def test_all_places_are_given_anew_at_once(library: Library, dispatcher: Dispatcher, redis: Redis) -> None:
    for n in range(5):
        library.create(f"teacher{n}", "Photosynthesis")
    redis.flushdb()
    dispatcher.run_once()
    assert {one.line_entry for one in library.list(None).items} == {2}
    assert library.engine.queue.look().jobs == entries(library)


def test_and_only_once(library: Library, dispatcher: Dispatcher, redis: Redis) -> None:
    asked = library.create("teacher", "Photosynthesis")
    redis.flushdb()
    for _ in range(3):
        dispatcher.run_once()
    assert library.get(None, asked.id).line_entry == 2


def test_who_is_asked_for_after_that_keeps_their_place(library: Library, dispatcher: Dispatcher, redis: Redis) -> None:
    before = library.create("early", "Photosynthesis")
    redis.flushdb()
    after = library.create("late", "Cells")
    dispatcher.run_once()
    assert [library.get(None, one.id).line_entry for one in (before, after)] == [2, 1]
    assert library.engine.queue.look().jobs == entries(library)


def test_one_that_was_started_again_is_looked_through(library: Library, dispatcher: Dispatcher, redis: Redis) -> None:
    """What it kept may be older than what it had."""
    kept, lost = library.create("early", "Photosynthesis"), library.create("late", "Cells")
    redis.set(MARK, "another run")
    redis.lrem(library.engine.queue.queue.key, 0, f"{lost.id}_1")
    dispatcher.run_once()
    assert [library.get(None, one.id).line_entry for one in (kept, lost)] == [1, 2]


def test_one_that_is_about_to_be_claimed_keeps_its_place(
    library: Library, dispatcher: Dispatcher, redis: Redis
) -> None:
    asked, queue = library.create("early", "Photosynthesis"), library.engine.queue.queue
    redis.delete(MARK)
    redis.lmove(queue.key, queue.intermediate_queue_key, "LEFT", "RIGHT")
    dispatcher.run_once()
    assert library.get(None, asked.id).line_entry == 1


def test_a_single_lost_place_takes_patience(library: Library, dispatcher: Dispatcher, redis: Redis) -> None:
    """Its worker may be about to claim it."""
    popped = library.create("teacher", "Photosynthesis")
    redis.lpop(library.engine.queue.queue.key)
    for _ in range(2):
        dispatcher.run_once()
    assert library.get(None, popped.id).line_entry == 1
