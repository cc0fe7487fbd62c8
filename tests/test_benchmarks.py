"""The benchmarks can be run: the smallest measure, and the meter that others stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from benchmarks.measures.create import create
from benchmarks.meter import metered
from benchmarks.result import Results
from benchmarks.servers import Servers, Stub
from benchmarks.size import QUICK
from benchmarks.table import table
from tests.support.servers import Postgres


@pytest.fixture
def servers(postgres_server: Postgres, redis_url: str, tmp_path: Path) -> Iterator[Servers]:
    nobody = Stub("http://127.0.0.1:9")
    all_of_them = Servers(postgres_server.url, redis_url, nobody, tmp_path)
    yield all_of_them
    all_of_them.leave()


def test_a_measure_of_lectern_stands_in_the_table(servers: Servers) -> None:
    run = create("lectern", servers, replace(QUICK, creates=5)).as_json()
    assert "| **" in table(Results(runs={"A": {"lectern": [run]}}))


def test_the_meter_counts_what_is_sent(servers: Servers) -> None:
    with metered(servers) as meter:
        connection = psycopg2.connect(meter.through(servers.empty()))
        statements, trips = meter.statements, meter.trips
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT repeat('x', 5000)")
        connection.close()
        assert meter.statements - statements == 1
        assert meter.trips - trips == 3, "BEGIN, SELECT, COMMIT"
        assert meter.bytes > 5000
