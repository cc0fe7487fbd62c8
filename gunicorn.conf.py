"""How gunicorn serves Lectern: processes of a few threads each."""

import gc
import os
import shutil
import sys
import tempfile
from typing import Any

from presentations import settings
from presentations.arrivals import UPLOADS
from presentations.errors import SettingsError

try:
    _configured = settings.load()
except SettingsError as error:
    sys.exit(str(error))

_host = f"[{_configured.host}]" if ":" in _configured.host else _configured.host
bind = f"{_host}:{_configured.port}"
# Which proxies to believe is for TRUSTED_PROXIES to say.
forwarded_allow_ips = ""
worker_class = "presentations.serving.Worker"
workers = _configured.web_processes
threads = _configured.web_threads + _configured.downloads + UPLOADS
graceful_timeout = 3
# At "debug" gunicorn would log addresses, and with them sign-in links; Lectern logs requests itself, without.
loglevel = _configured.log_level if _configured.log_level != "debug" else "info"
logconfig_dict = {
    "formatters": {"generic": {"()": "presentations.telemetry.logs.formatter", "form": _configured.log_format}},
    "loggers": {
        "gunicorn.error": {"level": loglevel.upper(), "handlers": ["error_console"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL"},
    },
}
# The most that it takes: searches may be long, and four bytes of a letter become twelve in an address.
limit_request_line = 8190
control_socket_disable = True

# What the processes count, /metrics adds up.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="lectern-metrics-"))


def post_fork(server: Any, worker: Any) -> None:
    # While the web is read in there is nothing to collect, but more and more to look through.
    gc.disable()


def post_worker_init(worker: Any) -> None:
    gc.freeze()
    gc.enable()


def child_exit(server: Any, worker: Any) -> None:
    # It looks for the folder when it is imported.
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
