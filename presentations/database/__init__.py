"""The database: engine and transactions, `models` (the tables, as schema.sql makes them), and the audit log.

Imports settings and telemetry. What changes a presentation's status stands in lifecycle.py, one floor up.
"""

from presentations.database.audit import API, COMMAND_LINE, KEPT, PAGE, Audit
from presentations.database.engine import Database, engine_options, engine_url

__all__ = ["API", "COMMAND_LINE", "KEPT", "PAGE", "Audit", "Database", "engine_options", "engine_url"]
