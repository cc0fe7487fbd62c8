"""Signing in and out, by password and by link, and changing the password."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import Accounts
from presentations.library import Library
from tests.support.signing import EMAIL, PASSWORD, hidden, send, sign_in

NEW = "battery staple"
WRONG = "This e-mail and this password do not go together."


def test_teacher_signs_in_sees_her_library_and_signs_out(client: FlaskClient) -> None:
    assert client.get("/").location == "/sign-in"
    response = send(client, "/sign-in", email="Rosa@School.example ", password=PASSWORD)
    assert (response.status_code, response.location) == (303, "/")
    page = client.get("/").text
    assert "What should it be about?" in page
    assert "Rosa Moss" in page
    assert ">RM<" in page
    assert send(client, "/sign-out", seen="/").location == "/sign-in"
    assert "You are signed out." in client.get("/sign-in").text
    assert client.get("/").location == "/sign-in"


def test_presentations_of_an_agent_are_there_once_their_user_has_an_account(
    client: FlaskClient, accounts: Accounts, library: Library
) -> None:
    library.create("user123", "Asked for by an agent")
    accounts.add("user123", "Ada", "ada@school.example")
    assert "Asked for by an agent" in sign_in(client, accounts, "user123").get("/").text


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong password"), ("nobody@school.example", PASSWORD), ("\x00", "")]
)
def test_refusal_says_the_same_whether_the_account_exists_and_keeps_the_e_mail(
    client: FlaskClient, email: str, password: str
) -> None:
    response = send(client, "/sign-in", email=email, password=password)
    assert response.status_code == 422
    assert WRONG in response.text
    assert f'value="{email}"' in response.text
    assert "wrong password" not in response.text
    assert client.get("/").status_code == 303


def test_session_is_new_after_signing_in(client: FlaskClient) -> None:
    before = hidden(client.get("/sign-in").text, "csrf_token")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    send(client, "/sign-in", email=EMAIL, password=PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_who_signed_in_in_another_tab_is_sent_on(client: FlaskClient) -> None:
    before = hidden(client.get("/sign-in").text, "csrf_token")
    send(client, "/sign-in", email=EMAIL, password=PASSWORD)
    sent = {"csrf_token": before, "email": EMAIL, "password": PASSWORD}
    assert client.post("/sign-in?next=/account", data=sent).location == "/account"
    assert client.get("/account").status_code == 200


def test_a_button_of_a_link_that_was_pressed_in_another_tab_leads_on(client: FlaskClient, accounts: Accounts) -> None:
    link = f"/sign-in/{accounts.make_link('teacher')}"
    before = hidden(client.get("/sign-in").text, "csrf_token")
    client.get(link)
    assert client.post(link, data={"csrf_token": before}).location == "/"
    assert send(client, link, seen="/account").location == "/"


@pytest.mark.parametrize("path", ["/account", "/?still=", "/search?q=b&of=%20d"])
def test_signing_in_goes_on_to_what_was_wanted(client: FlaskClient, path: str) -> None:
    asked = client.get(path).location
    assert send(client, asked, email=EMAIL, password=PASSWORD).location == path


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "%09//evil.example",
        "javascript:alert(1)",
        "evil",
        "/a%0d%0aSet-Cookie:b",
        "/%5cevil.example",
    ],
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, evil: str) -> None:
    assert send(client, f"/sign-in?next={evil}", email=EMAIL, password=PASSWORD).location == "/"
    assert client.get(f"/sign-in?next={evil}").location == "/"


def test_link_signs_in_once(client: FlaskClient, accounts: Accounts) -> None:
    link = f"/sign-in/{accounts.make_link('teacher')}"
    assert client.head(link).status_code == 200
    assert client.get(link).location == "/"
    assert client.get("/").status_code == 200
    assert client.get(link).location == "/"
    send(client, "/sign-out", seen="/")
    again = client.get(link)
    assert again.status_code == 404
    assert "This link has been used, or is older than 15 minutes." in again.text


def test_link_that_may_be_previewed_is_used_by_its_button_and_not_by_looking(app: Flask, accounts: Accounts) -> None:
    app.config["ALLOWED_HOSTS"] = ("lectern.example",)
    client, there = app.test_client(), {"base_url": "https://lectern.example"}
    link = f"/sign-in/{accounts.make_link('teacher')}"
    for _ in range(3):
        page = client.get(link, **there).text
        assert "Welcome, " in page
    assert client.get("/", **there).status_code == 303
    sent = {"csrf_token": hidden(page, "csrf_token")}
    headers = {"Referer": f"https://lectern.example{link}"}
    assert client.post(link, data=sent, headers=headers, **there).location == "/"
    assert client.get("/", **there).status_code == 200


def test_new_password_ends_every_other_session(app: Flask, client: FlaskClient, accounts: Accounts) -> None:
    here, there = sign_in(client, accounts), sign_in(app.test_client(), accounts)
    fields = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert send(here, "/account/password", seen="/account", **fields).location == "/account"
    assert "Your password is changed." in here.get("/account").text
    assert there.get("/").location == "/sign-in"
    assert accounts.check_password(EMAIL, NEW)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"current": "wrong password"}, "current", "This is not your current password: try again."),
        ({"password": "short", "again": "short"}, "password", "Expected at least 10 characters, got 5."),
        ({"password": "qwertyuiop", "again": "qwertyuiop"}, "password", "This is one that is guessed first: choose"),
        ({"again": "battery stable"}, "again", "This is not the same as above: type it twice alike."),
    ],
)
def test_password_that_cannot_be_changed_is_explained_beside_its_field(
    client: FlaskClient, accounts: Accounts, changed: dict[str, str], field: str, said: str
) -> None:
    fields = {"current": PASSWORD, "password": NEW, "again": NEW} | changed
    response = send(sign_in(client, accounts), "/account/password", seen="/account", **fields)
    assert response.status_code == 422
    assert f'id="{field}-problem" dir="auto">{said}' in response.text
    assert NEW not in response.text
    assert accounts.check_password(EMAIL, PASSWORD)


def test_who_came_by_a_link_chooses_a_first_password(client: FlaskClient, accounts: Accounts) -> None:
    page = sign_in(client, accounts, "colleague").get("/account").text
    assert "Choose a password" in page
    assert "Current password" not in page
    send(client, "/account/password", seen="/account", password=NEW, again=NEW)
    assert accounts.check_password("carl@school.example", NEW)


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Another browser, with the cookie of this one."""
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie
    other = app.test_client()
    other.set_cookie(cookie.key, cookie.value)
    assert other.get("/").status_code == 200
    return other


def test_a_copied_cookie_is_good_for_nothing_after_signing_out(
    app: Flask, client: FlaskClient, accounts: Accounts
) -> None:
    thief, phone = copied(app, sign_in(client, accounts)), sign_in(app.test_client(), accounts)
    send(client, "/sign-out", seen="/")
    assert thief.get("/").location == "/sign-in"
    assert thief.get("/api/presentations").status_code == 401
    assert phone.get("/").status_code == 200


def test_signing_in_again_ends_the_session_before(app: Flask, client: FlaskClient, accounts: Accounts) -> None:
    thief = copied(app, sign_in(client, accounts))
    sign_in(client, accounts, "colleague")
    assert thief.get("/").location == "/sign-in"
    assert client.get("/").status_code == 200


def test_signing_out_everywhere_ends_every_session(app: Flask, client: FlaskClient, accounts: Accounts) -> None:
    phone = sign_in(app.test_client(), accounts)
    assert send(sign_in(client, accounts), "/sign-out-everywhere", seen="/account").location == "/sign-in"
    assert "You are signed out everywhere." in client.get("/sign-in").text
    assert phone.get("/").location == "/sign-in"


def test_deactivated_user_is_out_at_once(client: FlaskClient, accounts: Accounts) -> None:
    sign_in(client, accounts)
    accounts.deactivate("teacher")
    assert client.get("/").location == "/sign-in"
    assert client.get("/api/presentations").status_code == 401
