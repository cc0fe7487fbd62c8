"""A browser in which nobody is signed in, though Rosa has a password."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import Accounts
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.signing import PASSWORD


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.set_password("teacher", PASSWORD)
    return create_app(settings, backends)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()
