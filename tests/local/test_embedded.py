"""The embedded PostgreSQL and Valkey: real servers, shared by real processes that end in all the ways there are."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import redis
import sqlalchemy as sa

from presentations.local import embedded, privileges
from presentations.local.servers import Postgres

PROJECT = Path(__file__).parents[2]
START = {"postgres": embedded.postgres, "valkey": embedded.valkey}
KEEPER = "presentations.local.keeper"
IS_ROOT = os.geteuid() == 0
both = pytest.mark.parametrize("name", ["postgres", "valkey"])

USER = """
import sys
from pathlib import Path
from presentations.local import embedded
server = getattr(embedded, sys.argv[1])(Path(sys.argv[2]))
print(server.url, flush=True)
sys.stdin.readline()
"""


class User:
    """A process of its own that uses a server until `leave`."""

    def __init__(self, name: str, folder: Path, python: str = sys.executable, **options: object) -> None:
        command = [python, "-c", USER, name, str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True, **options)  # type: ignore[call-overload]

    @property
    def url(self) -> str:
        return str(self.process.stdout.readline().strip())

    def leave(self) -> None:
        self.process.communicate("\n", timeout=15)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    for keeper in keepers_of(tmp_path):
        keeper.terminate()
    try:
        eventually(lambda: not keepers_of(tmp_path), seconds=5)
    finally:
        end_all(tmp_path)


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[..., User]]:
    users = []

    def start(name: str, place: Path = folder, **options: object) -> User:
        users.append(User(name, place, **options))  # type: ignore[arg-type]
        return users[-1]

    yield start
    for each in users:
        each.kill()


def processes(folder: Path) -> dict[psutil.Process, list[str]]:
    """The keepers and servers of this folder, with the servers' own children, which work in it; and their commands."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            words = process.cmdline()
            if USER not in words and any(word.startswith(str(folder)) for word in [*words, place_of(process)]):
                found[process] = words
    return found


def place_of(process: psutil.Process) -> str:
    with suppress(psutil.AccessDenied):  # in many containers root may not ask that of others
        return process.cwd()
    return ""


def keepers_of(folder: Path) -> list[psutil.Process]:
    return [process for process, words in processes(folder).items() if KEEPER in words]


def server_of(folder: Path) -> psutil.Process:
    servers = [each for each, words in processes(folder).items() if KEEPER not in words and str(folder) in str(words)]
    assert len(servers) == 1
    return servers[0]


def end_all(folder: Path) -> None:
    """Keepers first, so that they start nothing again."""
    for process in [*keepers_of(folder), *processes(folder)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    eventually(lambda: not processes(folder))


def eventually(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this did not become true in time"
        time.sleep(0.02)


def write(url: str, value: str) -> None:
    if url.startswith("unix:"):
        with redis.Redis.from_url(url) as client:
            client.set("kept", value)
        return
    with connected(url) as connection:
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS kept (value text)"))
        connection.execute(sa.text("INSERT INTO kept VALUES (:value)"), {"value": value})


def read(url: str) -> str:
    if url.startswith("unix:"):
        with redis.Redis.from_url(url, decode_responses=True) as client:
            return str(client.get("kept"))
    with connected(url) as connection:
        return str(connection.scalar(sa.text("SELECT value FROM kept")))


def connected(url: str) -> sa.Connection:
    """A connection that commits and closes at the end of its `with`."""
    return sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect()


def answers(url: str) -> bool:
    try:
        return bool(read(url))
    except (redis.RedisError, sa.exc.OperationalError):
        return False


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
        eventually(lambda: not processes(folder), seconds=1)


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
        timeout=15,
    )
    assert child.returncode == 0
    assert read(server.url) == "forked"
    server.stop()


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
    eventually(lambda: not processes(folder), seconds=1)


@both
def test_a_killed_server_comes_back_by_itself(name: str, folder: Path) -> None:
    server = START[name](folder)
    write(server.url, "before")
    server_of(folder).kill()
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
    first.process.wait(timeout=15)
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
