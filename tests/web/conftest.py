"""A signed-in teacher at the pages."""

from __future__ import annotations

import pytest
from flask import Flask

from presentations import web
from presentations.accounts import Accounts
from presentations.database import Database
from presentations.library import Library
from tests.support.signing import sign_in
from tests.support.statements import statements_of
from tests.web.desk import Desk


@pytest.fixture
def desk(app: Flask, accounts: Accounts, library: Library, database: Database) -> Desk:
    return Desk(sign_in(app.test_client(), accounts), library, database)


@pytest.fixture
def statements(app: Flask) -> list[str]:
    """The SQL that the web has sent."""
    with app.app_context():
        return statements_of(web.db.engine)
