"""The web: the teacher's pages and the API, over the library's verbs."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from redis import Redis

from presentations.accounts import Accounts, Sessions, Tokens
from presentations.database import Audit, Database, engine_options, engine_url
from presentations.database.models import Base
from presentations.files import Store
from presentations.jobs import PRESENTATIONS, Engine, quick_redis
from presentations.library import Decks, Idempotency, Library, Organiser, Uploads
from presentations.lifecycle import KEPT_OUTLINES
from presentations.local import Backends, load_beside_run
from presentations.operations import Controls, Servers
from presentations.options import MAX_SLIDES
from presentations.presenton import Presenton
from presentations.resources import resource
from presentations.settings import Settings
from presentations.telemetry import logs
from presentations.web import (
    addresses,
    api,
    assets,
    auditing,
    errors,
    files,
    guard,
    gzipped,
    health,
    limits,
    metering,
    proxies,
    toasts,
    uploads,
    wording,
)
from presentations.web.admin import admin, rq
from presentations.web.auth import account, oidc, sessions, signin, tokens, webhooks
from presentations.web.cli import COMMANDS
from presentations.web.downloads import Downloads
from presentations.web.pages import (
    actions,
    drafts,
    forms,
    lists,
    looks,
    material,
    notices,
    outlines,
    pages,
    suggestions,
    usual,
    versions,
    viewed,
    viewer,
)
from presentations.web.pages.card import cards
from presentations.web.pages.cover import cover
from presentations.webhooks import Webhooks

db = SQLAlchemy(metadata=Base.metadata)


def from_environment() -> APIFlask:
    """The web as the environment says, which also says how to log. Raises SettingsError, EmbeddedError."""
    settings = load_beside_run()
    logs.set_up(settings.log_level, settings.log_format)
    return create_app(settings)


def create_app(settings: Settings | None = None, backends: Backends | None = None) -> APIFlask:
    """The web on these settings (the environment's) and these servers (the settings')."""
    settings = settings or load_beside_run()
    backends = backends or Backends.of(settings)
    app = APIFlask(
        __name__,
        title="Lectern",
        version="1.0",
        spec_path=None,
        docs_path=None,
        json_errors=False,
        template_folder=str(resource("templates")),
        static_folder=None,  # type: ignore[arg-type]  # see presentations.web.assets
    )
    app.config.from_mapping(_config(settings, backends))
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters.update(wording.FILTERS | {"cover": cover, "origin": viewed.origin})
    app.jinja_env.globals.update(
        toasts=toasts.toasts,
        cards=cards,
        notices=notices.notices,
        suggestions=suggestions.suggestions,
        longest=forms.LONGEST,
        most_slides=MAX_SLIDES,
        kept_outlines=KEPT_OUTLINES,
        shown_address=addresses.shown_address,
    )
    metering.init_app(app)
    guard.init_app(app)
    proxies.init_app(app, settings)
    gzipped.init_app(app)
    assets.init_app(app)
    sessions.init_app(app)
    uploads.init_app(app, settings.download_timeout)
    csrf = CSRFProtect(app)
    api.init_app(app, csrf, settings.web_threads)
    limits.init_app(app, backends.redis_url, settings.api_rate_limit)
    errors.init_app(app)
    auditing.init_app(app)
    db.init_app(app)
    with app.app_context():
        app.extensions.update(_services(settings, Database(db.engine), quick_redis(backends.redis_url)))
    for blueprint in (
        pages.pages,
        drafts.drafts,
        material.material,
        lists.lists,
        usual.usual,
        actions.actions,
        outlines.outlines,
        files.files,
        viewer.viewer,
        looks.looks,
        versions.versions,
        signin.signin,
        oidc.oidc,
        account.account,
        tokens.tokens,
        webhooks.webhooks,
        health.health,
        metering.metering,
        admin,
    ):
        app.register_blueprint(blueprint)
    oidc.init_app(app, settings)
    rq.init_app(app, csrf)
    for command in COMMANDS.values():
        app.cli.add_command(command)
    return app


def _config(settings: Settings, backends: Backends) -> dict[str, Any]:
    return {
        "SECRET_KEY": guard.secret_key(settings),
        "SQLALCHEMY_DATABASE_URI": engine_url(backends.database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_connections, settings.database_wait),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FILE_BYTES": settings.max_file_bytes,
        "MAX_UPLOAD_BYTES": settings.max_upload_bytes,
        "FILES_LINK_SECONDS": settings.files_link_seconds,
        # Browsers do not keep the cookies of two ports apart.
        "SESSION_COOKIE_NAME": f"lectern_{settings.port}",
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A page may stay open for days; its forms are good for as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        "PRESENTON_URL": settings.presenton_browser_url,
        "PRESENTON_EDITOR": settings.presenton_editor,
        "METRICS_TOKEN": settings.metrics_token,
        "WEB_URL": settings.web_url,
        "ALLOWED_HOSTS": settings.allowed_hosts,
    }


def _services(settings: Settings, database: Database, redis: Redis) -> dict[str, Any]:
    """What views find by presentations.web.current."""
    engine = Engine(PRESENTATIONS, database, redis)
    presenton, store = Presenton(settings) if settings.presenton_url else None, Store.of(settings)
    return {
        "database": database,
        "quick_redis": redis,
        "engine": engine,
        "library": Library(database, engine),
        "organiser": Organiser(database, engine),
        "decks": Decks(database, settings.upload_quota_bytes),
        "store": store,
        "uploads": Uploads(database, store, settings.upload_quota_bytes),
        "downloads": Downloads(settings.downloads, settings.downloads_per_person, settings.download_timeout),
        "servers": Servers(settings, database, redis, presenton),
        "controls": Controls(database, engine),
        "audit": Audit(database),
        "accounts": Accounts(database),
        "sessions": Sessions(database),
        "tokens": Tokens(database),
        "idempotency": Idempotency(database),
        "webhooks": Webhooks(database, allow_private=settings.webhook_allow_private),
    }
