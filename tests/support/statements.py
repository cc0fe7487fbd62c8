"""What is said to PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Engine, event


def messages_of(engine: Engine) -> list[str]:
    """All that is sent from now on; each message is a trip to the server."""
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: sent.append(str(said[2])))
    return sent


def statements_of(engine: Engine) -> list[str]:
    """The statements that are sent from now on, but for what begins, limits and ends transactions."""
    sent: list[str] = []

    def hear(*said: object) -> None:
        statement = str(said[2]).removeprefix("SET LOCAL statement_timeout = '30s'; ")
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    return sent
