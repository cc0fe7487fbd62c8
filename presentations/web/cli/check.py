"""`lectern check`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from presentations.operations import Check, thoroughly
from presentations.web.cli.commands import Command, as_json, tell
from presentations.web.current import servers


@click.command(cls=Command)
@as_json
def check(as_json: bool) -> None:
    """Look at configuration, database, Redis, files, Presenton and workers. The exit status is 1 if anything fails."""
    checks = thoroughly(servers())
    tell([line for one in checks for line in _lines(one)], [asdict(one) for one in checks], as_json)
    sys.exit(any(one.problem and not one.is_warning for one in checks))


def _lines(one: Check) -> list[str]:
    if not one.problem:
        return [f"ok     {one.name}" + (f": {one.said}" if one.said else "")]
    return [f"{'warns' if one.is_warning else 'FAILS'}  {one.name}: {one.problem}", f"       {one.advice}"]
