"""What went wrong, said as a page, or as JSON under /api and where rq-dashboard's script asks."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from werkzeug.exceptions import HTTPException

from presentations.errors import (
    Conflicting,
    InvalidRequest,
    LimitReached,
    NotAllowed,
    NotFound,
    NotThere,
    TooLarge,
    TooManyDownloads,
    TooManyUploads,
    Unavailable,
)
from presentations.files import StoreAway, StoreError
from presentations.web.admin import rq
from presentations.web.admin.rq_records import UnreadableJob
from presentations.web.api import problems
from presentations.web.auth import sessions, signin
from presentations.web.metering import shown_path
from presentations.web.pages import material
from presentations.web.wording import complaint

log = logging.getLogger(__name__)

_TITLES = {
    400: "This could not be read",
    401: "Sign in first",
    403: "Not for you",
    404: "Not found",
    405: "Nothing to see at this address",
    413: "That is too much at once",
    416: "The file has no such part",
    429: "Too many tries",
    500: "Something went wrong here",
    503: "Just a moment",
}
SENTENCES = {
    401: "Sign in first.",
    403: "This page is for those who run Lectern. Ask one of them, or go to your presentations.",
    404: "There is no such page. Check the address, or look among your presentations: it may have been deleted.",
    405: "This address only takes what a page of Lectern sends to it. Go to your presentations, and on from there.",
    413: "Lectern takes at most 1 MB from a form. Nothing was lost: go back and send less.",
    429: "Wait a quarter of an hour and try again. A sign-in link from whoever runs Lectern works at once.",
    500: "This is not your fault. It has been noted. Try again; if it stays, tell whoever runs Lectern.",
}
API_SENTENCES = {
    404: "There is nothing at this address. Look for the right one in the API's own openapi.json.",
    405: "This address does not take this method. Use one that the header Allow names.",
    413: "Lectern takes at most 1 MB. Send less.",
    429: "This token has sent too many requests; wait as long as Retry-After says.",
    500: SENTENCES[500],
}
_TOO_LONG_OPEN = "This page was open too long. Nothing was lost: go back, reload the page and send it again."
_AWAY = "Lectern cannot reach its database just now; nothing is lost. Try again in a moment."
_NO_LINE = (
    "Lectern cannot reach Redis just now. Nothing is lost: what waits enters the line again. Try again in a moment."
)
_NO_JOB = "There is no such job, or no longer. Look in the lists of jobs."
_UNREADABLE_JOB = (
    "This job is in Redis, and cannot be read: something other than Lectern has written to it. What it is about stands "
    "in the database, and is not lost. Delete the job by emptying the list that it is in."
)
_NOT_READ = "Lectern cannot read what was sent. Go back, and try again."


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _no_csrf_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ParseException, _broken_body)
    app.register_error_handler(NotFound, lambda error: _answer(404, str(error)))
    app.register_error_handler(NotAllowed, lambda error: _answer(403, str(error)))
    app.register_error_handler(InvalidRequest, _invalid)
    app.register_error_handler(LimitReached, _limit_reached)
    app.register_error_handler(Conflicting, lambda error: _answer(409, str(error)))
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(RedisError, _no_redis)
    app.register_error_handler(NoSuchJobError, lambda error: _answer(404, _NO_JOB))
    app.register_error_handler(UnreadableJob, _unreadable_job)
    app.register_error_handler(NotThere, lambda error: _answer(404, str(error)))
    app.register_error_handler(StoreError, _store)
    app.register_error_handler(TooLarge, lambda error: _answer(413, str(error)))
    app.register_error_handler(TooManyDownloads, lambda error: _too_many(error, "Too many downloads at once"))
    app.register_error_handler(TooManyUploads, lambda error: _too_many(error, "Too many files at once"))


def _no_csrf_token(error: CSRFError) -> ResponseReturnValue:
    if request.blueprint == signin.signin.name and sessions.current():  # in another tab, since this form was shown
        return signin.go_on(request.args.get("next", ""))
    if not _is_api():
        return _answer(400, _TOO_LONG_OPEN)
    return _answer(400, f"X-CSRFToken: expected the token that stands in a page of Lectern. {error.description}")


def _broken_body(error: ParseException) -> Response:
    """Its chunks are none, which gunicorn only sees when they are read."""
    log.info("%s %s: the body cannot be read: %s", request.method, shown_path(), error)
    answer = _answer(400, _NOT_READ)
    answer.headers["Connection"] = "close"
    return answer


def _invalid(error: InvalidRequest) -> Response:
    if _is_api():
        return problems.of_fields([problems.field(error.field, error.problem)])
    return _answer(400, str(error))


def _limit_reached(error: LimitReached) -> Response:
    answer = _answer(429, complaint(error))
    if error.seconds is not None:
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    known = API_SENTENCES if _is_api() else SENTENCES
    # Werkzeug's own words are for those who write servers.
    ours = error.description if error.description != type(error).description else None
    answer = _answer(code, known.get(code) or ours or _NOT_READ)
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range", "Location", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer


def _unavailable(error: Unavailable) -> Response:
    log.warning("%s %s: %s", request.method, shown_path(), error)
    answer = _answer(503, _AWAY)
    answer.headers["Retry-After"] = "5"
    return answer


def _no_redis(error: RedisError) -> Response:
    log.warning("%s: Redis: %s", shown_path(), error)
    answer = _answer(503, _NO_LINE)
    answer.headers["Retry-After"] = "5"
    return answer


def _unreadable_job(error: UnreadableJob) -> Response:
    log.warning("%s: %s", shown_path(), error)
    return _answer(409, _UNREADABLE_JOB)


def _store(error: StoreError) -> Response:
    log.error("%s: %s", shown_path(), error.reason)
    answer = _answer(503 if isinstance(error, StoreAway) else 500, str(error))
    if isinstance(error, StoreAway):
        answer.headers["Retry-After"] = "30"
    return answer


def _too_many(error: TooManyDownloads | TooManyUploads, title: str) -> Response:
    answer = _answer(429 if error.is_persons else 503, str(error), title)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _answer(code: int, sentence: str, title: str | None = None) -> Response:
    if _is_api() or rq.is_data():
        return problems.problem(code, sentence)
    if material.is_script():
        return material.answer(code, [sentence])
    if request_ctx.url_adapter is None:  # the header Host is no name, so a page would have no links
        return make_response(f"{sentence}\n", code, {"Content-Type": "text/plain; charset=utf-8"})
    number = g.get("request_id") if code >= 500 else None
    title = title or _TITLES.get(code, _TITLES[400])
    return make_response(render_template("error.html", title=title, sentence=sentence, number=number), code)


def _is_api() -> bool:
    return f"{request.path}/".startswith("/api/")
