"""What is said to PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg2.extensions import cursor
from sqlalchemy import Engine, event


def messages_of(engine: Engine) -> list[str]:
    """All that is sent from now on; each message is a trip to the server."""
    sent: list[str] = []
    _hear(engine, sent.append)
    return sent


def statements_of(engine: Engine) -> list[str]:
    """The statements that are sent from now on, but for what begins, limits and ends transactions."""
    sent: list[str] = []

    def hear(message: str) -> None:
        statement = message.removeprefix("SET LOCAL statement_timeout = '30s'; ")
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    _hear(engine, hear)
    return sent


def _hear(engine: Engine, told: Callable[[str], object]) -> None:
    """Also what goes past SQLAlchemy, whose own events are silent of that."""

    class Heard(cursor):
        def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 (psycopg2's names)
            told(str(query))
            super().execute(query, vars)

    def use_it(connection: Any, *_: object) -> None:
        connection.cursor_factory = Heard

    event.listen(engine, "checkout", use_it)
