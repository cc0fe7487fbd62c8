"""Programs with tokens."""

from __future__ import annotations

import pytest
from flask import Flask

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.programs import Program


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    return create_app(settings, backends)


@pytest.fixture
def tokens(database: Database, accounts: Accounts) -> Tokens:
    return Tokens(database)


@pytest.fixture
def rosa(app: Flask, tokens: Tokens) -> Program:
    return Program(app, tokens.make("teacher", "laptop", SCOPES)[1])


@pytest.fixture
def service(app: Flask, tokens: Tokens) -> Program:
    """The agent of an LMS."""
    return Program(app, tokens.make("admin", "LMS", SCOPES, acts_for_all=True)[1])
