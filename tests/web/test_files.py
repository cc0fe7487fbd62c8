"""Opening and downloading what is finished."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from html import unescape
from uuid import UUID

import pptx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import COMPLETE, Presentation
from presentations.demo.server import DemoPresenton
from presentations.filenames import file_names
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.presentations import finished, write
from tests.support.processes import Process
from tests.support.signing import sign_in
from tests.support.waiting import eventually


@pytest.fixture
def client(settings: Settings, backends: Backends, accounts: Accounts) -> FlaskClient:
    return sign_in(create_app(settings, backends).test_client(), accounts)


@pytest.fixture
def made(library: Library, start_worker: Callable[..., Process]) -> UUID:
    """A finished presentation, made by a worker."""
    asked = library.create("teacher", "Zellen & Gewebe: café?", 3).id
    start_worker()
    eventually(lambda: library.get("teacher", asked).status == COMPLETE)
    return asked


def test_file_comes_through_our_own_server(client: FlaskClient, made: UUID, library: Library) -> None:
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 200
    said = response.headers["Content-Disposition"]
    assert said == file_names("Zellen & Gewebe: café?", made, ".pptx").content_disposition
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Length"] == str(len(response.data))
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    assert len(pptx.Presentation(io.BytesIO(response.data)).slides) == 3
    assert library.get("teacher", made).opened_at


def test_file_that_is_gone_gets_a_page_that_says_so(client: FlaskClient, made: UUID, database: Database) -> None:
    with database.begin() as session:
        session.execute(update(Presentation).values(presenton_path="/app_data/exports/gone.pptx"))
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 404
    assert "The slide generator no longer has this file." in response.text
    assert "gone.pptx" not in response.text


def test_head_says_the_same_and_changes_nothing(client: FlaskClient, made: UUID, library: Library) -> None:
    library_before = library.get("teacher", made)
    headers = client.head(f"/presentations/{made}/file").headers
    assert client.head(f"/presentations/{made}/open").status_code == 303
    assert library.get("teacher", made).changed_at == library_before.changed_at
    told = client.get(f"/presentations/{made}/file", buffered=True).headers
    for name in ("Content-Length", "Content-Type", "Content-Disposition"):
        assert headers[name] == told[name]


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
        ({"presenton_url": "/x"}, "file", "did not say where its file is. Open it and export it there."),
        ({}, "file", "did not say where its file is. Make another like it."),
        ({"presenton_path": "/x.pdf"}, "open", "did not say where it can be opened. Download its file."),
        ({}, "open", "did not say where it can be opened. Make another like it."),
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


def test_file_that_presenton_does_not_give_us_is_not_said_to_be_gone(
    client: FlaskClient, made: UUID, demo: DemoPresenton
) -> None:
    demo.faults.add("status", path="/app_data/", status=403)
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 404
    assert "it belongs to another account there" in response.text


def test_so_many_files_at_once_for_one_person(client: FlaskClient, made: UUID) -> None:
    with closing(client.get(f"/presentations/{made}/file")), closing(client.get(f"/presentations/{made}/file")):
        response = client.get(f"/presentations/{made}/file")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "10")
        assert "You are downloading 2 files just now" in response.text
        assert "<h1>Too many downloads at once</h1>" in response.text
    assert client.get(f"/presentations/{made}/file", buffered=True).status_code == 200


def test_generator_that_is_away_gets_a_page_that_says_so(client: FlaskClient, made: UUID, demo: DemoPresenton) -> None:
    demo.stop()
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 503
    assert "The slide generator does not answer just now." in response.text
    assert demo.url not in response.text
