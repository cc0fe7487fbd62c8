"""`flask --app wsgi user ...`: accounts on the command line."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from presentations.accounts import ROLES
from presentations.errors import LecternError
from presentations.models import TEACHER
from presentations.web.current import accounts


class _Commands(AppGroup):
    """Says in a line what could not be done."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LecternError as error:
            raise click.ClickException(str(error)) from None


user = _Commands("user", help="Accounts: who may sign in.")


@user.command()
@click.argument("user_id", metavar="ID")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=TEACHER, show_default=True)
def add(user_id: str, email: str, name: str, role: str) -> None:
    """Add an account, as yet without a password. ID is the user_id that an agent passes."""
    added = accounts().add(user_id, name, email, role=role)
    click.echo(f"Added {added.id}. It gets in with a password (user passwd) or a link (user link).")


@user.command("list")
def list_() -> None:
    """List all accounts: id, e-mail, role, state, last sign-in and name."""
    for one in accounts().list():
        state = "active" if one.is_active else "deactivated"
        last = f"{one.signed_in_at:%Y-%m-%d %H:%M}Z" if one.signed_in_at else "never"
        click.echo("\t".join((one.id, one.email, one.role, state, last, one.name)))


@user.command()
@click.argument("user_id", metavar="ID")
def passwd(user_id: str) -> None:
    """Give an account a password, asked for or read from the standard input. All its sessions end."""
    accounts().set_password(user_id, _password())
    click.echo(f"The password of {user_id} is changed.")


@user.command()
@click.argument("user_id", metavar="ID")
def deactivate(user_id: str) -> None:
    """Let somebody in no longer; the presentations stay. All sessions end."""
    accounts().deactivate(user_id)
    click.echo(f"{user_id} is deactivated.")


@user.command()
@click.argument("user_id", metavar="ID")
def reactivate(user_id: str) -> None:
    """Let somebody in again."""
    accounts().reactivate(user_id)
    click.echo(f"{user_id} is active again.")


@user.command()
@click.argument("user_id", metavar="ID")
def link(user_id: str) -> None:
    """Print a link that signs somebody in once, within 15 minutes."""
    click.echo(f"{current_app.config['WEB_URL']}/sign-in/{accounts().make_link(user_id)}")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
