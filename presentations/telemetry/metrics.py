"""What Prometheus is told: counters and times of this process.

The web may run in several processes; gunicorn.conf.py then has prometheus-client keep them in files that all share.
What follows from the rows is asked of the database instead: see presentations.web.metering. A label has one of few
values, whatever somebody sends, for each makes a series that Prometheus keeps.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from presentations.errors import SettingsError

_MINUTE = 60
_LONG = [0.5 * _MINUTE, _MINUTE, *(n * _MINUTE for n in (2, 5, 10, 15, 20, 30, 45, 60, 120))]

REQUESTS = Histogram("lectern_request_seconds", "Time to answer a request.", ["method", "endpoint", "status"])
ENQUEUE = Histogram("lectern_enqueue_seconds", "Time from asking for a presentation until it is kept and in line.")
ENDED = Counter("lectern_generations", "Presentations that ended, by outcome.", ["outcome"])
GENERATION = Histogram("lectern_generation_seconds", "From a presentation's turn until it was made.", buckets=_LONG)
QUEUE_WAIT = Histogram("lectern_queue_wait_seconds", "From asking until its turn.", buckets=[1, 10, *_LONG])
LEASE_EXPIRIES = Counter("lectern_lease_expiries", "Presentations taken back from workers that were gone.")
DISPATCHER_RUNS = Counter("lectern_dispatcher_runs", "Passes of the dispatcher.")
DELIVERIES = Counter("lectern_webhook_deliveries", "Attempts to deliver a webhook, by outcome.", ["outcome"])
PRESENTON_CALLS = Histogram(
    "lectern_presenton_call_seconds", "Time of calls to Presenton.", ["call"], buckets=[0.01, 0.1, 1, 5, *_LONG]
)
PRESENTON_FAILURES = Counter(
    "lectern_presenton_failures", "Calls to Presenton without an answer, or with one of 500 and above.", ["call"]
)
FILE_CALLS = Histogram(
    "lectern_file_store_seconds", "Time of calls to where files are kept.", ["call"], buckets=[0.01, 0.1, 1, 5, *_LONG]
)
FILE_FAILURES = Counter(
    "lectern_file_store_failures",
    "Calls to where files are kept that failed, by cause: away, missing, damaged.",
    ["call", "cause"],
)

for _outcome in ("complete", "error"):
    ENDED.labels(_outcome)  # there from the start, so that a rate can be taken


def serve(address: str, port: int, in_flight: Callable[[], int]) -> None:
    """Show a worker's metrics at this address; `in_flight` gives how many generations it holds.

    Raises SettingsError when the port is taken.
    """
    gauge = Gauge("lectern_generations_in_flight", "Presentations that this worker is making.")
    gauge.set_function(in_flight)
    try:
        start_http_server(port, address)
    except OSError as error:
        raise SettingsError(f"METRICS_PORT is {port}: {error.strerror}; expected a free one") from None
