"""How long a POST may take."""

from __future__ import annotations

import threading

import pytest

from presentations.webhooks import sender, within


def test_the_limit_is_ten_seconds() -> None:
    assert sender.SECONDS == 10


def test_within_gives_raises_and_gives_up() -> None:
    assert within(1, lambda: "done") == "done"
    with pytest.raises(KeyError):
        within(1, lambda: {"a": 1}["missing"])
    with pytest.raises(TimeoutError):
        within(0.01, threading.Event().wait)
