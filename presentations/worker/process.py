"""The worker process: its threads, their supervision, and how it stops."""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from presentations.database import Database
from presentations.errors import LecternError, SettingsError, Unavailable
from presentations.folders import clear_leftovers
from presentations.jobs import PRESENTATIONS, Dispatcher, Engine, Lease, Work, WorkerContext, open_again, quick_redis
from presentations.keeping import DECKS
from presentations.library import keep_templates
from presentations.local import Backends, load_beside_run
from presentations.operations import purge_old, sweep_daily
from presentations.presenton import Presenton, PresentonError
from presentations.settings import Settings
from presentations.telemetry import logs
from presentations.telemetry.metrics import serve
from presentations.webhooks import WEBHOOKS
from presentations.worker.rush import wait_out_rush
from presentations.worker.thread import WorkerThread, do, names_of
from presentations.worker.thumbnails import Thumbnails

log = logging.getLogger(__name__)

_SIGNALS = {signal.SIGTERM, signal.SIGINT}
_PROBE_SECONDS = 30.0
_PURGE_SECONDS = 3600.0
# RQ forgets a worker that has not said for a minute or two that it lives; each of its threads says so for itself.
_BEAT_SECONDS = 10.0
# In all, a stop takes less than two seconds.
_WAIT_FOR_THREADS = 1.2
_WAIT_FOR_HAND_BACK = 0.5


class WorkerProcess:
    """WORKER_THREADS make presentations, WEBHOOK_THREADS send webhooks, PICTURE_THREADS keep decks and draw them.

    Other threads bring them work, keep the leases, and show the threads to rq-dashboard.
    """

    def __init__(self, settings: Settings, backends: Backends) -> None:
        numbers = {
            PRESENTATIONS: settings.worker_threads,
            WEBHOOKS: settings.webhook_threads,
            DECKS: settings.picture_threads,
        }
        numbers = {work: number for work, number in numbers.items() if number}
        database = Database.at(backends.database_url, settings.database_connections, settings.database_wait)
        redis = quick_redis(backends.redis_url)
        self.context = WorkerContext(settings, database, redis, Presenton(settings), numbers)
        self._thumbnails = Thumbnails(database, self.context.presenton)
        self._client_name = f"lectern-{os.getpid()}"
        self._redis = Redis.from_url(
            backends.redis_url,
            client_name=self._client_name,
            socket_connect_timeout=2,
            max_connections=2 * sum(numbers.values()) + 10,
        )
        self._workers: dict[str, WorkerThread] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._roles = self._services() | {
            name: self._worker(name, work) for work, number in numbers.items() for name in names_of(work, number)
        }

    def in_flight(self) -> int:
        """How many presentations it is making."""
        return len(self.context.engine(PRESENTATIONS).leases.held())

    def _services(self) -> dict[str, Callable[[], None]]:
        context, settings = self.context, self.context.settings
        third_of_lease = settings.lease_seconds / 3
        services = {
            "probe": self._service(self._probe, _PROBE_SECONDS),
            "heartbeat": self._service(self._beat, _BEAT_SECONDS),
            "purge": self._service(self._purge, _PURGE_SECONDS),
        }
        for engine in context.engines:
            queue = engine.work.queue
            services[f"renewal of {queue}"] = self._service(engine.leases.renew, third_of_lease)
            services[f"dispatcher of {queue}"] = self._service(self._dispatching(engine), settings.dispatch_interval)
        return services

    def _dispatching(self, engine: Engine) -> Callable[[], None]:
        context, settings = self.context, self.context.settings
        dispatcher = Dispatcher(engine, context.outages, settings.lease_seconds, settings.line_lost_after)

        def dispatch() -> None:
            if engine.work is DECKS:
                wait_out_rush(context)
            dispatcher.run_once()

        return dispatch

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then stop within two seconds (later when a long call is drained)."""
        # Blocked in every thread, they wait for this one to take them.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self.start()
        while not _signalled_within(1):
            self.start()
        self.stop()

    def start(self) -> None:
        """Start all threads; also those that have died since."""
        for name, role in self._roles.items():
            thread = self._threads.get(name)
            if thread and thread.is_alive():
                continue
            if thread:
                log.error("%s is started again", name)
            self._threads[name] = threading.Thread(target=role, name=name, daemon=True)
            self._threads[name].start()

    def stop(self) -> None:
        """An orderly crash: hand back what is held, and leave no trace in rq-dashboard."""
        log.info("stopping: %d presentations are left for the next worker", self.in_flight())
        self.context.stopping.set()
        for lease in self._held():
            lease.news.set()
        _in_time(_WAIT_FOR_THREADS, self._unblock, self._join_workers)
        _in_time(_WAIT_FOR_HAND_BACK, self._hand_back, self._deregister)
        if self._is_in_long_call():
            self._drain()
            _in_time(_WAIT_FOR_HAND_BACK, lambda: self._hand_back(also_in_long_call=True), self._deregister)

    def _held(self) -> list[Lease]:
        return [lease for engine in self.context.engines for lease in engine.leases.held()]

    def _is_in_long_call(self) -> bool:
        return any(lease.is_in_one_long_call for lease in self._held())

    def _hand_back(self, also_in_long_call: bool = False) -> None:
        for engine in self.context.engines:
            held = engine.leases.held()
            engine.leases.hand_back([one for one in held if also_in_long_call or not one.is_in_one_long_call])

    def _drain(self) -> None:
        """Wait for those in one long call, whose answer nobody else can get; a second signal ends that."""
        seconds = self.context.settings.drain_timeout
        deadline = time.monotonic() + seconds
        log.info("waiting up to %.0f s for presentations in one long call", seconds)
        while self._is_in_long_call():
            with suppress(Unavailable):
                for engine in self.context.engines:
                    engine.leases.renew()
            left = deadline - time.monotonic()
            if left <= 0 or _signalled_within(min(left, 1)):
                return

    def _worker(self, name: str, work: Work) -> Callable[[], None]:
        return lambda: do(work, name, self.context, self._redis, self._workers)

    def _service(self, action: Callable[[], object], interval: float) -> Callable[[], None]:
        def loop() -> None:
            stopping, outages = self.context.stopping, self.context.outages
            while not stopping.is_set():
                pause = interval
                try:
                    action()
                except Unavailable as error:
                    outages.note("PostgreSQL", error)
                    pause = min(interval, 1)  # living workers must renew before others take their leases
                except RedisError as error:
                    outages.note("Redis", error)
                stopping.wait(pause)

        return loop

    def _beat(self) -> None:
        for worker in list(self._workers.values()):
            try:
                worker.beat(self.context.redis)
            except ResponseError as error:
                log.warning("worker %s: Redis answers with an error (%s); its key is made anew", worker.name, error)
                worker.deregister(self.context.redis)
                worker.beat(self.context.redis)
        self.context.redis.ping()
        self.context.outages.over("Redis")

    def _probe(self) -> None:
        try:
            self.context.presenton.probe()
        except PresentonError as error:
            self.context.outages.note("Presenton", error)
        else:
            self.context.outages.over("Presenton")
            open_again(self.context.database)
            self._look_for_templates()

    def _purge(self) -> None:
        clear_leftovers()
        with_decks = self.context.settings.presenton_delete
        purge_old(self.context.database, self.context.store, self.context.presenton if with_decks else None)
        sweep_daily(self.context.database, self.context.store, self.context.redis)

    def _look_for_templates(self) -> None:
        presenton, database = self.context.presenton, self.context.database
        try:
            offered = presenton.templates()
            keep_templates(database, offered, has_outlines=presenton.has_outlines())
            self._thumbnails.fetch(offered)
        except PresentonError as error:  # what is known stays so, until it is too old
            log.debug("Presenton does not say which templates it has (%s)", error)

    def _unblock(self) -> None:
        """Wake the threads that wait at their queue, lest one takes a job that it will not do."""
        redis = self.context.redis
        for client in redis.client_list():
            if client.get("name") == self._client_name and client.get("cmd") == "blmove":
                redis.client_unblock(int(client["id"]))

    def _join_workers(self) -> None:
        in_long_call = self._is_in_long_call()
        for name, thread in self._threads.items():
            if name in self._workers and not in_long_call:
                thread.join()

    def _deregister(self) -> None:
        for worker in list(self._workers.values()):
            worker.deregister(self.context.redis)


def _signalled_within(seconds: float) -> bool:
    info = signal.sigtimedwait(_SIGNALS, seconds)
    # After SIGCONT, CPython 3.11 may give a made-up number instead of None.
    return info is not None and info.si_signo in _SIGNALS


def _in_time(seconds: float, *actions: Callable[[], object]) -> None:
    """Do these at the same time, and go on after `seconds` at the latest."""

    def attempt(action: Callable[[], object]) -> None:
        try:
            action()
        except (Unavailable, RedisError) as error:
            log.warning("while stopping: %s", error)

    threads = [threading.Thread(target=attempt, args=[action], daemon=True) for action in actions]
    _start_all(threads)
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _start_all(threads: Iterable[threading.Thread]) -> None:
    for thread in threads:
        thread.start()


def _allow_connections(threads: int) -> None:
    """Each maker has connections to Redis and Presenton: the usual limit of 1,024 files is soon reached."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 256 + 8 * threads
    if soft != resource.RLIM_INFINITY and soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def main() -> int:
    """Run a worker. Gives the exit status."""
    try:
        configured = load_beside_run()
        if not configured.presenton_url:
            raise SettingsError("PRESENTON_URL is not set: expected the URL of the Presenton that makes presentations")
        logs.set_up(configured.log_level, configured.log_format)
        process = WorkerProcess(configured, Backends.of(configured))
        if configured.metrics_port:
            serve(configured.metrics_host, configured.metrics_port, process.in_flight)
    except LecternError as error:
        print(f"The worker cannot start. {error}", file=sys.stderr)  # noqa: T201
        return 2
    _allow_connections(configured.worker_threads + configured.webhook_threads + configured.picture_threads)
    log.info(
        "worker %d: queue %s, %d threads, Presenton at %s (mode %s)",
        os.getpid(),
        PRESENTATIONS.queue,
        configured.worker_threads,
        configured.presenton_url,
        configured.presenton_mode,
    )
    process.run()
    log.info("worker %d: stopped", os.getpid())
    logging.shutdown()
    # Threads that still wait for an answer must not hold the process.
    os._exit(0)
