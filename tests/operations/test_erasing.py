"""Erasing a person is whole: each column is decided on, and no word of hers is left in the database or in Redis."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from redis import Redis
from rq.registry import FailedJobRegistry
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from presentations.accounts import SCOPES, Accounts, Ended, Tokens, end_powers
from presentations.database import Audit, Database
from presentations.database.models import ADMIN, COMPLETE, Base, Presentation
from presentations.files import Store, deck_key
from presentations.jobs import Engine
from presentations.keeping import DECKS
from presentations.library import Library, Organiser
from presentations.local import Backends
from presentations.operations import NotErased, erase_user, erasing, export_user
from presentations.settings import Settings
from presentations.webhooks import WEBHOOKS, Webhooks
from tests.database.catalogue import contents
from tests.operations.decisions import DECISIONS, WITH_HER_WORDS
from tests.support.keeper import Keeper
from tests.support.programs import Program
from tests.support.redis_dump import dump_of
from tests.support.signing import send, sign_in
from tests.support.uploads import Give

HER = "quill"
ID = "quill-7"
PURGED = "5a0e7d1c-9d0f-4c5b-8c55-6a7f0f6f6f6f"


def test_each_column_of_the_schema_has_a_decision(database: Database) -> None:
    """A new one says in decisions.py what becomes of it, and is filled below if it holds words."""
    with database.begin() as session:
        there = text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        columns = {(table, column) for table, column in session.execute(there)}
    decided = {(table, column) for table, of_table in DECISIONS.items() for column in of_table}
    assert columns - decided == set(), "decide what becomes of these when a person is erased"
    assert decided - columns == set(), "these are no more"
    assert {table.name for table in Base.metadata.sorted_tables} == DECISIONS.keys()


@pytest.fixture
def redis(backends: Backends) -> Iterator[Redis]:
    with Redis.from_url(backends.redis_url) as redis:
        yield redis


@pytest.fixture
def service(app: Flask, accounts: Accounts, database: Database) -> Program:
    """A service's program; a webhook of its account is told of everybody's."""
    accounts.add("lms", "The LMS", "lms@school.example")
    secret = Tokens(database).make("lms", "LMS", SCOPES, acts_for_all=True, is_trusted=True)[1]
    Webhooks(database, allow_private=True).subscribe("lms", "http://127.0.0.1:9/lms", all_users=True)
    return Program(app, secret)


@pytest.fixture
def hers(
    app: Flask,
    accounts: Accounts,
    library: Library,
    database: Database,
    redis: Redis,
    service: Program,
    keeper: Keeper,
    give: Give,
) -> set[str]:
    """What an admin leaves behind in every table, and in Redis; the ids of all that."""
    accounts.add(ID, "Quill", "quill@school.example", role=ADMIN)
    accounts.make_link("colleague", ID)
    page = sign_in(app.test_client(), accounts, ID)
    wrong = {"current": "", "password": "quill quill quill", "again": "quill quill quilt"}
    assert send(page, "/account/password", seen="/account", **wrong).status_code == 422
    assert send(app.test_client(), "/sign-in", email="quill@school.example", password="x").status_code == 422
    program = Program(app, Tokens(database).make(ID, "quill's laptop", SCOPES)[1])
    Tokens(database).make("colleague", "from quill", SCOPES, made_by=ID)
    hooks = Webhooks(database, allow_private=True)
    hooks.send_test(ID, hooks.subscribe(ID, "http://127.0.0.1:9/quill").webhook.id)
    hooks.subscribe("colleague", "http://127.0.0.1:9/quill", made_by=ID)
    program.create("Quill waits")
    library.create(ID, "Quill's own", file_ids=[give(ID, "quill.txt", "Quills.").id])
    failed = program.create("Quill's plans", subject="Quillology")
    assert program("POST", f"/presentations/{failed}/cancel", Idempotency_Key="quill").status_code == 200
    Organiser(library.database, library.engine).rename(ID, failed, "Quill's plans, renamed")
    with database.begin() as session:
        done = session.scalar(insert(Presentation).values(**_DONE).returning(Presentation.id))
    assert done
    keeper.keep(done, [("Quill", "her quill", "quills")])
    _fill(database)
    _tell_again(service)
    _have_failed_in_line(database, library, redis)
    with database.begin() as session:
        ids = {PURGED, *session.scalars(text(_IDS))}
    Audit(database).note(ID, "page", "deleted presentations", whose=ID, what=f"presentation {PURGED}")
    Audit(database).note("admin", "page", "deleted a job", whose="admin", what=f"job {failed}_1, token lost")
    return ids


def _tell_again(service: Program) -> None:
    """The service has what it was told sent again, by a request whose answer is kept."""
    [webhook] = service.items("/webhooks")
    where = f"/webhooks/{webhook['id']}/deliveries"
    [delivery] = service.items(where)
    assert service("POST", f"{where}/{delivery['id']}/again", Idempotency_Key="lms").status_code == 202


def _have_failed_in_line(database: Database, library: Library, redis: Redis) -> None:
    """Deliveries and a deck stand in line, and one job of each queue has failed, which RQ remembers for 30 days."""
    sending, keeping = (Engine(work, database, redis) for work in (WEBHOOKS, DECKS))
    for owner in (ID, "lms"):
        sending.let_next_in(owner)
    keeping.let_next_in(ID)
    for engine in (library.engine, sending, keeping):
        queue = engine.queue.queue
        job = queue.fetch_job(queue.job_ids[0])
        assert job
        FailedJobRegistry(queue=queue).add(job, ttl=1000)


def _fill(database: Database) -> None:
    with database.begin() as session:
        for statement in _FILL:
            session.connection().exec_driver_sql(statement)


_JOBS = [
    *("language", "template", "instructions", "idempotency_key", "request_id", "presenton_id", "presenton_url"),
    *("presenton_path", "presenton_task_id", "message", "progress_mark", "error", "error_detail", "error_cause"),
    *("deck_mark", "text", "grade", "must_cover", "avoid"),
]
_DONE = {"user_id": ID, "topic": "Quill's secrets", "n_slides": 1, "status": COMPLETE}
_FILL = [
    f"UPDATE presentation_jobs SET {', '.join(f'{column} = concat($$quill$$, id)' for column in _JOBS)} "
    f"WHERE user_id = '{ID}'",
    f"UPDATE presentation_jobs SET outline = '[\"quill\"]', outlined_at = now(), level = 'quill' "
    f"WHERE user_id = '{ID}'",
    f"UPDATE presentation_subjects SET defaults = '{{\"grade\": \"quill\"}}' WHERE user_id = '{ID}'",
    "UPDATE presentation_decks SET problem = 'quill', presenton_state = 'quill', due_at = now()",
    "UPDATE presentation_versions SET words_problem = 'quill', pdf_problem = 'quill', pictures_problem = 'quill'",
    "UPDATE presentation_events SET detail = 'quill'",
    "UPDATE presentation_users SET password_hash = 'quill', oidc_subject = 'quill', "
    f'form_choices = \'{{"language": "quill"}}\', form_draft = \'{{"topic": "quill"}}\' WHERE id = \'{ID}\'',
    f"INSERT INTO presentation_sign_in_links VALUES ('quill', '{ID}', now(), NULL, '{ID}')",
    f"UPDATE presentation_tokens SET token_hash = 'quill' WHERE user_id = '{ID}'",
    f"UPDATE presentation_sessions SET key_hash = 'quill' WHERE user_id = '{ID}'",
    "UPDATE presentation_webhooks SET secret = 'whsec_quill', previous_secret = 'quill', "
    f"previous_secret_until = now(), switched_off_why = 'quill' WHERE user_id = '{ID}'",
    "UPDATE presentation_deliveries SET request = '{\"url\": \"quill\"}', answer = 'quill', problem = 'quill'",
    f"UPDATE presentation_answers SET request = 'quill', location = 'quill' WHERE user_id = '{ID}'",
]
_IDS = " UNION ALL ".join(
    f"SELECT id::text FROM presentation_{table} WHERE user_id = '{ID}'"
    for table in ("jobs", "uploads", "tokens", "webhooks", "undos", "deliveries")
)


def test_not_a_word_of_hers_is_left_anywhere(
    database: Database, store: Store, library: Library, redis: Redis, hers: set[str], service: Program
) -> None:
    with_words = {
        (table, column)
        for table, rows in contents(database).items()
        for row in rows
        for column, value in row.items()
        if HER in json.dumps(value).lower()
    }
    assert WITH_HER_WORDS - with_words == set(), "fill these, to see that they are erased"
    assert with_words - WITH_HER_WORDS == set(), "these hold her words: decide what becomes of them"
    assert any(one in dump_of(redis) for one in hers)
    assert any(one.key.split("/")[2] in hers for one in store.listed())

    erase_user(database, store, library.engine, ID)
    everything = f"{json.dumps(contents(database), indent=1)}\n{dump_of(redis)}".lower()
    left = [line for line in everything.splitlines() if HER in line or any(one in line for one in hers)]
    assert left == []
    assert list(store.listed()) == []


def test_where_the_store_is_away_nothing_is_erased_and_that_is_said(
    database: Database, library: Library, settings: Settings, store: Store, hers: set[str]
) -> None:
    before = contents(database)
    away = Store.of(replace(settings, files_url="/srv/not-mounted"))
    with pytest.raises(NotErased, match=r"No row was erased: the folder /srv/not-mounted: .*erase again"):
        erase_user(database, away, library.engine, ID)
    assert contents(database) == before
    assert erase_user(database, store, library.engine, ID).files_problem is None


def test_what_a_worker_keeps_meanwhile_goes_as_well_or_is_said_to_be_left(
    database: Database,
    library: Library,
    store: Store,
    hers: set[str],
    keeper: Keeper,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [done] = {one.key.split("/")[2] for one in store.listed() if one.key.startswith("decks/")}

    def keep_meanwhile(session: Session) -> Ended:
        keeper.store.put(deck_key(UUID(done), f"{0:064}"), Path(os.devnull))
        return end_powers(session)

    monkeypatch.setattr(erasing, "end_powers", keep_meanwhile)
    erase_user(database, store, library.engine, ID)
    assert list(store.listed()) == []


def test_what_may_be_left_of_files_is_said(
    database: Database, library: Library, settings: Settings, hers: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store goes away in the middle."""
    folder = settings.var_dir / "files"

    def go_away(session: Session) -> Ended:
        folder.rename(folder.with_name("away"))
        return end_powers(session)

    monkeypatch.setattr(erasing, "end_powers", go_away)
    erased = erase_user(database, Store.of(replace(settings, files_url=str(folder))), library.engine, ID)
    assert "may be left" in str(erased.files_problem)
    assert "lectern sweep" in str(erased.files_problem)


def test_what_is_others_stays(
    database: Database, store: Store, accounts: Accounts, library: Library, hers: set[str], service: Program
) -> None:
    kept = service.create("Leaves")
    service("POST", f"/presentations/{kept}/cancel")
    ended = erase_user(database, store, library.engine, ID).ended
    assert (ended.tokens, ended.webhooks) == ((), ())
    [webhook] = service.items("/webhooks")
    told = service.items(f"/webhooks/{webhook['id']}/deliveries")
    assert [one["payload"]["data"]["topic"] for one in told] == ["Leaves"]
    assert {one.id for one in accounts.list()} == {"teacher", "colleague", "lms"}
    noted = Audit(database).search("deleted a job").items[0]
    assert (noted.actor, noted.whose, noted.what) == ("admin", "admin", "job (erased)_1, token lost")
    assert {(one.actor, one.whose, one.what) for one in Audit(database).search("(erased)").items} >= {
        ("(erased)", "(erased)", None)
    }


def test_she_is_not_told_of_after_she_is_gone(
    database: Database, store: Store, library: Library, hers: set[str], service: Program
) -> None:
    """What waits or is being made is not cancelled first, which webhooks of everybody's would be told."""
    erase_user(database, store, library.engine, ID)
    [webhook] = service.items("/webhooks")
    assert service.items(f"/webhooks/{webhook['id']}/deliveries") == []


def test_what_stood_on_her_power_is_switched_off(
    database: Database, store: Store, accounts: Accounts, library: Library, hers: set[str], service: Program
) -> None:
    granted = Tokens(database).make("teacher", "LMS", SCOPES, acts_for_all=True, made_by=ID)[1]
    webhooks = Webhooks(database, allow_private=True)
    everybodys = webhooks.subscribe("teacher", "http://127.0.0.1:9/", all_users=True).webhook
    assert erase_user(database, store, library.engine, ID).ended.webhooks == (everybodys.id,)
    assert Tokens(database).holder(granted) is None
    assert [one.url for one in webhooks.list("colleague")] == []


def test_she_is_given_what_others_were_told_of_her_and_no_secret(database: Database, hers: set[str]) -> None:
    given = export_user(database, ID)
    [told] = given["told_to_others"]
    assert told["payload"]["data"]["topic"] == "Quill's plans"
    assert {name: len(given[name]) for name in ("undos", "answers", "sign_in_links")} == {
        "undos": 1,
        "answers": 1,
        "sign_in_links": 2,
    }
    assert re.findall(r"whsec_|lms@|127\.0\.0\.1:9/lms", json.dumps(given)) == []
