"""The embedded servers where processes are killed: data is kept, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import sqlalchemy as sa

from presentations.local import embedded, privileges
from tests.local.users import (
    IS_ROOT,
    START,
    User,
    answers,
    both,
    connected,
    end_all,
    keepers_of,
    processes,
    read,
    server_of,
    write,
)
from tests.support.waiting import PATIENCE, eventually


@both
def test_killing_everything_loses_nothing(name: str, folder: Path, user: Callable[..., User]) -> None:
    victim = user(name)
    write(victim.url, "survived")
    victim.kill()
    end_all(folder)
    server = START[name](folder)
    assert read(server.url) == "survived"
    server.stop()


@both
def test_a_killed_user_does_not_keep_the_server_up(name: str, folder: Path, user: Callable[..., User]) -> None:
    victim = user(name)
    assert victim.url
    victim.kill()
    eventually(lambda: not processes(folder))


@both
def test_a_killed_keeper_is_replaced_by_the_next_user(name: str, folder: Path, user: Callable[..., User]) -> None:
    first = user(name)
    url = first.url
    write(url, "before")
    keepers_of(folder)[0].kill()
    assert read(url) == "before"
    second = user(name)
    assert second.url == url
    assert read(url) == "before"
    assert len(keepers_of(folder)) == 1
    first.leave()
    second.leave()
    eventually(lambda: not processes(folder))


@both
def test_the_last_user_stops_a_server_whose_keeper_was_killed(name: str, folder: Path) -> None:
    server = START[name](folder)
    keepers_of(folder)[0].kill()
    server.stop()
    eventually(lambda: not processes(folder))


@both
def test_a_killed_server_comes_back_by_itself(name: str, folder: Path) -> None:
    server = START[name](folder)
    write(server.url, "before")
    server_of(folder).kill()
    eventually(lambda: answers(server.url))
    assert read(server.url) == "before"
    server.stop()


def test_a_killed_postgresql_comes_back_however_long_its_own_processes_take_to_end(folder: Path) -> None:
    server = embedded.postgres(folder)
    write(server.url, "before")
    with connected(server.url) as connection:
        own = psutil.Process(connection.scalar(sa.text("SELECT pg_backend_pid()")))
        own.suspend()  # as one that gets no time on a busy machine
        server_of(folder).kill()
        try:
            eventually(lambda: (folder / "postgres.log").read_text().count("still in use") > 7)
        finally:
            own.resume()
        connection.invalidate()
    eventually(lambda: answers(server.url))
    assert read(server.url) == "before"
    server.stop()


@both
def test_ctrl_c_in_one_process_leaves_the_others_their_server(name: str, user: Callable[..., User]) -> None:
    first = user(name, start_new_session=True, stderr=subprocess.DEVNULL)
    url = first.url
    write(url, "still there")
    second = user(name)
    assert second.url == url
    os.killpg(first.process.pid, signal.SIGINT)
    first.process.wait(timeout=PATIENCE)
    assert read(url) == "still there"


def test_a_half_made_database_does_not_count(folder: Path, user: Callable[..., User]) -> None:
    victim = user("postgres")
    eventually(lambda: list(folder.glob("postgres.new-*/base")))
    victim.kill()
    end_all(folder)
    assert not (folder / "postgres").exists()
    server = embedded.postgres(folder)
    write(server.url, "whole")
    assert not list(folder.glob("postgres.new-*"))
    server.stop()


def test_the_number_of_a_killed_server_may_belong_to_another_process_now(folder: Path) -> None:
    embedded.postgres(folder).stop()
    options = {"user": privileges.uid()} if IS_ROOT else {}
    with subprocess.Popen(["sleep", "60"], **options) as other:  # type: ignore[call-overload]
        (folder / "postgres" / "postmaster.pid").write_text(f"{other.pid}\n{folder / 'postgres'}\n")
        try:
            embedded.postgres(folder).stop()
            assert other.poll() is None
        finally:
            other.kill()
