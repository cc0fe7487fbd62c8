"""Tokens and their command line."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest
from sqlalchemy import select

from presentations.accounts import READ, SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import Token
from presentations.errors import InvalidRequest, NotFound
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app


@pytest.fixture
def tokens(database: Database, accounts: Accounts) -> Tokens:
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    return Tokens(database)


def test_secret_is_kept_as_a_hash_only(tokens: Tokens, database: Database) -> None:
    token, secret = tokens.make("teacher", "laptop", SCOPES)
    with database.begin() as session:
        kept = session.scalars(select(Token)).one()
    assert kept.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert (token.name, token.scopes, token.acts_for_all, token.last_used_at) == ("laptop", "read write", False, None)
    found = tokens.holder(secret)
    assert found
    assert (found[0].id, found[1].id) == (token.id, "teacher")
    assert tokens.holder(secret[:-1]) is None


@pytest.mark.parametrize(
    ("name", "scopes", "field"), [("", [READ], "name"), ("x", [], "scopes"), ("x", ["a"], "scopes")]
)
def test_what_cannot_be_a_token_is_refused(tokens: Tokens, name: str, scopes: list[str], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        tokens.make("teacher", name, scopes)
    assert refused.value.field == field


def test_only_admins_and_the_command_line_grant_acting_for_all(tokens: Tokens) -> None:
    with pytest.raises(InvalidRequest, match="only an admin"):
        tokens.make("teacher", "LMS", SCOPES, acts_for_all=True)
    assert tokens.make("admin", "LMS", SCOPES, acts_for_all=True)[0].acts_for_all
    assert tokens.make("teacher", "LMS", SCOPES, acts_for_all=True, is_trusted=True)[0].acts_for_all


def test_token_of_somebody_else_is_not_there(tokens: Tokens) -> None:
    token, secret = tokens.make("teacher", "laptop", SCOPES)
    assert tokens.list("colleague") == []
    for user, token_id in (("colleague", token.id), ("teacher", uuid4()), ("teacher", "x")):
        with pytest.raises(NotFound):
            tokens.revoke(user, token_id)
    assert tokens.holder(secret)
    with pytest.raises(NotFound):
        tokens.make("nobody", "laptop", SCOPES)


def test_command_line_makes_lists_and_revokes(settings: Settings, backends: Backends, tokens: Tokens) -> None:
    run = create_app(settings, backends).test_cli_runner()
    made = run.invoke(args=["token", "add", "teacher", "LMS", "--scope", "read", "--acts-for-all"])
    found = tokens.holder(made.output.strip())
    assert found
    listed = run.invoke(args=["token", "list"]).output
    assert listed.split("\t")[:3] == [str(found[0].id), "teacher", "read for all"]
    assert run.invoke(args=["token", "list", "colleague"]).output == ""
    assert run.invoke(args=["token", "revoke", str(found[0].id)]).output == "LMS works no longer.\n"
    again = run.invoke(args=["token", "revoke", str(found[0].id)])
    assert (again.exit_code, again.output) == (
        1,
        "Error: There is no such token, or no longer. Look in the list of tokens.\n",
    )
