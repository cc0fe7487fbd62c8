"""A signed-in teacher at the pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from presentations import web
from presentations.database import Database
from presentations.library import Library
from tests.web.desk import Desk


@pytest.fixture
def desk(rosa: FlaskClient, library: Library, database: Database) -> Desk:
    return Desk(rosa, library, database)


@pytest.fixture
def statements(app: Flask) -> list[str]:
    """The SQL that the web has sent."""
    sent: list[str] = []
    with app.app_context():
        event.listen(web.db.engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
    return sent
