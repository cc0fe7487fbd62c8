"""Somebody who asks for work, as a process of its own that is told by lines of JSON what to do.

python -m benchmarks.systems NAME. `{"topics": [...], "threads": 1}` answers when each was asked for and taken, on the
machine's monotonic clock; `{"prepare": true}` makes what the system needs, `{"command": 20}` answers its worker's
command, and `{"done": true}` how much is done, where only the system itself knows. An empty line ends it.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def main() -> None:
    system = importlib.import_module(f"benchmarks.systems.{sys.argv[1]}")
    for line in sys.stdin:
        if not line.strip():
            return
        print(json.dumps(answer(system, json.loads(line))), flush=True)


def answer(system: Any, told: dict[str, Any]) -> Any:
    if "prepare" in told:
        getattr(system, "prepare", lambda: None)()
        return None
    if "done" in told:
        return getattr(system, "done", lambda: None)()
    if "command" in told:
        return system.command(told["command"])

    def create(topic: str) -> tuple[float, float]:
        begun = time.monotonic()
        system.create(topic)
        return begun, time.monotonic()

    if told["threads"] == 1:
        return [create(topic) for topic in told["topics"]]
    with ThreadPoolExecutor(told["threads"]) as pool:
        return list(pool.map(create, told["topics"]))


if __name__ == "__main__":
    main()
