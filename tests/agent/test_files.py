"""Files that an agent gives to make slides from: looked at, kept, and taken back when nothing came of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from presentations.agent import AsyncPresentationTool, call_tool
from presentations.errors import InvalidRequest
from presentations.library import Library, Uploads

TEXT = b"# Cells\n\nCells divide."


@pytest.fixture
def alice(own: Library, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncPresentationTool:
    for name, value in (environment | {"MAX_UPLOAD_MB": "1"}).items():
        monkeypatch.setenv(name, value)
    return AsyncPresentationTool("alice")


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    path = tmp_path / "Cell division.md"
    path.write_bytes(TEXT)
    return path


def names(uploads: Uploads, job_id: str) -> list[str]:
    return [one.name for one in uploads.of("alice", job_id)]


def test_paths_and_bytes_are_what_it_is_made_from(
    alice: AsyncPresentationTool, own: Library, uploads: Uploads, chapter: Path
) -> None:
    asked = alice.create_presentation_async(files=[chapter, str(chapter), TEXT], grade="Grade 9")
    found = own.whole("alice", asked["job_id"])
    assert (found.topic, found.grade, found.user_id) == ("Cell division", "Grade 9", "alice")
    assert names(uploads, asked["job_id"]) == ["Cell division.md", "Cell division.md", "Material.txt"]
    of_bob = AsyncPresentationTool().create_presentation_async("Cells", "bob", 3, files=[chapter])
    assert [one.user_id for one in uploads.of("bob", of_bob["job_id"])] == ["bob"]


def test_one_that_was_given_before_is_named_by_its_id(
    alice: AsyncPresentationTool, uploads: Uploads, chapter: Path
) -> None:
    given = alice.add_file(chapter)
    other = alice.add_file(TEXT, "../../notes")
    assert (given["name"], given["kind"], given["size"], given["pages"]) == ("Cell division.md", "md", len(TEXT), None)
    assert other["name"] == "notes.txt"
    assert [one["file_id"] for one in alice.list_files()] == [other["file_id"], given["file_id"]]
    listed = json.loads(call_tool("list_files", {}, "alice"))["files"]
    assert [one["file_id"] for one in listed] == [other["file_id"], given["file_id"]]
    asked = call_tool("create_presentation", {"topic": "Cells", "file_ids": [given["file_id"]]}, "alice")
    assert names(uploads, json.loads(asked)["job_id"]) == ["Cell division.md"]
    said = call_tool("create_presentation", {"topic": "Cells", "file_ids": [given["file_id"]]}, "bob")
    assert said.startswith("Error: file_ids: there is no file")
    assert json.loads(call_tool("list_files", {}, "bob")) == {"files": []}


def test_asked_again_with_its_key_it_keeps_the_files_of_then(
    alice: AsyncPresentationTool, uploads: Uploads, chapter: Path
) -> None:
    first, again = (alice.create_presentation_async(files=[chapter], idempotency_key="k") for _ in range(2))
    assert first == again
    assert len(uploads.list("alice")) == 1


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ("chapter.pdf", "files: expected a list of paths, or of bytes; got 'chapter.pdf'"),
        ([TEXT] * 6, "files: expected at most 5 files, got 6"),
        ([TEXT, b""], "files.1: The file “.*” cannot be used. It is empty"),
        ([TEXT, b"x" * 1_000_001], "files.1: The file “.*” cannot be used. It has 1 MB, and at most 1 MB"),
        ([TEXT, "nowhere.pdf"], r"files.1: expected a file that can be read, got 'nowhere.pdf' \(No such file"),
        ([TEXT, "/dev/zero"], r"files.1: expected a file that can be read, got '/dev/zero' \(it is not a file"),
        ([TEXT, os.curdir], r"files.1: expected a file that can be read, got '.' \(it is not a file"),
        ([TEXT, 5], "files.1: expected the path of a file, or bytes; got 5"),
        ([TEXT, "a\0b"], "files.1: expected the path of a file"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_stays(
    alice: AsyncPresentationTool, own: Library, uploads: Uploads, files: Any, problem: str
) -> None:
    with pytest.raises(InvalidRequest, match=problem):
        alice.create_presentation_async("Cells", files=files)
    assert (uploads.list("alice"), own.list("alice").items) == ([], [])


def test_files_do_not_stay_when_the_request_is_refused(
    alice: AsyncPresentationTool, uploads: Uploads, chapter: Path
) -> None:
    with pytest.raises(InvalidRequest, match="n_slides"):
        alice.create_presentation_async("Cells", n_slides=99, files=[chapter])
    assert uploads.list("alice") == []
