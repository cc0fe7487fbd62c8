"""What is said to PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Engine, event


def statements_of(engine: Engine) -> list[str]:
    """All that is sent from now on, but for the time-outs that each transaction begins with."""
    sent: list[str] = []

    def hear(*said: object) -> None:
        statement = str(said[2])
        if not statement.startswith("SET LOCAL"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    return sent
