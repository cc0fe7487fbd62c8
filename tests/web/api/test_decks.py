"""Files, versions and slides, as programs use them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from presentations.accounts import Tokens
from presentations.database import Database
from presentations.database.models import Deck
from presentations.library import Library
from tests.support.keeper import WORDS, Keeper
from tests.support.presentations import write
from tests.support.programs import PROBLEM, Program, fields_of

BIDI = [("Salt\u202e & <b>pepper</b>", 'A "quote"\nand \\ more', "")]


@pytest.fixture
def made(library: Library, database: Database) -> UUID:
    """A finished presentation of Rosa's, of which nothing is kept yet."""
    asked = library.create("teacher", "Volcanoes")
    write(database, asked, status="complete", ended_at=func.now())
    return asked.id


def got(program: Program, path: str) -> Any:
    answer = program("GET", path.removeprefix("/api"))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_slides_are_read_with_pictures_that_a_token_can_fetch(rosa: Program, keeper: Keeper, made: UUID) -> None:
    path = f"/presentations/{made}/slides"
    assert got(rosa, path) == {"version": None, "slides": []}
    keeper.keep(made, is_drawn=False)
    told = got(rosa, path)
    assert (told["version"], [slide["number"] for slide in told["slides"]]) == (1, [1, 2, 3, 4])
    assert [(slide["title"], slide["text"], slide["notes"]) for slide in told["slides"]] == list(WORDS)
    assert {slide["picture"] for slide in told["slides"]} == {None}
    keeper.keep(made, origin="edited")
    for size in ("small", "large"):
        address = got(rosa, path)["slides"][1]["picture"][size]
        picture = rosa("GET", address.removeprefix("/api"))
        assert (picture.status_code, picture.mimetype) == (200, "image/webp")
        assert sha256(picture.data).hexdigest() in address
        assert picture.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert got(rosa, f"{path}?version=1") == told


def test_texts_come_as_they_were_written_and_break_no_json(rosa: Program, keeper: Keeper, made: UUID) -> None:
    keeper.keep(made, BIDI)
    slide = got(rosa, f"/presentations/{made}/slides")["slides"][0]
    assert (slide["title"], slide["text"]) == BIDI[0][:2]


def test_file_comes_whole_in_parts_and_not_again(rosa: Program, keeper: Keeper, made: UUID) -> None:
    keeper.keep(made)
    pdf = f"/presentations/{made}/file?format=pdf"
    whole = rosa("GET", pdf)
    assert (whole.status_code, whole.mimetype, whole.headers["Accept-Ranges"]) == (200, "application/pdf", "bytes")
    tag = whole.headers["ETag"]
    assert tag == f'"{sha256(whole.data).hexdigest()}"'
    part = rosa("GET", pdf, Range="bytes=3-6", If_Range=tag)
    assert (part.status_code, part.data) == (206, whole.data[3:7])
    assert part.headers["Content-Range"] == f"bytes 3-6/{len(whole.data)}"
    assert rosa("GET", pdf, If_None_Match=tag).status_code == 304
    head = rosa("HEAD", pdf)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(whole.data)))
    beyond = rosa("GET", pdf, Range="bytes=99999-")
    assert (beyond.status_code, beyond.mimetype) == (416, PROBLEM)
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.data)}"
    assert f"The file has {len(whole.data)} bytes: ask for a part" in beyond.json["detail"]  # type: ignore[index]
    assert rosa("GET", f"/presentations/{made}/file").data != whole.data


@pytest.mark.parametrize(("query", "field"), [("format=docx", "format"), ("version=0", "version"), ("x=1", "x")])
def test_what_is_asked_for_wrongly_is_named(rosa: Program, keeper: Keeper, made: UUID, query: str, field: str) -> None:
    keeper.keep(made)
    assert fields_of(rosa("GET", f"/presentations/{made}/file?{query}")) == [field]


def test_versions_are_listed_downloaded_and_brought_back(rosa: Program, keeper: Keeper, made: UUID) -> None:
    path = f"/presentations/{made}/versions"
    assert rosa.items(path) == []
    keeper.keep(made, [("Draft", "", "")], kinds=["pptx"])
    keeper.keep(made, origin="uploaded")
    newest, oldest = rosa.items(path)
    assert (newest["number"], newest["origin"], newest["slides"], newest["is_current"]) == (2, "uploaded", 4, True)
    assert (oldest["number"], oldest["origin"], oldest["slides"], oldest["is_current"]) == (1, "generated", 1, False)
    assert [file["format"] for file in newest["files"]] == ["pptx", "pdf"]
    for file in newest["files"] + oldest["files"]:
        content = rosa("GET", file["url"].removeprefix("/api")).data
        assert (len(content), sha256(content).hexdigest()) == (file["size"], file["sha256"])
    back = rosa("POST", f"{path}/1/current")
    assert back.status_code == 200, back.text
    assert back.json == rosa.items(path)[0]
    assert (back.json["number"], back.json["restored_from"], back.json["is_current"]) == (3, 1, True)
    assert got(rosa, f"/presentations/{made}/slides")["slides"][0]["title"] == "Draft"
    again = rosa("POST", f"{path}/3/current")
    assert (again.status_code, again.mimetype) == (409, PROBLEM)
    for number in (9, 2**31, 10**12, 0):
        assert rosa("POST", f"{path}/{number}/current").status_code == 404


def test_a_presentation_says_where_what_is_kept_of_it_is(rosa: Program, keeper: Keeper, made: UUID) -> None:
    keys = ("slides", "file_url", "pdf_url", "slides_url")
    path = f"/presentations/{made}"
    assert [got(rosa, path)[key] for key in keys] == [None] * 4
    keeper.keep(made, kinds=["pptx"])
    api = f"/api/presentations/{made}"
    assert [got(rosa, path)[key] for key in keys] == [4, f"{api}/file", None, f"{api}/slides"]
    keeper.keep(made, origin="edited")
    told = got(rosa, path)
    assert told["pdf_url"] == f"{api}/file?format=pdf"
    assert told.pop("files") == []
    assert rosa.items("/presentations") == [told]
    assert [event["presentation"] for event in rosa.items("/events")] == [told]
    for key in ("file_url", "pdf_url", "slides_url"):
        assert rosa("GET", told[key].removeprefix("/api")).status_code == 200


def test_a_presentation_asked_for_as_pdf_has_a_file_once_there_is_a_pdf(
    rosa: Program, keeper: Keeper, library: Library, database: Database
) -> None:
    asked = library.create("teacher", "Cells", export_as="pdf")
    write(database, asked, status="complete")
    keeper.keep(asked.id, kinds=["pptx"])
    assert got(rosa, f"/presentations/{asked.id}")["file_url"] is None
    keeper.keep(asked.id, origin="edited")
    assert got(rosa, f"/presentations/{asked.id}")["file_url"] == f"/api/presentations/{asked.id}/file"
    assert rosa("GET", f"/presentations/{asked.id}/file").mimetype == "application/pdf"


def test_what_is_kept_of_a_presentation_that_is_not_complete_is_not_told_of(
    rosa: Program, keeper: Keeper, library: Library
) -> None:
    asked = library.create("teacher", "Cells")
    keeper.keep(asked.id)  # as between keeping it and saying that it is complete
    assert got(rosa, f"/presentations/{asked.id}")["file_url"] is None


def test_nobody_reads_or_changes_what_is_somebody_elses(
    app: Flask, rosa: Program, tokens: Tokens, keeper: Keeper, made: UUID
) -> None:
    keeper.keep(made, [("Draft", "", "")])
    keeper.keep(made, origin="edited")
    picture = got(rosa, f"/presentations/{made}/slides")["slides"][0]["picture"]["small"].removeprefix("/api")
    carl = Program(app, tokens.make("colleague", "his", ("read", "write"))[1])
    for path in ("slides", "file", "versions"):
        assert carl("GET", f"/presentations/{made}/{path}").status_code == 404
    assert carl("GET", picture).status_code == 404
    assert carl("POST", f"/presentations/{made}/versions/1/current").status_code == 404
    reader = Program(app, tokens.make("teacher", "reads", ("read",))[1])
    assert reader("GET", picture).status_code == 200
    refused = reader("POST", f"/presentations/{made}/versions/1/current")
    assert (refused.status_code, "lacks the scope 'write'" in refused.text) == (403, True)
    assert len(rosa.items(f"/presentations/{made}/versions")) == 2


def test_a_look_at_the_slides_has_a_worker_look_at_presenton(
    rosa: Program, keeper: Keeper, database: Database, made: UUID
) -> None:
    keeper.keep(made)
    assert got(rosa, f"/presentations/{made}/slides")["version"] == 1
    with database.begin() as session:
        assert session.scalar(select(Deck.due_at).filter_by(id=made))
