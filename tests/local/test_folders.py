"""The folder of the embedded servers: any will do, nothing outside changes, and it is its owner's."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from presentations.local import embedded
from presentations.local.servers import Postgres
from tests.local.users import (
    IS_ROOT,
    PROJECT,
    START,
    User,
    both,
    end_all,
    keepers_of,
    read,
    server_of,
    write,
)


@pytest.mark.parametrize(
    "inner", ["long/" + "x" * 120 + "/" + "y" * 120, "a b/100%41/ä,ö/日本'\"#?&"], ids=["long", "odd"]
)
@both
def test_any_folder_will_do(name: str, inner: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = Path(tempfile.mkdtemp(prefix="le"))
    monkeypatch.setenv("TMPDIR", str(temporary))
    server = START[name](folder / inner)
    write(server.url, "found")
    assert read(server.url) == "found"
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in temporary.iterdir())
    end_all(folder)
    again = START[name](folder / inner)
    assert again.url == server.url
    again.stop()
    server.stop()
    temporary.rmdir()  # so nothing was left in it


@both
def test_two_folders_at_once_are_apart(name: str, folder: Path) -> None:
    one, other = START[name](folder / "one"), START[name](folder / "other")
    write(one.url, "one")
    write(other.url, "other")
    assert (read(one.url), read(other.url)) == ("one", "other")
    one.stop()
    assert read(other.url) == "other"
    other.stop()


@both
def test_nothing_outside_the_folder_changes(name: str, tmp_path: Path, folder: Path) -> None:
    tmp_path.chmod(0o700)
    outside = [tmp_path, *tmp_path.parents, Postgres(folder).binary]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in outside]
    server = START[name](folder)
    assert os.listdir(tmp_path) == ["var"]
    assert [(path.stat().st_mode, path.stat().st_uid) for path in outside] == before
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in [folder, *folder.iterdir()])
    server.stop()


def test_shared_memory_is_kept_inside_too(folder: Path) -> None:
    server = embedded.postgres(folder)
    assert list((folder / "postgres" / "pg_dynshmem").iterdir())
    server.stop()


@both
def test_no_tcp_port_is_open(name: str, folder: Path) -> None:
    server = START[name](folder)
    listening = [*keepers_of(folder), server_of(folder)]
    try:
        assert [connection for each in listening for connection in each.net_connections("inet")] == []
    except psutil.AccessDenied:
        pytest.skip("here root may not ask for the ports of another user's process")
    finally:
        server.stop()


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a folder to another user")
@both
def test_data_of_another_user_is_refused(name: str, folder: Path) -> None:
    (folder / name).mkdir(parents=True)
    os.chown(folder / name, 1, 1)
    with pytest.raises(embedded.EmbeddedError, match=f"{folder / name} belongs to the user {pwd.getpwuid(1).pw_name}"):
        START[name](folder)


@pytest.mark.skipif(not IS_ROOT, reason="this test runs as an ordinary user, so all the others show it")
@both
def test_an_ordinary_user_can_run_it_and_root_leaves_it_alone(name: str, user: Callable[..., User]) -> None:
    account = pwd.getpwnam("daemon")
    as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    python = python_of_everybody(as_account, environment)
    home = Path(tempfile.mkdtemp())
    os.chown(home, account.pw_uid, account.pw_gid)
    try:
        owner = user(name, home / "var", python=python, env=environment, **as_account)
        write(owner.url, "mine")
        assert keepers_of(home)[0].username() == server_of(home).username() == "daemon"
        with pytest.raises(embedded.EmbeddedError, match="belongs to the user daemon and cannot be used by root"):
            START[name](home / "var")
        owner.leave()
    finally:
        end_all(home)
        shutil.rmtree(home)


def python_of_everybody(as_account: dict[str, object], environment: dict[str, str]) -> str:
    """This Python, or the system's if that is the same one: ours may lie in a folder that only root may enter."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        command = [python, "-c", "import psutil, psycopg2, presentations.local.embedded"]
        with suppress(OSError):
            if subprocess.run(command, cwd=PROJECT, env=environment, **as_account).returncode == 0:  # type: ignore[call-overload]
                return python
    pytest.skip("no Python that an ordinary user may run")
