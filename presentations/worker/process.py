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
from redis.exceptions import RedisError

from presentations import settings
from presentations.database import Database
from presentations.errors import LecternError, SettingsError, Unavailable
from presentations.generation import Dispatcher
from presentations.jobs import PRESENTATIONS, WEBHOOKS, Leases, Line, Trade, Workshop
from presentations.local import Backends
from presentations.operations import purge_old
from presentations.presenton import Presenton, PresentonError
from presentations.settings import Settings
from presentations.telemetry import logs
from presentations.telemetry.metrics import serve
from presentations.worker.thread import Maker, name_of, work

log = logging.getLogger(__name__)

_SIGNALS = {signal.SIGTERM, signal.SIGINT}
_PROBE_SECONDS = 60.0
_PURGE_SECONDS = 3600.0
# In all, a stop takes less than two seconds.
_WAIT_FOR_MAKERS = 1.2
_WAIT_FOR_HAND_BACK = 0.5


class Crew:
    """WORKER_THREADS makers, WEBHOOK_THREADS that send webhooks, and the threads that bring them work.

    Others of its threads keep the leases and show the makers to rq-dashboard.
    """

    def __init__(self, workshop: Workshop, redis_url: str) -> None:
        self.workshop = workshop
        trades = {name_of(n): PRESENTATIONS for n in range(1, workshop.settings.worker_threads + 1)}
        trades |= {name_of(f"webhooks{n}"): WEBHOOKS for n in range(1, workshop.settings.webhook_threads + 1)}
        client_name = f"lectern-{os.getpid()}"
        self._redis = Redis.from_url(
            redis_url, client_name=client_name, socket_connect_timeout=2, max_connections=2 * len(trades) + 10
        )
        self._client_name = client_name
        self._makers: dict[str, Maker] = {}
        self._threads: dict[str, threading.Thread] = {}
        dispatcher, third_of_lease = Dispatcher(workshop), workshop.settings.lease_seconds / 3
        self._roles: dict[str, Callable[[], None]] = {
            "renewal": self._service(workshop.leases.renew, third_of_lease),
            "probe": self._service(self._probe, _PROBE_SECONDS),
            "heartbeat": self._service(self._beat, third_of_lease),
            "dispatcher": self._service(dispatcher.run_once, workshop.settings.dispatch_interval),
            "purge": self._service(lambda: purge_old(workshop.database), _PURGE_SECONDS),
            "outbox": self._service(workshop.outbox.run_once, workshop.settings.dispatch_interval),
            **{name: self._maker(name, trade) for name, trade in trades.items()},
        }

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
        leases = self.workshop.leases
        log.info("stopping: %d presentations are left for the next worker", len(leases.held()))
        self.workshop.stopping.set()
        for lease in leases.held():
            lease.news.set()
        _in_time(_WAIT_FOR_MAKERS, self._unblock, self._join_makers)
        _in_time(_WAIT_FOR_HAND_BACK, self._hand_back, self._deregister)
        if any(lease.is_in_one_long_call for lease in leases.held()):
            self._drain()
            _in_time(_WAIT_FOR_HAND_BACK, lambda: leases.hand_back(leases.held()), self._deregister)

    def _hand_back(self) -> None:
        leases = self.workshop.leases
        leases.hand_back([lease for lease in leases.held() if not lease.is_in_one_long_call])

    def _drain(self) -> None:
        """Wait for those in one long call, whose answer nobody else can get; a second signal ends that."""
        deadline = time.monotonic() + self.workshop.settings.drain_timeout
        log.info("waiting up to %.0f s for presentations in one long call", self.workshop.settings.drain_timeout)
        while any(lease.is_in_one_long_call for lease in self.workshop.leases.held()):
            with suppress(Unavailable):
                self.workshop.leases.renew()
            left = deadline - time.monotonic()
            if left <= 0 or _signalled_within(min(left, 1)):
                return

    def _maker(self, name: str, trade: Trade) -> Callable[[], None]:
        return lambda: work(self.workshop, self._redis, name, trade, self._makers)

    def _service(self, action: Callable[[], object], interval: float) -> Callable[[], None]:
        def loop() -> None:
            stopping, outages = self.workshop.stopping, self.workshop.outages
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
        for maker in list(self._makers.values()):
            maker.beat(self.workshop.line.redis)
        self.workshop.line.redis.ping()
        self.workshop.outages.over("Redis")

    def _probe(self) -> None:
        try:
            self.workshop.presenton.probe()
        except PresentonError as error:
            self.workshop.outages.note("Presenton", error)
        else:
            self.workshop.outages.over("Presenton")

    def _unblock(self) -> None:
        """Wake the makers that wait at the line, lest one takes a job that it will not make."""
        redis = self.workshop.line.redis
        for client in redis.client_list():
            if client.get("name") == self._client_name and client.get("cmd") == "blmove":
                redis.client_unblock(int(client["id"]))

    def _join_makers(self) -> None:
        in_long_call = any(lease.is_in_one_long_call for lease in self.workshop.leases.held())
        for name, thread in self._threads.items():
            if name in self._makers and not in_long_call:
                thread.join()

    def _deregister(self) -> None:
        for maker in list(self._makers.values()):
            maker.deregister(self.workshop.line.redis)


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


def build(configured: Settings, backends: Backends) -> Crew:
    """A crew for these settings and servers."""
    database, line = Database.at(backends.database_url), Line.at(backends.redis_url)
    leases = Leases(database, configured.lease_seconds)
    workshop = Workshop(configured, database, line, Presenton(configured), leases)
    return Crew(workshop, backends.redis_url)


def main() -> int:
    """Run a worker. Gives the exit status."""
    try:
        configured = settings.load()
        if not configured.presenton_url:
            raise SettingsError("PRESENTON_URL is not set: expected the URL of the Presenton that makes presentations")
        logs.set_up(configured.log_level, configured.log_format)
        crew = build(configured, Backends.of(configured))
        if configured.metrics_port:
            serve(configured.metrics_host, configured.metrics_port, lambda: len(crew.workshop.leases.held()))
    except LecternError as error:
        print(f"The worker cannot start. {error}", file=sys.stderr)  # noqa: T201
        return 2
    _allow_connections(configured.worker_threads + configured.webhook_threads)
    log.info(
        "worker %d: queue %s, %d threads, Presenton at %s (mode %s)",
        os.getpid(),
        PRESENTATIONS.queue,
        configured.worker_threads,
        configured.presenton_url,
        configured.presenton_mode,
    )
    crew.run()
    log.info("worker %d: stopped", os.getpid())
    logging.shutdown()
    # Threads that still wait for an answer must not hold the process.
    os._exit(0)
