"""Real servers for every test: PostgreSQL and Valkey from their wheels, and the demo Presenton over HTTP."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from presentations.accounts import Accounts
from presentations.database import Database, engine_url
from presentations.demo.server import DemoPresenton
from presentations.files import Store
from presentations.jobs import quick_redis
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings, load
from presentations.web import create_app, db
from tests.support.databases import Databases
from tests.support.servers import Postgres, numbered_redis, own_postgres, own_redis
from tests.support.signing import sign_in

pytest_plugins = [
    "tests.support.browser",
    "tests.support.keeper",
    "tests.support.kept",
    "tests.support.maker",
    "tests.support.processes",
    "tests.support.pure",
    "tests.support.s3",
    "tests.support.uploads",
]


# No test is about how long a thing takes on a busy machine.
hypothesis.settings.register_profile("lectern", deadline=None)
hypothesis.settings.load_profile("lectern")


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core, since many tests wait for something; few enough for Redis' numbered databases."""
    return min(2 * (os.cpu_count() or 1), 8)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Nothing of what is collected is garbage: looking for some takes a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-url", help="a PostgreSQL to make databases in, instead of the embedded one")
    parser.addoption("--redis-url", help="a Redis with empty databases to use, instead of the embedded Valkey")


@pytest.fixture(scope="session")
def postgres_server(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Postgres]:
    url = pytestconfig.getoption("--database-url")
    if url:
        server = Postgres(engine_url(url), f"lectern_test_{worker_id}")
        yield server
        server.close()
    else:
        with own_postgres(tmp_path_factory.mktemp("servers")) as server:
            yield server


@pytest.fixture(scope="session")
def redis_server(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[str]:
    url = pytestconfig.getoption("--redis-url")
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw"))
    redis = numbered_redis(url, number) if url else own_redis(tmp_path_factory.mktemp("servers"))
    with redis as its_url:
        yield its_url


@pytest.fixture(scope="session")
def template(postgres_server: Postgres) -> Iterator[str]:
    """The name of a database with Lectern's tables."""
    with postgres_server.database("template") as url:
        database = Database.at(url)
        database.install_schema()
        database.engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def databases(postgres_server: Postgres, template: str) -> Iterator[Databases]:
    databases = Databases(postgres_server, template)
    yield databases
    databases.drop_all()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database that is as new."""
    with databases.database() as url:
        yield url


@pytest.fixture
def bare_database_url(postgres_server: Postgres) -> Iterator[str]:
    """A database without tables."""
    with postgres_server.database("bare") as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """An empty Redis."""
    quick_redis(redis_server).flushdb()
    return redis_server


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
        "PICTURE_THREADS": "0",  # a deck costs a second of a core: tests/keeping/ has workers that do
        "DISPATCH_INTERVAL": "0.2",
        "LINE_LOST_AFTER": "1",
        "PRESENTON_READ_TIMEOUT": "5",
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return load(environment)


@pytest.fixture
def store(settings: Settings) -> Store:
    """Where its files are kept."""
    return Store.of(settings)


@pytest.fixture
def database(backends: Backends) -> Iterator[Database]:
    database = Database.at(backends.database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def library(database: Database, backends: Backends) -> Library:
    return Library.at(database, quick_redis(backends.redis_url))


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """The accounts: Rosa's, whose id is `teacher`, and her colleague's."""
    accounts = Accounts(database)
    accounts.add("teacher", "Rosa Moss", "rosa@school.example")
    accounts.add("colleague", "Carl", "carl@school.example")
    return accounts


@pytest.fixture
def app(settings: Settings, backends: Backends) -> Iterator[Flask]:
    app = create_app(settings, backends)
    app.config["TESTING"] = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def ann(app: Flask, accounts: Accounts) -> FlaskClient:
    """An admin, signed in."""
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    return sign_in(app.test_client(), accounts, "admin")


@pytest.fixture
def rosa(app: Flask, accounts: Accounts) -> FlaskClient:
    """A teacher, signed in."""
    return sign_in(app.test_client(), accounts)
