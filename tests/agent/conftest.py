"""The tool, without a process of its own."""

from __future__ import annotations

import pytest

from presentations.agent import runtime
from presentations.agent.runtime import Lectern
from presentations.library import Library


@pytest.fixture
def own(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The tool's own library is the test's."""
    monkeypatch.setattr(runtime, "_lectern", [Lectern(library, "http://slides.example", "https://lectern.example")])
    return library
