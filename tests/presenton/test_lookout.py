"""Who follows a task is woken when there is news of it, and no look holds up another for long."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from presentations.presenton import Lookout, Task, UnknownTask, Watch
from presentations.presenton.answers import read_task
from tests.presenton.scripted import status
from tests.support.waiting import PATIENCE, eventually

HOUR = 3600


class Tasks:
    """What Presenton says of each task, how often it was asked, and which looks hang."""

    def __init__(self) -> None:
        self.says: dict[str, dict[str, object] | Exception] = {}
        self.looks: Counter[str] = Counter()
        self.hanging: set[str] = set()
        self.let_go = threading.Event()

    def look(self, task_id: str) -> Task:
        self.looks[task_id] += 1
        if task_id in self.hanging:
            self.let_go.wait(PATIENCE)
        said = self.says.get(task_id, {})
        if isinstance(said, Exception):
            raise said
        return read_task(status(id=task_id, **said), task_id)


class Follower:
    """Who follows a task, as a generation does: `woken` says how often it was woken."""

    def __init__(self, lookout: Lookout, task_id: str, n_slides: int = 12, age: float = 0) -> None:
        self.lookout = lookout
        self.woken = 0
        self.event = threading.Event()
        self.watch = Watch(task_id, n_slides, age, self.event)
        self.known: str | None = None

    def follow(self, seconds: float = HOUR) -> Task:
        """The next news."""
        with self.lookout.watching(self.watch, self.known, seconds):
            while (task := self.watch.news()) is None:
                assert self.event.wait(PATIENCE)
                self.event.clear()
                self.woken += 1
        self.known = task.mark
        return task


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.let_go.set()


@pytest.fixture
def lookout(tasks: Tasks) -> Lookout:
    return Lookout(tasks.look, 0.02)


def test_the_first_look_is_news_and_then_what_changed(tasks: Tasks, lookout: Lookout) -> None:
    one = Follower(lookout, "a")
    one.known = read_task(status(id="a"), "a").mark
    assert one.follow().slides_done == 10
    tasks.says["a"] = {"data": {"created_slides": 11, "remaining_slides": 1}}
    assert one.follow().slides_done == 11


def test_nobody_is_woken_while_nothing_changes(tasks: Tasks, lookout: Lookout) -> None:
    one = Follower(lookout, "a")
    one.follow()
    thread = threading.Thread(target=one.follow, daemon=True)
    thread.start()
    eventually(lambda: tasks.looks["a"] >= 10)
    assert one.woken == 1
    tasks.says["a"] = {"message": "Generating the last slide"}
    thread.join(PATIENCE)
    assert one.woken == 2


@pytest.mark.parametrize(
    "end", [{"status": "completed"}, {"status": "error", "error": {"status_code": 500, "detail": "No."}}]
)
def test_an_end_is_news_whatever_is_known(tasks: Tasks, lookout: Lookout, end: dict[str, object]) -> None:
    tasks.says["a"] = end
    one = Follower(lookout, "a")
    assert one.follow() == one.follow()


def test_a_look_after_the_limit_is_news(tasks: Tasks, lookout: Lookout) -> None:
    one = Follower(lookout, "a")
    assert one.follow(0) == one.follow(0)


def test_what_goes_wrong_is_raised_for_the_one_whose_task_it_is(tasks: Tasks, lookout: Lookout) -> None:
    tasks.says["a"] = UnknownTask("HTTP 404: No such task")
    tasks.says["b"] = ZeroDivisionError()
    with pytest.raises(UnknownTask, match="No such task"):
        Follower(lookout, "a").follow()
    with pytest.raises(ZeroDivisionError):
        Follower(lookout, "b").follow()
    assert Follower(lookout, "c").follow().id == "c"


def test_looks_that_hang_hold_nobody_up(tasks: Tasks, lookout: Lookout) -> None:
    names = [f"hangs {n}" for n in range(5)]
    tasks.hanging.update(names)
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(lookout.watching(Follower(lookout, name).watch, None, HOUR))
        eventually(lambda: tasks.looks.keys() >= set(names))
        assert Follower(lookout, "a").follow().id == "a"
        assert not tasks.let_go.is_set()


def test_many_that_are_due_at_once_are_looked_at(tasks: Tasks, lookout: Lookout) -> None:
    many = [Follower(lookout, f"{n}") for n in range(200)]
    with ExitStack() as stack:
        for one in many:
            stack.enter_context(lookout.watching(one.watch, None, HOUR))
        assert all(one.event.wait(PATIENCE) for one in many)
    assert set(tasks.looks.values()) == {1}


def test_who_has_left_is_not_woken_and_its_task_not_looked_at(tasks: Tasks, lookout: Lookout) -> None:
    tasks.hanging.add("a")
    left = Follower(lookout, "a")
    with lookout.watching(left.watch, None, HOUR):
        eventually(lambda: tasks.looks["a"])
    tasks.let_go.set()
    one = Follower(lookout, "b")
    one.follow()
    with lookout.watching(one.watch, one.known, HOUR):
        eventually(lambda: tasks.looks["b"] >= 10)
    assert not left.event.is_set()
    assert tasks.looks["a"] == 1


def test_the_first_that_is_done_says_when_to_look_at_the_others(tasks: Tasks, lookout: Lookout) -> None:
    own_pace, other = Follower(lookout, "own pace", age=1000), Follower(lookout, "other", 10, age=108)
    first = Follower(lookout, "first", 1, age=10)
    tasks.says["first"] = tasks.says["other"] = {"data": None}
    for one in (own_pace, other, first):
        one.follow()
    tasks.says["first"] = {"status": "completed"}
    with (
        lookout.watching(own_pace.watch, own_pace.known, HOUR),
        lookout.watching(other.watch, other.known, HOUR),
    ):
        first.follow()
        eventually(lambda: tasks.looks["other"] == 2)
        assert tasks.looks["own pace"] == 1
