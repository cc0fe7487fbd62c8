"""What was done is written down: by whom, how, and to whose thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, update

from presentations.accounts import Tokens
from presentations.database import Audit, Database
from presentations.database.models import AuditEntry
from presentations.files import Store
from presentations.library import Library
from presentations.operations import purge_old
from presentations.web.auditing import ACTIONS
from tests.support.signing import send
from tests.web.admin.pages import found_on


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database)


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

    def test_it_comes_in_parts_and_is_kept_for_a_year(
        self, ann: FlaskClient, audit: Audit, database: Database, store: Store
    ) -> None:
        for n in range(130):
            audit.note("teacher", "page", f"did {n}.")
        first = audit.search("did")
        assert (len(first.items), len(audit.search("did", first.next).items)) == (100, 30)
        assert "Show more" in found_on(ann, "/admin/audit?q=did")
        assert ann.get("/admin/audit?after=rubbish").status_code == 400
        with database.begin() as session:
            old = update(AuditEntry).where(AuditEntry.action.in_(["did 1.", "did 2."]))
            session.execute(old.values(at=func.now() - timedelta(days=366)))
        purge_old(database, store)
        assert len(audit.search("did").items) + len(audit.search("did", audit.search("did").next).items) == 128

    def test_rq_dashboard_too(self, ann: FlaskClient, audit: Audit) -> None:
        ann.post("/admin/rq/queue/presentations/queued/empty", headers={"Origin": "http://localhost"})
        newest = audit.search().items[0]
        assert (newest.actor, newest.action) == ("admin", "emptied a queue")
