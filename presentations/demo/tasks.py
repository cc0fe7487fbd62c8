"""The tasks that are known: some are kept in a folder, for the next start."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from presentations.demo.asked import Asked
from presentations.demo.failures import Failure
from presentations.demo.generation import Generation


class Tasks:
    """Those of `folder`, if one is given, and those `known` already. Not safe to use from several threads."""

    def __init__(self, folder: Path | None, known: Iterable[Generation]) -> None:
        self._folder = folder
        read = _read_tasks(folder) if folder else []
        self._tasks = {task.id: task for task in (*read, *known)}

    def add(self, task: Generation) -> None:
        self._tasks[task.id] = task
        self.keep(task)

    def get(self, task_id: str) -> Generation | None:
        return self._tasks.get(task_id)

    def all(self) -> list[Generation]:
        return list(self._tasks.values())

    def forget(self) -> None:
        self._tasks.clear()
        for file in self._folder.glob("*.json") if self._folder else ():
            file.unlink()

    def keep(self, task: Generation) -> None:
        if self._folder and task.id in self._tasks:
            kept = asdict(task) | {"created_at": task.created_at.isoformat(), "elapsed": task.elapsed}
            (self._folder / f"{task.id}.json").write_text(json.dumps(kept))


def _read_tasks(folder: Path) -> list[Generation]:
    folder.mkdir(parents=True, exist_ok=True)
    return [_read_task(json.loads(file.read_text())) for file in folder.glob("*.json")]


def _read_task(kept: dict[str, Any]) -> Generation:
    """A task of an earlier run: it stays as it was."""
    return Generation(
        asked=Asked.of(kept["asked"]),
        seconds=kept["seconds"],
        counted_by=kept["counted_by"],
        failure=Failure(**kept["failure"]) if kept["failure"] else None,
        held_at=kept["held_at"],
        stops_after=kept["elapsed"],
        id=kept["id"],
        presentation_id=kept["presentation_id"],
        created_at=datetime.fromisoformat(kept["created_at"]),
        started=-math.inf,
        is_listed=True,
    )
