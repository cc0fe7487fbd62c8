"""A POST that is sent again with the same Idempotency-Key gets the first answer."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import cast

from flask import Response, current_app, g, request
from werkzeug.datastructures import FileStorage

from presentations.library import KEY_HEADER, Idempotency, KeptAnswer, UnderWay
from presentations.web.api import body, problems
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.auth.powers import powers

_PIECE = 256 * 1024


def library_key() -> str | None:
    """The key under which the library knows this request: it finds what one that died has made."""
    key = g.get("repeat_key")
    return None if key is None else hashlib.sha256(f"{key} {_digest()}".encode()).hexdigest()


def item_key(place: int, item: object) -> str | None:
    """The same for the item at this place of a list, whatever becomes of the others."""
    key = g.get("repeat_key")
    asked = json.dumps([key, request.path, place, item], sort_keys=True)
    return None if key is None else hashlib.sha256(asked.encode()).hexdigest()


@api.before_request
def _first_answer() -> Response | None:
    key = request.headers.get(KEY_HEADER)
    if request.method != "POST" or key is None:
        return None
    try:
        first = _idempotency().begin(acting(), key, _digest())
    except UnderWay as error:
        answer = problems.problem(409, str(error))
        answer.headers["Retry-After"] = "1"
        return answer
    if first is None:
        g.repeat_key = key
        return None
    answer = current_app.response_class(first.body, first.status, mimetype="application/json")
    if first.location:
        answer.headers["Location"] = first.location
    return answer


@api.after_request
def _keep(response: Response) -> Response:
    key = g.pop("repeat_key", None)
    if key is None:
        return response
    # What was done in part may be sent again, for the rest.
    if response.status_code < 300 and response.status_code != HTTPStatus.MULTI_STATUS:
        answer = KeptAnswer(response.status_code, response.headers.get("Location"), response.get_data(as_text=True))
        _idempotency().keep(acting(), key, answer)
    else:
        _idempotency().forget(acting(), key)
    return response


def _digest() -> str:
    """The same for the same request, however its JSON is spaced and ordered.

    What was answered to who may act for everybody is for nobody less: a webhook's secret, what others were told.
    """
    sent = _sent_in_form() if body.is_form() else body.sent()
    asked: list[object] = [request.path, request.args.to_dict(flat=False), sent]
    if request.path.startswith("/api/webhooks") and powers().acts_for_all:
        asked.append("for everybody")
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _sent_in_form() -> list[object]:
    """The same for the same fields and files, whatever parts them."""
    return [request.form.to_dict(flat=False), [_digest_of(*file) for file in request.files.items(multi=True)]]


def _digest_of(field: str, file: FileStorage) -> list[str | None]:
    digest = hashlib.sha256()
    while piece := file.stream.read(_PIECE):
        digest.update(piece)
    file.stream.seek(0)
    return [field, file.filename, digest.hexdigest()]


def _idempotency() -> Idempotency:
    return cast(Idempotency, current_app.extensions["idempotency"])
