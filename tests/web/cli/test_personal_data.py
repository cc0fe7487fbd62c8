"""All data of one person: given, taken elsewhere, and erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select, text

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Audit, Database
from presentations.database.models import ERROR, PENDING, PROCESSING, Base
from presentations.errors import InvalidRequest, NotFound
from presentations.files import Store
from presentations.library import Library, Organiser
from presentations.operations import erase_user, personal_data
from presentations.webhooks import Webhooks
from tests.support.presentations import organise
from tests.web.cli.asked import asked


@pytest.fixture
def everything(library: Library, accounts: Accounts, database: Database) -> list[str]:
    """Something of Rosa's in every table; and the secrets that are among it."""
    accounts.set_password("teacher", "correct horse battery")
    accounts.make_link("teacher")
    made = asked(library, "Secret plans", status=ERROR, error="It was too much.")
    asked(library, "Being made", status=PROCESSING, lease_owner=func.gen_random_uuid(), lease_until=func.now())
    asked(library, "Waits")
    organise(library, "teacher", made, "Biology")
    Organiser(library.database, library.engine).rename("teacher", made, "Secret plans, renamed")
    _, token = Tokens(database).make("teacher", "laptop", SCOPES)
    hooks = Webhooks(database, allow_private=True)
    hook = hooks.subscribe("teacher", "http://127.0.0.1:9/")
    hooks.send_test("teacher", hook.webhook.id)
    Audit(database).note("teacher", "page", "asked for a presentation", whose="teacher")
    with database.begin() as session:
        session.execute(text("INSERT INTO presentation_answers (user_id, key, request) VALUES ('teacher', 'k', 'r')"))
        (password,) = session.execute(text("SELECT password_hash FROM presentation_users WHERE id = 'teacher'")).one()
    return [token, hook.secret, password]


def test_a_person_is_given_all_that_is_kept_but_secrets(
    run: Callable[..., Result], everything: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "rosa.json"
    assert run("export", "teacher", "--file", str(file)).exit_code == 0
    given = file.read_text(encoding="utf-8")
    data = json.loads(given)
    assert (data["user_id"], data["account"]["email"]) == ("teacher", "rosa@school.example")
    assert {row["topic"] for row in data["presentations"]} == {"Secret plans", "Being made", "Waits"}
    assert {name: len(data[name]) for name in ("subjects", "tokens", "webhooks", "deliveries", "audit")} == {
        "subjects": 1,
        "tokens": 1,
        "webhooks": 1,
        "deliveries": 1,
        "audit": 1,
    }
    assert len(data["events"]) >= 3
    for secret in everything:
        assert secret not in given


def test_and_takes_it_to_another_lectern(
    run: Callable[..., Result], library: Library, store: Store, everything: list[str], accounts: Accounts
) -> None:
    before = json.loads(run("export", "teacher").output)
    erase_user(library.database, store, library.engine, "teacher")
    added = json.loads(run("import", "-", "--json", typed=json.dumps(before)).output)
    assert added == {"account": 1, "subjects": 1, "presentations": 3, "versions": 0, "uploads": 0}
    after = json.loads(run("export", "teacher").output)
    for presentation in before["presentations"]:
        if presentation["status"] == PROCESSING:
            presentation["status"] = PENDING
    assert after["presentations"] == before["presentations"]
    assert [{**event, "id": 0} for event in after["events"]] == [{**event, "id": 0} for event in before["events"]]
    assert (after["subjects"], after["account"]) == (before["subjects"], before["account"])
    assert {row.shown_title for row in library.list("teacher", text="renamed").items} == {"Secret plans, renamed"}
    again = run("import", "-", typed=json.dumps(before))
    assert again.output == "Added 0 account, 0 subjects, 0 presentations, 0 versions, 0 uploads.\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{", "file: expected JSON, as"),
        ("[]", "file: expected one that export has made"),
        ('{"format": "lectern-user-1"}', "user_id: expected text, got NoneType"),
        ('{"format": "lectern-user-1", "user_id": "x", "subjects": 5}', "subjects: expected a list of objects"),
        (
            '{"format": "lectern-user-1", "user_id": "x", "presentations": [{"lease_owner": "x"}]}',
            "lease_owner: is nothing that an export",
        ),
        (
            '{"format": "lectern-user-1", "user_id": "x", "presentations": [{"id": "x", "topic": "x"}]}',
            "id: expected UUID, got 'x'",
        ),
        (
            '{"format": "lectern-user-1", "user_id": "x", "presentations": [{"id": 5, "topic": "x"}]}',
            "id: expected UUID, got 5",
        ),
        (
            '{"format": "lectern-user-1", "user_id": "x", "files": [{"size": [1]}]}',
            "size: expected int, got [1]",
        ),
        (
            '{"format": "lectern-user-1", "user_id": "x", "presentations": [{"topic": "x", "n_slides": 900}]}',
            "file: holds what cannot be kept",
        ),
        (
            '{"format": "lectern-user-1", "user_id": "x", "subjects": [{"key": "a", "name": "A"}],'
            ' "presentations": [{"topic": "x", "status": "lost"}]}',
            "file: holds what cannot be kept",
        ),
    ],
)
def test_a_bad_file_adds_nothing(run: Callable[..., Result], library: Library, typed: str, said: str) -> None:
    result = run("import", "-", typed=typed)
    assert (result.exit_code, said in result.output) == (1, True), result.output
    with pytest.raises(NotFound):
        personal_data.export_user(library.database, "x")


def test_somebody_elses_address_is_not_taken(library: Library, accounts: Accounts) -> None:
    data = personal_data.export_user(library.database, "teacher") | {"user_id": "impostor"}
    with pytest.raises(InvalidRequest, match="file: holds what cannot be kept"):
        personal_data.import_user(library.database, data)


def test_a_person_is_erased(run: Callable[..., Result], library: Library, everything: list[str]) -> None:
    library.create("colleague", "Stays")
    waiting = run("erase", "teacher", typed="n\n")
    assert waiting.exit_code == 1
    result = run("erase", "teacher", "--yes")
    assert result.output == "Erased, with 3 presentations.\n"
    assert library.engine.queue.look().jobs == {f"{library.list('colleague').items[0].id}_1"}
    with library.database.begin() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                whose = [row._mapping.get(name) for name in ("id", "user_id", "actor", "whose")]
                assert "teacher" not in whose, table.name
    assert (
        run("erase", "teacher", "--yes").output
        == "Error: Nothing is kept of a user with the id 'teacher'. Check how it is written.\n"
    )
    assert run("export", "teacher").exit_code == 1
