"""All of Lectern on one machine, with one command: what `make run` starts."""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from presentations import settings
from presentations.errors import InvalidRequest, LecternError, NotFound, SettingsError
from presentations.local.announcement import announced
from presentations.local.backends import Backends
from presentations.resources import WEB, how_to_add
from presentations.settings import Settings
from presentations.telemetry import logs

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
_READY_SECONDS = 60
_STOP_SECONDS = 5
_PR_SET_PDEATHSIG = 1  # from linux/prctl.h


@dataclass
class Household:
    """The processes that make run has started."""

    environment: dict[str, str]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self, name: str, *arguments: str, quiet: bool = False, hand_on: socket.socket | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a Python process that ends with this one; it inherits the socket `hand_on`.

        What one that is `quiet` says is not shown, but for what it complains of.
        """
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            pass_fds=(hand_on.fileno(),) if hand_on else (),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quiet else None,
            # Ctrl-C is for this process, which stops the others one after the other.
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        self.children[name] = child
        return child

    def raise_if_ended(self) -> None:
        """Raises LecternError when one of them has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise LecternError(
                    f"The {name} has ended (status {child.returncode}). "
                    "Read above what it said, mend that, and start again."
                )

    def stop(self) -> None:
        """End all of them, the last one started first."""
        for child in reversed(self.children.values()):
            child.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def run(configured: Settings) -> NoReturn:
    """Start everything, say where it is, and watch over it until a signal comes. Raises LecternError, SystemExit."""
    with _claimed(configured.port) as port, ExitStack() as stack:
        _check_demo(configured)
        household = Household(_environment(configured))
        servers = stack.enter_context(ExitStack())
        stack.callback(_stop, household)
        demo = None if configured.presenton_url else stack.enter_context(_demo_socket(configured))
        backends = Backends.of(configured)
        servers.callback(backends.stop)
        said = {"PORT": str(configured.port), "SCRIPT_NAME": configured.script_name or ""}
        if demo:
            said["PRESENTON_URL"] = f"http://127.0.0.1:{demo.getsockname()[1]}"
        household.environment |= {"DATABASE_URL": backends.database_url, "REDIS_URL": backends.redis_url} | said
        stack.enter_context(announced(configured.var_dir, said))
        options = household.environment.get("GUNICORN_CMD_ARGS", "")
        household.environment["GUNICORN_CMD_ARGS"] = f"{options} --bind fd://{port.fileno()}"
        household.start("web", *WEB, hand_on=port)
        port.close()
        address = f"http://127.0.0.1:{configured.port}{configured.script_name or ''}"
        _wait_for_web(household, address)
        # Not before: the page is waited for, and these would take the processor from it.
        if demo:
            _start_demo(household, configured, demo)
        household.start("worker", "-m", "presentations", "worker")
        _say_where(address, backends.database_url)
        while True:
            household.raise_if_ended()
            time.sleep(0.5)


def _stop(household: Household) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    household.stop()


def _environment(configured: Settings) -> dict[str, str]:
    return {
        # Whoever presses Ctrl-C wants it to end; a long call goes on in Presenton and is looked for later.
        "DRAIN_TIMEOUT": "0",
        **os.environ,
        # It hands out links that need no password.
        "HOST": "127.0.0.1",
        "VAR_DIR": str(configured.var_dir),
    }


def _claimed(port: int) -> socket.socket:
    """A socket that listens on the port, for the web to inherit: of two that want it at once, one is told so."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise SettingsError(f"PORT is {port}: {why}; expected a free one, such as 8123") from None


def _check_demo(configured: Settings) -> None:
    if not configured.presenton_url and importlib.util.find_spec("pptx") is None:
        raise LecternError(
            "PRESENTON_URL is not set and the demo Presenton is not installed: "
            f"set PRESENTON_URL, or {how_to_add('embedded')}"
        )


def _demo_socket(configured: Settings) -> socket.socket:
    """A socket for the demo to inherit: what connects before it has started waits. Raises LecternError."""
    try:
        configured.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _demo_data(configured).mkdir(exist_ok=True)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise SettingsError(
            f"VAR_DIR is {configured.var_dir}: {why}; expected a folder that you may write to"
        ) from None
    return _claimed(0)


def _demo_data(configured: Settings) -> Path:
    return configured.var_dir / "demo"


def _start_demo(household: Household, configured: Settings, claimed: socket.socket) -> None:
    where = ["--fd", str(claimed.fileno()), "--data", str(_demo_data(configured))]
    pace = ["--seconds-per-slide", str(configured.demo_seconds_per_slide)]
    household.start("demo Presenton", "-m", "presentations.demo", *where, *pace, quiet=True, hand_on=claimed)
    claimed.close()
    log.info("demo Presenton at %s (set PRESENTON_URL to use a real one)", household.environment["PRESENTON_URL"])


def _wait_for_web(household: Household, address: str) -> None:
    # Here and not above: the web itself takes longer to start.
    import requests

    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        household.raise_if_ended()
        try:
            if requests.get(f"{address}/", timeout=5).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise LecternError(
        f"The web does not answer at {address} after {_READY_SECONDS} seconds. "
        "Read above what it said, and start again."
    )


def _say_where(address: str, database_url: str) -> None:
    """Where Lectern is, and links that sign in a teacher and an admin, who are there since the first start."""
    # Here and not above: the demo and the servers need not wait for SQLAlchemy.
    from presentations.accounts import Accounts
    from presentations.database import Database
    from presentations.database.models import ADMIN, TEACHER

    database = Database.at(database_url)
    accounts = Accounts(database)
    lines = [f"Lectern is at {address}"]
    for user_id, name, role in (("teacher", "Teacher", TEACHER), ("admin", "Admin", ADMIN)):
        with suppress(InvalidRequest):
            accounts.add(user_id, name, f"{user_id}@localhost", role=role)
        try:
            lines.append(f"{name}: {address}/sign-in/{accounts.make_link(user_id)}")
        except NotFound as error:
            lines.append(f"{name}: {error}")
    database.engine.dispose()
    print(*lines, sep="\n", flush=True)  # noqa: T201


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _exit(*_: object) -> NoReturn:
    sys.exit(0)


def main() -> int:
    """Run Lectern until SIGTERM or Ctrl-C. Gives the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _exit)
    try:
        configured = settings.load()
        logs.set_up(configured.log_level, configured.log_format)
        run(configured)
    except LecternError as error:
        print(f"Lectern cannot run. {error}", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
