"""The tests stand in the same rooms as what they test."""

from __future__ import annotations

from tests.support.processes import ROOT


def rooms() -> list[str]:
    package = ROOT / "presentations"
    found = [*package.glob("*/__init__.py"), *package.glob("web/*/__init__.py")]
    return sorted(str(path.parent.relative_to(package)) for path in found)


def test_every_room_has_its_tests() -> None:
    assert len(rooms()) > 15
    assert [room for room in rooms() if not list((ROOT / "tests" / room).rglob("test_*.py"))] == []
