"""The web, for a WSGI server: `gunicorn wsgi:app`."""

from presentations import logs, settings
from presentations.web import create_app

configured = settings.load()
logs.set_up(configured.log_level)
app = create_app(configured)
