"""`flask --app wsgi check`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from presentations.checks import Check, everything
from presentations.web.current import servers


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def check(as_json: bool) -> None:
    """Look at configuration, database, Redis, Presenton and workers. The exit status is 1 if anything fails."""
    checks = everything(servers())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in checks], indent=2))
    else:
        for one in checks:
            click.echo(_line(one))
    sys.exit(any(one.problem for one in checks))


def _line(one: Check) -> str:
    if not one.problem:
        return f"ok     {one.name}" + (f": {one.said}" if one.said else "")
    return f"FAILS  {one.name}: {one.problem}\n       {one.advice}"
