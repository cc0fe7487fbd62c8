"""A teacher's desk: what she sees on the pages and sends from them, as a browser without JavaScript does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from presentations.database import Database
from presentations.database.models import (
    COMPLETE,
    ERROR,
    PROCESSING,
    Presentation,
    Subject,
)
from presentations.library import Library
from tests.support.signing import hidden


class Desk:
    """A teacher's desk: presentations in every state, and forms sent as the page would send them."""

    def __init__(self, client: FlaskClient, library: Library, database: Database) -> None:
        self.client, self.library, self.database = client, library, database

    def asked(self, topic: str, **values: Any) -> Presentation:
        presentation = self.library.create("teacher", topic, values.pop("n_slides", 8))
        if values:
            with self.database.begin() as session:
                row = update(Presentation).where(Presentation.id == presentation.id)
                session.execute(row.values(queued_at=None, **values))
        return self.library.get("teacher", presentation.id)

    def running(self, topic: str, **values: Any) -> Presentation:
        started = datetime.now(UTC) - timedelta(minutes=7)
        return self.asked(topic, status=PROCESSING, lease_owner=uuid4(), started_at=started, **values)

    def finished(self, topic: str, **values: Any) -> Presentation:
        url = "/presentation?id=abc"
        return self.asked(topic, status=COMPLETE, completed_at=func.now(), presenton_url=url, **values)

    def failed(self, topic: str) -> Presentation:
        return self.asked(topic, status=ERROR, error="It was too much for the slide generator.")

    def fill(self, count: int, name: str | None = None, **values: Any) -> None:
        """Many presentations, "Topic 1" the newest; `name` is that of their subject."""
        same = {"user_id": "teacher", "status": COMPLETE, "n_slides": 8} | values
        now = datetime.now(UTC)
        with self.database.begin() as session:
            session.add_all(
                Presentation(topic=f"Topic {n}", created_at=now - timedelta(minutes=n), **same)
                for n in range(1, count + 1)
            )
            if name:
                session.add(Subject(user_id="teacher", key=same["subject"], name=name))

    def page(self, path: str = "/") -> str:
        response = self.client.get(path)
        assert response.status_code == 200
        return response.text

    def send(self, path: str, **fields: str | Sequence[str]) -> TestResponse:
        token = hidden(self.page(), "csrf_token")
        return self.client.post(path, data={"csrf_token": token} | fields)

    def ask(self, **fields: str | Sequence[str]) -> TestResponse:
        return self.send("/presentations", **{"topic": "Volcanoes", "n_slides": "5"} | fields)

    def rows(self) -> list[Presentation]:
        with self.database.begin() as session:
            return list(session.scalars(select(Presentation).order_by(Presentation.id)))


def section(page: str, heading: str) -> str:
    """The text of one section, as a person reads it; empty when there is no such section."""
    for part in re.findall(r"<section.*?</section>", page, re.DOTALL):
        if re.search(rf"<h2[^>]*>{re.escape(heading)}</h2>", part):
            return shown(part)
    return ""


def shown(html: str) -> str:
    text = re.sub(r"<[^>]*>", " ", re.sub(r"</?bdi>", "", html))
    return " ".join(unescape(text).split())
