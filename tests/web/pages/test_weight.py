"""What the heaviest pages weigh on their way to the browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from presentations.database.models import COMPLETE, Presentation, Subject
from presentations.web.pages.shelves import DOZEN
from tests.web.desk import Desk

SUBJECTS = 16


def test_the_library_page_of_sixteen_full_shelves_weighs_less_than_27_kilobytes(desk: Desk) -> None:
    with desk.database.begin() as session:
        for number in range(SUBJECTS):
            key = f"subject {number}"
            session.add(Subject(user_id="teacher", key=key, name=key.title()))
            session.add_all(full_shelf(key, Random(number)))
    page = desk.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert desk.page().count('class="card"') == SUBJECTS * DOZEN
    assert len(page.data) < 27_000


def test_the_form_weighs_less_than_8_kilobytes(desk: Desk) -> None:
    assert len(desk.client.get("/new", headers={"Accept-Encoding": "gzip"}).data) < 8_000


def full_shelf(subject: str, random: Random) -> list[Presentation]:
    """Cards that differ in all that cards differ in, each with all that a card can have."""
    now = datetime.now(UTC)
    return [
        Presentation(
            id=UUID(int=random.getrandbits(128), version=4),
            user_id="teacher",
            topic=f"The history of number {n}",
            subject=subject,
            status=COMPLETE,
            n_slides=random.randrange(5, 30),
            presenton_url="/presentation?id=abc",
            version=1,
            cover=random.randbytes(32).hex(),
            completed_at=now - timedelta(seconds=random.random() * 1_000_000),
        )
        for n in range(DOZEN)
    ]
