"""The command `lectern`, as processes of its own: one help page, quick, and all that it names can be done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from presentations.accounts import Accounts
from presentations.cli import main
from presentations.cli.lectern import SECTIONS
from presentations.cli.programs import PROGRAMS
from presentations.database import Database
from presentations.library import Library
from presentations.web.cli import COMMANDS
from tests.support.nursery import Nursery
from tests.support.processes import ROOT, Process, free_port
from tests.support.waiting import eventually

NAMES = [name for section in SECTIONS.values() for name in section]
AS_LECTERN = ["-c", "from presentations.cli import main; main(prog_name='lectern')"]
Done = subprocess.CompletedProcess[str]
Lectern = Callable[..., Done]


def lectern(*arguments: str, **environment: str) -> Done:
    """What a process says that does as `lectern` does."""
    return subprocess.run(
        [sys.executable, *AS_LECTERN, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def quick_lectern(run_python: Callable[..., Done]) -> Lectern:
    """The same with the libraries already loaded, for commands that load them."""
    return partial(run_python, *AS_LECTERN)


def test_one_help_page_for_all_there_is() -> None:
    page = lectern("--help").stdout
    assert page.startswith("Usage: lectern [OPTIONS] COMMAND [ARGS]...\n")
    assert "If you are new here: `lectern run`" in page
    titles = re.findall(r"^(\w.*):$", page, re.MULTILINE)
    assert titles == ["Options", *SECTIONS] == ["Options", "Start Lectern", "Look after it", "People", "Their data"]
    assert re.findall(r"^  ([a-z]+)  +\w.*\.$", page, re.MULTILINE) == NAMES
    assert max(map(len, page.splitlines())) < 80
    assert lectern().stderr == page


def test_the_page_names_what_there_is() -> None:
    assert {*NAMES} == {*PROGRAMS, *COMMANDS}
    assert not PROGRAMS.keys() & COMMANDS.keys()
    assert list(main.list_commands(main.make_context("lectern", [], resilient_parsing=True))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_command_explains_itself(name: str) -> None:
    said = CliRunner().invoke(main, [name, "--help"])
    assert said.exit_code == 0
    assert said.output.lower().startswith(f"usage: {'main' if name != 'mcp' else 'lectern'} {name} ")


def test_python_m_presentations_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "presentations", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == lectern("--help").stdout.replace("Usage: lectern", "Usage: python -m presentations")


@pytest.mark.parametrize(
    "arguments",
    ["['--help']", "['worker', '--help']", "[], complete_var='_LECTERN_COMPLETE'"],
    ids=["help", "help of a program", "completion"],
)
def test_help_and_completion_load_nothing_that_takes_long(arguments: str) -> None:
    code = (
        "import sys\nfrom presentations.cli import main\n"
        f"try: main({arguments}, prog_name='lectern')\n"
        "except SystemExit: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    completing = {"_LECTERN_COMPLETE": "zsh_complete", "COMP_WORDS": "lectern ", "COMP_CWORD": "1"}
    environment = completing if "complete_var" in arguments else {}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "worker" in done.stdout
    assert not {"flask", "sqlalchemy", "rq", "redis", "psycopg2", "requests"} & set(done.stderr.split())


def test_completion_knows_commands_their_commands_and_options() -> None:
    def complete(line: str) -> list[str]:
        words = {"_LECTERN_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        return [one.removeprefix("plain,") for one in lectern(**words).stdout.split()]

    assert complete("lectern re") == ["retry"]
    assert complete("lectern user l") == ["link", "list"]
    assert complete("lectern check --") == ["--json", "--help"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_has_a_script_for_each_shell(shell: str) -> None:
    if shell == "bash" and not shutil.which("bash"):
        pytest.skip("bash is not installed")
    done = lectern(_LECTERN_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert f"_LECTERN_COMPLETE={shell}_complete" in done.stdout


def test_it_looks_after_accounts(quick_lectern: Lectern, environment: dict[str, str], database: Database) -> None:
    added = quick_lectern("user", "add", "user123", "ada@school.example", "Ada Byron", **environment)
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("Added user123.")
    assert Accounts(database).list()[0].name == "Ada Byron"
    assert "/sign-in/" in quick_lectern("user", "link", "user123", **environment).stdout
    again = quick_lectern("user", "add", "user123", "ada@school.example", "Ada Byron", **environment)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("Error: ")


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str], nursery: Nursery) -> Iterator[Callable[..., Process]]:
    """Starts a program of `lectern`; ends it after the test."""
    started: list[Process] = []

    def start(*arguments: str, **changed: str) -> Process:
        log = tmp_path / f"lectern{len(started)}.log"
        started.append(Process(["-m", "presentations", *arguments], environment | changed, log, nursery=nursery))
        return started[-1]

    yield start
    for process in started:
        if process.popen.poll() is None:
            process.kill()
        print(process.log)


def test_it_starts_web_and_worker(
    quick_lectern: Lectern, start: Callable[..., Process], environment: dict[str, str], library: Library
) -> None:
    port = str(free_port())
    web, worker = start("web", PORT=port, WEB_THREADS="3"), start("worker")
    web.wait_for(f"Listening at: http://127.0.0.1:{port}")
    eventually(lambda: requests.get(f"http://127.0.0.1:{port}/healthz", timeout=30).ok)
    one = library.create("teacher", "Cells")
    eventually(lambda: library.get("teacher", one.id).status == "complete")
    done = quick_lectern("check", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"ok"}
    assert "workers            1\n" in quick_lectern("status", **environment).stdout
    assert "complete" in quick_lectern("status", str(one.id), **environment).stdout
    assert (web.stop(), worker.stop()) == (0, 0)


def test_a_worker_without_its_settings_says_what_worker_py_says(
    quick_lectern: Lectern, environment: dict[str, str]
) -> None:
    bad = environment | {"LEASE_SECONDS": "soon"}
    plain = subprocess.run(
        [sys.executable, "worker.py"], cwd=ROOT, env=bad, capture_output=True, text=True, check=False
    )
    done = quick_lectern("worker", **bad)
    assert (done.returncode, done.stderr) == (plain.returncode, plain.stderr)
    assert done.stderr == "The worker cannot start. LEASE_SECONDS is 'soon': expected a number from 1 to 600\n"


@pytest.mark.parametrize("command", ["web", "status", "check"])
def test_a_bad_setting_is_named_in_a_line(quick_lectern: Lectern, command: str) -> None:
    done = quick_lectern(command, LEASE_SECONDS="soon")
    assert done.returncode == 1
    assert done.stderr.removeprefix("Error: ") == "LEASE_SECONDS is 'soon': expected a number from 1 to 600\n"


def test_looking_at_a_lectern_makes_none(quick_lectern: Lectern, tmp_path: Path) -> None:
    done = quick_lectern("status", VAR_DIR=str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: There is no Lectern in {tmp_path}/nowhere: expected the folder where")
    assert not list(tmp_path.iterdir())


def test_mcp_gets_the_options_that_are_its_own(quick_lectern: Lectern, start: Callable[..., Process]) -> None:
    assert quick_lectern("mcp", "--help").stdout.startswith("usage: lectern mcp [-h] [--user USER]")
    assert "MCP_USER is not set" in quick_lectern("mcp").stderr
    start("mcp", "--user", "ada", "--http", "--port", "0").wait_for("The MCP server is at http://", "acts as 'ada'")
