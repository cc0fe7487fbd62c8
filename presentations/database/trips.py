"""Few trips to the server: time-outs travel with BEGIN, a single statement is its own transaction, nothing is pinged.

psycopg2 would send BEGIN in a message of its own. So its connections are in autocommit mode, and SQLAlchemy's events
say when a transaction begins and ends.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_UNKNOWN
from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DisconnectionError

# What a connection can be told besides, as execution options of SQLAlchemy.
SINGLE = {"presentations_single": True}
SNAPSHOT = {"presentations_begin": "BEGIN ISOLATION LEVEL REPEATABLE READ"}

# Set in each transaction, and not for a session: behind a pooler the next transaction may have another one. A process
# that freezes in mid-transaction must not hold its locks for ever.
_LIMIT = "SET LOCAL statement_timeout = '30s'"
_LIMITS = f"{_LIMIT}; SET LOCAL idle_in_transaction_session_timeout = '10s'"


def save_trips(engine: Engine) -> None:
    """Have all transactions of an engine of psycopg2 begin and end so."""
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "checkout", _check_connection)
    event.listen(engine, "reset", _roll_back_leftovers)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _limit_single, retval=True)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _roll_back)


def first_row(connection: PoolProxiedConnection, statement: str, parameters: Sequence[object]) -> dict[str, Any] | None:
    """The first row of a statement, by column: its own transaction, limited as all others. Raises psycopg2.Error."""
    driver: Any = connection.driver_connection
    try:
        with driver.cursor() as cursor:
            cursor.execute(f"{_LIMIT}; {statement}", parameters)
            row = cursor.fetchone()
            columns = [column.name for column in cursor.description]
            return None if row is None else dict(zip(columns, row, strict=True))
    finally:
        if driver.closed:  # the pool would give it out again
            connection.invalidate()


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.autocommit = True


def _check_connection(connection: Any, *_: object) -> None:
    """Have the pool take another one where the server has hung up, which can be read from it without a trip."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if not poll.poll(0):
        return
    try:
        _execute(connection, "SELECT 1")
    except psycopg2.Error as error:
        raise DisconnectionError from error


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not _is_single(connection) and options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql(f"{options.get('presentations_begin', 'BEGIN')}; {_LIMITS}")


def _limit_single(connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> Any:
    # Both are one message, and so one transaction.
    return f"{_LIMIT}; {statement}" if _is_single(connection) else statement, parameters


def _commit(connection: Connection) -> None:
    if _is_in_transaction(connection.connection):
        connection.exec_driver_sql("COMMIT")


def _roll_back(connection: Connection) -> None:
    if not connection.invalidated and _is_in_transaction(connection.connection):
        connection.exec_driver_sql("ROLLBACK")


def _roll_back_leftovers(connection: Any, *_: object) -> None:
    if _is_in_transaction(connection):
        _execute(connection, "ROLLBACK")


def _is_single(connection: Connection) -> bool:
    return bool(connection.get_execution_options().keys() & SINGLE.keys())


def _is_in_transaction(connection: Any) -> bool:
    return connection.get_transaction_status() not in (TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_UNKNOWN)


def _execute(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
