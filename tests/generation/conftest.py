"""Presentons of other kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from presentations.demo.server import DemoPresenton

StartDemo = Callable[..., DemoPresenton]


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[StartDemo]:
    """Demos of other releases, paces or credentials."""
    demos: list[DemoPresenton] = []

    def start(**how: Any) -> DemoPresenton:
        demos.append(DemoPresenton(tmp_path / f"demo{len(demos)}", **{"seconds_per_slide": 0.02, **how}))
        demos[-1].start()
        return demos[-1]

    yield start
    for demo in demos:
        demo.stop()
