"""`lectern user ...` and `lectern token ...`: accounts and their tokens on the command line."""

from __future__ import annotations

import sys

import click

from presentations.accounts import ROLES, SCOPES
from presentations.database.models import TEACHER
from presentations.web.addresses import sign_in_link
from presentations.web.auditing import with_ended
from presentations.web.cli.commands import Commands, note, say
from presentations.web.current import accounts, tokens
from presentations.web.wording import switched_off

user = Commands("user", help="Who may sign in.")


@user.command()
@click.argument("user_id", metavar="ID")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=TEACHER, show_default=True)
def add(user_id: str, email: str, name: str, role: str) -> None:
    """Add an account, as yet without a password. ID is the user_id that an agent passes."""
    added = accounts().add(user_id, name, email, role=role)
    note("added an account", user_id)
    say(f"Added {added.id}. It gets in with a password (user passwd) or a link (user link).")


@user.command("list")
def list_() -> None:
    """List all accounts.

    A line for each, with tabs between: id, e-mail, role, state, last sign-in and name.
    """
    for one in accounts().list():
        state = "active" if one.is_active else "deactivated"
        last = f"{one.signed_in_at:%Y-%m-%d %H:%M}Z" if one.signed_in_at else "never"
        say(one.id, one.email, one.role, state, last, one.name)


@user.command()
@click.argument("user_id", metavar="ID")
def passwd(user_id: str) -> None:
    """Give an account a password. All its sessions end.

    It is asked for, or read from the standard input.
    """
    accounts().set_password(user_id, _password())
    note("changed the password", user_id)
    say(f"The password of {user_id} is changed.")


@user.command()
@click.argument("user_id", metavar="ID")
def deactivate(user_id: str) -> None:
    """Let somebody in no longer; the presentations stay. All sessions end."""
    _, ended = accounts().deactivate(user_id)
    note("deactivated an account", user_id, with_ended(None, ended))
    say(f"{user_id} is deactivated.{switched_off(ended)}")


@user.command()
@click.argument("user_id", metavar="ID")
def reactivate(user_id: str) -> None:
    """Let somebody in again."""
    accounts().reactivate(user_id)
    note("reactivated an account", user_id)
    say(f"{user_id} is active again.")


@user.command()
@click.argument("user_id", metavar="ID")
def link(user_id: str) -> None:
    """Print a link that signs somebody in once, within 15 minutes."""
    secret = accounts().make_link(user_id)
    note("made a sign-in link", user_id)
    say(sign_in_link(secret))


token = Commands("token", help="What programs show instead of signing in.")


@token.command("add")
@click.argument("user_id", metavar="ID")
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, default=SCOPES, show_default=True)
@click.option("--acts-for-all", is_flag=True, help="It may act for any user_id, as the agent of an LMS does.")
def add_token(user_id: str, name: str, scopes: tuple[str, ...], acts_for_all: bool) -> None:
    """Make a token of the account ID.

    Prints its secret, which is shown this once.
    """
    _, secret = tokens().make(user_id, name, scopes, acts_for_all, is_trusted=True)
    note("made a token", user_id)
    say(secret)


@token.command("list")
@click.argument("user_id", metavar="[ID]", required=False)
def list_tokens(user_id: str | None) -> None:
    """List the tokens of an account, or all.

    A line for each, with tabs between: id, account, scopes, last use and name.
    """
    for one in tokens().list(user_id):
        scopes = f"{one.scopes} for all" if one.acts_for_all else one.scopes
        last = f"{one.last_used_at:%Y-%m-%d %H:%M}Z" if one.last_used_at else "never"
        say(str(one.id), one.user_id, scopes, last, one.name)


@token.command()
@click.argument("token_id", metavar="TOKEN")
def revoke(token_id: str) -> None:
    """Have a token work no longer. TOKEN is its id, as listed."""
    revoked, ended = tokens().revoke(None, token_id)
    note("revoked a token", revoked.user_id, with_ended(f"token {revoked.id}", ended))
    say(f"{revoked.name} works no longer.{switched_off(ended)}")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
