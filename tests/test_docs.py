"""docs/agents.md tells the truth: its code runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

from presentations.library import Library
from tests.support.processes import ROOT, Process

PAGE = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_its_python_runs_as_it_stands(
    environment: dict[str, str], library: Library, start_worker: Callable[..., Process]
) -> None:
    start_worker()
    own = [code for code in blocks("python") if "import anthropic" not in code and "import openai" not in code]
    script = "\n".join([*own, "assert [one['job_id'] for one in news()] == [asked['job_id']]", "assert news() == []"])
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = re.findall(r"^# (Error: .*)$", PAGE, re.MULTILINE)
    assert said
    assert set(said) <= set(done.stdout.splitlines())
    assert library.list("user123").items[0].status == "complete"


def test_the_readmes_python_runs_as_it_stands(environment: dict[str, str], library: Library) -> None:
    [code] = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, timeout=60, check=True)
    subjects = {one.topic: one.subject for one in library.list("teacher").items}
    assert subjects == {"Photosynthesis for Biology Test": "biology", "Photosynthesis": "default"}
