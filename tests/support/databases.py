"""A database for each test, as if it were new: one that a test leaves as it was made is emptied, and used again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from sqlalchemy import make_url

from tests.support.servers import Postgres

_CATALOGS = {
    "pg_attribute": "attrelid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_namespace": "oid",
    "pg_proc": "oid",
    "pg_trigger": "oid",
    "pg_type": "oid",
}
# All that schema.sql makes, also its own rows: when a definition was last written, and how many there are. Emptying a
# table writes its line of pg_class, so of that one it is what a change of the schema would change.
_MADE = " UNION ALL ".join(
    [
        *(
            f"SELECT '{catalog}', count(*)::text, max(xmin::text::bigint)::text FROM {catalog} WHERE {oid} >= 16384"
            for catalog, oid in _CATALOGS.items()
        ),
        "SELECT relname, relkind::text, concat(relnamespace, relowner, relacl, reloptions) FROM pg_class"
        " WHERE oid >= 16384",
        "SELECT 'settings', setrole::text, setconfig::text FROM pg_db_role_setting WHERE setdatabase ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())",
        "SELECT 'controls', '', controls::text FROM presentation_controls AS controls",
        "SELECT 'steps', '', steps::text FROM presentation_schema_steps AS steps",
    ]
)
_LOOK = f"SELECT md5(string_agg(made::text, '|' ORDER BY made::text)) FROM ({_MADE}) AS made"
_TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('presentation_controls', 'presentation_schema_steps')
"""
# Of the tables of which a number was given to a row, even if that is gone.
_NUMBERED = """
    SELECT refobjid::regclass::text FROM pg_depend JOIN pg_sequence ON seqrelid = objid
    WHERE deptype = 'i' AND pg_sequence_last_value(seqrelid) IS NOT NULL
"""


class Databases:
    """Databases of `postgres` as `template` is, each of which one test has at a time."""

    def __init__(self, postgres: Postgres, template: str) -> None:
        self._postgres, self._template = postgres, template
        self._numbers = itertools.count(1)
        self._made: dict[str, str] = {}
        """How each looked when it was made."""
        self._free: list[str] = []

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database that is as new, for as long as the block lasts."""
        name = self._free.pop() if self._free else self._make()
        yield self._postgres.url_of(name)
        # A thread that has outlived its test must not find the next one's database.
        self._postgres.rename(name, renamed := self._new_name())
        self._made[renamed] = self._made.pop(name)
        if self._is_emptied(renamed):
            self._free.append(renamed)
        else:
            self._drop(renamed)

    def drop_all(self) -> None:
        """Drop those that wait for a test."""
        for name in self._free:
            self._drop(name)

    def _new_name(self) -> str:
        return f"{self._postgres.prefix}_{next(self._numbers)}"

    def _make(self) -> str:
        name = self._new_name()
        self._postgres.create(name, self._template)
        with self._cursor(name) as cursor:
            cursor.execute(_LOOK)
            [(self._made[name],)] = cursor.fetchall()
        return name

    def _drop(self, name: str) -> None:
        self._postgres.drop(name)
        del self._made[name]

    def _is_emptied(self, name: str) -> bool:
        """Whether its tables could be emptied, since it is otherwise as it was made."""
        with self._cursor(name) as cursor:
            cursor.execute(_LOOK)
            if cursor.fetchall() != [(self._made[name],)]:
                return False
            cursor.execute(_TABLES)
            filled = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for (table,) in cursor.fetchall())
            cursor.execute(" UNION ".join([*filled, _NUMBERED]))
            if tables := [table for (table,) in cursor.fetchall()]:
                cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            return True

    @contextmanager
    def _cursor(self, name: str) -> Iterator[psycopg2.extensions.cursor]:
        """A session of its own, outside any transaction."""
        url = make_url(self._postgres.url_of(name)).set(drivername="postgresql")
        connection = psycopg2.connect(url.render_as_string(hide_password=False))
        try:
            connection.autocommit = True
            yield connection.cursor()
        finally:
            connection.close()
