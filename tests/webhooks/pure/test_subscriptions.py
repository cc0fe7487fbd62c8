"""A DNS that does not answer holds up nobody who gives an address."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from presentations.database import Database
from presentations.errors import InvalidRequest
from presentations.webhooks import Webhooks, subscriptions
from tests.support.names import known_as
from tests.support.waiting import eventually


@pytest.fixture
def webhooks() -> Webhooks:
    return Webhooks(Database.at("postgresql://nobody@127.0.0.1:9/none"))


def test_few_look_ups_are_under_way_and_nobody_waits_for_them(
    webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, asked = threading.Event(), []

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        answered.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(subscriptions, "_LOOK_UP_SECONDS", 0.01)
    try:
        for number in range(10):
            assert webhooks.checked_url(f"https://slow{number}.example/") == f"https://slow{number}.example/"
        eventually(lambda: len(asked) == 4)
    finally:
        answered.set()
    monkeypatch.setattr(subscriptions, "_LOOK_UP_SECONDS", 60)
    known_as(monkeypatch, "10.0.0.1")

    def is_refused() -> bool:
        try:
            webhooks.checked_url("https://inside.example/")
        except InvalidRequest:
            return True
        return False

    eventually(is_refused)


def test_an_address_in_numbers_is_refused_however_slow_the_dns_is(
    webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(subscriptions, "_look_ups", full)
    for url in ("http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://10.1/"):
        with pytest.raises(InvalidRequest):
            webhooks.checked_url(url)


def test_a_name_that_leads_inside_is_refused_at_once(webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    known_as(monkeypatch, "10.0.0.1")
    monkeypatch.setattr(subscriptions, "_LOOK_UP_SECONDS", 60)
    for _ in range(10):  # each look-up makes room for the next
        with pytest.raises(InvalidRequest):
            webhooks.checked_url("https://inside.example/")
