"""What schemathesis is told of the API: a key belongs to one request, few addresses exist, time is short.

And that a text shows something, which its description can only say in part.
"""

from __future__ import annotations

import os
import re
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.transport.serialization import Binary

from presentations.library import KEY_HEADER, KEY_PATTERN
from presentations.options import MAX_POINTS, MAX_SLIDE
from presentations.validation import TEXT_PATTERN, shows_nothing
from presentations.web.api.fields import URL_PATTERN
from presentations.webhooks import MAX_URL

FORM = "multipart/form-data"
# The pattern of a text so long takes schemathesis more than a second, and it reads some twenty times. So that what is
# longer than it may be is refused is left to other tests.
LONG = 10_000


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Forms with files are left out, or else all but these: see test_fuzzed.py."""
    left_out = "application/json" if "FUZZING_FORMS" in os.environ else FORM
    for path in raw_schema["paths"].values():
        for operation in path.values():
            operation.get("requestBody", {}).get("content", {}).pop(left_out, None)
    for schema in raw_schema["components"]["schemas"].values():
        for field in schema.get("properties", {}).values():
            if "pattern" in field and field.get("maxLength", 0) > LONG:
                del field["maxLength"]


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    headers: Any = case.headers
    key = headers.get(KEY_HEADER) if headers else None
    if isinstance(key, str) and re.fullmatch(KEY_PATTERN, key):
        headers[KEY_HEADER] = str(uuid4())
    query: Any = case.query
    if query and query.get("wait") in range(2, 31):
        query["wait"] = 1
    body: Any = case.body
    for sent in (query, body):
        if isinstance(sent, dict):
            sent.update({name: _seen(value) for name, value in sent.items() if isinstance(value, str)})
    if isinstance(body, dict):
        if "file" in body:
            body["file"] = _as_text(body["file"])
        # What there is none of, or what nobody has allowed.
        for name in ("web_search", "file_ids"):
            if body.get(name) and _is_valid(body[name]):
                del body[name]
                body.setdefault("topic", "Cells")
        # What goes together is more than a schema says.
        if body.get("keep_wording") is True and isinstance(body.get("outline_first", False), bool):
            del body["keep_wording"]
        if body.get("table_of_contents") is True and body.get("n_slides") in (1, 2):
            del body["table_of_contents"]
        if isinstance(body.get("slides"), list):
            body["slides"] = [_sayable(slide) for slide in body["slides"]]
        for name in ("url", "webhook_url"):
            sent = body.get(name)
            if isinstance(sent, str) and len(sent) <= MAX_URL and re.fullmatch(URL_PATTERN, sent):
                body[name] = "http://127.0.0.1:9/hook"


def _sayable(slide: Any) -> Any:
    """A slide of an outline that says one thing, something, and not too much: all of it is more than its parts say."""
    if not isinstance(slide, dict) or not slide.keys() <= {"title", "points", "markdown"}:
        return slide
    title, points, markdown = slide.get("title", ""), slide.get("points", []), slide.get("markdown", "")
    if not slide or not isinstance(points, list):
        return slide
    texts = [text for text in (title, markdown, *points) if isinstance(text, str) and "\x00" not in text]
    if len(texts) < 2 + len(points):
        return slide
    if any(len(text) > MAX_SLIDE for text in texts) or not all(re.search(TEXT_PATTERN, point) for point in points):
        return slide
    if len(points) > MAX_POINTS or ("markdown" in slide and not re.search(TEXT_PATTERN, markdown)):
        return slide
    if "markdown" in slide:
        return {"markdown": _seen(markdown)}
    return {"title": f"a{title[:100]}", "points": [f"a{point[:20]}" for point in points]}


def _seen(value: str) -> str:
    return f"a{value[1:]}" if re.search(TEXT_PATTERN, value) and shows_nothing(value) else value


def _is_valid(value: object) -> bool:
    return value is True or isinstance(value, list)


def _as_text(value: Any) -> Any:
    """Files of which slides can be made, in place of any.

    As text: schemathesis takes a body for wrong that has been given other bytes.
    """
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    return "Cells divide." if isinstance(value, Binary) else value
