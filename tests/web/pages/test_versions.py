"""The versions of a deck: one is uploaded, an older one is brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from presentations.database import Audit
from presentations.files import Store
from presentations.library import Decks
from tests.support.decks import a_pptx
from tests.support.keeper import Keeper
from tests.support.signing import hidden
from tests.web.desk import Desk, shown


def upload(desk: Desk, presentation_id: object, file: Path | None) -> TestResponse:
    fields: dict[str, object] = {"csrf_token": hidden(desk.page(), "csrf_token")}
    if file:
        fields["file"] = (file.open("rb"), "mine.pptx")
    return desk.client.post(f"/presentations/{presentation_id}/versions", data=fields)


def test_an_uploaded_file_is_what_is_shown_and_downloaded_from_then_on(
    desk: Desk, keeper: Keeper, tmp_path: Path
) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    file = a_pptx(tmp_path / "deck.pptx")
    answer = upload(desk, made.id, file)
    assert (answer.status_code, answer.location) == (303, f"/presentations/{made.id}")
    page = desk.page(f"/presentations/{made.id}")
    assert "Your file is kept, and shown from now on: “\u2068Volcanoes\u2069”." in shown(page)
    assert "Version 2, uploaded · the one that is shown" in shown(page)
    assert "The pictures of its slides are being made." in page
    path = f"/presentations/{made.id}/file?format=pptx"
    assert desk.client.get(path, buffered=True).data == file.read_bytes()
    assert desk.client.get(f"{path}&version=1", buffered=True).data.startswith(b"pptx")


def test_what_does_not_fit_the_quota_is_refused_before_it_is_kept(
    desk: Desk, keeper: Keeper, app: Flask, store: Store, tmp_path: Path
) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    app.extensions["decks"]._quota = 20_000
    there = [one.key for one in store.listed()]
    answer = upload(desk, made.id, a_pptx(tmp_path / "deck.pptx"))
    assert answer.status_code == 422
    assert "and of the 0 MB for your files and the decks that you upload only 0 MB are left" in shown(answer.text)
    assert [one.key for one in store.listed()] == there


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty."),
        (b"<html>", "This is a web page, and no PowerPoint file."),
        (None, "Expected one PowerPoint file, got nothing."),
    ],
)
def test_what_is_no_deck_is_refused_beside_the_field_and_nothing_is_lost(
    desk: Desk, keeper: Keeper, tmp_path: Path, content: bytes | None, said: str
) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    file = None
    if content is not None:
        file = tmp_path / "bad.pptx"
        file.write_bytes(content)
    answer = upload(desk, made.id, file)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'name="file"' in answer.text
    assert desk.library.get("teacher", made.id).version == 1


def test_a_file_that_is_too_large_is_refused_before_it_is_read(desk: Desk, keeper: Keeper, tmp_path: Path) -> None:
    desk.client.application.config["MAX_FILE_BYTES"] = 200_000
    made = desk.finished("Volcanoes")
    file = tmp_path / "large.pptx"
    file.write_bytes(b"PK" + bytes(300_000))
    answer = upload(desk, made.id, file)
    assert (answer.status_code, "Send at most one file of 0.2 MB here." in answer.text) == (413, True)


def test_a_form_without_a_place_for_files_takes_as_little_as_ever(desk: Desk) -> None:
    assert desk.send("/presentations", topic="x" * 1_100_000).status_code == 413


def test_what_is_not_made_has_no_versions(desk: Desk, tmp_path: Path) -> None:
    asked = desk.asked("Waits")
    assert upload(desk, asked.id, a_pptx(tmp_path / "deck.pptx")).status_code == 404
    assert desk.send(f"/presentations/{asked.id}/versions/1/current").status_code == 404


def test_an_older_version_is_brought_back_as_a_new_one(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id, [("Draft", "", "")])
    keeper.keep(made.id)
    path = f"/presentations/{made.id}"
    assert desk.send(f"{path}/versions/1/current").location == path
    said = shown(desk.page(path))
    assert "Version 1 is back. What was shown before is kept as well." in said
    assert "Slide 1: Draft" in said
    assert [one.number for one in Decks(desk.database).shown("teacher", made.id).versions] == [3, 2, 1]
    desk.send(f"{path}/versions/3/current")
    assert "Version 3 is the one that is shown. Choose an older one" in shown(desk.page(path))
    assert [desk.send(f"{path}/versions/{none}/current").status_code for none in ("9", "0", "x")] == [404] * 3
    assert "brought back a version of a presentation" in [entry.action for entry in Audit(desk.database).search().items]
