"""Accounts from a shell."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from sqlalchemy import select

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import ADMIN, User

Done = subprocess.CompletedProcess[str]
Flask = Callable[..., Done]

PASSWORD = "correct horse"


def row(database: Database, user_id: str) -> User:
    with database.begin() as session:
        return session.scalars(select(User).where(User.id == user_id)).one()


@pytest.fixture
def flask(environment: dict[str, str], run_python: Callable[..., Done]) -> Flask:
    """Runs `flask --app wsgi user`, as a process; with settings of its own if need be."""

    def flask(*arguments: str, typed: str = "", **changed: str) -> Done:
        command = ("-m", "flask", "--app", "wsgi", "user", *arguments)
        return run_python(*command, typed=typed, **environment | changed)

    return flask


def test_commands_take_an_account_from_its_start_to_its_end(
    flask: Flask, accounts: Accounts, database: Database
) -> None:
    done = flask("add", "user123", "Ada@school.example", "Ada Byron", "--role", "admin")
    assert done.stdout.startswith("Added user123."), done.stderr
    assert row(database, "user123").role == ADMIN
    assert flask("passwd", "user123", typed=f"{PASSWORD}\n").returncode == 0
    assert accounts.check_password("ada@school.example", PASSWORD)
    listed = flask("list").stdout.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["colleague", "teacher", "user123"]
    assert "ada@school.example\tadmin\tactive" in listed[2]
    link = flask("link", "user123").stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    assert accounts.use_link(link.rpartition("/")[2]).id == "user123"
    assert flask("deactivate", "user123").returncode == 0
    assert not row(database, "user123").is_active
    assert flask("reactivate", "user123").returncode == 0
    assert row(database, "user123").is_active


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "new", "rosa@school.example", "New"], "Error: email: another account has it: give another one"),
        (["passwd", "teacher"], "Error: password: expected at least 10 characters, got 5"),
        (["passwd", "nobody"], "Error: There is no account with the id 'nobody'. Look for it in the list of accounts."),
        (
            ["deactivate", "nobody"],
            "Error: There is no account with the id 'nobody'. Look for it in the list of accounts.",
        ),
        (
            ["link", "nobody"],
            "Error: There is no active account with the id 'nobody'. Look for it in the list of accounts.",
        ),
    ],
)
def test_commands_say_in_a_line_what_is_wrong(
    flask: Flask, accounts: Accounts, arguments: list[str], said: str
) -> None:
    done = flask(*arguments, typed="long enough\n" if "nobody" in arguments else "short\n")
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", said)


def test_commands_name_a_bad_setting_in_a_line(flask: Flask) -> None:
    said = flask("list", PORT="x").stderr.strip()
    assert said == "PORT is 'x': expected a whole number from 1 to 65535"


def test_links_name_the_host_that_browsers_reach(flask: Flask, accounts: Accounts) -> None:
    link = flask("link", "teacher", ALLOWED_HOSTS="lectern.example:8443, other.example").stdout
    assert link.startswith("https://lectern.example:8443/sign-in/")
    link = flask("link", "teacher", PUBLIC_URL="https://school.example/slides").stdout
    assert link.startswith("https://school.example/slides/sign-in/")
