"""The web: the teacher's pages and the API, over the library's verbs."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from presentations.accounts import Accounts
from presentations.backends import Backends
from presentations.db import Database, engine_options, engine_url
from presentations.library import Library
from presentations.line import Line
from presentations.models import Base
from presentations.organiser import Organiser
from presentations.presenton import Presenton
from presentations.resources import resource
from presentations.settings import Settings, load
from presentations.web import (
    account,
    api,
    commands,
    errors,
    files,
    guard,
    gzipped,
    limits,
    pages,
    sessions,
    signin,
    toasts,
    verbs,
    words,
)

db = SQLAlchemy(metadata=Base.metadata)


def create_app(settings: Settings | None = None, backends: Backends | None = None) -> Flask:
    """The web on these settings (the environment's) and these servers (the settings')."""
    settings = settings or load()
    backends = backends or Backends.of(settings)
    app = Flask(__name__, template_folder=resource("templates"), static_folder=resource("static"))
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
        WEB_URL=settings.web_url,
        ALLOWED_HOSTS=settings.allowed_hosts,
    )
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals["toasts"] = toasts.toasts
    guard.init_app(app)
    gzipped.init_app(app)
    sessions.init_app(app)
    CSRFProtect(app)
    limits.init_app(app, backends.redis_url)
    errors.init_app(app)
    db.init_app(app)
    with app.app_context():
        database = Database(db.engine)
    library = Library(database, Line.at(backends.redis_url))
    app.extensions["library"] = library
    app.extensions["organiser"] = Organiser(library)
    app.extensions["presenton"] = Presenton(settings) if settings.presenton_url else None
    app.extensions["accounts"] = Accounts(database)
    for blueprint in (pages.pages, verbs.verbs, files.files, api.api, signin.signin, account.account):
        app.register_blueprint(blueprint)
    app.cli.add_command(commands.user)
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
