"""What is measured and logged of each request, and where Prometheus asks for it."""

from __future__ import annotations

import hmac
import logging
import os
import re
import time
import uuid
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import Redis
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from presentations.database import Database
from presentations.errors import Unavailable
from presentations.operations import standing, workers_of
from presentations.telemetry import logs
from presentations.telemetry.masking import masked_path
from presentations.telemetry.metrics import REQUESTS
from presentations.web.auth import sessions
from presentations.web.current import database, redis

log = logging.getLogger(__name__)

metering = Blueprint("metering", __name__)

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[\w.-]{1,100}", re.ASCII)
_READING = ("GET", "HEAD", "OPTIONS")
# Anybody may make up a method; Prometheus keeps what it has once been told of for weeks.
_METHODS = {*_READING, "POST", "PUT", "PATCH", "DELETE"}


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


@metering.get("/metrics")
def metrics() -> Response:
    """For whoever has METRICS_TOKEN, and for admins."""
    _let_in()
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(Standing(database(), redis()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _let_in() -> None:
    token, given = current_app.config["METRICS_TOKEN"], request.authorization
    if given and given.type == "bearer" and token and hmac.compare_digest((given.token or "").encode(), token.encode()):
        return
    me = sessions.current()
    if me is None:
        raise Unauthorized("Send METRICS_TOKEN as a bearer token.", www_authenticate=WWWAuthenticate("bearer"))
    if not me.powers.is_admin:
        abort(403)


class Standing(Collector):
    """What follows from the rows, and is the same whichever process is asked."""

    def __init__(self, database: Database, redis: Redis) -> None:
        self._database = database
        self._redis = redis

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Lengths and ages now; only lectern_up{server="database"} 0 while the database is away."""
        up = GaugeMetricFamily("lectern_up", "Whether a server answers.", labels=["server"])
        workers = workers_of(self._redis)
        up.add_metric(["redis"], workers is not None)
        try:
            now = standing(self._database)
        except Unavailable:
            up.add_metric(["database"], 0)
            yield up
            return
        up.add_metric(["database"], 1)
        yield up
        yield GaugeMetricFamily("lectern_line_length", "Presentations that wait.", now.waiting)
        yield GaugeMetricFamily("lectern_oldest_wait_seconds", "How long the oldest has waited.", now.oldest_wait or 0)
        yield GaugeMetricFamily("lectern_at_work", "Presentations that are being made.", now.at_work)
        yield GaugeMetricFamily("lectern_paused", "Whether the line is paused.", now.is_paused)
        yield GaugeMetricFamily("lectern_refused", "Whether Presenton lets nobody in.", now.is_refused)
        decks = now.unfetched
        yield GaugeMetricFamily("lectern_decks_unfetched", "Decks whose file is not kept yet.", decks.waiting)
        yield GaugeMetricFamily("lectern_decks_failing", "Of these, those that could not be had so far.", decks.failing)
        yield GaugeMetricFamily("lectern_decks_given_up", "Decks whose file could not be had.", decks.given_up)
        oldest = decks.oldest_unfetched or 0
        yield GaugeMetricFamily("lectern_oldest_unfetched_seconds", "How long the oldest of them has waited.", oldest)
        yield GaugeMetricFamily("lectern_workers", "Worker processes.", len(workers or ()))


def _begin() -> None:
    g.began = time.monotonic()
    given = request.headers.get(HEADER, "")
    g.request_id = given if _GIVEN.fullmatch(given) else str(uuid.uuid4())
    logs.of_request(g.request_id)


def _end(response: Response) -> Response:
    seconds = time.monotonic() - g.began
    endpoint = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(method, endpoint, response.status_code).observe(seconds)
    is_news = response.status_code >= 500 or request.method not in _READING
    level = logging.INFO if is_news else logging.DEBUG
    log.log(level, "%s %s %d in %.0f ms", request.method, shown_path(), response.status_code, seconds * 1000)
    response.headers[HEADER] = g.request_id
    return response


def shown_path() -> str:
    """What was asked for, without the secret of a sign-in link."""
    return masked_path(request.path)
