"""The command `lectern`: one help page for all that can be done in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from presentations.cli import programs
from presentations.errors import SettingsError

if TYPE_CHECKING:
    from flask import Flask

SECTIONS = {
    "Start Lectern": {
        "run": "All of it on this machine, with a demo Presenton if you have none.",
        "web": "The web pages and the API, for others to use.",
        "worker": "A worker, which makes what was asked for. Start as many as you like.",
        "mcp": "A server for programs that speak the Model Context Protocol.",
    },
    "Look after it": {
        "check": "Is all well? If not, what is wrong and what to do about it.",
        "status": "How the line stands, or one presentation.",
        "retry": "Have presentations made after all that failed or were cancelled.",
        "cancel": "Stop presentations that wait or are being made.",
        "purge": "Delete for good what was deleted long ago.",
        "sweep": "Delete files that nothing names any more.",
    },
    "People": {
        "user": "Who may sign in: add, list, passwd, link, deactivate, reactivate.",
        "token": "What programs sign in with: add, list, revoke.",
    },
    "Their data": {
        "export": "Give out all that is kept of a person.",
        "import": "Take in what export has given.",
        "erase": "Delete all that is kept of a person, for good.",
    },
}
_ABOUT = {name: about for section in SECTIONS.values() for name, about in section.items()}


class _Lectern(click.Group):
    """Loads a command when it is run: help and completion would wait a second for what only the commands need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_ABOUT)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in programs.PROGRAMS:
            return programs.PROGRAMS[cmd_name]
        if cmd_name not in _ABOUT:
            return None
        from flask.cli import ScriptInfo

        from presentations.web.cli import COMMANDS

        ctx.obj = ScriptInfo(create_app=_app)  # as `flask` would have made it of `--app wsgi`
        return COMMANDS[cmd_name]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [CompletionItem(name, help=_ABOUT[name]) for name in _ABOUT if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)


def _app() -> Flask:
    """The web that commands work on. Raises SettingsError where there is none yet."""
    from presentations.settings import load
    from presentations.web import from_environment

    configured = load()
    # To look at a Lectern must not make one, in whatever folder somebody happens to be.
    if not configured.database_url and not configured.var_dir.exists():
        raise SettingsError(
            f"There is no Lectern in {configured.var_dir}: expected the folder where it was started, "
            "or DATABASE_URL or VAR_DIR to be set. `lectern run` starts one."
        )
    return from_environment()


@click.group(cls=_Lectern, epilog="Each command has a --help of its own. Settings come from the environment.")
def main() -> None:
    """Slide presentations made in the background: ask now, present later.

    If you are new here: `lectern run` starts all of it and says where it is.
    """
