"""What the agent's tool gives of a deck that was made: its slides to read, and its file on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from presentations.agent import AsyncPresentationTool, call_tool
from presentations.agent.functions import BY_NAME
from presentations.agent.reading import MOST_OF_TEXT, MOST_TOLD
from presentations.database import Database
from presentations.errors import InvalidRequest, NotFound, NotThere
from presentations.files import Damaged, deck_key
from presentations.library import Library
from tests.agent.ends import end
from tests.support.keeper import WORDS, Keeper
from tests.support.processes import ROOT


@pytest.fixture
def made(own: Library, database: Database) -> UUID:
    """A finished presentation of alice's, of which nothing is kept yet."""
    asked = own.create("alice", "Volcanoes")
    end(database, asked, "complete")
    return asked.id


@pytest.fixture
def alice(made: UUID, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncPresentationTool:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return AsyncPresentationTool("alice")


def read(job_id: UUID, **arguments: Any) -> Any:
    answer = json.loads(call_tool("get_slides", {"job_id": str(job_id), **arguments}, "alice"))
    jsonschema.validate(answer, BY_NAME["get_slides"].answer)
    return answer


def test_slides_are_read_with_links_to_their_pictures(alice: AsyncPresentationTool, keeper: Keeper, made: UUID) -> None:
    assert alice.get_slides(str(made)) == {"job_id": str(made), "title": "Volcanoes", "version": None, "slides": []}
    keeper.keep(made, [("Draft", "", "")], is_drawn=False)
    keeper.keep(made, origin="edited")
    told = alice.get_slides(str(made))
    assert told["version"] == 2
    assert [(one["title"], one["text"], one["notes"]) for one in told["slides"]] == list(WORDS)
    picture = told["slides"][0]["picture"]
    assert picture
    assert picture["small"].startswith(f"https://lectern.example/presentations/{made}/pictures/")
    assert alice.get_slides(str(made), 1)["slides"] == [
        {"number": 1, "title": "Draft", "text": "", "notes": "", "picture": None}
    ]


def test_a_file_is_written_whole_and_over_nothing(
    alice: AsyncPresentationTool, keeper: Keeper, made: UUID, tmp_path: Path
) -> None:
    keeper.keep(made)
    folder = tmp_path / "mine"
    folder.mkdir()
    path = alice.download(str(made), folder / "volcanoes.pptx")
    assert path == folder / "volcanoes.pptx"
    file = {one.kind: one for one in keeper_files(alice, made)}
    assert path.stat().st_size == file["pptx"].size
    assert alice.download(str(made), str(folder / "volcanoes.pdf"), "pdf").read_bytes().startswith(b"pdf")
    with pytest.raises(InvalidRequest, match="path: expected a path where nothing is yet, got"):
        alice.download(str(made), path, "pdf")
    assert path.read_bytes().startswith(b"pptx")
    assert sorted(one.name for one in folder.iterdir()) == ["volcanoes.pdf", "volcanoes.pptx"]


def keeper_files(tool: AsyncPresentationTool, made: UUID) -> list[Any]:
    from presentations.agent.runtime import lectern

    return list(lectern().decks.versions("alice", made)[0].files)


@pytest.mark.parametrize(
    ("path", "arguments", "problem"),
    [
        ("", {}, "path: expected the path of a file"),
        ("a\0b", {}, "path: expected the path of a file"),
        (None, {}, "path: expected the path of a file"),
        (".", {}, "path: expected a path where nothing is yet, got '.'"),
        ("nowhere/x.pptx", {}, "path: expected where a file can be written, got 'nowhere/x.pptx' \\(No such file"),
        ("x.odp", {"format": "odp"}, "format: expected pptx or pdf, got 'odp'"),
        ("x.pptx", {"version": 0}, "version: expected the number of a version, got 0"),
        ("x.pptx", {"version": True}, "version: expected the number of a version, got True"),
    ],
)
def test_what_cannot_be_written_is_said(
    alice: AsyncPresentationTool, keeper: Keeper, made: UUID, path: Any, arguments: dict[str, Any], problem: str
) -> None:
    keeper.keep(made)
    with pytest.raises(InvalidRequest, match=problem):
        alice.download(str(made), path, **arguments)


def test_what_is_not_there_or_damaged_leaves_nothing_behind(
    alice: AsyncPresentationTool, keeper: Keeper, made: UUID, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    with pytest.raises(NotThere, match="There is no PowerPoint file"):
        alice.download(str(made), folder / "x")
    keeper.keep(made)
    with pytest.raises(NotFound, match="has no version 7"):
        alice.download(str(made), folder / "x", version=7)
    with pytest.raises(NotFound):
        AsyncPresentationTool("bob").download(str(made), folder / "x")
    [kept] = [file for file in keeper_files(alice, made) if file.kind == "pptx"]
    spoiled = tmp_path / "spoiled"
    spoiled.write_bytes(b"x" * kept.size)
    keeper.store.put(deck_key(made, kept.sha256), spoiled)
    with pytest.raises(Damaged):
        alice.download(str(made), folder / "x")
    assert list(folder.iterdir()) == []


def test_nobody_reads_what_is_somebody_elses(alice: AsyncPresentationTool, keeper: Keeper, made: UUID) -> None:
    keeper.keep(made)
    with pytest.raises(NotFound):
        AsyncPresentationTool("bob").get_slides(str(made))
    assert AsyncPresentationTool().get_slides(str(made))["slides"]
    said = call_tool("get_slides", {"job_id": str(made)}, "bob")
    assert said == "Error: There is no such presentation. Call list_presentations to find the right job_id."


def test_a_model_reads_as_much_as_goes_into_a_conversation(
    alice: AsyncPresentationTool, keeper: Keeper, made: UUID
) -> None:
    assert "ask again later" in read(made)["message"]
    keeper.keep(made, [(f"Title {n}", "x" * 2 * MOST_OF_TEXT, "") for n in range(1, 21)], is_drawn=False)
    first = read(made)
    assert {len(slide["text"]) for slide in first["slides"]} == {MOST_OF_TEXT}
    assert sum(len(slide["text"]) for slide in first["slides"]) <= MOST_TOLD
    following = len(first["slides"]) + 1
    assert first["message"] == f"There are more slides: call get_slides again with from_slide = {following}."
    assert read(made, from_slide=following)["slides"][0]["number"] == following
    assert [slide["number"] for slide in read(made, from_slide=19)["slides"]] == [19, 20]
    assert read(made, from_slide=21)["message"] == "It has no slide 21 and none after that."


def test_nothing_of_files_is_loaded_before_a_file_is_asked_for(environment: dict[str, str]) -> None:
    script = (
        "import sys, presentations.agent; assert not {'obstore', 'presentations.files'} & sys.modules.keys(); "
        "presentations.agent.AsyncPresentationTool('alice').list_presentations(); assert 'obstore' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
