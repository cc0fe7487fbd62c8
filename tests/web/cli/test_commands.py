"""What others wrote does nothing to the terminal of who runs a command."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import update

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import ERROR, Presentation, Token, User
from presentations.library import Library
from presentations.web.cli import COMMANDS
from tests.support.hostile import FORGED, HOSTILE

# Without what the database takes from nobody.
KEPT = HOSTILE.replace("\x00", "").replace("\ud800", "")


@pytest.fixture
def failed(accounts: Accounts, library: Library, database: Database) -> str:
    """The id of a presentation of somebody who wants to reach the admin's terminal; its token has a name like that.

    They were named when such names were still taken.
    """
    accounts.add("mallory", "Mallory", "mallory@school.example")
    Tokens(database).make("mallory", "laptop", SCOPES)
    made = library.create("mallory", "Fractions")
    with database.begin() as session:
        session.execute(update(User).where(User.id == "mallory").values(name=f"Mal{KEPT}lory"))
        session.execute(update(Token).values(name=f"laptop{KEPT}"))
        values = {"status": ERROR, "error": f"Too big{KEPT}", "error_detail": f"HTTP 500: {KEPT}", "queued_at": None}
        values["topic"] = f"Fractions{KEPT}"
        session.execute(update(Presentation).where(Presentation.id == made.id).values(**values))
    return str(made.id)


def said(app: Flask, command: str, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(COMMANDS[command], arguments)
    assert isinstance(result.exception, SystemExit | None)
    assert result.output.replace("\n", "").replace("\t", "").isprintable()
    return result.output


def test_what_is_listed_is_a_line_each(app: Flask, failed: str) -> None:
    assert [len(line.split("\t")) for line in said(app, "user", "list").splitlines()] == [6, 6, 6]
    assert [len(line.split("\t")) for line in said(app, "token", "list").splitlines()] == [5]
    shown = said(app, "status", failed)
    assert FORGED in shown
    assert not any(line.startswith(FORGED) for line in shown.splitlines())
    assert json.loads(said(app, "status", failed, "--json"))["topic"] == f"Fractions{KEPT}"


def test_an_error_is_harmless_too(app: Flask, accounts: Accounts) -> None:
    first, *others = said(app, "status", KEPT).splitlines()
    assert first.startswith("Error: ")
    assert all(line.startswith("    ") for line in others)


def test_on_a_terminal_an_export_is_in_ascii(app: Flask, failed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = app.test_cli_runner().invoke(COMMANDS["export"], ["mallory"]).output
    assert "\u202e" in written
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    shown = said(app, "export", "mallory")
    assert json.loads(shown)["presentations"] == json.loads(written)["presentations"]
