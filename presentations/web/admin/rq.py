"""rq-dashboard at /admin/rq, for admins: as it comes, but for what it must not do here.

It has no sign-in, lets a GET requeue, knows no CSRF tokens, takes anything for a name, prints it and what jobs say
unescaped, breaks on what it cannot read, and reads pickles. Here only admins get in, each part of an address is a known
value, changes take a POST from our own pages, jobs are read as JSON and shown escaped (`rq_records`, `rq_scripts`), and
Requeue is the library's retry.
"""

from __future__ import annotations

import re
from contextlib import suppress
from uuid import UUID

from flask import Flask, Response, abort, jsonify, request
from flask_wtf import CSRFProtect
from rq.serializers import JSONSerializer
from rq_dashboard import web as dashboard

from presentations.database.models import ERROR
from presentations.errors import LimitReached, NotFound
from presentations.jobs import JOB_ID, PRESENTATIONS
from presentations.library import MaterialGone
from presentations.operations import QUEUES
from presentations.web.admin.guard import admins_only
from presentations.web.admin.rq_records import (
    QUEUED,
    REGISTRIES,
    KnownJob,
    KnownQueue,
    ShownWorker,
    delete_all,
    delete_job,
    job_ids,
    page_of_jobs,
)
from presentations.web.admin.rq_scripts import page_of, script_of
from presentations.web.current import library, redis

_HERE = "/admin/rq"
_READING = ("GET", "HEAD", "OPTIONS")
# The parts that its addresses have; 200 jobs are the most that its page asks for.
_PARTS = {
    "instance_number": "0",
    "queue_name": "|".join(QUEUES),
    "registry_name": "|".join([QUEUED, *REGISTRIES]),
    "order": "asc|dsc",
    "per_page": "[1-9][0-9]?|1[0-9]{2}|200",
    "page": "[1-9][0-9]{0,5}",
    "job_id": JOB_ID,
}
_SCRIPT = b"script"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    for owner, name, ours in (
        (dashboard.config, "serializer", JSONSerializer),
        (dashboard, "Job", KnownJob),
        (dashboard, "Queue", KnownQueue),
        (dashboard, "Worker", ShownWorker),
        (dashboard, "get_queue_registry_jobs_count", page_of_jobs),
        # It would open a client for each request, one that waits for ever.
        (dashboard, "from_url", lambda *_, **__: (None, redis())),
        # APIFlask asks every blueprint whether it is described.
        (dashboard.blueprint, "enable_openapi", False),
        (app, "redis_conn", app.extensions["quick_redis"]),
    ):
        setattr(owner, name, ours)
    app.config["RQ_DASHBOARD_REDIS_URL"] = ("Redis",)  # only its name is shown
    app.register_blueprint(dashboard.blueprint, url_prefix=_HERE)
    # Its page of a job does not say it.
    app.template_context_processors["rq_dashboard"].append(lambda: {"active_tab": "jobs"})
    csrf.exempt(dashboard.blueprint)
    app.view_functions["rq_dashboard.delete_job_view"] = _delete
    app.view_functions["rq_dashboard.requeue_job_view"] = _requeue
    app.view_functions["rq_dashboard.requeue_all"] = _requeue_all
    app.view_functions["rq_dashboard.empty_queue"] = _empty
    app.before_request(_guard)
    app.after_request(_part_script_from_page)


def is_data() -> bool:
    """Whether this address, there or not, is one of those that rq-dashboard's script asks, which reads JSON."""
    is_asked = request.path.endswith(".json") or request.method not in _READING
    return request.path.startswith(f"{_HERE}/") and is_asked


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
        abort(400, "This can only be done from Lectern's own pages. Open them, and do it there.")
    if request.endpoint != "rq_dashboard.static" and not _is_known():
        raise NotFound("rq-dashboard has nothing at this address. Begin on its first page, and go on from there.")


def _is_known() -> bool:
    """Whether each part of the address is one that rq-dashboard may see; it is to get nothing besides."""
    given = {name: str(value) for name, value in (request.view_args or {}).items() if value is not None}
    parts_are = all(re.fullmatch(_PARTS.get(name, ""), value) for name, value in given.items())
    return parts_are and request.query_string in (b"", _SCRIPT) and not request.get_data()


def _part_script_from_page(response: Response) -> Response:
    if not _is_dashboard() or response.mimetype != "text/html" or response.status_code != 200:
        return response
    if request.query_string == _SCRIPT:
        response.data = script_of(response.get_data(as_text=True))
        response.mimetype = "text/javascript"
        return response
    response.data = page_of(response.get_data(as_text=True)).replace("/static/favicon.ico", "/static/mark.svg", 1)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _delete(job_id: str) -> Response:
    delete_job(job_id, redis())
    return jsonify(status="OK")


def _requeue(job_id: str) -> Response:
    _retry(job_id)
    return jsonify(status="OK")


def _requeue_all(queue_name: str) -> Response:
    """Retry all that failed on a queue."""
    count = 0
    for job_id in job_ids(queue_name, "failed", redis()) if queue_name == PRESENTATIONS.queue else []:
        # Its teacher has as many waiting as may be, or it lacks a file that it is made from.
        with suppress(LimitReached, MaterialGone):
            count += _retry(job_id)
    return jsonify(status="OK", count=count)


def _empty(queue_name: str, registry_name: str) -> Response:
    delete_all(queue_name, registry_name, redis())
    return jsonify(status="OK")


def _retry(job_id: str) -> bool:
    """Have the presentation of a failed job made after all, if it is the row that says that it failed."""
    try:
        presentation = library().get(None, UUID(job_id.partition("_")[0]))
    except NotFound:
        return False
    if presentation.status != ERROR:
        return False
    library().retry(None, presentation.id)
    return True
