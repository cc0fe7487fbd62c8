"""How gunicorn serves Lectern: one process of a few threads."""

import sys

from presentations import settings
from presentations.errors import SettingsError

try:
    _configured = settings.load()
except SettingsError as error:
    sys.exit(str(error))

_host = f"[{_configured.host}]" if ":" in _configured.host else _configured.host
bind = f"{_host}:{_configured.port}"
# Which proxies to believe is for TRUSTED_PROXIES to say.
forwarded_allow_ips = ""
worker_class = "gthread"
workers = 1
threads = _configured.web_threads
graceful_timeout = 3
loglevel = _configured.log_level
accesslog = None
errorlog = "-"
# The most that it takes: searches may be long, and four bytes of a letter become twelve in an address.
limit_request_line = 8190
control_socket_disable = True
