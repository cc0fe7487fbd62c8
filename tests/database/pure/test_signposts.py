"""schema.sql names the files that hold the other half of a rule: they have to be there."""

from __future__ import annotations

import re

from presentations.database.engine import SCHEMA


def test_what_it_names_is_there() -> None:
    named = set(re.findall(r"\b(?:presentations|docs)/[\w/.]*\w", SCHEMA.read_text(encoding="utf-8")))
    assert {"presentations/options/catalog.py", "docs/webhooks.md"} <= named
    assert [name for name in sorted(named) if not (SCHEMA.parent / name).exists()] == []
