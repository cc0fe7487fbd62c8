"""A program that means ill, in the sandbox: what it gets, and what is left of it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from presentations.decks import Crashed, RenderingFailed, TooLong, describe_sandbox, sandbox
from tests.support.installed import program
from tests.support.processes import ROOT
from tests.support.waiting import eventually

# A process that broke away from those that started it, and holds a lock as long as it lives.
BREAK_AWAY = """
import fcntl, os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        held = open("lock", "w")
        fcntl.flock(held, fcntl.LOCK_EX)
        open("began", "w").close()
        time.sleep(1000)
    os._exit(0)
while not os.path.exists("began"):
    time.sleep(0.01)
"""
FORK_BOMB = "import os\nwhile True: os.fork()"
MEMORY_BOMB = "kept = [bytearray(10**8) for _ in range(100)]"
MEMORY_BOMB_OF_MANY = """
import os, time
for _ in range(9):
    if os.fork() == 0:
        kept = bytearray(b"x") * 10**8
        time.sleep(1000)
time.sleep(1000)
"""
TOO_MUCH = r"took more than \d+ MB of memory|MemoryError"
TOO_MANY = r"started more than 64 processes|Resource temporarily unavailable"


def run(
    folder: Path, code: str, *, seconds: float = 60, memory_mb: int = 400, reads: tuple[Path, ...] = ()
) -> sandbox.Done:
    command = [sys.executable, "-I", "-S", "-c", code]
    return sandbox.run(command, seconds=seconds, memory_mb=memory_mb, folder=folder, reads=reads)


@pytest.fixture
def kept_from() -> Callable[[str], None]:
    """Skips a test of what not every system can keep a program from."""

    def needs(what: str) -> None:
        if what not in describe_sandbox().partition(";")[0]:
            pytest.skip(describe_sandbox())

    return needs


def is_over(folder: Path) -> bool:
    """Whether the process that broke away is no more."""
    with (folder / "lock").open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_what_it_says_is_given_back_with_the_memory_it_took(tmp_path: Path) -> None:
    done = run(tmp_path, "kept = bytearray(b'x') * 10**8; print('done')")
    assert done.output == b"done\n"
    assert 10**8 < done.peak_memory < 2 * 10**8


def test_one_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Crashed, match=r"(?s)ended with 1: .*ValueError: what is this\?$"):
        run(tmp_path, "raise ValueError('what is this?')")
    with pytest.raises(Crashed, match="was ended by a signal: Segmentation fault"):
        run(tmp_path, "import os; os.kill(os.getpid(), 11)")
    with pytest.raises(Crashed, match=r"could not start /nowhere: .*No such file"):
        sandbox.run(["/nowhere"], seconds=60, memory_mb=100, folder=tmp_path)


# What it sees


def test_its_environment_has_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://lectern:secret@localhost/lectern")
    seen = run(tmp_path, "import os; print(*sorted(os.environ))").output.split()
    assert seen == sorted([b"HOME", b"LANG", b"MALLOC_ARENA_MAX", b"PATH", b"PYTHONPATH", b"TMPDIR"])


def test_it_cannot_read_our_environment(tmp_path: Path, kept_from: Callable[[str], None]) -> None:
    kept_from("files of others")
    for file in ("environ", "mem", "fd/0"):
        with pytest.raises(Crashed, match="PermissionError"):
            run(tmp_path, f"open('/proc/{os.getpid()}/{file}', 'rb').read(1)")


def test_it_has_no_open_files_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        opened = run(tmp_path, "import os; print(*(os.path.realpath(f'/dev/fd/{n}') for n in range(3, 256)))")
    assert str(tmp_path).encode() not in opened.output


def test_it_reads_what_it_may_and_writes_in_its_folder_only(tmp_path: Path, kept_from: Callable[[str], None]) -> None:
    kept_from("files of others")
    folder, deck, other = tmp_path / "folder", tmp_path / "deck", tmp_path / "other"
    folder.mkdir()
    deck.write_text("a deck")
    other.write_text("another's")
    copy = f"import shutil; shutil.copyfile({str(deck)!r}, 'copy')"
    run(folder, copy, reads=(deck,))
    assert (folder / "copy").read_text() == "a deck"
    for code in (
        f"open({str(other)!r})",
        f"open({str(deck)!r}, 'a')",
        f"import os; os.truncate({str(deck)!r}, 0)",
        f"import os; os.remove({str(other)!r})",
        f"import os; os.link({str(other)!r}, 'here')",
        "import os; os.symlink('../other', 'link'); open('link')",
        "open('../new', 'w')",
        "open('/tmp/lectern-was-here', 'w')",
        "open('/etc/shadow')",
    ):
        with pytest.raises(Crashed, match=r"PermissionError|Invalid cross-device link"):
            run(folder, code, reads=(deck,))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deck", "folder", "other"]


def test_it_has_no_network(tmp_path: Path, kept_from: Callable[[str], None]) -> None:
    kept_from("the network")
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Crashed, match="Error"):
        run(tmp_path, f"import socket; socket.create_connection({server.getsockname()})")


# What it uses


def test_an_endless_loop_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(TooLong, match=r"was not done after 0\.5 seconds"):
        run(tmp_path, "while True: pass", seconds=0.5)


@pytest.mark.parametrize("code", [MEMORY_BOMB, MEMORY_BOMB_OF_MANY], ids=["one", "many"])
def test_a_memory_bomb_crashes(tmp_path: Path, code: str) -> None:
    with pytest.raises(Crashed, match=TOO_MUCH):
        run(tmp_path, code)


def test_a_fork_bomb_crashes(tmp_path: Path) -> None:
    with pytest.raises(Crashed, match=TOO_MANY):
        run(tmp_path, FORK_BOMB, memory_mb=4000)


def test_no_file_becomes_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_FILE_MB", 1)
    with pytest.raises(Crashed, match="File too large"):
        run(tmp_path, "open('large', 'wb').write(bytes(3 * 10**6))")
    assert (tmp_path / "large").stat().st_size <= 1024**2
    with pytest.raises(Crashed, match="File too large"):
        run(tmp_path, "print('x' * 3 * 10**6)")


@pytest.mark.parametrize(
    "fill",
    [
        "for n in range(20): open(str(n), 'wb').write(bytes(10**6))",
        "for n in range(20_001): open(str(n), 'wb').close()",
        "for _ in range(21): os.mkdir('x' * 99); os.chdir('x' * 99)",
    ],
    ids=["in few files", "by many files", "deep below"],
)
def test_it_cannot_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: str) -> None:
    monkeypatch.setattr(sandbox, "MOST_DISK_MB", 9)
    with pytest.raises(Crashed, match="had more than 9 MB or too many files in its folder"):
        run(tmp_path, f"import os, time\n{fill}\ntime.sleep(1000)")


def test_it_cannot_say_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_OUTPUT_MB", 1)
    with pytest.raises(Crashed, match="wrote more than 1 MB to its standard output"):
        run(tmp_path, "print('x' * 3 * 10**6)")


# What is left of it


def test_nothing_outlives_it(tmp_path: Path) -> None:
    run(tmp_path, BREAK_AWAY)
    assert is_over(tmp_path)


def test_nothing_outlives_its_time(tmp_path: Path) -> None:
    with pytest.raises(RenderingFailed):
        run(tmp_path, f"{BREAK_AWAY}\ntime.sleep(1000)", seconds=3)
    assert is_over(tmp_path)


def test_nothing_outlives_lectern(tmp_path: Path) -> None:
    call = f"sandbox.run({[sys.executable, '-I', '-S', '-c', BREAK_AWAY + 'time.sleep(1000)']!r}, folder=Path.cwd(), "
    code = f"from pathlib import Path; from presentations.decks import sandbox; {call} seconds=600, memory_mb=400)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}) as lectern:
        eventually((tmp_path / "began").exists)
        assert not is_over(tmp_path)
        lectern.send_signal(signal.SIGKILL)
    eventually(lambda: is_over(tmp_path))


# Where the system gives it no namespaces, as in most containers; or none of which it may say who is who, as on Ubuntu

_WITHOUT = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
_UNMAPPED = 'mount --bind /proc /proc && mount -o remount,bind,ro /proc && exec "$@"'
_REPORT = """
import sys
from pathlib import Path
from presentations.decks import describe_sandbox, sandbox
print(describe_sandbox())
try:
    sandbox.run([sys.executable, "-I", "-S", "-c", sys.argv[1]], seconds=60, memory_mb=int(sys.argv[2]),
        folder=Path.cwd())
    print("well")
except Exception as error:
    print(error)
"""


def report_of(refuses: list[str], folder: Path, code: str, memory_mb: int) -> str:
    """What `_REPORT` says of this program where the system refuses something; skips where it refuses to refuse."""
    if subprocess.run([*refuses, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives no namespaces to begin with")
    done = subprocess.run(
        [*refuses, sys.executable, "-c", _REPORT, code, str(memory_mb)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.fixture
def without_namespaces(tmp_path: Path) -> Callable[[str, int], str]:
    refuses = [program("unshare"), "--map-root-user", "sh", "-c", _WITHOUT, "sh"]

    def run_there(code: str, memory_mb: int) -> str:
        said = report_of(refuses, tmp_path, code, memory_mb)
        assert "does not let them be kept from the network" in said
        return said.partition("\n")[2]

    return run_there


def test_it_works_where_it_may_not_say_who_is_who_in_its_namespaces(tmp_path: Path) -> None:
    refuses = [program("unshare"), "--map-root-user", "--mount", "sh", "-c", _UNMAPPED, "sh"]
    code = "import os; open('kept', 'w').write(str(os.getuid()))"
    said = report_of(refuses, tmp_path, code, 400)
    assert "kept from the network, other processes" in said
    assert said.endswith("\nwell\n")
    assert (tmp_path / "kept").read_text() != "0"


def test_nothing_outlives_it_without_namespaces(without_namespaces: Callable[[str, int], str], tmp_path: Path) -> None:
    assert without_namespaces(BREAK_AWAY, 400) == "well\n"
    assert is_over(tmp_path)


def test_bombs_crash_without_namespaces(without_namespaces: Callable[[str, int], str]) -> None:
    assert "started more than 64 processes" in without_namespaces(FORK_BOMB, 4000)
    assert "took more than 400 MB of memory" in without_namespaces(MEMORY_BOMB_OF_MANY, 400)
