"""How gunicorn serves Lectern: one process of a few threads, for this machine only."""

import sys

from presentations import settings
from presentations.errors import SettingsError

try:
    _configured = settings.load()
except SettingsError as error:
    sys.exit(str(error))

bind = f"127.0.0.1:{_configured.port}"
worker_class = "gthread"
workers = 1
threads = 8
graceful_timeout = 3
loglevel = _configured.log_level
accesslog = None
errorlog = "-"
control_socket_disable = True
