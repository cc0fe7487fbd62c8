"""Files that programs give, to have presentations made from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select

from presentations.accounts import READ, SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import FirstAnswer, Material, Presentation, Upload
from presentations.errors import Unavailable
from presentations.files import Store, StoreAway
from presentations.library import Library
from tests.support.decks import a_compound_file, a_picture, a_pptx, a_zip_bomb
from tests.support.forms import Sender, said
from tests.support.material import a_locked_pdf, a_pdf_of
from tests.support.programs import fields_of
from tests.support.uploads import Give

NOTE = ("cells.txt", b"Cells divide.")


@pytest.fixture
def rosa(app: Flask, tokens: Tokens) -> Sender:
    return Sender(app, tokens.make("teacher", "laptop", SCOPES)[1])


@pytest.fixture
def service(app: Flask, tokens: Tokens) -> Sender:
    return Sender(app, tokens.make("admin", "LMS", SCOPES, acts_for_all=True)[1])


@pytest.fixture
def rows(database: Database) -> Callable[[], list[Upload]]:
    def read() -> list[Upload]:
        with database.single() as session:
            return list(session.scalars(select(Upload)))

    return read


def test_a_file_is_given_looked_at_kept_and_removed(rosa: Sender, tmp_path: Path) -> None:
    pdf = a_pdf_of(tmp_path / "a.pdf", 3).read_bytes()
    answer = rosa.send("/files", [("../../Chapter 1.PDF", pdf)])
    assert answer.status_code == 201, answer.text
    given = said(answer)
    assert given == {
        "id": given["id"],
        "name": "Chapter 1.PDF",
        "kind": "pdf",
        "size": len(pdf),
        "pages": 3,
        "created_at": given["created_at"],
        "kept_until": (datetime.fromisoformat(given["created_at"]) + timedelta(days=7)).isoformat(),
        "keep": False,
    }
    path = answer.headers["Location"].removeprefix("/api")
    assert path == f"/files/{given['id']}"
    assert rosa("GET", path).json == given
    assert rosa("GET", "/files").json == {"items": [given], "usage": len(pdf), "quota": 500_000_000}
    assert rosa("PATCH", path, {"keep": True}).json == given | {"keep": True}
    assert fields_of(rosa("PATCH", path, {"keep": "yes"})) == ["keep"]
    assert rosa("DELETE", path).status_code == 204
    assert rosa("GET", path).status_code == rosa("DELETE", path).status_code == 404
    assert rosa.items("/files") == []


def test_a_presentation_is_made_from_files_that_were_given_and_that_come_along(
    rosa: Sender, library: Library, rows: Callable[[], list[Upload]]
) -> None:
    first = said(rosa.send("/files", [NOTE]))["id"]
    asked = rosa("POST", "/presentations", {"file_ids": [first], "n_slides": 4})
    assert (asked.status_code, said(asked)["topic"]) == (202, "cells")
    told = said(rosa("GET", f"/presentations/{said(asked)['job_id']}"))["files"]
    expected = {"id": first, "name": "cells.txt", "kind": "txt", "size": 13, "pages": None, "deleted_at": None}
    assert told == [expected]
    fields = {"topic": "Cells", "n_slides": "4", "title_slide": "false", "file_ids": first, "subject": "Biology"}
    both = rosa.send("/presentations", [("more.md", b"# More")], **fields)
    assert both.status_code == 202, both.text
    one = library.get("teacher", said(both)["job_id"])
    assert (one.topic, one.n_slides, one.title_slide, one.subject) == ("Cells", 4, False, "biology")
    told = said(rosa("GET", f"/presentations/{one.id}"))["files"]
    assert [file["name"] for file in told] == ["cells.txt", "more.md"]
    assert "files" not in rosa.items("/presentations")[0]
    text = rosa("POST", "/presentations", {"text": "Cells divide.\n\nThey grow.", "keep_wording": True})
    assert (text.status_code, said(text)["n_slides"]) == (202, 2)
    assert len(rows()) == 2


def test_what_is_wrong_in_a_form_is_said_of_its_field_and_nothing_is_kept(
    rosa: Sender, rows: Callable[[], list[Upload]], database: Database
) -> None:
    for files, fields, wrong in (
        ([NOTE], {"n_slides": "many"}, "n_slides"),
        ([NOTE], {"topic": ["Cells", "Leaves"]}, "topic"),
        ([NOTE], {"title_slide": "perhaps"}, "title_slide"),
        ([NOTE], {"colour": "red"}, "colour"),
        ([NOTE], {"template": "no such template\0"}, "template"),
        ([NOTE], {"file_ids": "none"}, "file_ids.0"),
        ([NOTE], {"file_ids": str(uuid4())}, "file_ids"),
        ([NOTE], {"table_of_contents": "true", "n_slides": "2"}, "table_of_contents"),
        ([NOTE], {"webhook_url": "https://127.0.0.1/"}, "webhook_url"),
        ([NOTE, ("b.txt", b"")], {}, "file"),
        ([NOTE] * 6, {}, "file"),
        ([NOTE] * 5, {"file_ids": str(uuid4())}, "file"),
        ([], {"n_slides": "4"}, "topic"),
    ):
        assert fields_of(rosa.send("/presentations", files, **fields)) == [wrong], fields
    assert "got 'many'" in rosa.send("/presentations", [NOTE], n_slides="many").text
    assert "got 'none'" in rosa.send("/presentations", [NOTE], file_ids="none").text
    assert fields_of(rosa("POST", "/presentations", {})) == ["topic"]
    assert fields_of(rosa.send("/files", [NOTE], "other")) == ["other"]
    assert fields_of(rosa.send("/files", [])) == ["file"]
    assert fields_of(rosa.send("/files", [NOTE, NOTE])) == ["file"]
    assert fields_of(rosa.send("/files", [NOTE], name="x")) == ["name"]
    assert rosa("POST", "/files", {"file": "x"}).status_code == 415
    assert rows() == []
    with database.single() as session:
        assert session.scalars(select(Presentation)).all() == []


def test_what_is_no_material_is_refused_with_a_sentence_that_names_it(
    rosa: Sender, rows: Callable[[], list[Upload]], tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    for name, make, sentence in (
        ("a.txt", lambda: bad.write_bytes(b""), "“a.txt” cannot be used. It is empty"),
        ("a.pdf", lambda: bad.write_bytes(a_picture()), "This is a picture (WebP)"),
        ("a.docx", lambda: a_compound_file(bad, "EncryptedPackage"), "It is protected by a password"),
        ("a.pdf", lambda: a_locked_pdf(bad, b"secret"), "It is protected by a password"),
        ("a.pptx", lambda: a_zip_bomb(a_pptx(bad), 200), "“a.pptx” cannot be used"),
        ("../" * 100 + "x" * 300 + ".pdf", lambda: bad.write_bytes(b"\0\1"), "x.pdf” cannot be used"),
        ("a\0b\x1b[31m.pdf", lambda: bad.write_bytes(b"\0\1"), "a b [31m.pdf” cannot be used"),
        ("a.txt", lambda: bad.write_bytes(bytes(1_000_001)), "at most 1 MB are taken"),
    ):
        make()
        rosa._client.application.config["MAX_UPLOAD_BYTES"] = 1_000_000
        answer = rosa.send("/files", [(name, bad.read_bytes())])
        assert fields_of(answer) == ["file"], name
        assert sentence in said(answer)["detail"].replace("\u2068", "").replace("\u2069", ""), said(answer)["detail"]
    assert rows() == []


def test_files_are_their_owners(
    rosa: Sender, service: Sender, app: Flask, tokens: Tokens, accounts: Accounts, give: Give
) -> None:
    theirs = give("colleague").id
    for method in ("GET", "DELETE"):
        assert rosa(method, f"/files/{theirs}").status_code == 404
    assert rosa("PATCH", f"/files/{theirs}", {"keep": True}).status_code == 404
    assert fields_of(rosa("POST", "/presentations", {"file_ids": [str(theirs)]})) == ["file_ids"]
    assert rosa.items("/files") == []
    # For whom to act, a header, a parameter or a field says.
    by_field = service.send("/files", [NOTE], user_id="pupil")
    by_header = service.send("/files", [NOTE], acting="pupil")
    assert (by_field.status_code, by_header.status_code) == (201, 201)
    assert len(service.items("/files?user_id=pupil")) == 2
    assert service.send("/files?user_id=other", [NOTE], user_id="pupil").status_code == 409
    assert rosa.send("/files", [NOTE], user_id="colleague").status_code == 403
    reader = Sender(app, tokens.make("teacher", "reads", [READ])[1])
    assert reader.send("/files", [NOTE]).status_code == reader.send("/presentations", [NOTE]).status_code == 403
    accounts.deactivate("teacher")
    assert rosa.send("/files", [NOTE]).status_code == 401
    assert service.send("/files", [NOTE], user_id="teacher").status_code == 403


def test_a_form_that_is_sent_again_makes_nothing_twice(
    rosa: Sender, rows: Callable[[], list[Upload]], database: Database
) -> None:
    key = "0123456789"
    first = rosa.send("/presentations", [NOTE], key=key, topic="Cells")
    assert rosa.send("/presentations", [NOTE], key=key, topic="Cells").json == first.json
    other = rosa.send("/presentations", [("cells.txt", b"Others.")], key=key, topic="Cells")
    assert fields_of(other) == ["Idempotency-Key"]
    assert rosa.send("/files", [NOTE], key="987654321").status_code == 201
    assert len(rows()) == 2
    # The first was made, and then its answer was lost.
    with database.begin() as session:
        session.execute(delete(FirstAnswer))
    assert said(rosa.send("/presentations", [NOTE], key=key, topic="Cells"))["job_id"] == said(first)["job_id"]
    assert len(rows()) == 2
    with database.single() as session:
        assert session.scalars(select(Material.presentation_id)).all() == [UUID(said(first)["job_id"])]


def test_the_quota_is_reached_between_two_files(rosa: Sender, app: Flask, rows: Callable[[], list[Upload]]) -> None:
    app.extensions["uploads"]._quota = 20
    assert rosa.send("/files", [NOTE]).status_code == 201
    answer = rosa.send("/files", [("more.txt", b"Cells divide.")])
    assert fields_of(answer) == ["file"]
    assert "remove files that you no longer need" in said(answer)["detail"]
    assert len(rows()) == 1
    assert rosa.send("/presentations", [("a.txt", b"Cells"), ("b.txt", b"Leaves")]).status_code == 422
    assert len(rows()) == 1


def test_a_store_that_is_away_is_said(rosa: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreAway("the disk is full")

    monkeypatch.setattr(Store, "put", away)
    answer = rosa.send("/files", [NOTE])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert rosa.items("/files") == []


def test_what_fails_once_it_was_asked_for_is_said_and_not_that_its_file_is_needed(
    rosa: Sender, rows: Callable[[], list[Upload]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("The database cannot be reached just now. Try again in a minute.")

    monkeypatch.setattr("presentations.web.api.presentations.told", away)
    assert rosa.send("/presentations", [NOTE], topic="Cells").status_code == 503
    assert len(rows()) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug lets go of it unclosed
def test_a_thousand_parts_and_huge_names_are_refused(rosa: Sender) -> None:
    for files, fields in (
        ([NOTE] * 1000, {}),
        ([NOTE], {f"f{n}": "x" for n in range(1000)}),
        ([NOTE], {"x" * 1_200_000: "x"}),
        ([NOTE], {"text": "x" * 1_200_000}),
        ([("x" * 1_200_000, b"")], {}),
    ):
        for path, number in (("/files", "one file"), ("/presentations", "5 files")):
            answer = rosa.send(path, files, **fields)
            assert answer.status_code == 413, answer.text
            assert f"Send at most {number} of 25 MB here." in said(answer)["detail"]
