"""The pages for admins: what they say, what they do, and that it is written down who did it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, update

from presentations.accounts import Accounts, Tokens
from presentations.database import Audit, Database
from presentations.database.models import COMPLETE, ERROR, PROCESSING, AuditEntry, Delivery, Presentation, Webhook
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import Controls, purge_old
from presentations.settings import Settings
from presentations.web import create_app
from presentations.web.auditing import ACTIONS
from presentations.webhooks import Webhooks
from tests.support.processes import Process
from tests.support.signing import send, sign_in
from tests.support.waiting import eventually

PAGES = ["", "/presentations", "/users", "/users/one?id=teacher", "/webhooks", "/audit", "/limits"]


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database)


def write(database: Database, presentation: Presentation, **values: object) -> None:
    with database.begin() as session:
        row = update(Presentation).where(Presentation.id == presentation.id)
        session.execute(row.values(queued_at=None, **values))


def at_work(**values: object) -> dict[str, object]:
    until = {"lease_until": func.now() + timedelta(minutes=1)}
    return {"status": PROCESSING, "lease_owner": uuid4(), "started_at": func.now(), **until, **values}


def found_on(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())


class TestWhyItIsLate:
    """Five situations, each told by the pages alone."""

    def test_the_line_is_long(
        self, ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
    ) -> None:
        demo.faults.add("stuck")
        start_worker(WORKER_THREADS="1")
        asked = [library.create(f"teacher{n}", f"Topic {n}", 1) for n in range(4)]
        eventually(lambda: library.get(None, asked[0].id).presenton_task_id)
        overview = found_on(ann, "/admin")
        assert "All is well" in overview  # long, but nothing is broken
        assert "The line is long: 3 wait, and all 1 threads are at work." in overview
        assert "Topic 0 for teacher0" in overview
        assert "It is number 3 in line." in found_on(ann, f"/admin/presentations/{asked[3].id}")

    def test_presenton_is_down(
        self, ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
    ) -> None:
        demo.stop()
        start_worker(LEASE_SECONDS="10")
        asked = library.create("teacher", "Volcanoes", 1)
        eventually(lambda: library.get(None, asked.id).fault_since)
        for page in ("", f"/presentations/{asked.id}"):
            assert "Presenton: " in found_on(ann, f"/admin{page}")
        assert "Something needs a look" in found_on(ann, "/admin")
        demo.start()

    def test_the_worker_is_gone(self, ann: FlaskClient, library: Library, database: Database) -> None:
        waits, dead = library.create("teacher", "Waits"), library.create("colleague", "Its worker died")
        write(database, dead, **at_work(lease_until=func.now() - timedelta(minutes=3)))
        for page in ("", f"/presentations/{waits.id}", f"/presentations/{dead.id}"):
            assert "Workers: No worker is there. Start one: python worker.py" in found_on(ann, f"/admin{page}")
        assert "Its worker is gone since 3 min." in found_on(ann, f"/admin/presentations/{dead.id}")

    def test_the_line_is_paused(self, ann: FlaskClient, library: Library) -> None:
        asked = library.create("teacher", "Volcanoes")
        Controls(library.database, library.line).pause("Moving house.")
        for page in ("", f"/presentations/{asked.id}"):
            seen = found_on(ann, f"/admin{page}")
            assert "The line is paused: Moving house. Nothing new is begun." in seen
            assert "about to enter the line" not in seen

    def test_a_task_is_stuck(
        self, ann: FlaskClient, library: Library, database: Database, start_worker: Callable[..., Process]
    ) -> None:
        start_worker()
        asked = library.create("teacher", "Volcanoes", 5)
        eventually(lambda: library.get(None, asked.id).status == COMPLETE)
        still = at_work(progress_at=func.now() - timedelta(minutes=17), completed_at=None, ended_at=None)
        write(database, asked, **still)
        assert "Volcanoes : Nothing has changed for 17 min." in found_on(ann, "/admin")
        why = found_on(ann, f"/admin/presentations/{asked.id}")
        assert "After 20 min without a change Presenton is asked anew." in why

    def test_its_teacher_has_others_before_it(self, ann: FlaskClient, library: Library) -> None:
        asked = [library.create("teacher", f"Topic {n}") for n in range(4)]
        assert "3 of the same teacher's come before it." in found_on(ann, f"/admin/presentations/{asked[3].id}")


def test_numbers_of_the_last_days(ann: FlaskClient, library: Library, database: Database) -> None:
    for n, minutes in enumerate((10, 10, 20)):
        made = library.create(f"teacher{n}", "Volcanoes", 5)
        times = {"started_at": func.now() - timedelta(minutes=minutes), "completed_at": func.now()}
        write(database, made, status=COMPLETE, **times)
    write(database, library.create("teacher", "Went wrong"), status=ERROR, error="It was too much.")
    overview = found_on(ann, "/admin")
    assert "25 %" in overview
    assert re.search(r"today, \d\d:\d\d 3 10.0 19.0 2.0 0.0", overview)
    assert "up to 4 an hour" in overview


def test_a_presenton_that_hangs_does_not_hang_the_page(ann: FlaskClient, demo: DemoPresenton) -> None:
    demo.faults.add("hang", path="/")
    assert "Presenton: It does not answer within 5 seconds." in found_on(ann, "/admin")
    demo.faults.clear()


def test_everybodys_presentations_are_searched(ann: FlaskClient, library: Library, database: Database) -> None:
    for user, topic in (("teacher", "Volcanoes"), ("colleague", "Volcanic soil"), ("colleague", "Cells")):
        library.create(user, topic)
    page = found_on(ann, "/admin/presentations?q=volcan")
    assert "Volcanoes" in page
    assert "Volcanic soil" in page
    assert "Cells" not in page
    assert "Volcanoes" not in found_on(ann, "/admin/presentations?user=colleague")
    assert "Nothing found." in found_on(ann, "/admin/presentations?status=error")
    assert ann.get("/admin/presentations?after=rubbish").status_code == 400


def test_an_admin_sees_why_and_tries_again(ann: FlaskClient, library: Library, database: Database) -> None:
    asked = library.create("teacher", "Volcanoes")
    detail = {"error": "It was too much.", "error_detail": "HTTP 500: <b>no outline</b>", "attempts": 3}
    write(database, asked, status=ERROR, presenton_task_id="task-0815", **detail)
    path = f"/admin/presentations/{asked.id}"
    page = ann.get(path).text
    for said in ("HTTP 500: &lt;b&gt;no outline&lt;/b&gt;", "task-0815", "It was too much.", f"{asked.id}_1"):
        assert said in page
    assert send(ann, f"{path}/retry", seen=path).status_code == 303
    assert library.get(None, asked.id).status == "pending"
    send(ann, f"{path}/cancel", seen=path)
    assert library.get(None, asked.id).status == "cancelled"


class TestUsers:
    def test_from_added_to_deactivated(self, ann: FlaskClient, app: Flask, accounts: Accounts) -> None:
        new = {"user_id": "new/one", "name": "Noor", "email": "noor@school.example", "role": "teacher"}
        added = send(ann, "/admin/users", **new)
        one = added.location
        shown = send(ann, "/admin/users/one/link?id=new/one", seen=one).text
        link = re.search(r"http://127.0.0.1:\d+(/sign-in/[^<]+)", shown)
        assert link
        noor = app.test_client()
        assert noor.get(link[1]).status_code == 303
        assert noor.get("/").status_code == 200
        assert noor.get("/admin").status_code == 403
        send(ann, "/admin/users/one/role?id=new/one", seen=one, role="admin")
        assert noor.get("/admin").status_code == 200
        send(ann, "/admin/users/one/deactivate?id=new/one", seen=one)
        assert noor.get("/").status_code == 303
        send(ann, "/admin/users/one/reactivate?id=new/one", seen=one)
        assert accounts.get("new/one").is_active

    def test_bad_input_is_said_beside_the_field(self, ann: FlaskClient) -> None:
        new = {"user_id": "teacher", "name": "Noor", "email": "noor@school.example", "role": "teacher"}
        for field, value, said in (
            ("user_id", "teacher", "Another account has it."),
            ("email", "rosa@school.example", "Another account has it."),
            ("email", "nonsense", "Expected an e-mail address such as ada@school.example."),
            ("name", "", "Please write something here."),
            ("role", "queen", "Expected one of teacher, admin."),
        ):
            answer = send(ann, "/admin/users", **new | {"user_id": "noor"} | {field: value})
            assert (answer.status_code, f'id="{field}-problem" dir="auto">{said}' in answer.text) == (422, True)

    def test_a_token_that_acts_for_everybody(self, ann: FlaskClient, app: Flask, library: Library) -> None:
        one = "/admin/users/one?id=teacher"
        made = send(ann, "/admin/users/one/tokens?id=teacher", seen=one, name="LMS", write="on", acts_for_all="on")
        secret = re.search(r"lectern_[\w-]{20,}", made.text)
        assert secret
        headers = {"Authorization": f"Bearer {secret[0]}"}
        asked = app.test_client().post("/api/presentations", json={"topic": "x", "user_id": "pupil"}, headers=headers)
        assert asked.status_code == 202
        token = Tokens(library.database).list("teacher")[0]
        assert secret[0] not in ann.get(one).text
        send(ann, f"/admin/users/one/tokens/{token.id}/revoke?id=teacher", seen=one)
        assert Tokens(library.database).list("teacher") == []
        answer = send(ann, "/admin/users/one/tokens?id=teacher", seen=one, name="")
        assert (answer.status_code, "Please write something here." in answer.text) == (422, True)

    def test_nobody_locks_themselves_out(self, ann: FlaskClient, accounts: Accounts) -> None:
        one = "/admin/users/one?id=admin"
        assert send(ann, "/admin/users/one/deactivate?id=admin", seen=one).status_code == 409
        assert send(ann, "/admin/users/one/role?id=admin", seen=one, role="teacher").status_code == 409
        me = accounts.get("admin")
        assert (me.is_active, me.role) == (True, "admin")

    def test_there_is_no_such_account(self, ann: FlaskClient) -> None:
        for path in ("/admin/users/one", "/admin/users/one?id=nobody"):
            assert ann.get(path).status_code == 404
        assert send(ann, "/admin/users/one/link?id=nobody", seen="/admin").status_code == 404


def test_webhooks_in_trouble_are_shown_and_switched_on(
    ann: FlaskClient, database: Database, accounts: Accounts
) -> None:
    webhooks = Webhooks(database, allow_private=True)
    off = webhooks.subscribe("teacher", "http://127.0.0.1:9/off").webhook
    webhooks.subscribe("teacher", "http://127.0.0.1:9/fine")
    test = webhooks.send_test("teacher", off.id)
    with database.begin() as session:
        gone = {"is_active": False, "switched_off_at": func.now(), "switched_off_why": "It failed for five days."}
        session.execute(update(Webhook).where(Webhook.id == off.id).values(**gone))
        session.execute(update(Delivery).where(Delivery.id == test.id).values(status="failed", problem="No answer."))
    page = found_on(ann, "/admin/webhooks")
    assert "It failed for five days." in page
    assert "No answer." in page
    assert "/fine" not in page
    send(ann, f"/admin/webhooks/{off.id}/on", seen="/admin/webhooks")
    assert webhooks.get(None, off.id).is_active
    assert "None." in found_on(ann, "/admin/webhooks")


def test_limits_are_set_and_bad_ones_refused(ann: FlaskClient, library: Library) -> None:
    path, controls = "/admin/limits", Controls(library.database, library.line)
    send(ann, f"{path}/waiting", seen=path, max_waiting="7")
    send(ann, f"{path}/pause", seen=path, pause_reason="Moving house.")
    send(ann, f"{path}/notice", seen=path, notice="New server on Friday.")
    now = controls.now()
    assert (now.max_waiting, now.pause_reason, now.notice) == (7, "Moving house.", "New server on Friday.")
    send(ann, f"{path}/resume", seen=path)
    assert controls.now().paused_at is None
    for verb, field, value in (
        ("waiting", "max_waiting", "-1"),
        ("waiting", "max_waiting", "many"),
        ("waiting", "max_waiting", "9" * 5000),
        ("pause", "pause_reason", " "),
        ("notice", "notice", "x" * 301),
    ):
        answer = send(ann, f"{path}/{verb}", seen=path, **{field: value})
        assert answer.status_code == 422
        assert f'id="{field}-problem"' in answer.text
    assert controls.now().max_waiting == 7


class TestAuditLog:
    def test_who_did_what_to_whose_thing(
        self, ann: FlaskClient, rosa: FlaskClient, audit: Audit, library: Library
    ) -> None:
        send(rosa, "/presentations", seen="/new", topic="Secret plans", n_slides="5")
        (asked,) = library.list("teacher").items
        path = f"/admin/presentations/{asked.id}"
        send(ann, f"{path}/cancel", seen=path)
        done = [(one.actor, one.via, one.action, one.whose, one.what) for one in audit.search().items]
        assert done[:2] == [
            ("admin", "page", "cancelled a presentation", "teacher", f"presentation {asked.id}"),
            ("teacher", "page", "asked for a presentation", "teacher", f"presentation {asked.id}"),
        ]
        assert {one.action for one in audit.search().items} >= {"signed in by link"}
        page = found_on(ann, f"/admin/audit?q=CANCELLED+{asked.id}")
        assert "cancelled a presentation" in page
        assert "asked for" not in page
        assert "Secret plans" not in found_on(ann, "/admin/audit")

    def test_programs_are_named_by_whose_token_they_show(
        self, rosa: FlaskClient, audit: Audit, database: Database
    ) -> None:
        _, secret = Tokens(database).make("colleague", "LMS", ("read", "write"), acts_for_all=True, is_trusted=True)
        body = {"topic": "Volcanoes", "user_id": "pupil"}
        rosa.post("/api/presentations", json=body, headers={"Authorization": f"Bearer {secret}"})
        newest = audit.search().items[0]
        assert (newest.actor, newest.via, newest.whose) == ("colleague", "api", "pupil")

    def test_what_was_refused_was_not_done(self, rosa: FlaskClient, audit: Audit) -> None:
        before = len(audit.search().items)
        assert send(rosa, "/presentations", seen="/new", topic="").status_code == 422
        rosa.post("/presentations", data={"topic": "without its token"})
        assert len(audit.search().items) == before

    def test_every_route_that_changes_something_is_written_down(self, app: Flask) -> None:
        changing = {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if {"POST", "PATCH", "DELETE", "PUT"} & (rule.methods or set())
        }
        assert changing - ACTIONS.keys() == set()
        assert ACTIONS.keys() - {rule.endpoint for rule in app.url_map.iter_rules()} == set()

    def test_it_comes_in_parts_and_is_kept_for_a_year(self, ann: FlaskClient, audit: Audit, database: Database) -> None:
        for n in range(130):
            audit.note("teacher", "page", f"did {n}.")
        first = audit.search("did")
        assert (len(first.items), len(audit.search("did", first.next).items)) == (100, 30)
        assert "Show more" in found_on(ann, "/admin/audit?q=did")
        assert ann.get("/admin/audit?after=rubbish").status_code == 400
        with database.begin() as session:
            old = update(AuditEntry).where(AuditEntry.action.in_(["did 1.", "did 2."]))
            session.execute(old.values(at=func.now() - timedelta(days=366)))
        purge_old(database)
        assert len(audit.search("did").items) + len(audit.search("did", audit.search("did").next).items) == 128

    def test_rq_dashboard_too(self, ann: FlaskClient, audit: Audit) -> None:
        ann.post("/admin/rq/queue/presentations/queued/empty", headers={"Origin": "http://localhost"})
        newest = audit.search().items[0]
        assert (newest.actor, newest.action) == ("admin", "emptied a queue")


def test_admins_alone_see_the_way_to_their_pages(ann: FlaskClient, rosa: FlaskClient) -> None:
    assert 'href="/admin"' in ann.get("/").text
    assert "/admin" not in rosa.get("/").text


def test_pages_outlive_redis(settings: Settings, backends: Backends, ann: FlaskClient, accounts: Accounts) -> None:
    away = create_app(settings, replace(backends, redis_url="unix:///nowhere/valkey.sock"))
    client = sign_in(away.test_client(), accounts, "admin")
    assert "Redis does not tell." in found_on(client, "/admin")
    for page in PAGES:
        assert client.get(f"/admin{page}").status_code == 200, page
