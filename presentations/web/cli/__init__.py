"""Lectern from a shell: the commands that `lectern` and `flask --app wsgi` have in common."""

from presentations.web.cli import check, operations, users

COMMANDS = {
    "check": check.check,
    "status": operations.status,
    "retry": operations.retry,
    "cancel": operations.cancel,
    "purge": operations.purge_,
    "sweep": operations.sweep_,
    "user": users.user,
    "token": users.token,
    "export": operations.export,
    "import": operations.import_,
    "erase": operations.erase,
}

__all__ = ["COMMANDS"]
