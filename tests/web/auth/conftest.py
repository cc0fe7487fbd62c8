"""A browser in which nobody is signed in, though Rosa has a password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import Accounts, users
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.signing import PASSWORD


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Here it does not matter how long a guess takes; tests/accounts has passwords hashed as in production."""
    monkeypatch.setattr(users, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    users._nobodys_hash.cache_clear()
    yield
    users._nobodys_hash.cache_clear()


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.set_password("teacher", PASSWORD)
    return create_app(settings, backends)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()
