"""Dialogues with a model that are kept as data: what is called, and what the model reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DIALOGUES = sorted(Path(__file__).parent.glob("*.json"))


def calls() -> Iterator[tuple[str, Any]]:
    """All calls of the dialogues that are to succeed."""
    for path in DIALOGUES:
        for turn in json.loads(path.read_text())["turns"]:
            if "call" in turn and "error" not in turn:
                yield turn["call"], turn["arguments"]
