"""docs/api.md does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from flask import Flask

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from tests.support.processes import ROOT, Process

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
CURL = r"^curl (?:-\S+ )?(?:-X ([A-Z]+) )?\"?\$LECTERN(\S+?)\"? (.*)$"


def test_its_python_runs_as_it_stands(
    start_web: Callable[..., str],
    start_worker: Callable[..., Process],
    database: Database,
    accounts: Accounts,
    tmp_path: Path,
) -> None:
    web = start_web()
    start_worker()
    script = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    done = subprocess.run(
        [sys.executable, "-c", script.replace("http://127.0.0.1:8000", web)],
        env={"LECTERN_TOKEN": Tokens(database).make("teacher", "try", SCOPES)[1]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("complete /")
    assert second == "presentation.completed Photosynthesis"
    assert (tmp_path / "slides.pptx").read_bytes()[:2] == b"PK"


def test_every_call_is_on_the_page_and_every_call_on_the_page_exists(app: Flask) -> None:
    paths = app.url_map.bind("127.0.0.1")
    shown = set()
    for method, path, rest in re.findall(CURL, PAGE.replace("\\\n", ""), re.MULTILINE):
        address = re.sub(r"[0-9a-f]{4}\.\.\.", str(uuid4()), path.partition("?")[0])
        endpoint, _ = paths.match(address, method=method or ("POST" if re.search(" -[dF] ", rest) else "GET"))
        shown.add(endpoint)
    there = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert there - shown == {"api.list_events", "api.list_webhooks", "api.webhook"}
