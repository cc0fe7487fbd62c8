"""How long is waited before the next attempt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presentations.webhooks.delivery import LONGEST_RETRY_AFTER, pause_after
from presentations.webhooks.sender import Reply

NOW = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        (None, 4, 6),
        ("120", 120, 120),
        ("1", 4, 6),
        ("-5", 4, 6),
        ("soon", 4, 6),
        ("²", 4, 6),
        ("9" * 40, LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
        ("Tue, 24 Nov 2026 08:02:00 GMT", 120, 120),
        ("Tue, 24 Nov 2026 07:00:00 GMT", 4, 6),
        ("Fri, 24 Nov 2090 08:00:00 GMT", LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
    ],
)
def test_retry_after_is_obeyed_within_bounds(retry_after: str | None, least: float, most: float) -> None:
    pause = pause_after(1, Reply(503, "", retry_after), NOW)
    assert pause is not None
    assert least <= pause <= most


def test_pauses_differ() -> None:
    assert len({pause_after(3, None, NOW) for _ in range(5)}) > 1
