"""Demos, and somebody who uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from presentations.demo.server import DemoPresenton
from tests.demo.caller import Caller, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a demo, at once done with everything unless told otherwise, and gives somebody who uses it."""
    demos = []

    def start(seconds_per_slide: float = 0, **settings: Any) -> Caller:
        demos.append(DemoPresenton(tmp_path / "data", seconds_per_slide, **settings))
        demos[-1].start()
        return Caller(demos[-1])

    yield start
    for demo in demos:
        demo.stop()


@pytest.fixture
def teacher(start: Start) -> Caller:
    return start()
