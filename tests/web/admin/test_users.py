"""Accounts, as admins see and change them."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import Accounts, Tokens
from presentations.library import Library
from tests.support.signing import send


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
            ("user_id", "teacher", "Another account has it: give another one."),
            ("email", "rosa@school.example", "Another account has it: give another one."),
            ("email", "nonsense", "Expected an e-mail address such as ada@school.example, got"),
            ("name", "", "Please write something here."),
            ("role", "queen", "Expected one of teacher, admin, got"),
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
