"""Foreign text in rq-dashboard: from addresses it gets nowhere, and from Redis no further than to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Dialog, Page, expect
from redis import Redis
from rq import Worker
from rq.executions import Execution
from rq.serializers import JSONSerializer
from werkzeug.routing import Rule

from presentations.accounts import Accounts
from presentations.jobs import quick_redis
from presentations.local import Backends
from tests.web.admin.jobs import QUEUE, STATES, list_it, new_id, put

HERE = {"Origin": "http://localhost"}
KNOWN = {
    "instance_number": "0",
    "queue_name": QUEUE,
    "registry_name": "failed",
    "per_page": "8",
    "order": "asc",
    "page": "1",
    "job_id": "0b9ad74f-6e5f-4d4f-9a39-0d1a5f6e2c11_1",
}
SCRIPTS = [
    "'-alert(1)-'",
    "\\'-alert(1)//",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}<%= alert(1) %>",
    f"{QUEUE}%27",
    f"{QUEUE}\n",
    "default",
    "1.5",
    "-1",
    "²",
    "1000000",
]
# What else no page asks for.
WRONG = {
    "instance_number": ["1", "99999999999999999999"],
    "registry_name": ["rate_limited", "Failed"],
    "per_page": ["0", "201", "1e1", " 8"],
    "order": ["desc", "ASC"],
    "page": ["0", "+1", "9" * 30],
    "job_id": ["none", "0b9ad74f-6e5f-4d4f-9a39-0d1a5f6e2c11", "0B9AD74F-6E5F-4D4F-9A39-0D1A5F6E2C11_1"],
}
MARKUP = "<img src=x onerror=alert(1)><script>alert(1)</script><b id=theirs>\"'</b><%= alert(1) %>"


def path_of(rule: Rule, **changed: str) -> str:
    """Where a rule leads with known values, but for what is changed."""
    values = KNOWN | changed
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: quote(values[part[1]], safe=""), rule.rule)


def rules(app: Flask) -> Iterator[tuple[str, Rule]]:
    """All that is rq-dashboard's, each with its method."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("rq_dashboard.") and not rule.endpoint.endswith(".static"):
            yield "POST" if "POST" in (rule.methods or set()) else "GET", rule


def test_no_part_of_any_address_takes_more_than_known_values(app: Flask, ann: FlaskClient) -> None:
    tried = 0
    for method, rule in rules(app):
        for part in rule.arguments - set(rule.defaults or ()):
            for value in SCRIPTS + WRONG.get(part, []):
                path = path_of(rule, **{part: value})
                response = ann.open(path, method=method, headers=HERE, follow_redirects=True)
                assert response.status_code == 404, path
                assert "alert(1)" not in response.text
                tried += 1
    assert tried > 300


def test_nothing_comes_beside_an_address(app: Flask, ann: FlaskClient) -> None:
    for method, rule in rules(app):
        path = path_of(rule)
        for query in ("x", "script=1", "script&x=1", "<script>alert(1)</script>", "instance_number=1"):
            response = ann.open(f"{path}?{query}", method=method, headers=HERE, follow_redirects=True)
            assert response.status_code == 404, path
            assert "alert(1)" not in response.text
        for body in ({"data": {"queue_name": "x"}}, {"json": ["x"]}):
            response = ann.open(path, method=method, headers=HERE, follow_redirects=True, **body)
            assert response.status_code == 404, path


def test_known_values_are_taken(app: Flask, ann: FlaskClient, backends: Backends) -> None:
    redis = quick_redis(backends.redis_url)
    for method, rule in rules(app):
        for state in STATES if "registry_name" in rule.arguments else ["failed"]:
            put(redis, "failed", KNOWN["job_id"])
            response = ann.open(path_of(rule, registry_name=state), method=method, headers=HERE)
            assert response.status_code in (200, 308), rule.rule


def test_the_policy_lets_no_text_of_a_page_run(ann: FlaskClient, backends: Backends) -> None:
    job_id = put(quick_redis(backends.redis_url), "failed")
    for path in ("", "0/view/workers", f"0/view/jobs/{QUEUE}/failed/8/asc/1", f"0/view/job/{job_id}"):
        page = ann.get(f"/admin/rq/{path}")
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "eval" not in policy
        assert "nonce" not in policy
        # What stands in a script element is the dashboard's own templates, and no script.
        assert set(re.findall(r"<script [^>]*?(src=|text/template)", page.text)) == {"src=", "text/template"}
        assert not re.search(r'<script type="text/javascript">|<script>', page.text)
        script = ann.get(f"/admin/rq/{path}?script")
        assert (script.mimetype, script.headers["X-Content-Type-Options"]) == ("text/javascript", "nosniff")
        assert "no-store" in script.headers["Cache-Control"]


def put_markup(redis: Redis, backends: Backends) -> str:
    """Markup wherever Redis may hold text; the id of a job that failed."""
    job_id = put(redis, "failed", said=MARKUP)
    put(redis, "failed", "stranger", said=MARKUP)
    list_it(redis, "failed", MARKUP)
    redis.sadd("rq:queues", f"rq:queue:{MARKUP}")
    fields = ("queues", "state", "version", "python_version", "hostname", "ip_address")
    key = f"rq:worker:{MARKUP}.1.1"
    told: Any = {"birth": "2026-01-01T00:00:00.000000Z"} | dict.fromkeys(fields, MARKUP)
    redis.hset(key, mapping=told)
    redis.sadd("rq:workers", key)
    connection = Redis.from_url(backends.redis_url)
    for n, one in enumerate((job_id, new_id(), MARKUP)):
        busy = Worker([QUEUE], name=f"{n}", connection=connection, serializer=JSONSerializer)
        busy.register_birth()  # type: ignore[no-untyped-call]
        execution = Execution("e", one, redis, busy.name)
        execution.save(600)
        redis.sadd(execution.worker_executions_key, execution.composite_key)
    return job_id


@pytest.fixture
def admins_page(open_page: Callable[..., Page], address: str, accounts: Accounts) -> Iterator[Page]:
    """A page of an admin, in which no script of a stranger may run."""
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    page = open_page()
    ran = []

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.goto(f"{address}sign-in/{accounts.make_link('admin')}")
    yield page
    assert ran == []


def test_in_a_browser_what_redis_holds_is_read_and_never_markup(
    admins_page: Page, address: str, backends: Backends
) -> None:
    redis = quick_redis(backends.redis_url)
    job_id = put_markup(redis, backends)
    page, at = admins_page, f"{address}admin/rq/"
    theirs = page.locator("#theirs, img[src=x]")
    page.goto(at)
    expect(page.locator("tr[data-role=queue]")).to_have_count(3)
    page.goto(f"{at}0/view/workers")
    expect(page.locator("tr[data-role=worker]")).to_have_count(4)
    expect(page.get_by_role("cell", name=f"{MARKUP}.1.1")).to_be_visible()
    expect(page.get_by_role("link", name="no longer in Redis")).to_have_count(2)
    expect(theirs).to_have_count(0)
    page.goto(f"{at}0/view/jobs/{QUEUE}/failed/8/asc/1")
    expect(page.locator("tr[data-role=job]")).to_have_count(1)
    expect(page.locator("pre.exc_info")).to_have_text(MARKUP)
    expect(page.locator(".description")).to_have_text(MARKUP)
    expect(page.locator(".page-item.active")).to_have_text("1")
    expect(theirs).to_have_count(0)
    page.get_by_role("link", name=job_id).click()
    expect(page.locator(".description-scroll")).to_have_text(MARKUP)
    expect(page.locator("pre.exc_info")).to_have_text(MARKUP)
    expect(page.get_by_role("button", name="Requeue")).to_be_visible()
    expect(theirs).to_have_count(0)
    page.get_by_role("button", name="Delete").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Yes").click()
    expect(page.locator("tr[data-role=queue]")).to_have_count(3)
    assert not redis.exists(f"rq:job:{job_id}")


def test_in_a_browser_a_link_runs_nothing(admins_page: Page, app: Flask, address: str) -> None:
    links = {rule.endpoint: rule for method, rule in rules(app) if method == "GET" and rule.arguments}
    for rule in links.values():
        for part in rule.arguments & {"queue_name", "registry_name", "order", "job_id"}:
            for value in (SCRIPTS[0], SCRIPTS[2]):
                answer = admins_page.goto(address + path_of(rule, **{part: value})[1:])
                assert answer
                assert answer.status == 404
