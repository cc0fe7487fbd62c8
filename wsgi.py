"""The web, for a WSGI server: `gunicorn wsgi:app`."""

import sys

from presentations.errors import SettingsError
from presentations.web import from_environment

try:
    app = from_environment()
except SettingsError as error:
    sys.exit(str(error))
