"""Opening and downloading what is finished."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

import pptx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import COMPLETE, Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
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
    assert "filename*=UTF-8''Zellen%20&%20Gewebe%20caf%C3%A9.pptx" in response.headers["Content-Disposition"]
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


def test_generator_that_is_away_gets_a_page_that_says_so(client: FlaskClient, made: UUID, demo: DemoPresenton) -> None:
    demo.stop()
    response = client.get(f"/presentations/{made}/file")
    assert response.status_code == 503
    assert "The slide generator does not answer just now." in response.text
    assert demo.url not in response.text
