"""Titles and names that are written from right to left, inside sentences that are not."""

from __future__ import annotations

import dataclasses
import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database.models import CANCELLED, ERROR, PROCESSING
from presentations.local import Backends
from presentations.operations import Controls
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import Webhooks
from tests.support.maker import Maker
from tests.support.presentations import organise
from tests.support.signing import hidden, sign_in
from tests.web.directions import ISOLATED, ODD, Directions


@pytest.fixture
def app(settings: Settings, backends: Backends) -> Flask:
    oidc = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "x", "oidc_client_secret": "x", "oidc_name": ODD}
    return create_app(dataclasses.replace(settings, **oidc), backends)  # type: ignore[arg-type]


@pytest.fixture
def ann(app: Flask, accounts: Accounts) -> FlaskClient:
    """An admin, who has such a name as well."""
    accounts.add("teacher2", ODD, "odd@school.example")
    accounts.add("admin", ODD, "ann@school.example", role="admin")
    return sign_in(app.test_client(), accounts, "admin")


@pytest.fixture
def paths(maker: Maker) -> list[str]:
    """Pages with such a text wherever one can stand."""
    why = {"error": ODD, "error_detail": ODD}
    rows = [maker.ask(ODD, status=PROCESSING, message=ODD, lease_owner=uuid4())]
    rows += [maker.ask(ODD, status=status, **why) for status in (ERROR, CANCELLED)]
    rows += [maker.ask(ODD) for _ in range(14)]
    for row in rows[3:]:
        maker.finish(row)
    for row in rows:
        maker.write(row, user_id="admin")
    for row in rows[3:]:
        organise(maker.library, "admin", row, ODD)
    Tokens(maker.database).make("admin", ODD, SCOPES)
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook = webhooks.subscribe("admin", "http://127.0.0.1:9/").webhook
    maker.library.cancel("admin", maker.library.create("admin", ODD).id)
    controls = Controls(maker.database, maker.library.engine)
    controls.announce(ODD)
    controls.pause(ODD)
    paths = ["", "new", "account", "keys", f"account/webhooks/{webhook.id}", f"new?like={rows[0]}"]
    paths += [f"search?q={ODD}", f"shelf?subject={ODD}", "shelf?of=attention", "shelf?of=cancelled"]
    paths += [f"presentations/{row}" for row in rows[:4]] + [f"presentations/{rows[1]}/edit"]
    paths += [f"admin{path}" for path in ("", "/presentations", "/users", "/users/one?id=admin", "/limits", "/audit")]
    paths += [f"admin/presentations?q={ODD}", *(f"admin/presentations/{row}" for row in rows[:4])]
    return [f"/{path}" for path in paths]


def test_no_title_is_mixed_with_what_stands_around_it(
    ann: FlaskClient, app: Flask, accounts: Accounts, paths: list[str]
) -> None:
    mixed = {}
    for path in paths:
        answer = ann.get(path)
        assert answer.status_code == 200, path
        found = Directions(answer.text)
        assert found.count > 1, path
        mixed[path] = set(found.mixed)
    assert {path: some for path, some in mixed.items() if some} == {}
    link = f"/sign-in/{accounts.make_link('admin')}"
    lectern = app.test_client()
    app.config["ALLOWED_HOSTS"] = ("lectern.example",)
    for path in ("/sign-in", link, "/sign-in/oidc"):
        found = Directions(lectern.get(path, headers={"Host": "lectern.example"}).text)
        assert found.count
        assert found.mixed == [], path


def test_what_is_told_begins_with_words_of_ours_and_isolates_titles(ann: FlaskClient, maker: Maker) -> None:
    row = maker.ask(ODD, user_id="admin")
    made = maker.ask(ODD)
    maker.finish(made)
    maker.write(made, user_id="admin")
    for path, sent in told(row, made):
        token = hidden(ann.get("/new").text, "csrf_token")
        answer = ann.post(path, data={"csrf_token": token} | sent)
        assert answer.status_code == 303, path
        page = ann.get("/new" if answer.location == "/" else answer.location).text
        toasts = re.findall(r'class="toast">\s*<p>(.*?)</p>', page)
        assert len(toasts) == 1, path
        assert ISOLATED in toasts[0], path
        assert re.match("[A-Z][a-z]+ ", toasts[0]), toasts
        assert Directions(page).mixed == [], path


def told(row: UUID, made: UUID) -> list[tuple[str, dict[str, str]]]:
    """All that is told about a title or a name, by what it is told after."""
    one, name = f"/presentations/{row}", {"name": ODD}
    user = {"user_id": "new", "email": "new@school.example", "role": "teacher"}
    return [
        ("/presentations", {"topic": ODD, "n_slides": "5"}),
        (f"{one}/cancel", {}),
        (f"{one}/cancel", {}),
        (f"/admin{one}/retry", {}),
        (f"/admin{one}/cancel", {}),
        (f"{one}/edit", {"topic": ODD, "n_slides": "5"}),
        (f"/presentations/{made}/retry", {}),
        (f"/presentations/{made}/rename", {"title": ODD}),
        ("/presentations/move", {"ids": str(made), "subject": ODD}),
        ("/presentations/delete", {"ids": str(made)}),
        ("/subjects", name),
        ("/subjects/rename", name | {"new_name": f"{ODD} "}),
        ("/subjects/delete", name),
        ("/admin/users", name | user),
        ("/admin/users/one/role?id=new", {"role": "admin"}),
        ("/admin/users/one/deactivate?id=new", {}),
        ("/admin/users/one/reactivate?id=new", {}),
    ]
