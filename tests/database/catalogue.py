"""All that is in a database, as lines of text: what it is made of, and its rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from presentations.database import Database

_OURS = "relnamespace = 'public'::regnamespace"
_LINES = {
    "relations": "SELECT concat_ws(' ', oid::regclass, relkind, obj_description(oid, 'pg_class')) "
    f"FROM pg_class WHERE {_OURS}",
    "columns": """
        SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
                         attgenerated, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
        WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND """
    + _OURS,
    "constraints": "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT pg_get_indexdef(indexrelid) "
    f"FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE {_OURS}",
    "triggers": "SELECT concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled) "
    f"FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND {_OURS}",
    "functions": "SELECT concat_ws(' ', pg_get_functiondef(oid), obj_description(oid, 'pg_proc')) "
    "FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
_TABLES = f"SELECT relname FROM pg_class WHERE relkind = 'r' AND {_OURS}"


def catalogue(database: Database) -> dict[str, list[str]]:
    """What the database is made of, by kind. The order of a table's columns is left out: new ones come last."""
    with database.begin() as session:
        return {kind: sorted(session.scalars(text(query))) for kind, query in _LINES.items()}


def contents(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows by table, each as its columns' values."""
    with database.begin() as session:
        tables = session.scalars(text(_TABLES)).all()
        return {table: list(session.scalars(text(f"SELECT to_jsonb(t) FROM {table} AS t"))) for table in tables}
