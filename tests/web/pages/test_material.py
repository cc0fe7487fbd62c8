"""Files that a teacher gives on the form, and finds again where slides were made from them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from presentations.accounts import Accounts
from presentations.files import Store, StoreAway
from presentations.library import Uploads
from tests.support.forms import Files, encoded, said
from tests.support.signing import hidden
from tests.support.uploads import Give
from tests.web.desk import Desk, section

NOTE = ("cells.txt", b"Cells divide.")
SCRIPT = {"Accept": "application/json"}


def give_files(desk: Desk, files: Files, token: str | None = None, **fields: Any) -> TestResponse:
    """As the page does without its script."""
    body, media_type = encoded(files, csrf_token=token or hidden(desk.page("/new"), "csrf_token"), **fields)
    return desk.client.post("/files", data=body, content_type=media_type)


def script(desk: Desk, files: Files, token: str | None = None) -> TestResponse:
    """As the page's script does."""
    body, media_type = encoded(files)
    headers = SCRIPT | {"X-CSRFToken": token or hidden(desk.page("/new"), "csrf_token")}
    return desk.client.post("/files", data=body, content_type=media_type, headers=headers)


def test_the_script_gets_what_was_kept_and_a_sentence_for_each_that_was_not(desk: Desk, uploads: Uploads) -> None:
    answer = script(desk, [NOTE, ("empty.pdf", b""), ("more.md", b"# More")])
    assert answer.status_code == 201
    first, second = said(answer)["files"]
    assert first == {"id": first["id"], "name": "cells.txt", "kind": "txt", "size": 13, "pages": None}
    assert second["name"] == "more.md"
    [problem] = said(answer)["problems"]
    assert "empty.pdf" in problem
    assert "It is empty." in problem
    none = script(desk, [("empty.pdf", b"")])
    assert (none.status_code, none.json) == (422, {"files": [], "problems": [problem]})
    nothing = script(desk, [])
    assert (nothing.status_code, said(nothing)["problems"]) == (422, ["Choose a file first."])
    # What this session has not asked for by its own page is not taken.
    foreign = script(desk, [NOTE], token="wrong")
    assert (foreign.status_code, said(foreign)["files"]) == (400, [])
    assert said(foreign)["problems"] == [
        "This page was open too long. Nothing was lost: go back, reload the page and send it again."
    ]
    gone = desk.client.post(f"/files/{first['id']}/remove", headers=SCRIPT | {"X-CSRFToken": _token(desk)})
    assert (gone.status_code, gone.text) == (204, "")
    assert [one.name for one in uploads.list("teacher")] == ["more.md"]


def test_without_the_script_the_form_comes_back_with_the_files_and_all_that_was_typed(
    desk: Desk, accounts: Accounts, uploads: Uploads
) -> None:
    assert give_files(desk, [NOTE], topic="Leaves", grade="Grade 9").headers["Location"] == "/new"
    [first] = uploads.list("teacher")
    again = give_files(desk, [("empty.txt", b""), ("b.md", b"# B")], topic="Leaves", file_ids=[str(first.id), "gone"])
    assert again.status_code == 303
    draft = accounts.draft("teacher")
    assert draft is not None
    assert draft["topic"] == "Leaves"
    assert draft["file_ids"] == [str(first.id), "gone", str(uploads.list("teacher")[0].id)]
    page = desk.page("/new")
    assert "No longer there: a file." in page
    assert "It is empty." in page
    assert 'value="Leaves"' in page
    assert page.count('name="file_ids"') >= 2


def test_five_files_are_the_most(desk: Desk, give: Give, uploads: Uploads) -> None:
    ids = [str(give("teacher", f"{n}.txt").id) for n in range(4)]
    give_files(desk, [("a.txt", b"A."), ("b.txt", b"B."), ("c.txt", b"C.")], file_ids=ids)
    page = desk.page("/new").replace("\u2068", "").replace("\u2069", "")
    assert "At most 5 files are taken: “b.txt” and 1 more were left out." in page
    assert len(uploads.list("teacher")) == 5


def test_what_is_too_long_for_a_draft_is_not_half_kept(desk: Desk, uploads: Uploads) -> None:
    answer = give_files(desk, [NOTE], text="x" * 400_000)
    assert answer.status_code == 413
    assert "of a draft are kept" in answer.text
    assert uploads.list("teacher") == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug lets go of it unclosed
def test_too_much_at_once_is_said_to_page_and_script(desk: Desk, app: Flask) -> None:
    app.config["MAX_UPLOAD_BYTES"] = 100_000
    for files in ([("a.txt", b"a" * 2_000_000)], [NOTE] * 1000, [("n" * 1_200_000, b"a")]):
        answer, page = script(desk, files), give_files(desk, files)
        assert answer.status_code == page.status_code == 413
        assert said(answer)["problems"][0].startswith("Send at most 5 files of 0.1 MB here.")
        assert "Send at most 5 files of 0.1 MB" in page.text


def test_a_quota_that_is_reached_and_a_full_disk_keep_what_was_taken_before(
    desk: Desk, app: Flask, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["uploads"]._quota = 20
    answer = script(desk, [NOTE, ("more.txt", b"Cells divide."), ("b.txt", b"B.")])
    assert [one["name"] for one in said(answer)["files"]] == ["cells.txt", "b.txt"]
    assert "remove files that you no longer need" in said(answer)["problems"][0]

    def away(*_: object, **__: object) -> None:
        raise StoreAway("the disk is full")

    monkeypatch.setattr(Store, "put", away)
    answer = script(desk, [("c.txt", b"C.")])
    assert (answer.status_code, said(answer)["files"], answer.headers["Retry-After"]) == (503, [], "30")
    assert len(uploads.list("teacher")) == 2


def test_a_decks_page_names_its_files_which_are_fetched_kept_and_removed(
    desk: Desk, give: Give, uploads: Uploads
) -> None:
    one, other = give("teacher", "Zelle, Übung.txt"), give("teacher", "b.md", "# B")
    asked = desk.library.create("teacher", "Cells", file_ids=[one.id, other.id])
    page = f"/presentations/{asked.id}"
    assert "Zelle, Übung.txt 13 Bytes" in section(desk.page(page), "Made from")
    answer = desk.client.get(f"/files/{one.id}", buffered=True)
    assert answer.data == b"Cells divide."
    headers = answer.headers
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "Zelle%2C%20%C3%9Cbung.txt" in headers["Content-Disposition"]
    desk.send(f"/files/{one.id}/keep", is_kept="yes", back=page)
    assert "stays with the slides" in section(desk.page(page), "Made from")
    assert desk.send(f"/files/{one.id}/keep", is_kept="no").headers["Location"] == "/new"
    assert not uploads.get("teacher", one.id).is_kept
    # As long as something is to be made from it, it stays.
    assert desk.send(f"/files/{one.id}/remove", back=page).headers["Location"] == page
    assert "Slides are being made from this file just now." in desk.page(page)
    assert "kept until" not in section(desk.page(page), "Made from")
    desk.library.cancel("teacher", asked.id)
    assert "13 Bytes · kept until " in section(desk.page(page), "Made from")
    desk.send(f"/files/{one.id}/remove", back=page)
    assert "Zelle, Übung.txt 13 Bytes · removed" in section(desk.page(page), "Made from")
    assert desk.client.get(f"/files/{one.id}").status_code == 404
    assert [one.name for one in uploads.list("teacher")] == ["b.md"]


def test_who_was_signed_out_or_deactivated_gives_nothing(desk: Desk, accounts: Accounts, uploads: Uploads) -> None:
    token = _token(desk)
    accounts.deactivate("teacher")
    for answer in (give_files(desk, [NOTE], token), script(desk, [NOTE], token)):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert uploads.list("teacher") == []


def _token(desk: Desk) -> str:
    return hidden(desk.page("/new"), "csrf_token")
