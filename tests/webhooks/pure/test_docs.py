"""docs/webhooks.md leaves nothing out."""

from __future__ import annotations

import re

from presentations.webhooks import EVENTS, TEST_EVENT
from presentations.webhooks.delivery import PAUSES
from tests.support.processes import ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_every_event_and_pause_is_on_the_page() -> None:
    assert re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.MULTILINE) == [*EVENTS, TEST_EVENT]
    assert PAUSES == (5, 60, 5 * 60, 20 * 60, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 10 * 3600)
    assert "5 s, 1 min, 5 min, 20 min, 1 h, 2 h, 4 h, 6 h and 10 h" in PAGE
