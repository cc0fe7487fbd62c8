"""Thumbnails of templates: one that cannot be had costs no others, and is not asked for all the time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from presentations.database import Database
from presentations.library import thumbnails
from presentations.presenton import PresentonError, Template
from presentations.worker.thumbnails import Thumbnails
from tests.presenton.scripted import Scripted, client

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def server() -> Iterator[Scripted]:
    server = Scripted()
    server.says(200, PNG)
    yield server
    server.close()


def offered(number: int) -> list[Template]:
    return [Template(f"t{place}", f"T {place}", thumbnail=f"/app_data/{place}.png") for place in range(number)]


@pytest.mark.parametrize("status", [401, 500, 503])
def test_one_that_cannot_be_had_does_not_hold_up_the_others(server: Scripted, database: Database, status: int) -> None:
    server.says_at("/app_data/0.png", status, {"detail": "Not this one"})
    ours = Thumbnails(database, client(server))
    with pytest.raises(PresentonError):
        ours.fetch(offered(2))
    ours.fetch(offered(2))
    assert list(thumbnails(database)) == ["t1"]


def test_what_is_no_picture_is_not_asked_for_again_at_once(server: Scripted, database: Database) -> None:
    server.says_at("/app_data/0.png", 200, b"<svg onload='alert(1)'/>")
    ours = Thumbnails(database, client(server))
    for _ in range(3):
        ours.fetch(offered(2))
    assert len(server.requests) == 2


def test_many_are_fetched_a_few_at_a_time(server: Scripted, database: Database) -> None:
    ours, seen = Thumbnails(database, client(server)), []
    for _ in range(3):
        ours.fetch(offered(25))
        seen.append(len(thumbnails(database)))
    assert seen == [20, 25, 25]
