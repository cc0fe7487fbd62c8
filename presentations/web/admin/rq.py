"""rq-dashboard at /admin/rq, for admins: as it comes, but for what it must not do here.

It has no sign-in, lets a GET requeue, knows no CSRF tokens, prints what jobs say unescaped and reads pickles. Here only
admins get in, changes take a POST from our own pages, its pages run no script but its own, jobs are read as JSON, and
Requeue is the library's retry.
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Flask, Response, abort, jsonify, request
from flask_wtf import CSRFProtect
from rq import Worker
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker
from rq_dashboard import web as dashboard

from presentations.database.models import ERROR
from presentations.errors import LimitReached, NotFound
from presentations.jobs import PRESENTATIONS
from presentations.web.admin.guard import admins_only
from presentations.web.current import library, redis

_READING = ("GET", "HEAD", "OPTIONS")
_JOB_ID = re.compile(r"([0-9a-f-]{36})_[0-9]+")
_INLINE = b'<script type="text/javascript">'


class _Job(Job):
    @classmethod
    def fetch(cls, job_id: str, connection: Any = None, **_: Any) -> Job:  # type: ignore[override]
        return Job.fetch(job_id, connection=connection, serializer=JSONSerializer)


class _Worker(Worker):
    @classmethod
    def all(cls, connection: Any = None, *_: Any, **__: Any) -> list[BaseWorker]:
        return Worker.all(connection=connection, serializer=JSONSerializer)


def init_app(app: Flask, csrf: CSRFProtect, redis_url: str) -> None:
    for owner, name, ours in (
        (dashboard.config, "serializer", JSONSerializer),
        (dashboard, "Job", _Job),
        (dashboard, "Worker", _Worker),
        # APIFlask asks every blueprint whether it is described.
        (dashboard.blueprint, "enable_openapi", False),
    ):
        setattr(owner, name, ours)
    app.config["RQ_DASHBOARD_REDIS_URL"] = redis_url
    dashboard.setup_rq_connection(app)
    app.register_blueprint(dashboard.blueprint, url_prefix="/admin/rq")
    csrf.exempt(dashboard.blueprint)
    app.view_functions["rq_dashboard.requeue_job_view"] = _requeue
    app.view_functions["rq_dashboard.requeue_all"] = _requeue_all
    app.before_request(_guard)
    app.after_request(_let_scripts_run)


def _is_dashboard() -> bool:
    return request.blueprint == "rq_dashboard"


def _guard() -> None:
    if not _is_dashboard():
        return
    admins_only()
    if request.endpoint == "rq_dashboard.requeue_all" and request.method in _READING:
        abort(405)
    # Its scripts know no tokens, but browsers say which page a change comes from.
    if request.method not in _READING and request.headers.get("Origin") != request.host_url.rstrip("/"):
        abort(400, "This can only be done from Lectern's own pages.")


def _let_scripts_run(response: Response) -> Response:
    """Its one script stands in the page, and makes its templates with eval."""
    if not _is_dashboard() or response.mimetype != "text/html":
        return response
    nonce = secrets.token_urlsafe(16)
    page = response.data.replace(_INLINE, f'<script nonce="{nonce}">'.encode())
    response.data = page.replace(b"/static/favicon.ico", b"/static/mark.svg", 1)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return response


def _requeue(job_id: str) -> Response:
    _retry(job_id)
    return jsonify(status="OK")


def _requeue_all(queue_name: str) -> Response:
    """Retry all that failed on a queue."""
    registry = FailedJobRegistry(queue_name, connection=redis(), serializer=JSONSerializer)
    count = 0
    for job_id in registry.get_job_ids(cleanup=False) if queue_name == PRESENTATIONS.queue else []:
        with suppress(LimitReached):  # its teacher has as many waiting as may be
            count += _retry(job_id)
    return jsonify(status="OK", count=count)


def _retry(job_id: str) -> bool:
    """Have the presentation of a failed job made after all, if it is the row that says that it failed."""
    entry = _JOB_ID.fullmatch(job_id)
    if entry is None:
        return False
    try:
        presentation = library().get(None, UUID(entry[1]))
    except (NotFound, ValueError):
        return False
    if presentation.status != ERROR:
        return False
    library().retry(None, presentation.id)
    return True
