"""Who a token acts for, how far it reaches, and how often it may ask; sessions in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from presentations.accounts import READ, SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import (
    Token,
)
from presentations.library import Library
from presentations.local import Backends
from presentations.web import create_app
from tests.support.programs import PROBLEM, Program
from tests.support.signing import sign_in


def test_service_acts_for_anybody_and_others_do_not(service: Program, rosa: Program, library: Library) -> None:
    by_field = service("POST", "/presentations", {"topic": "By field", "user_id": "user123"})
    assert by_field.json["user_id"] == "user123"  # type: ignore[index]
    by_header = service("POST", "/presentations", {"topic": "By header"}, X_Lectern_User="user123")
    assert by_header.json["user_id"] == "user123"  # type: ignore[index]
    assert len(service.items("/presentations?user_id=user123")) == 2
    assert service.items("/presentations") == []
    assert len(library.list("user123").items) == 2
    assert rosa("GET", "/presentations?user_id=colleague").status_code == 403
    assert rosa("GET", "/presentations", X_Lectern_User="colleague").status_code == 403
    assert rosa("POST", "/presentations", {"topic": "x", "user_id": "colleague"}).status_code == 403
    assert rosa("GET", "/presentations?user_id=teacher").status_code == 200
    assert service("GET", "/presentations?user_id=a", X_Lectern_User="b").status_code == 409


def test_token_reaches_as_far_as_it_was_made_for(
    app: Flask, tokens: Tokens, accounts: Accounts, database: Database
) -> None:
    token, secret = tokens.make("teacher", "screen", [READ])
    program = Program(app, secret)
    assert program("GET", "/presentations").status_code == 200
    assert program("POST", "/presentations", {"topic": "x"}).status_code == 403
    used = tokens.list("teacher")[0].last_used_at
    assert used is not None
    program("GET", "/presentations")
    assert tokens.list("teacher")[0].last_used_at == used
    with database.begin() as session:
        session.execute(update(Token).values(last_used_at=used - timedelta(minutes=2)))
    program("GET", "/presentations")
    assert (tokens.list("teacher")[0].last_used_at or used) >= used
    accounts.deactivate("teacher")
    refused = program("GET", "/presentations")
    assert (refused.status_code, refused.mimetype) == (401, PROBLEM)
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    accounts.reactivate("teacher")
    assert program("GET", "/presentations").status_code == 200
    tokens.revoke("teacher", token.id)
    assert program("GET", "/presentations").status_code == 401


@pytest.mark.parametrize("sent", ["Bearer", "Bearer x", "Basic dGVhY2hlcjp4", "x", "Bearer lectern_\xff"])
def test_token_that_is_none_is_refused_even_where_somebody_is_signed_in(
    app: Flask, accounts: Accounts, sent: str
) -> None:
    client = sign_in(app.test_client(), accounts)
    assert client.get("/api/presentations", headers={"Authorization": sent}).status_code == 401


def test_each_token_has_a_limit_of_its_own(
    environment: dict[str, str], backends: Backends, tokens: Tokens, accounts: Accounts
) -> None:
    from presentations.settings import load

    app = create_app(load(environment | {"API_RATE_LIMIT": "3"}), backends)
    one, other = (Program(app, tokens.make("teacher", name, SCOPES)[1]) for name in ("one", "other"))
    answers = [one("GET", path) for path in ("/presentations", "/subjects", "/events", "/presentations")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "3"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].headers["Retry-After"] == answers[3].headers["RateLimit-Reset"]
    assert answers[3].mimetype == PROBLEM
    assert other("GET", "/presentations").status_code == 200
