"""Lectern under a path, such as /slides: every address that it gives away stands under it, too."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database.models import ERROR
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import Webhooks
from tests.support.maker import Maker
from tests.support.signing import hidden, sign_in

# Where pages and rq-dashboard have addresses of ours; a script or a form sends to them, a link leads to them.
ADDRESS = re.compile(r'(?:href|src|action|formaction|data-address|data-description|name="back" value)="([^"]*)"')
# In rq-dashboard's script.
IN_SCRIPT = re.compile(r'var url = ("[^"]+")')
BELOW = {"X-Forwarded-Prefix": "/slides"}
PAGES = ["", "search?q=o", "new", "keys", "account", "shelf?subject=Biology", "nowhere", "api/docs"]
FOR_ADMINS = ["", "/presentations", "/users", "/users/one?id=teacher", "/webhooks", "/audit", "/limits"]
DASHBOARD = ["/rq/", "/rq/0/view/workers", "/rq/0/view/jobs/presentations/failed/8/asc/1"]


@pytest.fixture
def app(settings: Settings, backends: Backends) -> Flask:
    return create_app(dataclasses.replace(settings, trusted_proxies=1), backends)


class Below(FlaskClient):
    """A browser whose addresses all begin with /slides, so that it sends the cookies that are for those."""

    def open(self, *args: Any, **given: Any) -> TestResponse:
        return super().open(*args, **{"base_url": "http://localhost/slides"} | given)


@pytest.fixture(params=["header", "script name"])
def client(app: Flask, accounts: Accounts, request: pytest.FixtureRequest) -> FlaskClient:
    """Ann's, who is an admin: behind a proxy that has cut /slides off, or a server that has."""
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    app.test_client_class = Below
    inner = app.wsgi_app

    def cut(environ: dict[str, Any], start: Any) -> Any:
        environ["HTTP_X_FORWARDED_PREFIX"] = environ.pop("SCRIPT_NAME")
        return inner(environ, start)

    if request.param == "header":
        app.wsgi_app = cut  # type: ignore[assignment]
    client = app.test_client()
    answer = client.get(f"/sign-in/{accounts.make_link('admin')}")
    assert (answer.status_code, answer.location) == (303, "/slides/")
    return client


@pytest.fixture
def paths(maker: Maker) -> list[str]:
    """All pages, with something on each."""
    maker.ask("Waits")
    maker.finish(made := maker.ask("Made"))
    failed = maker.ask("Broke", status=ERROR)
    for owner in (made, failed):
        maker.write(owner, user_id="admin")
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook = webhooks.subscribe("admin", "http://127.0.0.1:9/").webhook
    webhooks.send_test("admin", webhook.id)
    Tokens(maker.database).make("admin", "laptop", SCOPES)
    own = [f"presentations/{made}", f"presentations/{failed}/edit", f"account/webhooks/{webhook.id}"]
    return [f"/{path}" for path in [*PAGES, *own, *(f"admin{path}" for path in FOR_ADMINS + DASHBOARD)]]


def addresses(page: str) -> Iterator[str]:
    """Those of ours."""
    for found in (*ADDRESS.findall(page), *map(json.loads, IN_SCRIPT.findall(page))):
        if not unescape(found).startswith(("#", "?", "<%=", "http://", "https://")):
            yield found


def test_all_addresses_on_all_pages_stand_below_the_path(client: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        page = client.get(path)
        assert page.status_code == (404 if path == "/nowhere" else 200), path
        given = list(addresses(page.text))
        assert len(given) > 3
        assert [address for address in given if not address.startswith(("/slides/", "?"))] == [], path


def test_where_a_page_is_the_one_that_is_shown_its_entry_says_so(client: FlaskClient) -> None:
    assert 'href="/slides/admin/users" aria-current="page"' in client.get("/admin/users").text


def test_who_signs_in_gets_to_what_was_wanted(app: Flask, accounts: Accounts) -> None:
    client = app.test_client()
    away = client.get("/search?q=cells", headers=BELOW)
    assert away.location == "/slides/sign-in?next=/slides/search?q%3Dcells"
    for wanted, to in {
        "/slides/new?like=x": "/slides/new?like=x",
        "/slides": "/slides",
        "/elsewhere": "/slides/",
        "/slidesshow": "/slides/",
        "/slides/../elsewhere": "/slides/",
        "/slides/%2E%2e/elsewhere": "/slides/",
        "//evil.example": "/slides/",
    }.items():
        link = f"/sign-in/{accounts.make_link('teacher')}"
        answer = client.get(link, query_string={"next": wanted}, headers=BELOW)
        assert answer.location == to
        assert "; Path=/slides" in answer.headers["Set-Cookie"]


def test_forms_lead_back_to_their_page(client: FlaskClient, maker: Maker) -> None:
    page = client.get("/search?q=x").text
    sent = {name: unescape(hidden(page, name)) for name in ("csrf_token", "back")}
    assert sent["back"] == "/slides/search?q=x"
    assert client.post("/subjects", data={**sent, "name": "Biology"}).location == "/slides/search?q=x"


def test_the_api_names_its_addresses_with_the_path(client: FlaskClient, maker: Maker) -> None:
    secret = Tokens(maker.database).make("teacher", "laptop", SCOPES)[1]

    def call(method: str, path: str, **sent: object) -> TestResponse:
        return client.open(f"/api/{path}", method=method, json=sent, headers={"Authorization": f"Bearer {secret}"})

    asked = call("POST", "presentations", topic="Cells")
    assert asked.location == f"/slides/api/presentations/{asked.json['job_id']}"  # type: ignore[index]
    assert call("POST", "subjects", name="Biology").location == "/slides/api/subjects/Biology"
    moved = call("POST", "presentations/move", ids=[asked.json["job_id"]], subject="Biology")  # type: ignore[index]
    assert moved.json["undo"].startswith("/slides/api/undos/")  # type: ignore[index]
    gone = call("DELETE", f"presentations/{asked.json['job_id']}")  # type: ignore[index]
    assert gone.headers["X-Undo"].startswith("/slides/api/undos/")


def test_the_apis_description_names_the_path_of_each_request(app: Flask) -> None:
    for headers, path in ((BELOW, "/slides"), ({}, "/")):
        described = app.test_client().get("/api/openapi.json", headers=headers).json
        assert described["servers"] == [{"url": path}]  # type: ignore[index]


HOSTILE = ["//evil.example", "/\\evil.example", "https://evil.example", "/x/..", "/../x", "/./x", "/x//y", "slides"]
HOSTILE += ["/x y", '/x"onload=1"', "/x;Domain=evil.example", "/x\x01", "/x\ty", "/x%0d%0aSet-Cookie:a", "/ä", "/x?y"]


@pytest.mark.parametrize("path", ["/sign-in", "/static/lectern.css", "/api/openapi.json", "/sign-in/x?next=/"])
def test_no_path_is_taken_that_could_be_something_else(app: Flask, path: str) -> None:
    for prefix in HOSTILE:
        answer = app.test_client().get(path, headers={"X-Forwarded-Prefix": prefix})
        assert answer.status_code == 400, prefix
        assert "Location" not in answer.headers
        assert "evil" not in answer.headers.get("Set-Cookie", "")
        assert all(address.startswith("/") and prefix not in address for address in addresses(answer.text))
        assert "expected a path such as /slides" in answer.text


def test_a_path_may_have_parts_and_a_slash_at_its_end(app: Flask) -> None:
    for prefix, path in {"/a/b.c-d_e~1/": "/a/b.c-d_e~1/", "/": "/", "/a, /b": "/b/", "": "/"}.items():
        assert app.test_client().get("/", headers={"X-Forwarded-Prefix": prefix}).location == f"{path}sign-in"


def test_the_nearest_of_two_proxies_says_the_path(settings: Settings, backends: Backends) -> None:
    app = create_app(dataclasses.replace(settings, trusted_proxies=2), backends)
    assert app.test_client().get("/", headers=BELOW).location == "/slides/sign-in"


def test_nobody_but_a_trusted_proxy_says_the_path(settings: Settings, backends: Backends) -> None:
    client = create_app(settings, backends).test_client()
    assert client.get("/", headers=BELOW).location == "/sign-in"


INSIDE = {
    "/slides/new": "/slides/sign-in?next=/slides/new",
    "/slides/": "/slides/sign-in",
    "/slides": "http://localhost/slides/",
}
OUTSIDE = ["/", "/new", "/healthz", "/slidesnew", "/slides2/new", "/static/lectern.css", "//slides/new", "/Slides/new"]


def below_slides(settings: Settings, backends: Backends, **changed: Any) -> FlaskClient:
    """By SCRIPT_NAME, where no server before has cut it off."""
    return create_app(dataclasses.replace(settings, script_name="/slides", **changed), backends).test_client()


def test_what_is_not_below_the_path_leads_there(settings: Settings, backends: Backends) -> None:
    client = below_slides(settings, backends)
    for path, leads_to in INSIDE.items():
        assert client.get(path).location == leads_to
    for path in OUTSIDE:
        answer = client.get("/", environ_overrides={"PATH_INFO": path})
        assert answer.status_code == 404, path
        assert "Lectern stands under /slides here: go to /slides/, or write that" in answer.text
        assert 'href="/slides/"' in answer.text
        # It would end the session of whoever is signed in below the path.
        assert "Set-Cookie" not in answer.headers
    refused = client.post("/api/presentations", json={"topic": "Cells"})
    assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
    assert "Lectern stands under /slides here" in refused.json["detail"]  # type: ignore[index]


def test_a_server_that_has_cut_the_path_off_makes_no_difference(settings: Settings, backends: Backends) -> None:
    client = below_slides(settings, backends)
    assert client.get("/new", base_url="http://localhost/slides").location == "/slides/sign-in?next=/slides/new"
    cut = {"SCRIPT_NAME": "/slides", "PATH_INFO": "new"}
    assert client.get("/", environ_overrides=cut).status_code == 404


def test_a_proxy_may_say_the_path_that_it_passes_on(settings: Settings, backends: Backends) -> None:
    client = below_slides(settings, backends, trusted_proxies=1)
    assert client.get("/slides/new", headers=BELOW).location == "/slides/sign-in?next=/slides/new"
    assert client.get("/slidesnew", headers=BELOW).status_code == 404


def test_links_that_are_sent_begin_with_the_public_url(
    settings: Settings, backends: Backends, accounts: Accounts
) -> None:
    changed = dataclasses.replace(settings, trusted_proxies=1, public_url="https://school.example/slides")
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    ann = sign_in(create_app(changed, backends).test_client(), accounts, "admin")
    for headers in ({}, BELOW):
        token = hidden(ann.get("/admin/users/one?id=teacher").text, "csrf_token")
        made = ann.post("/admin/users/one/link?id=teacher", data={"csrf_token": token}, headers=headers)
        assert ">https://school.example/slides/sign-in/" in made.text
