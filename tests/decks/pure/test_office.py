"""Where LibreOffice is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.decks import find_office, office


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one usual place that there is."""
    place = tmp_path / "program"
    place.mkdir()
    monkeypatch.setattr(office, "_PLACES", (str(place),))
    monkeypatch.setattr(office, "_OPT", tmp_path / "opt")
    monkeypatch.setenv("PATH", str(tmp_path))
    return place


def install(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o755)
    return file


def test_without_it_there_is_none(place: Path) -> None:
    (place / "soffice").touch(mode=0o644)  # no program
    assert find_office() is None


def test_it_is_found_where_it_usually_is_and_on_the_path_before(place: Path, tmp_path: Path) -> None:
    usual = install(place / "soffice")
    assert find_office() == usual
    chosen = install(tmp_path / "soffice")
    assert find_office() == chosen


def test_the_newest_of_its_own_packages_is_found(place: Path, tmp_path: Path) -> None:
    install(tmp_path / "opt" / "libreoffice7.6" / "program" / "soffice")
    newest = install(tmp_path / "opt" / "libreoffice25.2" / "program" / "soffice")
    assert find_office() == newest
