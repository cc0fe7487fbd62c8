"""Real servers for every test: PostgreSQL and Valkey from their wheels, and the demo Presenton over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from presentations import embedded
from presentations.accounts import Accounts
from presentations.backends import Backends
from presentations.db import Database
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.line import Line
from presentations.settings import Settings, load
from presentations.web import create_app
from tests.processes import Process, free_port
from tests.signing import sign_in
from tests.waiting import eventually

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The URLs of a PostgreSQL with a template of Lectern's database, and of a Valkey."""
    folder = tmp_path_factory.mktemp("servers")
    postgres, valkey = embedded.postgres(folder), embedded.valkey(folder)
    database = Database.at(postgres.url)
    database.install_schema()
    database.engine.dispose()
    yield postgres.url, valkey.url
    postgres.stop()
    valkey.stop()


@pytest.fixture
def database_url(servers: tuple[str, str]) -> Iterator[str]:
    """A fresh database."""
    url = make_url(servers[0])
    name = f"test_{next(_numbers)}"
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE lectern"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def redis_url(servers: tuple[str, str]) -> str:
    """An empty Redis."""
    Line.at(servers[1]).redis.flushall()
    return servers[1]


@pytest.fixture
def backends(database_url: str, redis_url: str) -> Backends:
    return Backends(database_url, redis_url)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoPresenton]:
    """A Presenton that writes a slide in a moment."""
    with DemoPresenton(tmp_path / "demo", seconds_per_slide=0.02) as demo:
        yield demo


@pytest.fixture
def environment(backends: Backends, demo: DemoPresenton, tmp_path: Path) -> dict[str, str]:
    """The environment of an impatient Lectern."""
    return {
        "DATABASE_URL": backends.database_url,
        "REDIS_URL": backends.redis_url,
        "PRESENTON_URL": demo.url,
        "VAR_DIR": str(tmp_path / "var"),
        "SECRET_KEY": "for tests only",
        "LOG_FORMAT": "text",
        "POLL_INTERVAL": "0.05",
        "LEASE_SECONDS": "2",
        "DISPATCH_INTERVAL": "0.2",
        "LINE_LOST_AFTER": "1",
        "PRESENTON_READ_TIMEOUT": "5",
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return load(environment)


@pytest.fixture
def database(backends: Backends) -> Iterator[Database]:
    database = Database.at(backends.database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def library(database: Database, backends: Backends) -> Library:
    return Library(database, Line.at(backends.redis_url))


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """The accounts: Rosa's, whose id is `teacher`, and her colleague's."""
    accounts = Accounts(database)
    accounts.add("teacher", "Rosa Moss", "rosa@school.example")
    accounts.add("colleague", "Carl", "carl@school.example")
    return accounts


@pytest.fixture
def app(settings: Settings, backends: Backends) -> Flask:
    return create_app(settings, backends)


@pytest.fixture
def ann(app: Flask, accounts: Accounts) -> FlaskClient:
    """An admin, signed in."""
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    return sign_in(app.test_client(), accounts, "admin")


@pytest.fixture
def rosa(app: Flask, accounts: Accounts) -> FlaskClient:
    """A teacher, signed in."""
    return sign_in(app.test_client(), accounts)


@pytest.fixture
def start_web(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Serves the web as in production, with settings of its own if need be; gives its address."""
    served: list[Process] = []

    def start(**changed: str) -> str:
        port = free_port()
        own = environment | changed | {"PORT": str(port)}
        served.append(Process(["-m", "gunicorn", "wsgi:app"], own, tmp_path / f"web{len(served) + 1}.log"))
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: _answers(f"{url}/sign-in"))
        return url

    yield start
    for process in served:
        process.stop()
        print(process.log)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def start_worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts `python worker.py`, with settings of its own if need be; ends all that are left."""
    workers: list[Process] = []

    def start(**changed: str) -> Process:
        log = tmp_path / f"worker{len(workers) + 1}.log"
        workers.append(Process(["worker.py"], environment | changed, log))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.popen.poll() is None:
            worker.kill()
        print(worker.log)
