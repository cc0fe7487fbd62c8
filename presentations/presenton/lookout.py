"""One place that looks at the tasks of all generations of a process, by a few threads.

Whoever follows a task sleeps meanwhile, and is woken when there is news of it, not by each look.
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from presentations.presenton.answers import Task
from presentations.presenton.pace import Usual, length, pause

# So many looks may hang at once, each for PRESENTON_READ_TIMEOUT, before others wait for their turn.
_MOST_THREADS = 32
# The last thread that is free takes only what the others have left for so long, in seconds: looks are short, and fewer
# threads do them with less effort.
_PATIENCE = 0.1


class Watch:
    """One task, `age` seconds old, that a thread follows, which sleeps until `woken` is set."""

    def __init__(self, task_id: str, n_slides: int, age: float, woken: threading.Event) -> None:
        self.task_id = task_id
        self.n_slides = n_slides
        self.began = time.monotonic() - age
        self.woken = woken
        self.known: str | None = None
        self.news_at = -math.inf
        """From when on any look is news."""
        self.looked_at: float | None = None
        self.length: float | None = None
        """Seconds that it takes in all, by its own pace."""
        self.is_running = False
        """Whether it was seen before it was done."""
        self.turn: int | None = None
        """Its place among those to be looked at; None while nobody waits for it."""
        self.seen: Task | Exception | None = None

    def news(self) -> Task | None:
        """The task as it was seen last; None as long as there is no news. Raises UnknownTask, Passing or Refused."""
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen


class Lookout:
    """Looks at tasks by `look`; `interval` is POLL_INTERVAL. Safe to use from any thread."""

    def __init__(self, look: Callable[[str], Task], interval: float) -> None:
        self._look = look
        self._interval = interval
        self._usual = Usual()
        self._turns = itertools.count()
        self._due: list[tuple[float, int, Watch]] = []
        self._lock = threading.Lock()
        self._earlier = threading.Condition(self._lock)
        self._threads = 0
        self._free = 0
        self._freed_last: object = None

    @contextmanager
    def watching(self, watch: Watch, known: str | None, seconds: float) -> Iterator[None]:
        """Meanwhile the task is looked at, until there is news, which sets `watch.woken`.

        News is the first look, a mark that differs from `known`, an end, whatever goes wrong, and any look more than
        `seconds` from now.
        """
        with self._lock:
            watch.known, watch.seen = known, None
            if watch.looked_at is not None:
                watch.news_at = time.monotonic() + seconds
            self._put(watch)
            if not self._threads:
                self._start_thread(0.0)
                self._start_thread(_PATIENCE)
        try:
            yield
        finally:
            with self._lock:
                watch.turn = None

    def _put(self, watch: Watch) -> None:
        watch.turn = next(self._turns)
        heapq.heappush(self._due, (self._next_look(watch), watch.turn, watch))
        if self._due[0][2] is watch:
            self._earlier.notify_all()

    def _next_look(self, watch: Watch) -> float:
        if watch.looked_at is None:
            return time.monotonic()
        age = watch.looked_at - watch.began
        whole = watch.length or self._usual.length(watch.n_slides)
        return watch.looked_at + pause(self._interval, age, None if whole is None else whole - age)

    def _start_thread(self, rest: float) -> None:
        threading.Thread(target=self._run, args=[rest], name="lookout", daemon=True).start()
        self._threads += 1
        self._free += 1

    def _run(self, rest: float) -> None:
        time.sleep(rest)
        while True:
            watch, turn = self._take()
            try:
                seen: Task | Exception = self._look(watch.task_id)
            except Exception as error:  # whatever it is: it is raised where the task is followed
                seen = error
            with self._lock:
                self._free += 1
                if watch.turn == turn:
                    self._note(watch, seen)

    def _take(self) -> tuple[Watch, int]:
        """Wait for the next that is due. Whoever was freed last takes it at once, the others if that one does not."""
        with self._lock:
            me = self._freed_last = object()
            patience = 0.0
            while (seconds := self._seconds_until_due() + patience) > 0:
                self._earlier.wait(min(seconds, threading.TIMEOUT_MAX))
                patience = 0.0 if self._freed_last is me and self._free > 1 else _PATIENCE
            self._free -= 1
            if not self._free and self._threads < _MOST_THREADS:
                with suppress(RuntimeError):  # no thread is to be had: those that are there go on
                    self._start_thread(_PATIENCE)
            _, turn, watch = heapq.heappop(self._due)
            return watch, turn

    def _seconds_until_due(self) -> float:
        while self._due and self._due[0][2].turn != self._due[0][1]:
            heapq.heappop(self._due)  # nobody waits for it any more
        return self._due[0][0] - time.monotonic() if self._due else math.inf

    def _note(self, watch: Watch, seen: Task | Exception) -> None:
        watch.looked_at = time.monotonic()
        if isinstance(seen, Task):
            self._note_pace(watch, seen)
            is_over = seen.is_completed or seen.failure is not None
            if seen.mark == watch.known and not is_over and watch.looked_at <= watch.news_at:
                self._put(watch)
                return
        watch.turn = None
        watch.seen = seen
        watch.woken.set()

    def _note_pace(self, watch: Watch, task: Task) -> None:
        age = time.monotonic() - watch.began
        if not task.is_completed:
            watch.is_running = True
            if task.mark != watch.known:
                watch.length = length(age, task.slides_done, task.slides_total)
        elif watch.is_running:
            is_first = self._usual.length(1) is None
            self._usual.note(age, watch.n_slides)
            if is_first:
                self._set_anew()

    def _set_anew(self) -> None:
        """Of all that are at work it is known by now how long they take."""
        self._due = [(self._next_look(watch), turn, watch) for _, turn, watch in self._due]
        heapq.heapify(self._due)
        self._earlier.notify_all()
