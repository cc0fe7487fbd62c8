"""docs/webhooks.md does what it says: its two programs are run as a stranger would run them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.library import Library
from tests.support.processes import ROOT, Process, free_port

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
Start = Callable[[Path, dict[str, str]], subprocess.Popen[str]]


def program(name: str, folder: Path) -> Path:
    found = re.search(rf"<!-- {name} -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    assert found
    path = folder / name
    path.write_text(found[1], encoding="utf-8")
    return path


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a program that was copied from the page."""
    started: list[subprocess.Popen[str]] = []

    def run(path: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
        own = {"PYTHONPATH": str(ROOT), **environment}
        started.append(subprocess.Popen([sys.executable, str(path)], env=own, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_a_stranger_is_told(
    library: Library,
    database: Database,
    accounts: Accounts,
    environment: dict[str, str],
    start_web: Callable[..., str],
    start_worker: Callable[..., Process],
    start: Start,
    tmp_path: Path,
) -> None:
    port = str(free_port())
    web = start_web(WEBHOOK_ALLOW_PRIVATE="1")
    subscribe = program("subscribe.py", tmp_path)
    subscribe.write_text(subscribe.read_text().replace("http://127.0.0.1:8000", web).replace("9000", port))
    token = Tokens(database).make("teacher", "try", SCOPES)[1]
    secret, _ = start(subscribe, environment | {"LECTERN_TOKEN": token}).communicate(timeout=30)
    assert secret.startswith("whsec_")
    receiver = start(program("receiver.py", tmp_path), {"WEBHOOK_SECRET": secret.strip(), "PORT": port})
    start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    asked = library.create("teacher", "Leaves", 1)
    assert receiver.stdout
    told = receiver.stdout.readline()
    assert told == f"presentation.completed Leaves {library.get(None, asked.id).presenton_url}\n"
