"""What admins set for everybody: how much may wait, a paused line, a notice on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, text, update

from presentations.accounts import SCOPES, Tokens
from presentations.database import Database
from presentations.database.models import CANCELLED, COMPLETE, PENDING, PROCESSING, Presentation
from presentations.demo.server import DemoPresenton
from presentations.errors import InvalidRequest, LimitReached
from presentations.jobs import Entry, open_again, shut
from presentations.library import Library
from presentations.operations import Controls
from tests.support.processes import Process
from tests.support.signing import send
from tests.support.waiting import eventually


@pytest.fixture
def controls(library: Library) -> Controls:
    return Controls(library.database, library.engine)


def statuses(library: Library) -> set[str]:
    return {one.status for one in library.list(None).items}


def test_twenty_of_one_teacher_may_wait(library: Library) -> None:
    asked = [library.create("teacher", f"Topic {n}").id for n in range(20)]
    with pytest.raises(LimitReached, match="20 presentations waiting, which is the most: wait until the next one"):
        library.create("teacher", "One too many")
    assert library.count_matching("teacher") == 20
    library.create("colleague", "Has a limit of her own")
    library.cancel("teacher", asked[-1])
    library.create("teacher", "There is room again")
    with pytest.raises(LimitReached):
        library.retry("teacher", asked[-1])
    assert library.get("teacher", asked[-1]).status == CANCELLED


def test_asking_again_with_a_key_gives_the_first_one_even_at_the_limit(library: Library, controls: Controls) -> None:
    controls.set_max_waiting(1)
    first = library.create("teacher", "Volcanoes", idempotency_key="k")
    assert library.create("teacher", "Volcanoes", idempotency_key="k").id == first.id


def test_it_says_about_when_a_place_frees(library: Library, database: Database, controls: Controls) -> None:
    for n in range(3):
        library.create("teacher", f"Made {n}", 10)
    made = {"status": COMPLETE, "queued_at": None, "started_at": func.now() - timedelta(minutes=10)}
    with database.begin() as session:
        session.execute(update(Presentation).values(**made, completed_at=func.now()))
    running = library.create("colleague", "Being made", 10)
    with database.begin() as session:
        at_work = {"status": PROCESSING, "queued_at": None, "lease_owner": func.gen_random_uuid()}
        session.execute(update(Presentation).where(Presentation.id == running.id).values(**at_work))
    controls.set_max_waiting(1)
    library.create("teacher", "Waits", 10)
    with pytest.raises(LimitReached, match=r"1 presentation waiting.* wait about 10 min, until the next") as refused:
        library.create("teacher", "One too many")
    assert refused.value.seconds == 600


def test_a_teacher_reads_it_beside_what_was_typed(rosa: FlaskClient, library: Library, controls: Controls) -> None:
    controls.set_max_waiting(1)
    old = library.cancel("teacher", library.create("teacher", "Old").id)
    library.create("teacher", "Waits")
    answer = send(rosa, "/presentations", seen="/new", topic="Glaciers", n_slides="5")
    assert answer.status_code == 422
    assert "You have 1 presentation waiting, which is the most" in answer.text
    assert 'value="Glaciers"' in answer.text or ">Glaciers<" in answer.text
    assert send(rosa, f"/presentations/{old.id}/retry", seen="/").status_code == 303
    assert "which is the most" in rosa.get("/").text


def test_the_api_answers_429(rosa: FlaskClient, database: Database, library: Library, controls: Controls) -> None:
    controls.set_max_waiting(1)
    library.create("teacher", "Waits")
    _, secret = Tokens(database).make("teacher", "laptop", SCOPES)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = rosa.post("/api/presentations", json={"topic": "One too many"}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert "which is the most" in answer.text


def test_a_paused_line_begins_nothing_and_loses_nothing(
    library: Library, controls: Controls, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    in_line = [library.create("teacher", f"Topic {n}", 1) for n in range(3)]
    controls.pause("Moving house.")
    assert library.engine.queue.look().jobs == set()
    later = library.create("colleague", "Asked for meanwhile", 1)
    # Somebody who read the switch a moment too early has put it in line after all.
    with library.database.begin() as session:
        row = update(Presentation).where(Presentation.id == later.id)
        session.execute(row.values(queued_at=func.now(), line_entry=1))
    library.engine.queue.push([Entry(later.id, 1)])
    worker = start_worker()
    worker.wait_for("nothing to do")
    assert statuses(library) == {PENDING}
    assert demo.generations_of(later.topic) == 0
    controls.resume()
    eventually(lambda: statuses(library) == {COMPLETE})
    assert [demo.generations_of(one.topic) for one in [*in_line, later]] == [1, 1, 1, 1]


def test_what_is_being_made_is_made_though_the_line_is_paused(
    library: Library, controls: Controls, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    demo.faults.add("hang", path="/status", times=1)
    first = library.create("teacher", "Half done", 2)
    worker = start_worker()
    eventually(lambda: library.get(None, first.id).presenton_task_id)
    controls.pause("Moving house.")
    worker.kill()
    demo.faults.clear()
    start_worker()
    eventually(lambda: library.get(None, first.id).status == COMPLETE)


def test_pausing_without_redis(library: Library, controls: Controls, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as RedisAway

    library.create("teacher", "Waits")

    def away(*_: object) -> None:
        raise RedisAway

    monkeypatch.setattr(library.engine.queue, "remove", away)
    assert controls.pause("Moving house.").paused_at
    with library.database.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM presentation_jobs WHERE queued_at IS NOT NULL")) == 0


def test_every_page_tells_teachers_why_until_it_goes_on(rosa: FlaskClient, controls: Controls) -> None:
    before = rosa.get("/")
    controls.announce("We move to a new server on Friday.")
    controls.pause("The slide generator <is> away until noon.")
    looks = {"X-Lectern-Look": "1", "If-None-Match": before.headers["ETag"]}
    for page in ("/", "/new", "/account", "/search?q=x"):
        shown = rosa.get(page, headers=looks).text
        assert "We move to a new server on Friday." in shown
        assert "Nothing new is begun just now. \u2068The slide generator &lt;is&gt; away until noon.\u2069" in shown
    controls.announce("  ")
    controls.resume()
    assert 'class="notices"' not in rosa.get("/").text


def test_every_page_says_that_nobody_is_let_in_without_technical_words(
    rosa: FlaskClient, library: Library, controls: Controls
) -> None:
    shut(library.engine, "It does not accept the credentials: check PRESENTON_API_KEY")
    for page in ("/", "/new"):
        shown = rosa.get(page).text
        assert "The slide generator does not let Lectern in; your admin has been told. What you ask for" in shown
        assert "PRESENTON_API_KEY" not in shown
    controls.pause("Moving house.")
    shown = rosa.get("/").text
    assert "Moving house." in shown
    assert "does not let Lectern in" not in shown
    open_again(library.database)
    controls.resume()
    assert 'class="notices"' not in rosa.get("/").text


@pytest.mark.parametrize("number", [0, -1, 10_001, "20", True, None])
def test_no_such_limit(controls: Controls, number: object) -> None:
    with pytest.raises(InvalidRequest, match="max_waiting: expected a whole number from 1 to 10000"):
        controls.set_max_waiting(number)


def test_a_pause_has_a_reason(controls: Controls) -> None:
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(InvalidRequest, match="pause_reason"):
            controls.pause(reason)
    assert controls.now().paused_at is None
