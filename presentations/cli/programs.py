"""The programs that `lectern` starts. Each is imported when it is started."""

from __future__ import annotations

import os
import sys

import click

from presentations.resources import WEB


@click.command()
def run() -> None:
    """Run all of Lectern on this machine, until Ctrl-C.

    Starts the web at http://127.0.0.1:8000 (PORT), a worker, PostgreSQL and Valkey, and, unless PRESENTON_URL is set, a
    demo Presenton. Prints links that sign in a teacher and an admin. What is kept is in the folder `var` (VAR_DIR).
    """
    from presentations.local.run import main

    sys.exit(main())


@click.command()
def web() -> None:
    """Serve the web pages and the API by gunicorn, until SIGTERM.

    HOST and PORT say where, WEB_PROCESSES and WEB_THREADS for how many at once.
    """
    os.execv(sys.executable, [sys.executable, *WEB])  # noqa: S606


@click.command()
def worker() -> None:
    """Make the presentations that were asked for, until SIGTERM.

    A worker makes WORKER_THREADS of them at once. Start as many workers as you like, on as many machines, and stop them
    at any time: the next one goes on where this one was.
    """
    from presentations.worker import main

    sys.exit(main())


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def mcp(arguments: tuple[str, ...]) -> None:
    """Serve agents: one user's, or over HTTP everybody's. The options are those of `python -m presentations.mcp`."""
    from presentations.mcp.__main__ import main

    sys.exit(main(list(arguments), called="lectern mcp"))


PROGRAMS = {command.name: command for command in (run, web, worker, mcp)}
