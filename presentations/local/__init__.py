"""Local: everything on one machine, for `make run`: embedded PostgreSQL and Valkey, shared by all processes.

Imports accounts, the database and settings.
"""

from presentations.local.announcement import load_beside_run
from presentations.local.backends import Backends

__all__ = ["Backends", "load_beside_run"]
