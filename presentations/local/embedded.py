"""PostgreSQL and Valkey for when no DATABASE_URL or REDIS_URL is set: nothing to install, nothing to look after.

The first process that needs one starts it, all processes of the same VAR_DIR share it, the last one out stops it; the
data stays. Sharing is a lock on `<name>.users`, which the kernel frees even when a process is killed; a process of its
own (`presentations.local.keeper`) runs the server for as long as anybody has that lock.
"""

from __future__ import annotations

import atexit
import logging
import os
import pwd
import subprocess
import sys
import threading
import time
from pathlib import Path

from presentations.errors import LecternError
from presentations.local import privileges
from presentations.local.locks import FileLock
from presentations.local.servers import Postgres, Program, Valkey
from presentations.printable import printable
from presentations.resources import how_to_add

_START_SECONDS = 60
_STOP_SECONDS = 8

log = logging.getLogger(__name__)


class EmbeddedError(LecternError):
    """An embedded server cannot be used; the message says why."""


def postgres(var_dir: Path) -> Server:
    """Start or join the PostgreSQL of this folder; returns when it has answered a query."""
    return _join(Postgres(var_dir.resolve()))


def valkey(var_dir: Path) -> Server:
    """Start or join the Valkey of this folder; returns when it has answered a query."""
    return _join(Valkey(var_dir.resolve()))


class Server:
    """One use of a running server. It is up until `stop`, or the end of this process and its forks."""

    def __init__(self, program: Program, use: FileLock) -> None:
        self.url = program.url
        self._program = program
        self._use: FileLock | None = use
        self._mutex = threading.Lock()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Stop using it. The last user waits for a while until the server has stopped."""
        with self._mutex:
            use, self._use = self._use, None
        if use:
            atexit.unregister(self.stop)
            _leave(self._program, use)


def _join(program: Program) -> Server:
    _check_installed(program)
    try:
        use = _open_users_lock(program)
        started = _start(program, use)
    except PermissionError as exc:
        raise _belongs_to_another(Path(exc.filename)) from exc
    except OSError as exc:
        raise EmbeddedError(
            f"The embedded {program.title} cannot run in {program.var_dir}: {exc}. "
            "Mend that, or set VAR_DIR to another folder"
        ) from exc
    if started:
        log.info("Embedded %s started in %s", program.title, program.var_dir)
    else:
        log.debug("Embedded %s already running in %s, shared", program.title, program.var_dir)
    return Server(program, use)


def _check_installed(program: Program) -> None:
    if program.find_binary() is None:
        raise EmbeddedError(
            f"{program.variable} is not set and the embedded {program.title} is not installed: "
            f"set {program.variable}, or {how_to_add('embedded')}"
        )


def _open_users_lock(program: Program) -> FileLock:
    program.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if program.data.exists() and program.data.stat().st_uid != _server_uid():
        raise _belongs_to_another(program.data)
    return FileLock(program.users_lock)


def _server_uid() -> int:
    return os.geteuid() or privileges.uid()


def _belongs_to_another(path: Path) -> EmbeddedError:
    while not os.access(path, os.F_OK):
        path = path.parent
    owner, we = _user_name(path.stat().st_uid), _user_name(os.geteuid())
    return EmbeddedError(
        f"{path} belongs to the user {owner} and cannot be used by {we}: be that user, or set VAR_DIR to another folder"
    )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _start(program: Program, use: FileLock) -> bool:
    """Be a user, see that there is a keeper, and wait for its server; whether it was us who started it."""
    use.share()
    try:
        return _wait_until_it_answers(program)
    except BaseException:
        _leave(program, use)
        raise


def _wait_until_it_answers(program: Program) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    started = False
    while True:
        with FileLock(program.keeper_lock) as keeper:
            if keeper.try_own():
                if started:
                    raise _failure(program, "did not start")
                _start_keeper(program, keeper)
                started = True
        if program.answers():
            return started
        if time.monotonic() > deadline:
            raise _failure(program, f"has not answered in {_START_SECONDS} seconds")
        time.sleep(0.02)


def _start_keeper(program: Program, keeper: FileLock) -> None:
    """Start a keeper, which inherits its lock from us, so that there is never a second one."""
    # A server that a killed keeper left still answers, and will be ended: let nobody take it for the new one.
    program.socket.unlink(missing_ok=True)
    output = os.open(program.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    # -B: what it imports is not to be cached by the user `nobody`.
    command = [sys.executable, "-B", "-m", "presentations.local.keeper", program.name, str(program.var_dir)]
    project = Path(__file__).parents[2]
    try:
        subprocess.run(  # noqa: S603
            command, cwd=project, stdin=keeper.fd, stdout=output, stderr=output, start_new_session=True, check=True
        )
    except subprocess.CalledProcessError as exc:
        raise _failure(program, "could not be started") from exc
    finally:
        os.close(output)


def _failure(program: Program, what: str) -> EmbeddedError:
    end = "\n".join(map(printable, program.log.read_text(errors="replace").splitlines()[-10:]))
    return EmbeddedError(f"The embedded {program.title} {what}. Read why at the end of {program.log}:\n{end}")


def _leave(program: Program, use: FileLock) -> None:
    """Be no user any longer; wait until the server has stopped, unless there are other users."""
    use.close()
    deadline = time.monotonic() + _STOP_SECONDS
    while not _has_users(program) and time.monotonic() < deadline:
        with FileLock(program.keeper_lock) as keeper:
            if keeper.try_own():
                if not program.pid_file.exists():
                    return
                # The keeper was killed and its server would be left behind: one that finds no users just ends it.
                _start_keeper(program, keeper)
        time.sleep(0.05)


def _has_users(program: Program) -> bool:
    """Whether any process uses the server. A stopping keeper owns the lock."""
    with FileLock(program.users_lock) as users:
        return users.is_shared()
