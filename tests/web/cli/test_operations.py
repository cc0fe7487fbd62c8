"""Lectern from a shell: the line, retry and cancel, and purge."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from click.testing import Result
from sqlalchemy import func, update

from presentations.database import Audit, Database
from presentations.database.models import COMPLETE, ERROR, Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library, Uploads
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app, db
from tests.support.presentations import delete
from tests.support.uploads import Give
from tests.web.cli.asked import asked


def test_how_the_line_stands(run: Callable[..., Result], library: Library) -> None:
    asked(library)
    found = json.loads(run("status", "--json").output)
    assert (found["waiting"], found["at_work"], found["is_paused"], found["workers"]) == (1, 0, False, 0)
    assert "waiting            1\n" in run("status").output


def test_how_one_presentation_stands(run: Callable[..., Result], library: Library) -> None:
    one = asked(library, status=ERROR, error="It was too much.", error_detail="HTTP 500", attempts=3)
    found = json.loads(run("status", one, "--json").output)
    assert (found["status"], found["error_detail"], found["attempts"]) == ("error", "HTTP 500", 3)
    assert "error_detail       HTTP 500" in run("status", one).output


def test_retry_and_cancel(run: Callable[..., Result], library: Library, database: Database) -> None:
    one, other = asked(library, status=ERROR), asked(library, status=ERROR)
    assert run("retry", one, other).output == f"{one}  pending\n{other}  pending\n"
    assert [row["status"] for row in json.loads(run("cancel", one, "--json").output)] == ["cancelled"]
    newest = Audit(database).search().items[0]
    assert (newest.via, newest.action, newest.whose) == ("command line", "cancelled a presentation", "teacher")


def test_what_is_left_as_it_is_is_said_and_not_noted(
    run: Callable[..., Result], library: Library, database: Database
) -> None:
    made = asked(library, status=COMPLETE)
    why = "nothing was done, since only what failed or was cancelled is made after all"
    assert run("retry", made).output == f"{made}  complete: {why}\n"
    why = "nothing was done, since only what waits or is being made is stopped"
    assert run("cancel", made).output == f"{made}  complete: {why}\n"
    assert Audit(database).search().items == []


def test_what_lacks_a_file_is_passed_over_and_the_others_are_tried_again(
    run: Callable[..., Result], library: Library, uploads: Uploads, give: Give
) -> None:
    file = give("teacher")
    lacks = library.create("teacher", "Cells", file_ids=[file.id])
    library.cancel("teacher", lacks.id)
    uploads.remove("teacher", file.id)
    other = asked(library, status=ERROR)
    first, second = run("retry", str(lacks.id), other).output.splitlines()
    assert first.startswith(
        f"{lacks.id}  cancelled: nothing was done, since it cannot be made as it was. This was to be"
    )
    assert second == f"{other}  pending"


@pytest.mark.parametrize("command", ["retry", "cancel", "status"])
def test_one_that_is_not_there(run: Callable[..., Result], command: str) -> None:
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        result = run(command, wrong)
        assert (result.exit_code, result.output) == (
            1,
            f"Error: {wrong}: There is no such presentation. Look in the list of presentations.\n",
        )


def test_a_slip_in_the_last_id_is_said_before_anything_is_done(run: Callable[..., Result], library: Library) -> None:
    failed = asked(library, status=ERROR)
    assert run("retry", failed, "nonsense").exit_code == 1
    assert library.get(None, failed).status == ERROR


def test_purge(run: Callable[..., Result], library: Library) -> None:
    one = asked(library)
    delete(library, None, one)
    with library.database.begin() as session:
        session.execute(update(Presentation).values(deleted_at=func.now() - timedelta(days=31)))
    assert json.loads(run("purge", "--json").output) == {"gone": 1}
    assert "0 presentations" in run("purge").output


def test_purge_takes_decks_along_where_the_setting_says_so(
    settings: Settings, backends: Backends, library: Library, demo: DemoPresenton
) -> None:
    deck_id = demo.people.begin("Cells", 5)
    one = asked(library, presenton_id=deck_id)
    delete(library, None, one)
    with library.database.begin() as session:
        session.execute(update(Presentation).values(deleted_at=func.now() - timedelta(days=31)))
    app = create_app(replace(settings, presenton_delete=True), backends)
    assert "1 presentations" in app.test_cli_runner().invoke(args=["purge"]).output
    with app.app_context():
        db.engine.dispose()
    assert requests.get(f"{demo.url}/api/v1/ppt/presentation/{deck_id}", timeout=30).status_code == 404
