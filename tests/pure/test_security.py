"""docs/security.md is no older than routes and tables, names tests that there are, and leaves out nothing of ASVS."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from docs.security import PAGE, with_tables
from presentations.accounts.sessions import UNUSED_LIFE, WHOLE_LIFE
from presentations.accounts.users import LINK_LIFE
from presentations.database import KEPT as KEPT_AUDIT
from presentations.library.idempotency import KEPT_FOR
from presentations.library.undo import UNDO_LIFE
from presentations.operations.purge import KEPT_DELETED
from presentations.webhooks.outbox import KEPT as KEPT_DELIVERIES
from tests.operations.decisions import DECISIONS
from tests.support.processes import ROOT

TEXT = PAGE.read_text(encoding="utf-8")
# Those of levels 1 and 2 in OWASP ASVS 5.0.0: 253.
ASVS = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4
7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4
10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1
12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7
16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""


def test_its_tables_are_those_of_the_routes() -> None:
    assert with_tables(TEXT) == TEXT, "docs/security.md is older than the routes: run python -m docs.security"


def test_it_has_every_table() -> None:
    assert [table for table in DECISIONS if table not in rows()] == []


@pytest.mark.parametrize(
    ("table", "life"),
    [
        ("presentation_jobs", KEPT_DELETED),
        ("presentation_undos", UNDO_LIFE),
        ("presentation_sessions", UNUSED_LIFE),
        ("presentation_sessions", WHOLE_LIFE),
        ("presentation_sign_in_links", LINK_LIFE),
        ("presentation_deliveries", KEPT_DELIVERIES),
        ("presentation_answers", KEPT_FOR),
        ("presentation_audit", KEPT_AUDIT),
    ],
)
def test_it_says_for_how_long_as_the_code_does(table: str, life: timedelta) -> None:
    numbers = (
        f"{life.days} days",
        f"{life.total_seconds() / 3600:.0f} hours",
        f"{life.total_seconds() / 60:.0f} minutes",
    )
    assert any(re.search(rf"\b{number}\b", rows()[table]) for number in numbers)


def rows() -> dict[str, str]:
    """What it says of each table, for how long it is kept."""
    of_tables = re.findall(r"^\| (`presentation_.*?`) \| .* \| ([^|]+) \|$", TEXT, re.MULTILINE)
    return {table: said for tables, said in of_tables for table in re.findall(r"\w+", tables)}


def test_every_test_that_it_names_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 150
    there = {path: set(functions_of(path)) for path, _ in named}
    assert [(path, name) for path, name in named if name not in there[path]] == []


def functions_of(path: str) -> Iterator[str]:
    """What a file below tests/ has, by name."""
    for node in ast.walk(ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node.name


def test_it_says_of_each_requirement_once_how_it_is_met() -> None:
    rows = re.findall(r"^\| ((?:\d+\.\d+\.\d+(?:-\d+)?(?:, )?)+) \|", TEXT, re.MULTILINE)
    assert len(numbers(ASVS)) == 253
    said, wanted = Counter(number for row in rows for number in numbers(row)), Counter(numbers(ASVS))
    assert (said - wanted, wanted - said) == (Counter(), Counter())


def numbers(text: str) -> list[str]:
    """Each of what is written as 1.2.1-3, 4.1.1."""
    ranges = re.findall(r"(\d+\.\d+)\.(\d+)(?:-(\d+))?", text)
    return [f"{section}.{n}" for section, first, last in ranges for n in range(int(first), int(last or first) + 1)]
