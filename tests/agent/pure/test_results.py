"""What the tool says of a presentation."""

from __future__ import annotations

import pytest

from presentations.agent import results
from presentations.database.models import Presentation


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(None, None, 0), (0, 4, 0), (1, 4, 25), (4, 4, 99), (9, 4, 99), (2, None, 40)]
)
def test_progress_is_in_percent_and_100_only_when_complete(done: int | None, total: int | None, percent: int) -> None:
    presentation = Presentation(status="processing", slides_done=done, slides_total=total, n_slides=5)
    assert results._percent(presentation) == percent
