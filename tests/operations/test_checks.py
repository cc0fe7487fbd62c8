"""What is wrong is named, with what to do about it: prepared misconfigurations, one by one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import make_url, text

from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.jobs import quick_redis
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import Servers, checks, everything
from presentations.settings import Settings, load
from presentations.web import create_app, db
from tests.support.keys import SECRET_KEY
from tests.support.processes import ROOT, Process
from tests.support.s3 import CREDENTIALS
from tests.support.servers import Postgres, own_redis
from tests.support.waiting import eventually


def check(environment: dict[str, str], *options: str) -> Result:
    """What `flask --app wsgi check` says, without a process of its own."""
    app = create_app(load(environment))
    try:
        return app.test_cli_runner().invoke(args=["check", *options])
    finally:
        with app.app_context():
            db.engine.dispose()


def check_from_a_shell(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_all_is_well(environment: dict[str, str], start_worker: Callable[..., Process], backends: Backends) -> None:
    start_worker()
    eventually(lambda: quick_redis(backends.redis_url).scard("rq:workers:presentations") == 4)
    done = check_from_a_shell(environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"ok"}
    told = json.loads(check(environment, "--json").stdout)
    redis = ["redis", "redis memory", "redis keys"]
    assert [one["name"] for one in told] == [
        "database",
        "schema",
        *redis,
        "files",
        "presenton",
        "workers",
        "decks",
        "kept files",
    ]


def no_database(environment: dict[str, str]) -> None:
    environment["DATABASE_URL"] = "postgresql://lectern:secret-word@127.0.0.1:9/lectern"


def no_tables(environment: dict[str, str]) -> None:
    database = Database.at(environment["DATABASE_URL"])
    with database.begin() as session:
        session.execute(text("DROP TABLE presentation_deliveries"))
    database.engine.dispose()


def old_tables(environment: dict[str, str]) -> None:
    database = Database.at(environment["DATABASE_URL"])
    with database.begin() as session:
        session.execute(text("ALTER TABLE presentation_users DROP COLUMN form_choices"))
    database.engine.dispose()


def no_redis(environment: dict[str, str]) -> None:
    environment["REDIS_URL"] = "redis://:secret-word@127.0.0.1:9"


def no_presenton(environment: dict[str, str]) -> None:
    environment["PRESENTON_URL"] = "http://127.0.0.1:9"


def no_folder(environment: dict[str, str]) -> None:
    environment["FILES_URL"] = "/srv/not-mounted"


def no_s3(environment: dict[str, str]) -> None:
    environment |= {"FILES_URL": "s3://lectern", "FILES_S3_ENDPOINT": "http://127.0.0.1:9", **CREDENTIALS}


def presenton_not_set(environment: dict[str, str]) -> None:
    del environment["PRESENTON_URL"]


def production(environment: dict[str, str]) -> None:
    environment |= {"APP_ENV": "production", "SECRET_KEY": SECRET_KEY}


@pytest.mark.parametrize(
    ("prepare", "said", "advice"),
    [
        (no_database, "FAILS  database: The database cannot be reached", "Look at DATABASE_URL"),
        (no_tables, "FAILS  schema: The database lacks presentation_deliveries.", "psql"),
        (old_tables, "FAILS  schema: The database lacks presentation_users.form_choices.", "psql"),
        (no_redis, "FAILS  redis: ", "Look at REDIS_URL"),
        (no_folder, "FAILS  files: the folder /srv/not-mounted: it is not there.", "-o lectern /srv/not-mounted"),
        (no_s3, "FAILS  files: s3://lectern at http://127.0.0.1:9: no connection", "Look at FILES_URL, FILES_S3_END"),
        (no_presenton, "FAILS  presenton: ", "Look at PRESENTON_URL"),
        (presenton_not_set, "FAILS  configuration: PRESENTON_URL is not set.", "Set it to the URL of your Presenton"),
        (production, "FAILS  configuration: ALLOWED_HOSTS is not set.", "the name that teachers type"),
        (lambda _: None, "FAILS  workers: No worker is there.", "lectern worker"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    environment: dict[str, str],
    prepare: Callable[[dict[str, str]], Any],
    said: str,
    advice: str,
) -> None:
    prepare(environment)
    names(check(environment), said, advice)


def test_a_full_disk_is_a_warning(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    environment["PRESENTON_URL"] = "http://127.0.0.1:9"
    for total, free in [(10_000_000_000, 900_000_000), (100_000_000_000, 4_900_000_000)]:
        space = SimpleNamespace(total=total, free=free)
        monkeypatch.setattr(checks, "disk_usage", lambda _, space=space: space)
        files = f"{environment['VAR_DIR']}/files"
        names(check(environment), f"warns  files: The disk of {files} has only {free / 1e9:.1f} GB free.", "Make room")
    told = {one["name"]: one for one in json.loads(check(environment, "--json").stdout)}
    assert (told["files"]["is_warning"], told["presenton"]["is_warning"]) == (True, False)


def test_a_store_of_files_that_is_away_keeps_nobody_from_the_pages(environment: dict[str, str]) -> None:
    no_s3(environment)
    client = create_app(load(environment)).test_client()
    assert client.get("/readyz").status_code == 200
    assert client.get("/sign-in").status_code == 200


def test_what_others_put_in_the_lines_place_is_named(
    settings: Settings, database: Database, backends: Backends
) -> None:
    redis = quick_redis(backends.redis_url)
    redis.delete("rq:queue:webhooks", "rq:workers")
    redis.set("rq:queue:webhooks", "x")
    redis.zadd("rq:workers", {"x": 1})
    [found] = [one for one in everything(Servers(settings, database, redis, None)) if one.name == "redis keys"]
    assert found.problem == "rq:workers is a zset, not a set; rq:queue:webhooks is a string, not a list."
    assert found.advice.endswith("DEL rq:workers rq:queue:webhooks")


def test_a_redis_that_forgets_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    with own_redis(tmp_path) as url:
        quick_redis(url).config_set("maxmemory-policy", "allkeys-lru")
        done = check(environment | {"REDIS_URL": url})
    names(done, "FAILS  redis memory: maxmemory-policy is allkeys-lru.", "noeviction")


def test_a_database_that_cannot_hold_every_letter_is_named(
    environment: dict[str, str], postgres_server: Postgres
) -> None:
    ascii_only = "template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
    with postgres_server.database("ascii", ascii_only) as url:
        done = check(environment | {"DATABASE_URL": url})
    names(done, "FAILS  database: Its encoding is SQL_ASCII.", "createdb --encoding=UTF8")


def names(done: Result, said: str, advice: str) -> None:
    """Check that the output says this, with this advice beside it, and no secret."""
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    [at] = [number for number, line in enumerate(lines) if line.startswith(said)]
    assert advice in lines[at + 1]
    assert "Traceback" not in done.stderr
    assert "secret-word" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("0.5", "0.5.14 or older"),
        ("0.7", "0.5.15 to 0.7"),
        ("0.8.9", "0.8"),
        ("0.9.0", "0.9.0 to 0.9.2"),
        ("0.9.3", "0.9.3 or newer"),
        ("latest", "0.9.3 or newer"),
    ],
)
def test_presentons_release_and_mode_are_said(
    environment: dict[str, str], tmp_path: Path, release: str, said: str
) -> None:
    with DemoPresenton(tmp_path / "other", 0.02, release=release) as other:
        done = check(environment | {"PRESENTON_URL": other.url, "PRESENTON_MODE": "sync"})
    assert f"ok     presenton: release {said}, asked in mode sync, answers in " in done.stdout


def test_the_templates_that_presenton_offers_are_noted(
    environment: dict[str, str], library: Library, tmp_path: Path
) -> None:
    assert ", offers 8 templates\n" in check(environment).stdout
    assert len(library.templates()) == 8
    with DemoPresenton(tmp_path / "other", release="0.5") as other:
        done = check(environment | {"PRESENTON_URL": other.url})
    assert ", does not say which templates it has\n" in done.stdout
    assert library.templates() == []


@pytest.mark.parametrize("found", [True, False])
def test_a_web_server_is_not_taken_for_a_presenton(
    environment: dict[str, str], demo: DemoPresenton, found: bool
) -> None:
    demo.faults.add("web_server", found=found)
    done = check(environment)
    names(done, "FAILS  presenton: A web server that is no Presenton answers there", "the address of Presenton itself")


def test_credentials_that_presenton_refuses_are_named(environment: dict[str, str], tmp_path: Any) -> None:
    with DemoPresenton(tmp_path / "locked", 0.02, release="0.9.0", username="lectern", password="right") as locked:
        environment |= {"PRESENTON_URL": locked.url, "PRESENTON_USERNAME": "lectern", "PRESENTON_PASSWORD": "wrong"}
        done = check(environment)
    assert "FAILS  presenton: It does not let Lectern in" in done.stdout
    assert "PRESENTON_PASSWORD" in done.stdout


def test_a_setting_that_cannot_be_read_is_named(environment: dict[str, str]) -> None:
    environment["LEASE_SECONDS"] = "soon"
    done = check_from_a_shell(environment)
    assert done.returncode == 1
    assert "LEASE_SECONDS" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_web_says_whether_it_is_ready_and_nothing_more(app: Flask, settings: Settings, backends: Backends) -> None:
    client = app.test_client()
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")
    assert client.get("/readyz").json == {"ready": True, "failing": []}
    without = create_app(settings, replace(backends, redis_url="redis://127.0.0.1:9")).test_client()
    answer = without.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failing": ["redis"]})
    nowhere = make_url(backends.database_url).set(database="nowhere").render_as_string(hide_password=False)
    away = create_app(settings, replace(backends, database_url=nowhere)).test_client()
    assert away.get("/healthz").status_code == 200
    assert away.get("/readyz").json == {"ready": False, "failing": ["database", "schema"]}
