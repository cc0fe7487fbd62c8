"""The description of the API."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask

from presentations.database.models import (
    Presentation,
)
from presentations.library import Kept
from presentations.web.api import schemas
from presentations.web.api.answers import of_deck
from presentations.web.api.blueprint import api


def test_described_are_all_keys_that_a_presentation_has() -> None:
    row = Presentation(id=uuid4(), topic="x", created_at=datetime.now(UTC))
    app = Flask("lectern")
    app.register_blueprint(api)
    with app.test_request_context():
        assert set(schemas.Presentation().fields) == {*row.as_dict(), *of_deck(row, Kept())}
