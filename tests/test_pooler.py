"""Lectern behind PgBouncer in transaction mode, where a session is anybody's as soon as a transaction ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, make_url, text

from presentations.agent import AsyncPresentationTool
from presentations.database import Database, engine_url
from tests.database.psql import psql
from tests.support.installed import program
from tests.support.processes import ROOT, Process, free_port
from tests.support.waiting import eventually

CONFIG = """
[databases]
{database} = host={host} port={port} user={user} password='{password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""
# It does not run as root, but the tests may; and then its files and the server's socket are root's.
AS_NOBODY = ["setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


@pytest.fixture
def pooled(bare_database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database behind a PgBouncer with three sessions for everybody, as a service gives it."""
    server, own_port, log = make_url(bare_database_url), free_port(), tmp_path / "pgbouncer.log"
    where = {"port": 5432, **server.query, **server.translate_connect_args(username="user")}
    config = tmp_path / "pgbouncer.ini"
    config.write_text(CONFIG.format_map({"password": "none", **where, "own_port": own_port}))
    command = [*(AS_NOBODY if os.geteuid() == 0 else []), program("pgbouncer"), str(config)]
    with log.open("wb") as out:
        pooler = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        eventually(lambda: "process up" in log.read_text())
        yield f"postgres://anybody@127.0.0.1:{own_port}/{where['database']}"
    finally:
        pooler.terminate()
        pooler.wait(30)
        print(log.read_text())


def test_a_day_behind_a_pooler(
    pooled: str,
    environment: dict[str, str],
    tmp_path: Path,
    start_web: Callable[..., str],
    start_worker: Callable[..., Process],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    psql(engine_url(pooled), "-q", "-f", str(ROOT / "schema.sql"))
    psql(engine_url(pooled), "-q", "-f", str(ROOT / "schema.sql"))
    web = start_web(DATABASE_URL=pooled)
    start_worker(DATABASE_URL=pooled, WORKER_THREADS="8")
    for name, value in {**environment, "DATABASE_URL": pooled}.items():
        monkeypatch.setenv(name, value)
    teacher = AsyncPresentationTool(user_id="teacher")
    asked = [teacher.create_presentation_async(f"Cells {n}", n_slides=3)["job_id"] for n in range(6)]
    eventually(lambda: {teacher.get_job_status(job)["status"] for job in asked} == {"complete"})
    assert requests.get(f"{web}/healthz", timeout=30).ok
    export = subprocess.run(
        [sys.executable, "-m", "presentations", "export", "teacher"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment, "DATABASE_URL": pooled},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert {row["id"] for row in json.loads(export.stdout)["presentations"]} == set(asked)


def test_no_statement_is_endless_and_nothing_is_left_to_the_next_one(pooled: str) -> None:
    limits = text("SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')")
    left = text("SELECT name FROM pg_settings WHERE source = 'session'")
    ours = Database.at(pooled)
    ours.install_schema()
    with ours.begin() as session:
        assert session.execute(limits).one() == ("30s", "10s")
    with ours.snapshot() as session:
        assert session.execute(limits).one() == ("30s", "10s")
    ours.engine.dispose()
    foreign = create_engine(engine_url(pooled))
    with foreign.connect() as connection:
        assert connection.execute(limits).one() == ("0", "0")
        # These four the pooler itself sets for whom it serves.
        assert {*connection.scalars(left)} <= {"application_name", "client_encoding", "DateStyle", "TimeZone"}
    foreign.dispose()
