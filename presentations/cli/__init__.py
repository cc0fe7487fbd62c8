"""Cli: the command `lectern`, which is also `python -m presentations`: its help page, and the programs that it starts.

The commands that look after what is kept are in `presentations/web/cli/`, since `flask --app wsgi` has them, too.
Imports the web, the worker, local and mcp, each when it is asked for.
"""

from presentations.cli.lectern import main

__all__ = ["main"]
