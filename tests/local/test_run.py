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
from tests.support.waiting import eventually

StartRun = Callable[..., Process]


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


@pytest.fixture
def var_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var of one's own"
    yield folder
    for process in processes_of(folder):
        process.kill()


@pytest.fixture
def start_run(var_dir: Path, tmp_path: Path) -> StartRun:
    """Starts what `make run` starts, on a port of its own, and waits until it says where it is."""
    port, starts = free_port(), itertools.count(1)

    def start(**changed: str) -> Process:
        environment = {"PORT": str(port), "VAR_DIR": str(var_dir), "DEMO_SECONDS_PER_SLIDE": "0.1", **changed}
        run = Process(["-m", "presentations.local.run"], environment, tmp_path / f"run{next(starts)}.log")
        eventually(lambda: run.lines("Lectern is at") or run.popen.poll() is not None, 60)
        return run

    return start


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


def test_asked_on_the_page_opened_downloaded_and_there_again_the_next_day(start_run: StartRun, var_dir: Path) -> None:
    run = start_run()
    teacher = Teacher(run)
    teacher.ask("Photosynthesis", 3)
    link = eventually(teacher.links)[0]
    deck = teacher.page(link)
    assert "Photosynthesis" in deck
    assert "demo" in deck.lower()
    file = teacher.session.get(link.replace("/open", "/file"), timeout=30)
    assert file.headers["Content-Disposition"].endswith("''Photosynthesis.pptx")
    assert len(Presentation(io.BytesIO(file.content)).slides) == 3
    assert run.stop(signal.SIGTERM) == 0
    eventually(lambda: not processes_of(var_dir), 5)
    again = start_run()
    assert "Photosynthesis" in teacher.page()
    next_day = Teacher(again)
    assert "Photosynthesis" in next_day.page(next_day.links()[0])
    assert again.stop(signal.SIGINT) == 0
    eventually(lambda: not processes_of(var_dir), 5)


def test_a_shell_beside_it_shares_its_servers(start_run: StartRun, var_dir: Path) -> None:
    run = start_run()
    Process(["async_presentation_tool.py", "Cells"], {"VAR_DIR": str(var_dir)}, var_dir / "tool.log").popen.wait(30)
    eventually(Teacher(run).links)
    assert run.stop() == 0
    eventually(lambda: not processes_of(var_dir), 5)


def test_commands_beside_it_find_its_demo_and_its_address_below_a_path_too(start_run: StartRun, var_dir: Path) -> None:
    run = start_run(SCRIPT_NAME="/slides")
    agent = "from presentations.agent.runtime import lectern; print(lectern().presenton_url)"
    demo = run.wait_for("demo Presenton at").split("demo Presenton at ")[1].split()[0]
    assert beside(var_dir, "-c", agent) == (0, f"{demo}\n")
    assert beside(var_dir, "-m", "presentations", "user", "link", "teacher")[1].startswith(f"{where(run)}/sign-in/")
    assert where(run).endswith("/slides")
    Teacher(run)
    status, said = beside(var_dir, "-m", "presentations", "check")
    assert (status, {line.split()[0] for line in said.splitlines()}) == (0, {"ok"})
    assert run.stop() == 0
    assert not (var_dir / "run.json").exists()
    assert "FAILS  configuration: PRESENTON_URL is not set." in beside(var_dir, "-m", "presentations", "check")[1]


def beside(var_dir: Path, *arguments: str) -> tuple[int, str]:
    """How another process ends that has nothing set but the same folder, and what it prints."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    return done.returncode, done.stdout


def test_admin_has_a_link_too_and_links_are_new_at_each_start(start_run: StartRun) -> None:
    run = start_run()
    first = run.wait_for("Admin: ")
    assert run.log.index("Lectern is at") < run.log.index("Teacher: ") < run.log.index("Admin: ")
    assert run.stop() == 0
    again = start_run(HOST="0.0.0.0")
    assert again.wait_for("Admin: ") != first
    assert again.lines("Listening at: http://127.0.0.1")
    assert again.stop() == 0


def test_kill_9_of_it_leaves_a_folder_that_starts_again(start_run: StartRun, var_dir: Path) -> None:
    run = start_run()
    run.kill()
    eventually(lambda: not processes_of(var_dir), 20)
    assert start_run().stop() == 0


def test_kill_9_of_everything_leaves_a_folder_that_starts_again(start_run: StartRun, var_dir: Path) -> None:
    run = start_run()
    teacher = Teacher(run)
    teacher.ask("Photosynthesis", 2)
    eventually(teacher.links)
    for process in processes_of(var_dir):
        process.kill()
    run.popen.wait(30)
    again = start_run()
    assert "Photosynthesis" in Teacher(again).page()
    assert again.stop() == 0


def test_a_presenton_of_ones_own_is_used(start_run: StartRun, var_dir: Path) -> None:
    run = start_run(PRESENTON_URL="http://127.0.0.1:1")
    assert not run.lines("demo Presenton")
    assert run.lines("Presenton at http://127.0.0.1:1")
    assert not [p for p in processes_of(var_dir) if "presentations.demo" in p.cmdline()]
    assert run.stop() == 0


def test_of_two_on_one_port_the_loser_says_so_and_prints_no_links(tmp_path: Path, var_dir: Path) -> None:
    """Both begin before either serves its pages."""
    port = str(free_port())
    runs = [
        Process(
            ["-m", "presentations.local.run"],
            {"PORT": port, "VAR_DIR": str(var_dir / one), "PRESENTON_URL": "http://127.0.0.1:1"},
            tmp_path / f"{one}.log",
        )
        for one in ("one", "other")
    ]
    eventually(lambda: any(run.lines("Admin: ") for run in runs))
    winner, loser = sorted(runs, key=lambda run: not run.lines("Admin: "))
    assert loser.popen.wait(60) == 1
    assert loser.log.splitlines()[-1].startswith(f"Lectern cannot run. PORT is {port}: Address already in use")
    assert not loser.lines("sign-in")
    assert "Traceback" not in loser.log
    assert winner.stop() == 0


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


def test_it_starts_its_servers_before_it_reads_the_libraries_of_the_database(tmp_path: Path) -> None:
    code = "import sys, presentations.local.run; print('sqlalchemy' in sys.modules)"
    assert beside(tmp_path, "-c", code) == (0, "False\n")
