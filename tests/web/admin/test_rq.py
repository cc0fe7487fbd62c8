"""rq-dashboard as admins see it: in a real browser, and what it may not do."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from presentations.accounts import Accounts
from presentations.database.models import CANCELLED, COMPLETE, ERROR, PENDING
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.operations import Controls
from tests.support.processes import Process
from tests.support.signing import sign_in as use_link
from tests.support.waiting import eventually

HERE = {"Origin": "http://localhost"}
READING = ["", "0/view/workers", "0/view/jobs", "0/data/queues.json", "0/data/workers.json"]
READING += [f"0/data/jobs/presentations/{registry}/8/asc/1.json" for registry in ("queued", "failed", "finished")]


def failed_job(library: Library, demo: DemoPresenton) -> str:
    """A presentation that Presenton has refused; its job's id."""
    demo.faults.add("status", path="/generate", status=422, times=1)
    asked = library.create("teacher", "<img src=x onerror=alert(1)>", 1)
    eventually(lambda: library.get(None, asked.id).status == ERROR)
    return f"{asked.id}_1"


def test_only_admins_get_in(app: Flask, ann: FlaskClient, accounts: Accounts) -> None:
    rosa = use_link(app.test_client(), accounts)
    for path in READING:
        assert app.test_client().get(f"/admin/rq/{path}").status_code == 303
        assert rosa.get(f"/admin/rq/{path}").status_code == 403
        assert ann.get(f"/admin/rq/{path}").status_code == 200, path
    assert ann.get("/admin/rq/0/view/job/no-such-job").status_code == 404


def test_a_change_takes_a_post_from_our_own_pages(
    ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    start_worker()
    job_id = failed_job(library, demo)
    assert ann.get("/admin/rq/requeue/presentations").status_code == 405
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        for path in (
            "requeue/presentations",
            f"job/{job_id}/requeue",
            f"job/{job_id}/delete",
            "queue/presentations/failed/empty",
            "queue/presentations/compact",
        ):
            assert ann.post(f"/admin/rq/{path}", headers=headers).status_code == 400
    assert library.get(None, job_id[:36]).status == ERROR
    assert library.engine.queue.queue.fetch_job(job_id)


def test_requeue_is_the_librarys_retry_of_rows_in_error_only(
    ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    worker = start_worker()
    first, second = failed_job(library, demo), failed_job(library, demo)
    cancelled = library.cancel("teacher", library.create("teacher", "Not needed").id)
    worker.stop()
    assert ann.post(f"/admin/rq/job/{first}/requeue", headers=HERE).json == {"status": "OK"}
    assert library.get(None, first[:36]).status == PENDING
    assert ann.post("/admin/rq/requeue/presentations", headers=HERE).json == {"status": "OK", "count": 1}
    assert library.get(None, second[:36]).status == PENDING
    for job_id, status in ((f"{cancelled.id}_1", 200), (f"{uuid4()}_1", 200), ("x", 404), (f"{'0' * 36}_1", 404)):
        assert ann.post(f"/admin/rq/job/{job_id}/requeue", headers=HERE).status_code == status
    assert library.get(None, cancelled.id).status == CANCELLED
    assert ann.post("/admin/rq/requeue/webhooks", headers=HERE).json == {"status": "OK", "count": 0}
    start_worker()
    eventually(lambda: {library.get(None, one[:36]).status for one in (first, second)} == {COMPLETE})


def test_requeue_all_goes_on_after_a_teacher_who_has_enough_waiting(
    ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    worker = start_worker()
    jobs = [failed_job(library, demo), failed_job(library, demo)]
    worker.stop()
    Controls(library.database, library.engine).set_max_waiting(1)
    assert ann.post("/admin/rq/requeue/presentations", headers=HERE).json == {"status": "OK", "count": 1}
    assert sorted(library.get(None, job[:36]).status for job in jobs) == ["error", PENDING]


def test_emptying_the_line_loses_nothing(
    ann: FlaskClient, library: Library, start_worker: Callable[..., Process]
) -> None:
    ids = [library.create("teacher", f"Topic {n}", 1).id for n in range(3)]
    assert ann.post("/admin/rq/queue/presentations/queued/empty", headers=HERE).json == {"status": "OK"}
    assert library.engine.queue.look().jobs == set()
    start_worker()
    eventually(lambda: {library.get(None, one).status for one in ids} == {COMPLETE})


def test_in_a_browser_jobs_are_seen_and_requeued_and_run_no_script_of_theirs(
    open_page: Callable[..., Page],
    address: str,
    accounts: Accounts,
    library: Library,
    demo: DemoPresenton,
    start_worker: Callable[..., Process],
) -> None:
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    start_worker()
    job_id = failed_job(library, demo)
    job = library.engine.queue.queue.fetch_job(job_id)
    assert job
    job.description = "<img src=x onerror=alert(1)>"
    job.save()
    page = open_page()
    page.goto(f"{address}sign-in/{accounts.make_link('admin')}")
    page.on("dialog", lambda dialog: pytest.fail("a script of a job was run"))
    page.goto(f"{address}admin/rq/")
    expect(page.get_by_role("cell", name="presentations", exact=True)).to_be_visible()
    page.goto(f"{address}admin/rq/0/view/workers")
    expect(page.get_by_role("row").filter(has_text="presentations")).to_have_count(4)
    page.goto(f"{address}admin/rq/0/view/jobs/presentations/failed/8/asc/1")
    page.get_by_role("link", name="Requeue", exact=True).click()
    eventually(lambda: library.get(None, job_id[:36]).status == COMPLETE)
