"""The web, for a WSGI server: `gunicorn wsgi:app`."""

import sys

from presentations import settings
from presentations.errors import SettingsError
from presentations.telemetry import logs
from presentations.web import create_app

try:
    configured = settings.load()
except SettingsError as error:
    sys.exit(str(error))

logs.set_up(configured.log_level, configured.log_format)
app = create_app(configured)
