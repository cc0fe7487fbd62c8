"""Every label of every metric has a fixed set of values, whatever visitors and Presenton send."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from presentations.database import Database
from presentations.database.models import CANCELLED, COMPLETE, ERROR
from presentations.presenton import Presenton, PresentonError
from presentations.web.current import redis
from presentations.web.metering import Standing
from tests.presenton.scripted import MARK, REQUEST, Scripted, client
from tests.web.desk import Desk

Series = set[tuple[str, str, str]]

_CALLS = {"async", "generate", "status", "all", "deck", "edit", "delete", "verify", "probe", "templates"}
_FILE_CALLS = {"put", "read", "delete", "list", "link"}
# By metric and label; the names of the routes come from the web itself.
VALUES: dict[str, dict[str, set[str]]] = {
    "lectern_request_seconds": {
        "method": {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "other"},
        "endpoint": set(),
        "status": {str(status.value) for status in HTTPStatus},
    },
    "lectern_generations": {"outcome": {COMPLETE, ERROR, CANCELLED}},
    "lectern_webhook_deliveries": {"outcome": {"delivered", "failed", "given up"}},
    "lectern_presenton_call_seconds": {"call": _CALLS},
    "lectern_presenton_failures": {"call": _CALLS},
    "lectern_file_store_seconds": {"call": _FILE_CALLS - {"list"}},
    "lectern_file_store_failures": {"call": _FILE_CALLS, "cause": {"away", "missing", "damaged"}},
    "lectern_up": {"server": {"database", "redis"}},
}


def series() -> Series:
    """What Lectern has counted so far in this process: metric, label and value."""
    return {
        (family.name, label, value)
        for family in REGISTRY.collect()
        if family.name.startswith("lectern_")
        for sample in family.samples
        for label, value in sample.labels.items()
        if label != "le"
    }


def unknown(found: Series, app: Flask | None = None) -> Series:
    routes = {*app.view_functions, "none"} if app else set()
    known = {(metric, label, value) for metric, by in VALUES.items() for label, of in by.items() for value in of}
    return found - known - {("lectern_request_seconds", "endpoint", route) for route in routes}


def test_every_label_is_decided_on_here(app: Flask, database: Database) -> None:
    found = {
        (family.name, label)
        for metric in list(REGISTRY._collector_to_names)  # a metric tells the labels that it may have nowhere else
        if isinstance(metric, MetricWrapperBase)
        for family in metric.collect()
        for label in metric._labelnames
    }
    with app.app_context():
        families = list(Standing(database, redis()).collect())
    found |= {(family.name, label) for family in families for one in family.samples for label in one.labels}
    assert found == {(metric, label) for metric, labels in VALUES.items() for label in labels}


def test_visitors_make_no_values_of_their_own(app: Flask, rosa: FlaskClient) -> None:
    before = series()
    for number in range(20):
        made_up = f"MADEUP{number}"
        for path in ("/", f"/{made_up}", f"/api/{made_up}", f"/presentations/{made_up}", f"/static/{made_up}"):
            rosa.open(path, method=made_up)
            rosa.get(path, headers={"X-HTTP-Method-Override": made_up, "X-Request-ID": made_up})
        rosa.get("/", headers={"Host": f"{made_up}.example"})
        rosa.get(f"/{made_up}\r\n\x1b[31m?{made_up}", headers={"User-Agent": made_up})
        rosa.post(f"/sign-in/{made_up}")
        rosa.get(f"/admin/rq/{made_up}/view/queues")
    assert not unknown(series() - before, app)


def test_presenton_makes_no_values_of_its_own(app: Flask, desk: Desk) -> None:
    before = series()
    with closing(Scripted()) as server:
        presenton = app.extensions["presenton"] = client(server)
        for status in (99, 299, 418, 499, 599, 600, 999):
            server.says(status, {"detail": f"made up {status}"})
            _call_all(presenton, f"made/up {status}?all")
            made = desk.finished(f"Status {status}", presenton_path=f"/app_data/{status}.{status}")
            desk.client.get(f"/presentations/{made.id}/file", buffered=True)
    assert not unknown(series() - before, app)


def _call_all(presenton: Presenton, its_id: str) -> None:
    calls: tuple[Callable[[], object], ...] = (
        lambda: presenton.submit(REQUEST, MARK),
        lambda: presenton.generate(REQUEST, MARK, 1),
        lambda: presenton.task(its_id),
        lambda: presenton.slide_count(its_id),
        lambda: presenton.deck_updated_at(its_id),
        lambda: presenton.delete(its_id),
        lambda: presenton.export(its_id, "pptx"),
        lambda: presenton.marked_decks(MARK),
        presenton.probe,
        presenton.release,
        presenton.templates,
    )
    for call in calls:
        with suppress(PresentonError):
            call()
