"""Signing in as a browser does."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from presentations.accounts import Accounts

# Rosa's.
EMAIL, PASSWORD = "rosa@school.example", "correct horse"
# A file that each route of files has.
FILES = {"static": "lectern.js", "docs.asset": "swagger-ui.css", "rq_dashboard.static": "css/main.css"}


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def send(client: FlaskClient, path: str, *, seen: str | None = None, **fields: str) -> TestResponse:
    """Send a form to `path`, with the token of the page at `seen`, which is the same path if not said."""
    token = hidden(client.get(seen or path).text, "csrf_token")
    return client.post(path, data={"csrf_token": token} | fields)


def sign_in(client: FlaskClient, accounts: Accounts, user_id: str = "teacher") -> FlaskClient:
    """Use a sign-in link."""
    assert client.get(f"/sign-in/{accounts.make_link(user_id)}").status_code == 303
    return client
