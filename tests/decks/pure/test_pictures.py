"""What the sandbox leaves behind is looked at before it is believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from presentations.decks import Crashed, Picture, pictures, sandbox

WEBP = b"RIFF\x04\x00\x00\x00WEBP"


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A folder with the first page's pictures."""
    for size in ("small", "large"):
        (tmp_path / f"1-{size}.webp").write_bytes(WEBP)
    (tmp_path / "1.json").write_text("[1600, 900]")
    return tmp_path


def test_a_page_with_both_pictures_and_their_size_is_drawn(left: Path) -> None:
    assert pictures._picture(left, 1) == Picture(1, left / "1-small.webp", left / "1-large.webp", 1600, 900)
    assert pictures._picture(left, 2) == Picture(2)


def test_a_picture_that_is_none_is_not_taken(left: Path) -> None:
    (left / "1-small.webp").write_bytes(b"<svg onload='alert(1)'>")
    assert pictures._picture(left, 1) == Picture(1)


def test_a_link_to_somebody_elses_file_is_not_taken(left: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    others = tmp_path_factory.mktemp("other") / "others.webp"
    others.write_bytes(WEBP)
    for link in (os.symlink, os.link):
        (left / "1-large.webp").unlink()
        link(others, left / "1-large.webp")
        assert pictures._picture(left, 1) == Picture(1)
        assert not sandbox.is_plain(left / "1-large.webp", most_bytes=1000)


def test_a_pipe_and_a_folder_are_no_files(left: Path) -> None:
    (left / "1.json").unlink()
    os.mkfifo(left / "1.json")
    assert pictures._picture(left, 1) == Picture(1)
    (left / "1-large.webp").unlink()
    (left / "1-large.webp").mkdir()
    assert not sandbox.is_plain(left / "1-large.webp", most_bytes=10**9)


@pytest.mark.parametrize("said", ["", "[", "[1600]", "[1600, -9]", "[true, {}]", '"1600x900"', "[1, 2, 3]", "1" * 1000])
def test_a_size_that_is_none_is_not_taken(left: Path, said: str) -> None:
    (left / "1.json").write_text(said)
    assert pictures._picture(left, 1) == Picture(1)


@pytest.mark.parametrize("said", ["", "-1", "true", "1.5", "[]", "9" * 1000])
def test_a_number_of_pages_that_is_none_is_not_taken(tmp_path: Path, said: str) -> None:
    (tmp_path / "pages.json").write_text(said)
    with pytest.raises(Crashed, match="how many pages"):
        pictures._count(tmp_path, None)
