"""The tests stand in the same rooms as what they test."""

from __future__ import annotations

from tests.support.processes import ROOT


def rooms() -> list[str]:
    packages = sorted((ROOT / "presentations").rglob("__init__.py"))
    return [str(package.parent.relative_to(ROOT / "presentations")) for package in packages][1:]


def test_every_room_has_its_tests() -> None:
    assert len(rooms()) > 15
    assert [room for room in rooms() if not list((ROOT / "tests" / room).rglob("test_*.py"))] == []
