"""Lectern: by the import that agents use, and `lectern worker`."""

from __future__ import annotations

import itertools
import os
import sys
from functools import cache
from pathlib import Path

from presentations.agent import AsyncPresentationTool


@cache
def _tools() -> itertools.cycle[AsyncPresentationTool]:
    """Nobody may have more than 20 waiting, so many teachers ask."""
    return itertools.cycle([AsyncPresentationTool(user_id=f"teacher{n}") for n in range(500)])


def prepare() -> None:
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute(Path("schema.sql").read_text(encoding="utf-8"))
    connection.close()


def create(topic: str) -> None:
    next(_tools()).create_presentation_async(topic, n_slides=8)


def command(threads: int) -> list[str]:
    return [sys.executable, "-m", "presentations", "worker"]
