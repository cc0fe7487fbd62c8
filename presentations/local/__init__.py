"""Local: everything on one machine, for `make run`: embedded PostgreSQL and Valkey, shared by all processes.

Imports accounts, the database and settings.
"""

from presentations.local.backends import Backends

__all__ = ["Backends"]
