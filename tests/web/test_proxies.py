"""Lectern under names of its own and behind proxies."""

from __future__ import annotations

import dataclasses

import pytest

from presentations.accounts import Accounts
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.signing import EMAIL, PASSWORD, hidden


def test_allowed_hosts_are_answered_with_secure_cookies_and_hsts(settings: Settings, backends: Backends) -> None:
    changed = dataclasses.replace(settings, allowed_hosts=("lectern.example", "[fd00::1]:8443"))
    app = create_app(changed, backends)
    for host in ("lectern.example", "Lectern.example:8443", "[fd00::1]:8443"):
        response = app.test_client().get("/sign-in", headers={"Host": host})
        assert response.status_code == 200
        assert "; Secure" in response.headers["Set-Cookie"]
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    client = app.test_client()
    for host in ("evil.example", "x.lectern.example", "[fd00::1]:80"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400
    assert "Strict-Transport-Security" not in client.get("/sign-in", headers={"Host": "localhost"}).headers


@pytest.mark.parametrize(("path", "prefix"), [("", "__Host-"), ("/slides", "__Secure-")])
def test_no_other_host_of_the_domain_gives_a_browser_our_cookie(
    settings: Settings, backends: Backends, accounts: Accounts, path: str, prefix: str
) -> None:
    accounts.set_password("teacher", PASSWORD)
    here = {"base_url": f"https://lectern.example{path}"}
    app = create_app(dataclasses.replace(settings, allowed_hosts=("lectern.example",)), backends)
    client = app.test_client()
    page = client.get("/sign-in", **here)
    name = app.config["SESSION_COOKIE_NAME"]
    assert page.headers["Set-Cookie"].startswith(f"{prefix}{name}=")
    sent = {"csrf_token": hidden(page.text, "csrf_token"), "email": EMAIL, "password": PASSWORD}
    answer = client.post("/sign-in", data=sent, headers={"Referer": here["base_url"]}, **here)
    cookie = answer.headers["Set-Cookie"]
    value = cookie.partition("=")[2].partition(";")[0]
    for given, status in ((f"{prefix}{name}={value}", 200), (f"{name}={value}", 303)):
        other = app.test_client(use_cookies=False)
        assert other.get("/account", headers={"Cookie": given}, **here).status_code == status


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.5")])
def test_only_trusted_proxies_say_where_a_request_is_from(
    settings: Settings, backends: Backends, proxies: int, seen: str
) -> None:
    changed = dataclasses.replace(settings, trusted_proxies=proxies, allowed_hosts=("lectern.example",))
    app = create_app(changed, backends)
    app.add_url_rule("/seen", "signin.seen", _seen)
    response = app.test_client().get("/seen", headers=FORWARDED)
    assert response.text == f"{seen} {'https://lectern.example' if proxies == 1 else 'http://localhost'}/seen"


FORWARDED = {
    "X-Forwarded-For": "203.0.113.5, 198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "lectern.example",
}


def _seen() -> str:
    from flask import request

    return f"{request.remote_addr} {request.url}"
