"""make run, as somebody who has just cloned it meets it."""

from __future__ import annotations

import io
import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests
from pptx import Presentation

from tests.support.processes import ROOT, Process, free_port
from tests.support.waiting import PATIENCE, eventually

RunPython = Callable[..., "subprocess.CompletedProcess[str]"]


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that names this folder, in its command line or its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values()]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if process.pid != os.getpid() and any(str(folder) in word for word in words):
            found.append(process)
    return found


class Home:
    """A folder of one's own, and what `make run` has started there. Each start takes seconds of a core."""

    def __init__(self, folder: Path) -> None:
        self.var_dir = folder / "var of one's own"
        self._folder, self._port, self._starts = folder, free_port(), itertools.count(1)
        self._run: Process | None = None
        self._teacher: Teacher | None = None

    def start(self, **changed: str) -> Process:
        """Start it on its port, and wait until it says where it is."""
        own = {"PORT": str(self._port), "VAR_DIR": str(self.var_dir), "DEMO_SECONDS_PER_SLIDE": "0.1", **changed}
        self._run = run = Process(["-m", "presentations.local.run"], own, self._folder / f"run{next(self._starts)}.log")
        self._teacher = None
        eventually(lambda: run.lines("Lectern is at") or run.popen.poll() is not None)
        return run

    @property
    def run(self) -> Process:
        """What the test before has left running; started, where there is none."""
        return self._run if self._run and self._run.popen.poll() is None else self.start()

    @property
    def teacher(self) -> Teacher:
        """Who has followed the teacher's link of what runs, which lets in once."""
        run = self.run
        self._teacher = self._teacher or Teacher(run)
        return self._teacher

    def end(self) -> None:
        for process in processes_of(self.var_dir):
            process.kill()
        if self._run:
            self._run.popen.wait(PATIENCE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("home"))
    yield home
    home.end()


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Process]]:
    """The winner and the loser of two with one port and one Presenton: both begin before either serves its pages."""
    folder = tmp_path_factory.mktemp("rivals")
    port, own = str(free_port()), {"PRESENTON_URL": "http://127.0.0.1:1"}
    runs = [
        Process(
            ["-m", "presentations.local.run"],
            {"PORT": port, "VAR_DIR": str(folder / one), **own},
            folder / f"{one}.log",
        )
        for one in ("one", "other")
    ]
    eventually(lambda: any(run.lines("Admin: ") for run in runs))
    winner, loser = sorted(runs, key=lambda run: not run.lines("Admin: "))
    yield winner, loser
    status = winner.stop()
    for process in processes_of(folder):
        process.kill()
    loser.popen.wait(PATIENCE)
    assert status == 0


def where(run: Process) -> str:
    return run.wait_for("Lectern is at").split()[-1]


class Teacher:
    """Who has just followed the teacher's link that `make run` prints."""

    def __init__(self, run: Process) -> None:
        self.home, self.session = where(run), requests.Session()
        link = run.wait_for("Teacher: ").split()[-1]
        assert link.startswith(f"{self.home}/sign-in/")
        self.session.get(link, timeout=30).raise_for_status()

    def page(self, url: str = "") -> str:
        return self.session.get(url or self.home, timeout=30).text

    def hidden(self, url: str) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page(url)))

    def ask(self, topic: str, slides: int) -> None:
        """Fill in the form of the page and send it."""
        sent = {**self.hidden(f"{self.home}/new"), "topic": topic, "n_slides": str(slides)}
        self.session.post(f"{self.home}/presentations", data=sent, timeout=30).raise_for_status()

    def links(self) -> list[str]:
        """Where the finished ones are opened in the demo."""
        opened = re.findall(r'href="(/presentations/[^"]*)" class="btn quiet open"', self.page())
        return [f"{self.home}{path}/open" for path in opened]


def test_asked_on_the_page_opened_downloaded_and_there_again_the_next_day(home: Home) -> None:
    run, teacher = home.run, home.teacher
    teacher.ask("Photosynthesis", 3)
    link = eventually(teacher.links)[0]
    deck = teacher.page(link)
    assert "Photosynthesis" in deck
    assert "demo" in deck.lower()
    file = teacher.session.get(link.replace("/open", "/file"), timeout=30)
    assert file.headers["Content-Disposition"].endswith("''Photosynthesis.pptx")
    assert len(Presentation(io.BytesIO(file.content)).slides) == 3
    assert run.stop(signal.SIGTERM) == 0
    eventually(lambda: not processes_of(home.var_dir))
    home.start()
    assert "Photosynthesis" in teacher.page()
    next_day = home.teacher
    assert "Photosynthesis" in next_day.page(next_day.links()[0])


def test_a_shell_beside_it_shares_its_servers(home: Home, run_python: RunPython) -> None:
    teacher = home.teacher
    before = len(teacher.links())
    assert run_python("async_presentation_tool.py", "Cells", VAR_DIR=str(home.var_dir)).returncode == 0
    eventually(lambda: len(teacher.links()) > before)


def test_admin_has_a_link_too_and_links_are_new_at_each_start(home: Home) -> None:
    run = home.run
    first = run.wait_for("Admin: ")
    assert run.log.index("Lectern is at") < run.log.index("Teacher: ") < run.log.index("Admin: ")
    assert run.stop(signal.SIGINT) == 0
    eventually(lambda: not processes_of(home.var_dir))
    again = home.start(HOST="0.0.0.0")
    assert again.wait_for("Admin: ") != first
    assert again.lines("Listening at: http://127.0.0.1")


def test_kill_9_of_it_leaves_a_folder_that_starts_again(home: Home) -> None:
    home.run.kill()
    eventually(lambda: not processes_of(home.var_dir))
    assert where(home.start())


def test_kill_9_of_everything_leaves_a_folder_that_starts_again(home: Home) -> None:
    run, teacher = home.run, home.teacher
    before = len(teacher.links())
    teacher.ask("Glaciers", 2)
    eventually(lambda: len(teacher.links()) > before)
    for process in processes_of(home.var_dir):
        process.kill()
    run.popen.wait(30)
    home.start()
    assert "Glaciers" in home.teacher.page()


def test_commands_beside_it_find_its_demo_and_its_address_below_a_path_too(home: Home, run_python: RunPython) -> None:
    def beside(*arguments: str) -> tuple[int, str]:
        done = run_python(*arguments, VAR_DIR=str(home.var_dir))
        return done.returncode, done.stdout

    assert home.run.stop() == 0
    run = home.start(SCRIPT_NAME="/slides")
    agent = "from presentations.agent.runtime import lectern; print(lectern().presenton_url)"
    demo = run.wait_for("demo Presenton at").split("demo Presenton at ")[1].split()[0]
    assert beside("-c", agent) == (0, f"{demo}\n")
    assert beside("-m", "presentations", "user", "link", "teacher")[1].startswith(f"{where(run)}/sign-in/")
    assert where(run).endswith("/slides")
    assert home.teacher.page()
    status, said = beside("-m", "presentations", "check")
    assert (status, {line.split()[0] for line in said.splitlines()}) == (0, {"ok"})
    assert run.stop() == 0
    assert not (home.var_dir / "run.json").exists()
    assert "FAILS  configuration: PRESENTON_URL is not set." in beside("-m", "presentations", "check")[1]


def test_a_presenton_of_ones_own_is_used(rivals: tuple[Process, Process]) -> None:
    run, _ = rivals
    assert not run.lines("demo Presenton")
    assert run.wait_for("Presenton at http://127.0.0.1:1")
    assert not [p for p in psutil.Process(run.popen.pid).children() if "presentations.demo" in p.cmdline()]


def test_of_two_on_one_port_the_loser_says_so_and_prints_no_links(rivals: tuple[Process, Process]) -> None:
    winner, loser = rivals
    assert loser.popen.wait(60) == 1
    port = where(winner).rsplit(":", 1)[1]
    assert loser.log.splitlines()[-1].startswith(f"Lectern cannot run. PORT is {port}: Address already in use")
    assert not loser.lines("sign-in")
    assert "Traceback" not in loser.log


def test_make_explains_itself() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {goal}" in said for goal in ("setup", "run", "test", "lint", "clean"))


def test_a_folder_that_cannot_be_made_is_named_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = Process(
        ["-m", "presentations.local.run"],
        {"PORT": str(free_port()), "VAR_DIR": str(tmp_path / "file" / "var")},
        tmp_path / "log",
    )
    assert run.popen.wait(60) == 1
    assert run.log.splitlines()[-1].startswith(f"Lectern cannot run. VAR_DIR is {tmp_path}/file/var: Not a directory")
    assert "Traceback" not in run.log


def test_it_starts_its_servers_before_it_reads_the_libraries_of_the_database_and_of_http(tmp_path: Path) -> None:
    code = "import sys, presentations.local.run; print({'sqlalchemy', 'requests'} & sys.modules.keys())"
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "set()\n"
