"""The database: one small pool per process, and short transactions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.errors import InsufficientPrivilege, UndefinedColumn, UndefinedFunction, UndefinedTable
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, configure_mappers, sessionmaker

from presentations.database.trips import SINGLE, SNAPSHOT, first_row, save_trips
from presentations.errors import Unavailable
from presentations.resources import resource

SCHEMA = resource("schema.sql")
CONNECTIONS = 10
WAIT = 30.0
_AWAY = (
    *(OperationalError, InterfaceError, InternalError),
    *(psycopg2.OperationalError, psycopg2.InterfaceError, psycopg2.InternalError),
)


def engine_url(url: str) -> str:
    """`url` in the one spelling that makes SQLAlchemy take psycopg2 (a bare postgresql:// means psycopg 3 to it)."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    return parsed.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def engine_options(connections: int = CONNECTIONS, wait: float = WAIT) -> dict[str, Any]:
    """Options of every engine: few connections, none trusted unseen.

    At most `connections`, which stay open once they were needed; a thread that finds all of them in use waits up to
    `wait` seconds for one.
    """
    return {
        "pool_size": connections,
        "max_overflow": 0,  # what is beyond the size is closed after each use
        "pool_use_lifo": True,
        "pool_timeout": wait,
        # Statements may hold what teachers wrote, and errors end up in logs.
        "hide_parameters": True,
        "connect_args": {
            "connect_timeout": 3,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "application_name": "lectern",
            "tcp_user_timeout": 10000,
        },
    }


class Database:
    """Short transactions on one engine. Its errors are turned into Unavailable here and nowhere else.

    Nothing outlives a transaction but what it wrote, so PgBouncer may stand between, in transaction mode.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        save_trips(engine)
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._alone = engine.execution_options(**SINGLE)
        self._single = sessionmaker(self._alone, expire_on_commit=False)
        # A forked child that used its parent's connections would mix up their conversations; one that was forked while
        # a thread was mapping would wait for that thread's lock for ever.
        os.register_at_fork(before=configure_mappers, after_in_child=lambda: engine.dispose(close=False))

    @classmethod
    def at(cls, url: str, connections: int = CONNECTIONS, wait: float = WAIT) -> Database:
        """The database at `url`, with a pool as of engine_options(); nothing connects before the first use."""
        return cls(create_engine(engine_url(url), **engine_options(connections, wait)))

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session whose work is committed at the end of the block, or undone when it raises.

        Raises Unavailable when the database cannot be reached, is too busy, or has no tables yet.
        """
        with _begun(self._sessions) as session:
            yield session

    @contextmanager
    def single(self) -> Iterator[Session]:
        """begin(), for one statement: a single trip to the server. A second one would be another transaction."""
        with _begun(self._single) as session:
            yield session

    def row(self, statement: str, *parameters: object) -> dict[str, Any] | None:
        """The first row of one statement, by column: single() without SQLAlchemy, which takes longer than PostgreSQL.

        The statement is as psycopg2 takes it. Raises Unavailable as begin().
        """
        with _as_unavailable(), closing(self.engine.raw_connection()) as connection:
            return first_row(connection, statement, parameters)

    @contextmanager
    def bare(self) -> Iterator[Connection]:
        """single(), without a session: nothing is mapped, nor anything made for that."""
        with _as_unavailable(), self._alone.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """begin(), with all statements seeing the database as it was at the first one."""
        with self.begin() as session:
            session.connection(execution_options=SNAPSHOT)
            yield session

    def install_schema(self) -> None:
        """Run schema.sql. Raises Unavailable when the database cannot be reached."""
        with self.begin() as session:
            # With parameters, if only none, a % in it would be taken for the place of one.
            session.connection().exec_driver_sql(
                SCHEMA.read_text(encoding="utf-8"), execution_options={"no_parameters": True}
            )


@contextmanager
def _begun(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with _as_unavailable(), sessions.begin() as session:
        yield session


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(
            "All connections of this process to the database are in use, and none has become free in time: "
            "DATABASE_CONNECTIONS says how many there may be. Try again in a minute, or allow more."
        ) from error
    except _AWAY as error:
        raise Unavailable(
            f"The database cannot be reached just now ({_first_line(error)}). Try again in a minute."
        ) from error
    except (ProgrammingError, psycopg2.ProgrammingError) as error:
        if isinstance(_cause(error), UndefinedTable | UndefinedColumn | UndefinedFunction):
            raise Unavailable("The database lacks tables of Lectern: run psql -f schema.sql on it.") from error
        if isinstance(_cause(error), InsufficientPrivilege):
            raise Unavailable(
                f"The database does not let Lectern work ({_first_line(error)}). Look at its rights and settings."
            ) from error
        raise


def _first_line(error: Exception) -> str:
    cause = _cause(error)
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]


def _cause(error: Exception) -> Exception:
    """psycopg2's own error, where SQLAlchemy has wrapped it."""
    return getattr(error, "orig", None) or error
