"""Metrics and logs: what Prometheus is told, and one request followed from the page to the last delivery."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database.models import COMPLETE, ERROR
from presentations.demo.server import DemoPresenton
from presentations.jobs import shut
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import Controls
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import Webhooks
from tests.support.processes import Process, free_port
from tests.support.receiver import Receiver
from tests.support.waiting import eventually

TOKEN = {"Authorization": "Bearer for-prometheus"}


def numbers(text: str) -> dict[str, float]:
    """The samples by name and labels."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_several_processes_are_added_up(start_web: Callable[..., str], library: Library) -> None:
    address = start_web(WEB_PROCESSES="3", METRICS_TOKEN="for-prometheus")
    library.create("teacher", "Waits")
    asked = 30
    for _ in range(asked):
        requests.get(f"{address}/healthz", timeout=30)
    answer = requests.get(f"{address}/metrics", headers=TOKEN, timeout=30)
    assert answer.headers["Content-Type"].startswith("text/plain")
    seen = numbers(answer.text)
    assert seen["lectern_request_seconds_count{endpoint=health.alive,method=GET,status=200}"] == asked
    assert (seen["lectern_line_length"], seen["lectern_at_work"], seen["lectern_workers"]) == (1, 0, 0)
    assert seen["lectern_up{server=database}"] == seen["lectern_up{server=redis}"] == 1
    assert requests.get(f"{address}/metrics", timeout=30).status_code == 401


def test_admins_may_look_too(ann: FlaskClient, library: Library) -> None:
    Controls(library.database, library.engine).pause("Moving house.")
    seen = numbers(ann.get("/metrics").text)
    assert (seen["lectern_paused"], seen["lectern_refused"]) == (1, 0)
    shut(library.engine, "It does not accept the credentials")
    assert numbers(ann.get("/metrics").text)["lectern_refused"] == 1


def test_a_worker_tells_what_it_makes(
    start_worker: Callable[..., Process], library: Library, demo: DemoPresenton, accounts: Accounts
) -> None:
    port = free_port()
    start_worker(METRICS_PORT=str(port), WEBHOOK_ALLOW_PRIVATE="1")
    demo.faults.add("status", path="/generate", status=422, times=1)
    demo.faults.add("status", path="/status", status=502, times=1)
    with Receiver() as receiver:
        Webhooks(library.database, allow_private=True).subscribe("teacher", receiver.url)
        refused = library.create("teacher", "Refused", 1)
        eventually(lambda: library.get(None, refused.id).status == ERROR)
        made = library.create("teacher", "Made", 1)
        eventually(lambda: library.get(None, made.id).status == COMPLETE)

        def told() -> dict[str, float]:
            return numbers(requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text)

        eventually(lambda: told().get("lectern_webhook_deliveries_total{outcome=delivered}") == 2)
    seen = told()
    assert seen["lectern_generations_total{outcome=complete}"] == 1
    assert seen["lectern_generations_total{outcome=error}"] == 1
    assert seen["lectern_generation_seconds_count"] == 1
    assert seen["lectern_queue_wait_seconds_count"] == 2
    assert seen["lectern_presenton_call_seconds_count{call=async}"] == 2
    assert seen["lectern_presenton_failures_total{call=status}"] == 1
    assert seen["lectern_dispatcher_runs_total"] > 0
    assert seen["lectern_generations_in_flight"] == 0


def test_a_port_that_is_taken_is_said(start_worker: Callable[..., Process], demo: DemoPresenton) -> None:
    worker = start_worker(METRICS_PORT=demo.url.rpartition(":")[2])
    assert worker.popen.wait(30) == 2
    assert "METRICS_PORT is" in worker.log
    assert "expected a free one" in worker.log


def objects(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.strip()]


def test_one_request_is_followed_from_the_api_to_the_last_delivery(
    start_web: Callable[..., str],
    start_worker: Callable[..., Process],
    library: Library,
    accounts: Accounts,
    tmp_path: Path,
) -> None:
    worker = start_worker(LOG_FORMAT="json", WEBHOOK_ALLOW_PRIVATE="1")
    address = start_web(LOG_FORMAT="auto")
    _, secret = Tokens(library.database).make("teacher", "laptop", SCOPES)
    headers = {"Authorization": f"Bearer {secret}", "X-Request-ID": "from-the-lms-17"}
    with Receiver() as receiver:
        Webhooks(library.database, allow_private=True).subscribe("teacher", receiver.url)
        answer = requests.post(f"{address}/api/presentations", json={"topic": "Café"}, headers=headers, timeout=30)
        assert answer.headers["X-Request-ID"] == "from-the-lms-17"
        presentation_id = answer.json()["job_id"]
        worker.wait_for("delivered in")
    web = objects((tmp_path / "web1.log").read_text())
    assert any(line["message"].startswith("POST /api/presentations 202 in") for line in web)
    in_web = [line for line in web if line.get("presentation_id") == presentation_id]
    in_worker = [line for line in objects(worker.log) if line.get("presentation_id") == presentation_id]
    said = " ".join(line["message"] for line in in_worker)
    for words in ("started", "asked Presenton", "complete", "delivered"):
        assert words in said
    assert {line.get("request_id") for line in [*in_web, *in_worker]} == {"from-the-lms-17"}
    assert {"time", "level", "logger", "message"} <= in_worker[0].keys()


def test_each_thing_is_logged_once_and_no_sign_in_link_is(
    start_web: Callable[..., str], accounts: Accounts, tmp_path: Path
) -> None:
    address = start_web(LOG_LEVEL="debug")
    token = accounts.make_link("teacher")
    requests.post(f"{address}/sign-in/{token}/", allow_redirects=False, timeout=30)
    requests.get(f"{address}/sign-in/{token}", allow_redirects=False, timeout=30)
    lines = (tmp_path / "web1.log").read_text().splitlines()
    assert len([line for line in lines if "Listening at" in line]) == 1
    assert len([line for line in lines if "/sign-in/" in line]) == 2
    assert any("POST /sign-in/... 404 in" in line for line in lines)
    assert any("GET /sign-in/... 303 in" in line for line in lines)
    assert token not in "".join(lines)


def test_no_sign_in_link_is_logged_while_the_database_is_away(
    settings: Settings, backends: Backends, caplog: pytest.LogCaptureFixture
) -> None:
    away = create_app(settings, replace(backends, database_url="postgresql://nobody@127.0.0.1:9/none")).test_client()
    assert away.get("/sign-in/not-for-the-log", headers={"Host": "localhost"}).status_code == 503
    assert "GET /sign-in/...: The database cannot be reached" in caplog.text
    assert "not-for-the-log" not in caplog.text


@pytest.mark.parametrize("given", ["a" * 101, "two words", "<b>", ""])
def test_a_request_id_that_is_none_is_replaced(rosa: FlaskClient, given: str) -> None:
    answer = rosa.get("/", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 36
