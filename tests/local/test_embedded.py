"""The embedded PostgreSQL and Valkey: real servers, shared by real processes that end in all the ways there are."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from presentations.local import embedded
from tests.local.users import (
    PROJECT,
    START,
    User,
    answers,
    both,
    processes,
    read,
    server_of,
    write,
)
from tests.support.waiting import eventually


@both
def test_two_processes_share_one_server_and_the_last_one_out_stops_it(
    name: str, folder: Path, user: Callable[..., User]
) -> None:
    first, second = user(name), user(name)
    url = first.url
    assert second.url == url
    write(url, "shared")
    server = server_of(folder)
    first.leave()
    assert read(url) == "shared"
    assert server_of(folder) == server
    second.leave()
    eventually(lambda: not processes(folder))
    assert not (folder / f"{name}.run").exists()


@both
def test_data_is_kept_when_all_have_stopped(name: str, folder: Path) -> None:
    for value in (None, "kept"):
        server = START[name](folder)
        if value is None:
            write(server.url, "kept")
        assert read(server.url) == "kept"
        server.stop()
        eventually(lambda: not processes(folder))


@both
def test_uses_within_one_process_are_counted(name: str, folder: Path) -> None:
    uses: list[embedded.Server] = []
    threads = [threading.Thread(target=lambda: uses.append(START[name](folder))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    write(uses[0].url, "counted")
    uses[0].stop()
    uses[0].stop()
    uses[1].stop()
    assert read(uses[2].url) == "counted"
    uses[2].stop()
    assert not answers(uses[2].url)


@both
def test_a_forked_child_may_leave_without_stopping_the_server(name: str, folder: Path) -> None:
    server = START[name](folder)
    write(server.url, "forked")
    child = subprocess.run(  # in a process of its own: pytest has threads, which do not go with fork
        [
            sys.executable,
            "-c",
            "import os, sys; from pathlib import Path; from presentations.local import embedded\n"
            "server = getattr(embedded, sys.argv[1])(Path(sys.argv[2])); child = os.fork()\n"
            "if child: sys.exit(os.waitpid(child, 0)[1])\n",
            name,
            str(folder),
        ],
        cwd=PROJECT,
        timeout=30,
    )
    assert child.returncode == 0
    assert read(server.url) == "forked"
    server.stop()


def test_settings_of_other_databases_in_the_environment_do_not_matter(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in {"PGPORT": "1", "PGDATA": "/", "PGHOST": "elsewhere", "LC_ALL": "xx_XX.UTF-8"}.items():
        monkeypatch.setenv(variable, value)
    server = embedded.postgres(folder)
    write(server.url, "ours")
    server.stop()


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    embedded.postgres(folder).stop()
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded.EmbeddedError, match="not compatible"):
        embedded.postgres(folder)
    assert not processes(folder)


def test_a_missing_wheel_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(embedded.EmbeddedError, match=r"^DATABASE_URL is not set .* requirements-embedded\.txt$"):
        embedded.postgres(folder)
    with pytest.raises(embedded.EmbeddedError, match=r"^REDIS_URL is not set"):
        embedded.valkey(folder)
    assert not folder.exists()
