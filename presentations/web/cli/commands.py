"""What all commands have in common."""

from __future__ import annotations

import getpass
import json
from typing import Any

import click
from flask.cli import ScriptInfo

from presentations.database import COMMAND_LINE
from presentations.errors import LecternError
from presentations.web.current import audit


class Command(click.Command):
    """A command that works on this Lectern. It says in a line what could not be done."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with ctx.ensure_object(ScriptInfo).load_app().app_context():
                return super().invoke(ctx)
        except LecternError as error:
            raise click.ClickException(str(error)) from None


class Commands(click.Group):
    """Commands about one thing."""

    command_class = Command


as_json = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


def tell(said: str, found: object, as_json: bool) -> None:
    """Print a sentence, or with --json what was found."""
    click.echo(json.dumps(found, indent=2, default=str) if as_json else said)


def note(action: str, whose: str | None = None, what: str | None = None) -> None:
    """Write down who did it, by the name in the operating system. Raises Unavailable."""
    audit().note(_name(), COMMAND_LINE, action, whose=whose, what=what)


def _name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"
