"""The process that has one embedded server running for as long as any process uses it, and stops it then.

    python -m presentations.local.keeper postgres|valkey VAR_DIR

It is started by `presentations.local.embedded` with its lock, held, as standard input, and the server's log as its
output.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from presentations.local import privileges
from presentations.local.locks import FileLock
from presentations.local.servers import Postgres, Program, Valkey

_STOP_SECONDS = 30
_QUICK_SECONDS = 10
# So many starts in vain mean that something is wrong with the server itself, unless it was up before: then what stands
# in its way, such as its own processes that take long to end on a busy machine, will pass.
_QUICK_ENDS_ALLOWED = 5
_LONGEST_PAUSE = 5.0

log = logging.getLogger(__name__)


def keep(program: Program) -> None:
    """Have the server running, again and again if need be, until nobody uses it."""
    users = FileLock(program.users_lock)
    quick_ends, was_up = 0, False
    try:
        program.make_data()
        while not users.try_own():
            if quick_ends >= _QUICK_ENDS_ALLOWED and not was_up:
                log.error("%s ended %d times in a row, giving up", program.title, quick_ends)
                break
            time.sleep(min(quick_ends * 0.2, _LONGEST_PAUSE))
            end_leftover(program)
            program.make_socket_folder()
            seconds, came_up = run(program, users)
            was_up = was_up or came_up
            quick_ends = quick_ends + 1 if seconds < _QUICK_SECONDS else 0
    finally:
        end_leftover(program)
        program.remove_socket_folder()


def run(program: Program, users: FileLock) -> tuple[float, bool]:
    """Run the server until it ends or nobody uses it; how many seconds that was, and whether it came up."""
    started, came_up = time.monotonic(), False
    server = subprocess.Popen(program.command, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        while server.poll() is None and not users.try_own():
            time.sleep(0.2)
            came_up = came_up or program.is_up()
    finally:
        if server.poll() is None:
            stop(program, psutil.Process(server.pid))
    return time.monotonic() - started, came_up


def stop(program: Program, server: psutil.Process) -> None:
    """End a server in its orderly way, or if that takes too long, in any way."""
    deadline = time.monotonic() + _STOP_SECONDS
    with suppress(psutil.NoSuchProcess):
        server.send_signal(program.stop_signal)
        # It may stay a zombie for long: its parent was a killed keeper, and not every container's first process reaps.
        while server.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                log.error("%s did not stop in %d seconds, killing it", program.title, _STOP_SECONDS)
                server.kill()
                break
            time.sleep(0.02)


def end_leftover(program: Program) -> None:
    """End the server that a killed keeper left on this data, if any: two on the same data would ruin it."""
    with suppress(FileNotFoundError, ValueError, psutil.Error):
        server = psutil.Process(int(program.pid_file.read_text().split("\n")[0]))
        if str(program.data) in server.cmdline():
            stop(program, server)
    # The number may be another process's by now, which PostgreSQL would take for a server on this data. It sees by its
    # shared memory whether any process of the ended one is still at work there, so that this file is not needed for it.
    program.pid_file.unlink(missing_ok=True)


def main() -> None:
    name, var_dir = sys.argv[1:]
    if os.fork():
        os._exit(0)  # our starter waits for this one only, and has no children that it doesn't know of
    signal.signal(signal.SIGTERM, _exit_once)
    os.umask(0o077)
    os.environ["LC_ALL"] = "C"
    if os.geteuid() == 0:
        privileges.become()
    logging.basicConfig(format="%(asctime)s keeper: %(message)s")
    try:
        keep({"postgres": Postgres, "valkey": Valkey}[name](Path(var_dir)))
    except (OSError, subprocess.CalledProcessError) as exc:
        sys.exit(f"keeper: {exc}")


def _exit_once(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit()


if __name__ == "__main__":
    main()
