"""The database: engine and transactions, `models` (the tables, as schema.sql makes them), locks, and the audit log.

Imports settings and telemetry. What changes a presentation's status stands in lifecycle.py, one floor up.
"""

from presentations.database.advisory import Lock, lock, try_lock
from presentations.database.audit import API, COMMAND_LINE, KEPT, PAGE, Audit
from presentations.database.engine import Database, engine_options, engine_url
from presentations.database.rows import detached, read_only
from presentations.database.transition import Transition

__all__ = [
    "API",
    "COMMAND_LINE",
    "KEPT",
    "PAGE",
    "Audit",
    "Database",
    "Lock",
    "Transition",
    "detached",
    "engine_options",
    "engine_url",
    "lock",
    "read_only",
    "try_lock",
]
