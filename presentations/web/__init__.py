"""The web: the teacher's pages and the API, over the library's verbs."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from presentations.backends import Backends
from presentations.db import Database, engine_options, engine_url
from presentations.library import Library
from presentations.line import Line
from presentations.models import Base
from presentations.settings import Settings, load
from presentations.web import api, errors, guard, gzipped, pages, words

db = SQLAlchemy(metadata=Base.metadata)


def create_app(settings: Settings | None = None, backends: Backends | None = None) -> Flask:
    """The web on these settings (the environment's) and these servers (the settings')."""
    settings = settings or load()
    backends = backends or Backends.of(settings)
    app = Flask(__name__, template_folder="../../templates", static_folder="../../static")
    app.config.from_mapping(
        SECRET_KEY=guard.secret_key(settings),
        SQLALCHEMY_DATABASE_URI=engine_url(backends.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(),
        MAX_CONTENT_LENGTH=1024 * 1024,
        # Browsers do not keep the cookies of two ports apart.
        SESSION_COOKIE_NAME=f"lectern_{settings.port}",
        SESSION_COOKIE_SAMESITE="Lax",
        # A page may stay open for days; its forms are good for as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        PRESENTON_URL=settings.presenton_browser_url,
    )
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters.update(words.FILTERS)
    guard.init_app(app)
    gzipped.init_app(app)
    CSRFProtect(app)  # type: ignore[no-untyped-call]
    errors.init_app(app)
    db.init_app(app)
    with app.app_context():
        app.extensions["library"] = Library(Database(db.engine), Line.at(backends.redis_url))
    app.register_blueprint(pages.pages)
    app.register_blueprint(api.api)
    return app
