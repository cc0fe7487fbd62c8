"""Passwords and links cannot be guessed at."""

from __future__ import annotations

import dataclasses
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import Accounts
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.signing import EMAIL, PASSWORD, send, sign_in

NEW = "battery staple"


def guess(client: FlaskClient, email: str, address: str, password: str = "wrong password") -> int:
    client.environ_base["REMOTE_ADDR"] = address
    return send(client, "/sign-in", email=email, password=password).status_code


def test_one_account_cannot_be_guessed_at_from_many_addresses(client: FlaskClient) -> None:
    answers = [guess(client, EMAIL.upper() if n % 2 else EMAIL, f"10.0.0.{n}") for n in range(11)]
    assert answers == [422] * 10 + [429]
    response = send(client, "/sign-in", email=EMAIL, password=PASSWORD)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 15 * 60
    assert "Too many tries" in response.text
    assert "Wait a quarter of an hour" in response.text
    assert guess(client, "nobody@school.example", "10.0.0.1") == 422


def test_one_address_cannot_guess_at_many_accounts(client: FlaskClient) -> None:
    answers = [guess(client, f"teacher{n}@school.example", "10.0.0.1") for n in range(51)]
    assert answers == [422] * 50 + [429]
    assert guess(client, EMAIL, "10.0.0.2", PASSWORD) == 303


def test_many_guesses_at_once_are_not_more(app: Flask) -> None:
    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda n: guess(app.test_client(), EMAIL, f"10.0.0.{n}"), range(25)))
    assert Counter(answers) == {422: 10, 429: 15}


def test_an_ipv6_network_is_one_address(client: FlaskClient) -> None:
    answers = [guess(client, f"teacher{n}@school.example", f"2001:db8::{n:x}:1") for n in range(51)]
    assert answers == [422] * 50 + [429]
    assert guess(client, EMAIL, "2001:db8:0:1::1", PASSWORD) == 303


def test_signing_in_rightly_is_not_counted(app: Flask) -> None:
    assert {guess(app.test_client(), EMAIL, "10.0.0.1", PASSWORD) for _ in range(12)} == {303}
    answers = [guess(app.test_client(), EMAIL, "10.0.0.1") for _ in range(13)]
    assert answers == [422] * 10 + [429] * 3
    # What was not judged is not held against the address either.
    answers = [guess(app.test_client(), f"teacher{n}@school.example", "10.0.0.1") for n in range(41)]
    assert answers == [422] * 40 + [429]


def test_links_and_the_current_password_cannot_be_guessed_at(client: FlaskClient, accounts: Accounts) -> None:
    answers = [send(client, f"/sign-in/guess{n}", seen="/sign-in").status_code for n in range(11)]
    assert answers == [404] * 10 + [429]
    client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    sign_in(client, accounts)
    fields = {"current": "wrong password", "password": NEW, "again": NEW}
    answers = [send(client, "/account/password", seen="/account", **fields).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert send(client, "/sign-out", seen="/account").status_code == 303


@pytest.mark.parametrize("is_hanging", [True, False])
def test_without_redis_attempts_are_counted_in_memory_and_it_is_not_waited_for_each_time(
    settings: Settings, backends: Backends, accounts: Accounts, is_hanging: bool
) -> None:
    accounts.set_password("teacher", PASSWORD)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1] if is_hanging else 9}"
        client = create_app(settings, dataclasses.replace(backends, redis_url=url)).test_client()
        assert [guess(client, EMAIL, "10.0.0.1") for _ in range(11)] == [422] * 10 + [429]
        assert guess(client, "carl@school.example", "10.0.0.1") == 422
        assert calls_of(silent) < 12, "one that hangs is not called again for each attempt"


def calls_of(server: socket.socket) -> int:
    """How many have called that nobody has listened to."""
    server.setblocking(False)
    number = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            number += 1
    return number
