"""Accounts from a shell."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import select

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import ADMIN, User
from tests.support.processes import ROOT

PASSWORD = "correct horse"


def row(database: Database, user_id: str) -> User:
    with database.begin() as session:
        return session.scalars(select(User).where(User.id == user_id)).one()


def flask(environment: dict[str, str], *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "user", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


def test_commands_take_an_account_from_its_start_to_its_end(
    environment: dict[str, str], accounts: Accounts, database: Database
) -> None:
    done = flask(environment, "add", "user123", "Ada@school.example", "Ada Byron", "--role", "admin")
    assert done.stdout.startswith("Added user123."), done.stderr
    assert row(database, "user123").role == ADMIN
    assert flask(environment, "passwd", "user123", typed=f"{PASSWORD}\n").returncode == 0
    assert accounts.check_password("ada@school.example", PASSWORD)
    listed = flask(environment, "list").stdout.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["colleague", "teacher", "user123"]
    assert "ada@school.example\tadmin\tactive" in listed[2]
    link = flask(environment, "link", "user123").stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    assert accounts.use_link(link.rpartition("/")[2]).id == "user123"
    assert flask(environment, "deactivate", "user123").returncode == 0
    assert not row(database, "user123").is_active
    assert flask(environment, "reactivate", "user123").returncode == 0
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
    environment: dict[str, str], accounts: Accounts, arguments: list[str], said: str
) -> None:
    done = flask(environment, *arguments, typed="long enough\n" if "nobody" in arguments else "short\n")
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", said)


def test_commands_name_a_bad_setting_in_a_line(environment: dict[str, str]) -> None:
    said = flask(environment | {"PORT": "x"}, "list").stderr.strip()
    assert said == "PORT is 'x': expected a whole number from 1 to 65535"


def test_links_name_the_host_that_browsers_reach(environment: dict[str, str], accounts: Accounts) -> None:
    link = flask(environment | {"ALLOWED_HOSTS": "lectern.example:8443, other.example"}, "link", "teacher").stdout
    assert link.startswith("https://lectern.example:8443/sign-in/")
    link = flask(environment | {"PUBLIC_URL": "https://school.example/slides"}, "link", "teacher").stdout
    assert link.startswith("https://school.example/slides/sign-in/")
