"""The API: JSON for programs, over the same verbs as the pages."""

from __future__ import annotations

from apiflask import APIFlask
from flask_wtf import CSRFProtect

from presentations.web.api import (
    batch,
    bearer,
    decks,
    description,
    docs,
    events,
    material,
    organising,
    outlines,
    presentations,
    problems,
    repeating,
    subjects,
    templates,
    uploads,
    webhooks,
)
from presentations.web.api.blueprint import api
from presentations.web.api.waiting import Waits

__all__ = ["init_app"]

# Each of these adds to the blueprint.
_PARTS = (
    *(repeating, presentations, batch, outlines, decks, uploads, material),
    *(organising, subjects, templates, events, webhooks),
)


def init_app(app: APIFlask, csrf: CSRFProtect, threads: int) -> None:
    """Serve the API. Its requests are checked for CSRF where it is known how they signed in."""
    app.extensions["waits"] = Waits(threads // 2)
    app.error_callback = problems.of_validation
    csrf.exempt(api)
    bearer.init_app(app)
    description.init_app(app)
    app.register_blueprint(api)
    app.register_blueprint(docs.docs)
