"""Lectern installed into another project: a wheel in an environment of its own, far from this repository."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from presentations.library import Library
from tests.support.processes import ROOT

SCRIPT = """
import json, sys
import async_presentation_tool, presentations
from presentations.agent import call_tool, tool_definitions

tool = async_presentation_tool.AsyncPresentationTool(user_id="alice")
asked = tool.create_presentation_async("Photosynthesis", n_slides=3)
assert tool.get_job_status(asked["job_id"])["status"] == "pending"
assert json.loads(call_tool("list_presentations", {}, "alice"))["presentations"]

from presentations.agent.runtime import lectern
from presentations.settings import load
<<<<<<< HEAD
=======
from presentations.agent.runtime import lectern
>>>>>>> 36f3f4c (The life of a presentation is one module; presentations and webhooks stand on one queue engine)
from presentations.web import create_app

lectern().library.database.install_schema()
web = create_app(load()).test_client()
own = "http://127.0.0.1:8000"
pages = {path: web.get(path, base_url=own).status_code for path in ("/sign-in", "/static/lectern.css")}
print(json.dumps({
    "job_id": asked["job_id"],
    "files": [async_presentation_tool.__file__, presentations.__file__],
    "tools": len(tool_definitions("anthropic")),
    "pages": pages,
}))
"""


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT, cwd=folder)
    return next(folder.glob("lectern-*.whl"))


def test_the_wheel_carries_all_that_is_needed_and_nothing_else(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert tops == {
        "presentations",
        "async_presentation_tool.py",
        wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info",
    }
    code = {str(path.relative_to(ROOT)) for path in (ROOT / "presentations").rglob("*.py")}
    pages = {
        f"presentations/{path.relative_to(ROOT)}"
        for folder in ("templates", "static")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert code | pages | {"presentations/schema.sql", "presentations/demo/outline.txt"} <= names


def test_an_installed_tool_asks_for_a_presentation(
    wheel: Path, tmp_path: Path, environment: dict[str, str], library: Library
) -> None:
    """What Lectern needs is lent from the environment of the tests, so that nothing has to be fetched."""
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=False)
    python = fresh / "bin" / "python"
    packages = next((fresh / "lib").glob("python*")) / "site-packages"
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    two = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL")}
    said = json.loads(run(python, "-W", "error", "-c", SCRIPT, cwd=tmp_path, env=two))
    assert all(path.startswith(str(packages)) for path in said["files"])
    assert said["pages"] == {"/sign-in": 200, "/static/lectern.css": 200}
    assert said["tools"] > 5
    assert library.get("alice", said["job_id"]).n_slides == 3
    assert library.engine.queue.job_ids() == {f"{said['job_id']}_1"}
