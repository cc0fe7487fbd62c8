"""The overview: why a presentation is late, and the numbers of the last days."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import COMPLETE, ERROR, PROCESSING
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import Controls, standing
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.presentations import ended, outlined, write
from tests.support.processes import Process
from tests.support.signing import sign_in
from tests.support.waiting import eventually
from tests.web.admin.pages import PAGES, found_on


def at_work(**values: object) -> dict[str, object]:
    until = {"lease_until": func.now() + timedelta(minutes=1)}
    return {"status": PROCESSING, "lease_owner": uuid4(), "started_at": func.now(), **until, **values}


def test_an_outline_with_its_teacher_is_not_late(ann: FlaskClient, library: Library, database: Database) -> None:
    waits = outlined(library, "teacher", "Light")
    write(database, waits, asked_at=func.now() - timedelta(days=9))
    seen = found_on(ann, "/admin")
    assert "Waiting 0 and 1 with their teachers" in seen
    assert "Oldest wait \N{EN DASH}" in seen
    assert "Nothing waits." in seen
    page = found_on(ann, f"/admin/presentations/{waits.id}")
    assert "Its outline waits for its teacher. Nothing is broken" in page
    assert "waits for its teacher" in found_on(ann, "/admin/presentations")
    now = standing(database)
    assert (now.waiting, now.oldest_wait) == (0, None)


class TestWhyItIsLate:
    """Five situations, each told by the pages alone."""

    def test_the_line_is_long(
        self, ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
    ) -> None:
        demo.faults.add("stuck")
        start_worker(WORKER_THREADS="1")
        asked = [library.create(f"teacher{n}", f"Topic {n}", 1) for n in range(4)]
        eventually(lambda: library.get(None, asked[0].id).presenton_task_id)
        overview = found_on(ann, "/admin")
        assert "All is well" in overview  # long, but nothing is broken
        assert "The line is long: 3 wait, and all 1 threads are at work." in overview
        assert "Topic 0 for teacher0" in overview
        assert "It is number 3 in line." in found_on(ann, f"/admin/presentations/{asked[3].id}")

    def test_presenton_is_down(
        self, ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
    ) -> None:
        demo.stop()
        start_worker(LEASE_SECONDS="10")
        asked = library.create("teacher", "Volcanoes", 1)
        eventually(lambda: library.get(None, asked.id).fault_since)
        for page in ("", f"/presentations/{asked.id}"):
            assert "Presenton: " in found_on(ann, f"/admin{page}")
        assert "Something needs a look" in found_on(ann, "/admin")
        demo.start()

    def test_the_worker_is_gone(self, ann: FlaskClient, library: Library, database: Database) -> None:
        waits, dead = library.create("teacher", "Waits"), library.create("colleague", "Its worker died")
        write(database, dead, **at_work(lease_until=func.now() - timedelta(minutes=3)))
        for page in ("", f"/presentations/{waits.id}", f"/presentations/{dead.id}"):
            assert "Workers: No worker is there. Start one: lectern worker" in found_on(ann, f"/admin{page}")
        assert "Its worker is gone since 3 min." in found_on(ann, f"/admin/presentations/{dead.id}")

    def test_the_line_is_paused(self, ann: FlaskClient, library: Library) -> None:
        asked = library.create("teacher", "Volcanoes")
        Controls(library.database, library.engine).pause("Moving house.")
        for page in ("", f"/presentations/{asked.id}"):
            seen = found_on(ann, f"/admin{page}")
            assert "The line is paused: \u2068Moving house.\u2069 Nothing new is begun." in seen
            assert "about to enter the line" not in seen

    def test_presenton_does_not_let_lectern_in(
        self, ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
    ) -> None:
        demo.faults.add("key_refused")
        start_worker()
        asked = library.create("teacher", "Volcanoes", 1)
        eventually(lambda: Controls(library.database, library.engine).now().refused_at)
        for page in ("", f"/presentations/{asked.id}"):
            seen = found_on(ann, f"/admin{page}")
            assert "The line has waited for less than a minute: Presenton does not let Lectern in." in seen
            assert "check PRESENTON_API_KEY" in seen
            assert "about to enter the line" not in seen
        assert "goes on by itself as soon as Presenton lets Lectern in" in found_on(ann, "/admin/limits")

    @pytest.mark.parametrize("mode", ["async", "sync"])
    def test_the_model_refuses_presentons_key(
        self, ann: FlaskClient, library: Library, demo: DemoPresenton, start_worker: Callable[..., Process], mode: str
    ) -> None:
        demo.faults.add("failing", cause="wrong_model_key")
        start_worker(PRESENTON_MODE=mode)
        asked = [library.create(f"teacher{n}", "Volcanoes", 1) for n in range(4)]
        ended(library, *asked)
        seen = found_on(ann, "/admin")
        assert "Something needs a look" in seen
        assert re.search(r"The model provider refuses Presenton's key since (yesterday, )?\d\d:\d\d, 4 presentat", seen)
        demo.faults.clear()
        ended(library, library.create("teacher", "Glaciers", 1))
        assert "The model provider" not in found_on(ann, "/admin")

    def test_a_task_is_stuck(
        self, ann: FlaskClient, library: Library, database: Database, start_worker: Callable[..., Process]
    ) -> None:
        start_worker()
        asked = library.create("teacher", "Volcanoes", 5)
        eventually(lambda: library.get(None, asked.id).status == COMPLETE)
        still = at_work(progress_at=func.now() - timedelta(minutes=17), completed_at=None, ended_at=None)
        write(database, asked, **still)
        assert "Volcanoes : Nothing has changed for 17 min." in found_on(ann, "/admin")
        why = found_on(ann, f"/admin/presentations/{asked.id}")
        assert "After 20 min without a change Presenton is asked anew." in why

    def test_its_teacher_has_others_before_it(self, ann: FlaskClient, library: Library) -> None:
        asked = [library.create("teacher", f"Topic {n}") for n in range(4)]
        assert "3 of the same teacher's come before it." in found_on(ann, f"/admin/presentations/{asked[3].id}")


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("model_busy", "The model provider is too busy, or out of order since"),
        ("model_unreachable", "Presenton cannot reach the model provider since"),
        ("model_answer", "The model gives answers that Presenton cannot use since"),
        ("export", "Presenton makes slides, but no files of them since"),
    ],
)
def test_what_may_pass_is_told_when_it_does_not(
    ann: FlaskClient, library: Library, database: Database, cause: str, said: str
) -> None:
    for n in range(3):
        assert said not in found_on(ann, "/admin")
        one = library.create(f"teacher{n}", "Volcanoes")
        write(database, one, status=ERROR, error="No.", error_cause=cause, ended_at=func.now())
    assert f"{said} " in found_on(ann, "/admin")
    assert ", 3 presentations." in found_on(ann, "/admin")


def test_what_a_teacher_asked_for_is_no_trouble(ann: FlaskClient, library: Library, database: Database) -> None:
    for n in range(4):
        one = library.create(f"teacher{n}", "Volcanoes")
        write(database, one, status=ERROR, error="No.", error_cause="content_refused", ended_at=func.now())
    assert "since" not in found_on(ann, "/admin").partition("Checks")[0]


def test_numbers_of_the_last_days(ann: FlaskClient, library: Library, database: Database) -> None:
    for n, minutes in enumerate((10, 10, 20)):
        made = library.create(f"teacher{n}", "Volcanoes", 5)
        times = {"started_at": func.now() - timedelta(minutes=minutes), "completed_at": func.now()}
        write(database, made, status=COMPLETE, **times)
    write(database, library.create("teacher", "Went wrong"), status=ERROR, error="It was too much.")
    overview = found_on(ann, "/admin")
    assert "25 %" in overview
    assert re.search(r"today, \d\d:\d\d 3 10.0 19.0 2.0 0.0", overview)
    assert "up to 4 an hour" in overview


def test_a_presenton_that_hangs_does_not_hang_the_page(ann: FlaskClient, demo: DemoPresenton) -> None:
    demo.faults.add("hang", path="/")
    assert "Presenton: It does not answer within 5 seconds." in found_on(ann, "/admin")
    demo.faults.clear()


def test_pages_outlive_redis(settings: Settings, backends: Backends, ann: FlaskClient, accounts: Accounts) -> None:
    away = create_app(settings, replace(backends, redis_url="unix:///nowhere/valkey.sock"))
    client = sign_in(away.test_client(), accounts, "admin")
    assert "Redis does not tell." in found_on(client, "/admin")
    for page in PAGES:
        assert client.get(f"/admin{page}").status_code == 200, page
