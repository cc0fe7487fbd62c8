"""The description of the API."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from presentations.database.models import (
    Presentation,
)
from presentations.web.api import schemas


def test_described_are_all_keys_that_a_presentation_has() -> None:
    row = Presentation(id=uuid4(), topic="x", created_at=datetime.now(UTC))
    assert set(schemas.Presentation().fields) == set(row.as_dict())
