"""Signing in with an account from elsewhere: a real OpenID Connect provider, and all that it may say."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from time import time
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.flask_client import FlaskOAuth2App
from flask import Flask
from flask.testing import FlaskClient
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Audit, Database
from presentations.database.models import ADMIN, TEACHER
from presentations.errors import SettingsError
from presentations.local import Backends
from presentations.settings import load
from presentations.web import create_app
from tests.support.processes import free_port
from tests.support.signing import send

ROSA = {"email": "rosa@school.example", "email_verified": True, "name": "Rosa at school"}
FAILED = "Signing in with \u2068your school account\u2069 did not work."


@pytest.fixture
def issuer() -> Iterator[str]:
    """A provider that lets in whoever is named."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sso(environment: dict[str, str], issuer: str) -> dict[str, str]:
    client = {"OIDC_CLIENT_ID": "lectern", "OIDC_CLIENT_SECRET": "of the tests"}
    return environment | client | {"OIDC_ISSUER": issuer}


@pytest.fixture
def make(sso: dict[str, str], backends: Backends, accounts: Accounts) -> Callable[..., Flask]:
    """Makes the web, with settings of its own if need be."""
    return lambda **changed: create_app(load(sso | changed), backends)


def known(issuer: str, subject: str, claims: dict[str, Any]) -> None:
    requests.put(f"{issuer}/users/{subject}", json=claims, timeout=30).raise_for_status()


def allowed(client: FlaskClient, subject: str = "s1", path: str = "/sign-in/oidc") -> str:
    """Go to the provider and agree there; gives the address that it sends the browser back to."""
    there = client.get(path).location
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=30)
    return answer.headers["Location"]


def enter(client: FlaskClient, subject: str = "s1", path: str = "/sign-in/oidc") -> TestResponse:
    return client.get(allowed(client, subject, path))


def test_teacher_with_a_verified_address_gets_to_her_account_and_to_what_she_wanted(
    make: Callable[..., Flask], issuer: str, database: Database
) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    page = client.get(client.get("/account").location).text
    assert "Sign in with <bdi>your school account</bdi>" in page
    assert enter(client, path="/sign-in/oidc?next=/account").location == "/account"
    assert "Rosa Moss" in client.get("/account").text
    newest = Audit(database).search().items[0]
    assert (newest.actor, newest.action) == ("teacher", "signed in by OpenID Connect")


def test_it_stays_her_account_when_her_address_changes(make: Callable[..., Flask], issuer: str) -> None:
    app = make()
    known(issuer, "s1", ROSA)
    enter(app.test_client())
    known(issuer, "s1", {"email": "rosa.moss@school.example"})
    client = app.test_client()
    assert enter(client).location == "/"
    assert "Rosa Moss" in client.get("/").text


def test_who_has_her_address_after_her_does_not_get_her_account(make: Callable[..., Flask], issuer: str) -> None:
    app = make(OIDC_ADD_ACCOUNTS="1")
    known(issuer, "s1", ROSA)
    enter(app.test_client())
    known(issuer, "s2", ROSA)
    refused = enter(app.test_client(), "s2")
    assert refused.status_code == 403
    assert "There is no active account for rosa@school.example here." in refused.text


@pytest.mark.parametrize("said", [{}, {"email_verified": False}, {"email_verified": None}, {"email_verified": "no"}])
def test_an_address_that_is_not_verified_says_nothing(
    make: Callable[..., Flask], issuer: str, said: dict[str, Any]
) -> None:
    known(issuer, "s1", {"email": "rosa@school.example"} | said)
    refused = enter(make(OIDC_ADD_ACCOUNTS="1", OIDC_TRUST_EMAIL="0").test_client())
    assert refused.status_code == 403
    assert "no verified e-mail address" in refused.text


@pytest.mark.parametrize(("said", "status"), [({}, 303), ({"email_verified": False}, 403)])
def test_a_provider_that_never_says_may_be_trusted(
    make: Callable[..., Flask], issuer: str, said: dict[str, Any], status: int
) -> None:
    known(issuer, "s1", {"email": "rosa@school.example"} | said)
    assert enter(make(OIDC_TRUST_EMAIL="1").test_client()).status_code == status


def test_deactivated_accounts_stay_out(make: Callable[..., Flask], issuer: str, accounts: Accounts) -> None:
    known(issuer, "s1", ROSA)
    app = make(OIDC_ADD_ACCOUNTS="1")
    enter(app.test_client())
    accounts.deactivate("teacher")
    assert enter(app.test_client()).status_code == 403


def test_strangers_get_an_account_only_where_that_is_wanted(
    make: Callable[..., Flask], issuer: str, accounts: Accounts
) -> None:
    known(issuer, "s7", {"email": "Ada@School.example", "email_verified": True, "preferred_username": "ada7"})
    assert enter(make().test_client(), "s7").status_code == 403
    app = make(OIDC_ADD_ACCOUNTS="1", OIDC_USER_ID_CLAIM="preferred_username")
    assert enter(app.test_client(), "s7").location == "/"
    ada = accounts.get("ada7")
    assert (ada.name, ada.email, ada.role) == ("ada7", "ada@school.example", TEACHER)
    assert enter(app.test_client(), "s7").location == "/"


def test_a_claim_says_who_is_an_admin_from_one_time_to_the_next(
    make: Callable[..., Flask], issuer: str, accounts: Accounts
) -> None:
    app = make(OIDC_ADMINS="groups=heads")
    for groups, role in ((["heads", "all"], ADMIN), (["all"], TEACHER), ("heads", ADMIN), (None, TEACHER)):
        known(issuer, "s1", ROSA | {"groups": groups})
        enter(app.test_client())
        assert accounts.get("teacher").role == role


def test_a_claim_that_only_userinfo_has_counts_as_well(
    make: Callable[..., Flask], issuer: str, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(issuer, "s1", ROSA)
    more = {"sub": "s1", "groups": ["heads"]}
    monkeypatch.setattr(FlaskOAuth2App, "userinfo", lambda _: more)
    app = make(OIDC_ADMINS="groups=heads")
    enter(app.test_client())
    assert accounts.get("teacher").role == ADMIN
    more["sub"] = "somebody-else"
    answer = enter(app.test_client())
    assert answer.status_code == 422
    assert FAILED in answer.text


@pytest.mark.parametrize("adds", ["0", "1"])
@pytest.mark.parametrize("email", ["\u212aim@school.example", "kim@schoo\u2097.example", "kim@school\u3002example"])
def test_an_address_that_looks_alike_gets_nobodys_account(
    make: Callable[..., Flask], issuer: str, accounts: Accounts, email: str, adds: str
) -> None:
    accounts.add("kim", "Kim", "kim@school.example")
    known(issuer, "s1", {"email": email, "email_verified": True})
    client = make(OIDC_ADD_ACCOUNTS=adds).test_client()
    enter(client)
    assert accounts.get("kim").oidc_subject is None
    assert "kim@school.example" not in client.get("/account").text


def test_userinfo_vouches_for_its_own_address_only(
    make: Callable[..., Flask], issuer: str, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(issuer, "s1", {"email": "rosa@school.example"})
    userinfo = {"sub": "s1", "groups": [], "email": "mallory@school.example", "email_verified": True}
    monkeypatch.setattr(FlaskOAuth2App, "userinfo", lambda _: userinfo)
    answer = enter(make(OIDC_ADMINS="groups=heads").test_client())
    assert (answer.status_code, accounts.get("teacher").oidc_subject) == (403, None)
    assert "mallory@school.example" in answer.text


def test_who_is_no_admin_there_any_more_loses_here_what_stood_on_it(
    make: Callable[..., Flask], issuer: str, accounts: Accounts, database: Database
) -> None:
    accounts.set_role("teacher", ADMIN)
    token, secret = Tokens(database).make("teacher", "LMS", SCOPES, acts_for_all=True)
    known(issuer, "s1", ROSA)
    enter(make(OIDC_ADMINS="groups=heads").test_client())
    assert accounts.get("teacher").role == TEACHER
    assert Tokens(database).holder(secret) is None
    newest = Audit(database).search("signed in").items[0]
    assert (newest.whose, newest.what) == ("teacher", f"switched off: token {token.id}")


def test_without_such_a_claim_the_role_stays(make: Callable[..., Flask], issuer: str, accounts: Accounts) -> None:
    accounts.set_role("teacher", ADMIN)
    known(issuer, "s1", ROSA)
    enter(make().test_client())
    assert accounts.get("teacher").role == ADMIN


def test_a_missing_claim_is_named_in_the_log(
    make: Callable[..., Flask], issuer: str, caplog: pytest.LogCaptureFixture
) -> None:
    known(issuer, "s1", ROSA)
    response = enter(make(OIDC_USER_ID_CLAIM="upn").test_client())
    assert (response.status_code, FAILED in response.text) == (422, True)
    assert "upn: expected text in this claim, got NoneType" in caplog.text


def test_signing_out_here_leads_to_signing_out_there(make: Callable[..., Flask], issuer: str) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    enter(client)
    page = send(client, "/sign-out", seen="/").text
    assert f"{issuer}/oauth2/end_session?post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsign-in" in page
    assert client.get("/").status_code == 303


def test_who_came_by_a_link_signs_out_here_only(make: Callable[..., Flask], accounts: Accounts) -> None:
    client = make().test_client()
    client.get(f"/sign-in/{accounts.make_link('teacher')}")
    assert send(client, "/sign-out", seen="/").location == "/sign-in"


def test_an_answer_is_good_for_the_browser_that_asked_and_once(make: Callable[..., Flask], issuer: str) -> None:
    known(issuer, "s1", ROSA)
    app = make()
    mine, other = app.test_client(), app.test_client()
    back = allowed(mine)
    assert (other.get(back).status_code, mine.get(back).status_code) == (422, 303)
    send(mine, "/sign-out", seen="/")
    assert mine.get(back).status_code == 422


@pytest.mark.parametrize("state", ["", "a%0d%0aSet-Cookie:b", "%00", "%E2%80%8B;=", "x" * 4000])
def test_a_state_that_nobody_gave_out_is_refused(make: Callable[..., Flask], state: str) -> None:
    answer = make().test_client().get(f"/sign-in/oidc/callback?code=c&state={state}")
    assert (answer.status_code, FAILED in answer.text) == (422, True)


def test_each_of_several_tabs_goes_its_own_way(make: Callable[..., Flask], issuer: str) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    ways = ("/account", "/search?q=b", "/keys")
    backs = [allowed(client, path=f"/sign-in/oidc?next={way}") for way in ways]
    assert [client.get(back).location for back in backs] == list(ways)
    assert client.get("/account").status_code == 200


def test_who_loads_the_way_back_again_is_sent_on(make: Callable[..., Flask], issuer: str) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    back, other = allowed(client), allowed(client, path="/sign-in/oidc?next=/account")
    assert [client.get(back).location for _ in range(2)] == ["/", "/"]
    state = parse_qs(urlsplit(other).query)["state"][0]
    assert client.get(f"/sign-in/oidc/callback?error=access_denied&state={state}").location == "/account"
    assert client.get("/sign-in/oidc?next=/account").location == "/account"


def test_many_attempts_fit_into_one_request(make: Callable[..., Flask], issuer: str) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    for n in range(9):
        back = allowed(client, path=f"/sign-in/oidc?next=/search?q={n}{'b' * 480}")
    answer = client.get(back)
    assert len(answer.request.headers["Cookie"]) < 8190
    assert answer.location.startswith("/search?q=8b")


def test_an_attempt_is_kept_from_scripts_and_other_pages(make: Callable[..., Flask]) -> None:
    [cookie] = [
        one for one in make().test_client().get("/sign-in/oidc").headers.getlist("Set-Cookie") if "_oidc_" in one
    ]
    assert all(part in cookie for part in ("HttpOnly", "Path=/sign-in/oidc", "SameSite=Lax", "Max-Age=3600"))


def test_over_https_an_attempt_is_kept_from_plain_pages(make: Callable[..., Flask]) -> None:
    answer = (
        make(ALLOWED_HOSTS="lectern.example").test_client().get("/sign-in/oidc", base_url="https://lectern.example")
    )
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if "_oidc_" in one]
    assert cookie.startswith("__Secure-lectern_")
    assert "; Secure" in cookie


def test_what_is_sent_is_bound_to_this_browser(make: Callable[..., Flask]) -> None:
    sent = parse_qs(urlsplit(make().test_client().get("/sign-in/oidc").location).query)
    assert sent["redirect_uri"] == ["http://localhost/sign-in/oidc/callback"]
    assert sent["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= sent.keys()


def test_another_page_after_signing_in_is_one_of_ours(make: Callable[..., Flask], issuer: str) -> None:
    known(issuer, "s1", ROSA)
    assert enter(make().test_client(), path="/sign-in/oidc?next=//evil.example").location == "/"


def test_who_says_no_there_may_try_again(make: Callable[..., Flask]) -> None:
    client = make().test_client()
    state = parse_qs(urlsplit(client.get("/sign-in/oidc?next=/account").location).query)["state"][0]
    refused = client.get(f"/sign-in/oidc/callback?error=access_denied&state={state}")
    assert (refused.status_code, FAILED in refused.text) == (422, True)
    assert 'href="/sign-in/oidc?next=/account">Sign in with <bdi>your school account</bdi>' in refused.text
    assert '<form method="post" action="/sign-in?next=/account">' in refused.text


def test_a_provider_that_is_away_is_no_traceback(make: Callable[..., Flask], accounts: Accounts) -> None:
    app = make(OIDC_ISSUER=f"http://localhost:{free_port()}")
    client = app.test_client()
    assert FAILED in client.get("/sign-in/oidc").text
    accounts.set_password("teacher", "correct horse")
    assert send(client, "/sign-in", email="rosa@school.example", password="correct horse").location == "/"
    checked = {one["name"]: one for one in json.loads(app.test_cli_runner().invoke(args=["check", "--json"]).output)}
    assert "gives no metadata" in checked["single sign-on"]["problem"]


def test_check_knows_a_good_provider_from_one_that_goes_by_another_name(
    make: Callable[..., Flask], issuer: str
) -> None:
    def problem(app: Flask) -> Any:
        checks = json.loads(app.test_cli_runner().invoke(args=["check", "--json"]).output)
        return next(one["problem"] for one in checks if one["name"] == "single sign-on")

    assert problem(make()) is None
    other = issuer.replace("localhost", "127.0.0.1")
    assert problem(make(OIDC_ISSUER=f"{other}/x")).endswith(
        f"404 Client Error: NOT FOUND for url: {other}/x/.well-known/openid-configuration')"
    )


@pytest.mark.parametrize("named", [{"issuer": "https://evil.example"}, {"issuer": None}, {}])
def test_metadata_of_another_issuer_let_nobody_in(
    make: Callable[..., Flask],
    issuer: str,
    named: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    back, honest = allowed(client), cast(Any, FlaskOAuth2App.load_server_metadata)

    def other(provider: FlaskOAuth2App) -> dict[str, Any]:
        return {name: value for name, value in honest(provider).items() if name != "issuer"} | named

    monkeypatch.setattr(FlaskOAuth2App, "load_server_metadata", other)
    for path in (back, "/sign-in/oidc"):
        answer = client.get(path)
        assert (answer.status_code, FAILED in answer.text) == (422, True)
    assert f"the metadata of {issuer} are of the issuer {named.get('issuer')!r}" in caplog.text


def test_a_token_that_nobody_signed_lets_nobody_in(
    make: Callable[..., Flask], issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(issuer, "s1", ROSA)
    client = make().test_client()
    honest = cast(Any, FlaskOAuth2App.load_server_metadata)
    both = {"id_token_signing_alg_values_supported": ["RS256", "none"]}
    monkeypatch.setattr(FlaskOAuth2App, "load_server_metadata", lambda provider: honest(provider) | both)
    there = client.get("/sign-in/oidc").location
    sent = parse_qs(urlsplit(there).query)
    now = int(time())
    claims = ROSA | {"iss": issuer, "sub": "s1", "aud": "lectern", "nonce": sent["nonce"][0], "iat": now}
    unsigned = f"{_part({'alg': 'none'})}.{_part(claims | {'exp': now + 60})}."
    token = {"access_token": "a", "token_type": "Bearer", "id_token": unsigned}
    monkeypatch.setattr(FlaskOAuth2App, "fetch_access_token", lambda *_, **__: token)
    answer = client.get(f"/sign-in/oidc/callback?code=c&state={sent['state'][0]}")
    assert (answer.status_code, FAILED in answer.text) == (422, True)


def _part(of_token: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(of_token).encode()).rstrip(b"=").decode()


def test_half_of_the_settings_stop_the_start(sso: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: expected both"):
        load(sso | {"OIDC_CLIENT_SECRET": ""})
    with pytest.raises(SettingsError, match="OIDC_ADMINS is 'heads': expected a claim and its value"):
        load(sso | {"OIDC_ADMINS": "heads"})


def test_in_a_browser_from_the_button_to_the_way_out(
    browser: Browser, start_web: Callable[..., str], sso: dict[str, str], issuer: str, accounts: Accounts
) -> None:
    known(issuer, "rosa", ROSA)
    url = start_web(**{name: value for name, value in sso.items() if name.startswith("OIDC_")})
    page = browser.new_page()
    page.goto(f"{url}/account")
    page.get_by_role("link", name="Sign in with your school account").click()
    page.locator("input[name=sub]").fill("rosa")
    page.get_by_role("button", name="Authorize").click()
    expect(page).to_have_url(f"{url}/account")
    page.get_by_text("RM", exact=True).click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(re.compile(f"^{re.escape(issuer)}/oauth2/end_session"))
    page.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile(f"^{re.escape(url)}/sign-in"))
    page.goto(url)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
