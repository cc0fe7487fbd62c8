"""Lectern: by the import that agents use, and `python worker.py`."""

from __future__ import annotations

import itertools
import os
import sys

from presentations.agent import AsyncPresentationTool

# Nobody may have more than 20 waiting, so many teachers ask.
_teachers = [AsyncPresentationTool(user_id=f"teacher{n}") for n in range(500)]
_turn = itertools.cycle(_teachers)


def prepare() -> None:
    from presentations.database import Database

    Database.at(os.environ["DATABASE_URL"]).install_schema()


def create(topic: str) -> None:
    next(_turn).create_presentation_async(topic, n_slides=8)


def command(threads: int) -> list[str]:
    return [sys.executable, "worker.py"]
