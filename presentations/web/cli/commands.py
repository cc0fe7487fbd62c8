"""What all commands have in common."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable
from typing import Any

import click
from flask.cli import ScriptInfo

from presentations.database import COMMAND_LINE
from presentations.errors import LecternError
from presentations.files import StoreError
from presentations.printable import printable
from presentations.web.current import audit


class Command(click.Command):
    """A command that works on this Lectern. It says in a line what could not be done."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with ctx.ensure_object(ScriptInfo).load_app().app_context():
                return super().invoke(ctx)
        except StoreError as error:
            raise click.ClickException(printable(f"{error} ({error.reason})")) from None
        except LecternError as error:
            lines = str(error).split("\n")  # one about a server ends with several of its log
            raise click.ClickException("\n    ".join(map(printable, lines))) from None


class Commands(click.Group):
    """Commands about one thing."""

    command_class = Command


as_json = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")


def say(*fields: str) -> None:
    """Print a line; several fields have tabs between. What others wrote in them does nothing to the terminal."""
    click.echo("\t".join(map(printable, fields)))


def tell(lines: Iterable[str], found: object, as_json: bool) -> None:
    """Print these lines, or with --json what was found."""
    if as_json:
        click.echo(as_json_text(found))
        return
    for line in lines:
        say(line)


def as_json_text(found: object, *, ascii_only: bool = True) -> str:
    """What was found as JSON; unless it is `ascii_only`, as a file for people rather than for a terminal."""
    # The one control character that JSON leaves as it is.
    return json.dumps(found, indent=2, default=str, ensure_ascii=ascii_only).replace("\x7f", "\\u007f")


def note(action: str, whose: str | None = None, what: str | None = None) -> None:
    """Write down who did it, by the name in the operating system. Raises Unavailable."""
    audit().note(_name(), COMMAND_LINE, action, whose=whose, what=what)


def _name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"
