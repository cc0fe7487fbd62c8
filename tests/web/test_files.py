"""Opening and downloading what is finished: from the store, whatever becomes of Presenton."""

from __future__ import annotations

from contextlib import closing
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
import requests
from flask.testing import FlaskClient

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.filenames import file_names
from presentations.files import PRESENTON, Store, add_version, put_file
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings, load
from presentations.web import create_app
from tests.support.decks import a_pptx
from tests.support.keeper import WORDS, Keeper
from tests.support.presentations import finished, rename, write
from tests.support.s3 import S3
from tests.support.signing import sign_in

TITLE = "Zellen & Gewebe: café?"
CONTENT = b"0123456789"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@pytest.fixture
def client(settings: Settings, backends: Backends, accounts: Accounts) -> FlaskClient:
    return sign_in(create_app(settings, backends).test_client(), accounts)


@pytest.fixture
def made(library: Library, database: Database, keeper: Keeper) -> UUID:
    """A finished presentation, whose file is kept."""
    one = finished(library, database, "teacher", TITLE)
    keeper.keep_file(one.id, CONTENT)
    return one.id


@pytest.fixture
def kept(settings: Settings, made: UUID) -> Path:
    """Its file in the store."""
    [file] = [file for file in (settings.var_dir / "files").rglob("*") if file.is_file()]
    return file


def test_a_file_comes_from_the_store_while_presenton_is_away(
    client: FlaskClient, made: UUID, library: Library, demo: DemoPresenton
) -> None:
    demo.stop()
    response = client.get(f"/presentations/{made}/file", buffered=True)
    assert (response.status_code, response.data) == (200, CONTENT)
    assert response.headers["Content-Disposition"] == file_names(TITLE, made, ".pptx").content_disposition
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Length"] == "10"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.mimetype == PPTX
    assert library.get("teacher", made).opened_at


def test_a_file_is_called_as_its_presentation_is_now(client: FlaskClient, made: UUID, library: Library) -> None:
    rename(library, "teacher", made, "火山为什么喷发")
    said = client.get(f"/presentations/{made}/file", buffered=True).headers["Content-Disposition"]
    assert said == file_names("火山为什么喷发", made, ".pptx").content_disposition


@pytest.mark.parametrize(
    ("wanted", "status", "data", "told"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 200, CONTENT, None),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-", 200, CONTENT, None),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, CONTENT, None),
        ("lines=0-1", 200, CONTENT, None),
        ("bytes=x", 200, CONTENT, None),
    ],
)
def test_a_part_of_a_file(
    client: FlaskClient, made: UUID, wanted: str, status: int, data: bytes, told: str | None
) -> None:
    response = client.get(f"/presentations/{made}/file", headers={"Range": wanted}, buffered=True)
    assert (response.status_code, response.headers.get("Content-Range")) == (status, told)
    assert status == 416 or response.data == data


def test_a_part_is_only_given_of_the_file_that_was_begun(client: FlaskClient, made: UUID) -> None:
    path = f"/presentations/{made}/file"
    tag = client.get(path, buffered=True).headers["ETag"]
    for known, status in ((tag, 206), ('"another"', 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200)):
        response = client.get(path, headers={"Range": "bytes=2-3", "If-Range": known}, buffered=True)
        assert response.status_code == status, known
        assert response.data == (b"23" if status == 206 else CONTENT)


def test_who_has_the_file_already_gets_no_second_one(client: FlaskClient, made: UUID) -> None:
    path = f"/presentations/{made}/file"
    tag = client.get(path, buffered=True).headers["ETag"]
    response = client.get(path, headers={"If-None-Match": f'"another", {tag}'}, buffered=True)
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)
    weakened = client.get(path, headers={"If-None-Match": f"W/{tag}"}, buffered=True)
    assert weakened.status_code == 304  # by a proxy on the way
    assert client.get(path, headers={"If-None-Match": '"another"'}, buffered=True).status_code == 200


def test_head_says_the_same_and_changes_nothing(client: FlaskClient, made: UUID, library: Library) -> None:
    before = library.get("teacher", made)
    headers = client.head(f"/presentations/{made}/file").headers
    assert library.get("teacher", made).changed_at == before.changed_at
    told = client.get(f"/presentations/{made}/file", buffered=True).headers
    for name in ("Content-Length", "Content-Type", "Content-Disposition", "ETag", "Accept-Ranges"):
        assert headers[name] == told[name]


def test_older_versions_and_the_pdf_stay_within_reach(client: FlaskClient, made: UUID, keeper: Keeper) -> None:
    keeper.keep(made, WORDS)
    path = f"/presentations/{made}/file"
    assert client.get(f"{path}?version=1", buffered=True).data == CONTENT
    newest = client.get(path, buffered=True)
    assert newest.data == client.get(f"{path}?version=2&format=pptx", buffered=True).data != CONTENT
    pdf = client.get(f"{path}?format=pdf", buffered=True)
    assert (pdf.mimetype, pdf.data[:3]) == ("application/pdf", b"pdf")
    assert ".pdf" in pdf.headers["Content-Disposition"]
    for query, status, sentence in (
        ("format=pdf&version=1", 404, "There is no PDF file of this presentation in version 1."),
        ("version=3", 404, "This presentation has no version 3."),
        ("version=0", 400, "expected the number of a version, got '0'"),
        ("version=²", 400, "expected the number of a version, got '²'"),
        ("format=odp", 400, "expected pptx or pdf, got 'odp'"),
    ):
        refused = client.get(f"{path}?{query}")
        assert refused.status_code == status, query
        assert sentence in unescape(refused.text)


@pytest.mark.parametrize(
    ("values", "what", "sentence"),
    [
        (
            {"status": "pending"},
            "file",
            "not made yet. Wait until it is complete; there is nothing to download before.",
        ),
        ({"status": "pending"}, "open", "not made yet. Wait until it is complete; there is nothing to open before."),
        ({"status": "error"}, "file", "was not made, so there is nothing to download. Try again on its page."),
        ({"status": "cancelled"}, "file", "was cancelled, so there is nothing to download."),
        ({}, "file", "There is no PowerPoint file of this presentation. Look at its page for why"),
        ({"export_as": "pdf"}, "file", "There is no PDF file of this presentation."),
        ({}, "open", "did not say where it can be opened. Download its file."),
    ],
)
def test_what_is_not_there_is_said_as_it_is(
    client: FlaskClient, library: Library, database: Database, values: dict[str, str], what: str, sentence: str
) -> None:
    one = finished(library, database, "teacher", "Cells")
    write(database, one, **values)
    response = client.get(f"/presentations/{one.id}/{what}")
    assert response.status_code == 404
    assert sentence in unescape(response.text)
    assert "deleted" not in response.text


def test_so_many_files_at_once_for_one_person(client: FlaskClient, made: UUID) -> None:
    with closing(client.get(f"/presentations/{made}/file")), closing(client.get(f"/presentations/{made}/file")):
        response = client.get(f"/presentations/{made}/file")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "10")
        assert "You are downloading 2 files just now" in response.text
        assert "<h1>Too many downloads at once</h1>" in response.text
    assert client.get(f"/presentations/{made}/file", buffered=True).status_code == 200


def test_a_file_that_is_lost_or_shorter_is_not_given_out(client: FlaskClient, made: UUID, kept: Path) -> None:
    kept.write_bytes(CONTENT[:-1])
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 500
    assert "This file was damaged where it is kept" in response.text
    kept.unlink()
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 500
    assert "This file is no longer where it was kept" in response.text
    assert str(kept.parent) not in response.text


def test_a_file_that_was_changed_breaks_off(client: FlaskClient, made: UUID, kept: Path) -> None:
    kept.write_bytes(b"x" + CONTENT[1:])
    with pytest.raises(ConnectionResetError):
        _ = client.get(f"/presentations/{made}/file", buffered=True).data


def test_a_store_that_is_away_gets_a_page_that_says_so(
    backends: Backends, accounts: Accounts, made: UUID, tmp_path: Path, environment: dict[str, str]
) -> None:
    away = load(environment | {"FILES_URL": str(tmp_path / "not-mounted")})
    client = sign_in(create_app(away, backends).test_client(), accounts)
    response = client.get(f"/presentations/{made}/file")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "The place where files are kept cannot be reached just now." in response.text
    assert "not-mounted" not in response.text


def test_browsers_may_fetch_files_from_s3_themselves(
    environment: dict[str, str],
    backends: Backends,
    accounts: Accounts,
    s3: S3,
    made: UUID,
    library: Library,
    database: Database,
    tmp_path: Path,
) -> None:
    settings = load(environment | s3.environment() | {"FILES_LINK_SECONDS": "60"})
    one = library.get("teacher", made)
    deck = a_pptx(tmp_path / "deck.pptx")
    file = put_file(Store.of(settings), one, deck, "pptx", PRESENTON)
    with database.begin() as session:
        add_version(session, made, "generated", file)
    client = sign_in(create_app(settings, backends).test_client(), accounts)
    answer = client.get(f"/presentations/{made}/file")
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    fetched = requests.get(answer.location, timeout=30)
    assert fetched.content == deck.read_bytes()
    assert fetched.headers["Content-Type"] == PPTX
    assert fetched.headers["Content-Disposition"] == file_names(TITLE, made, ".pptx").content_disposition
    assert client.head(f"/presentations/{made}/file").status_code == 200
