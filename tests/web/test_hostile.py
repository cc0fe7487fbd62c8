"""Whatever stands in headers, cookies, addresses and bodies, nothing is answered with an error of ours."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule, UnicodeConverter
from werkzeug.test import EnvironBuilder

from tests.support.signing import FILES, hidden

VALUES = (
    *("", "²", "١٢", "-1", "1e999", "nan", "9" * 19, "9" * 5000, "\x7f", "\xff\xfe", "%00", "%ff"),
    *("[", "https://[::1", "127.0.0.1:²", "127.0.0.1:99999999", "=?;,", '"\\', 'W/"', "../../etc/passwd"),
    *("posixrules", "right/UTC", "Factory", "America", "bytes=²-", "gzip;q=²", "Basic ²", "Bearer \xff", "Digest x="),
    *("multipart/form-data", "application/json; charset=utf-99", "Thu, 99 Foo 9999 99:99:99 GMT", ".eJ.x.y"),
)
COOKIES = ("zone", "session", "remember_token", "lectern_8000", "")
HEADERS = (
    *("Host", "Authorization", "Referer", "Origin", "X-CSRFToken", "X-Request-ID", "X-Lectern-User", "X-Lectern-Look"),
    *("If-None-Match", "If-Modified-Since", "If-Range", "Range", "Accept", "Accept-Encoding", "Accept-Language"),
    *("Content-Type", "Content-Length", "Idempotency-Key", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
)
# Some that look at them: a page, a form, a file, the API.
ASKED = (
    ("GET", "/new"),
    ("POST", "/presentations"),
    ("GET", "/static/lectern.css"),
    ("POST", "/api/presentations"),
    ("GET", "/api/presentations"),
    ("POST", "/sign-in"),
    ("GET", "/metrics"),
)
IDS: dict[str, object] = dict.fromkeys(
    ("presentation_id", "webhook_id", "delivery_id", "undo_id", "token_id", "file_id"), UUID(int=1)
)
PARAMETERS = ("after", "limit", "wait", "page", "status", "subject", "since", "like", "n_slides", "sort", "q", "next")


@pytest.fixture
def strict(app: Flask) -> Flask:
    """The web behind one proxy."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def status_of(app: Flask, client: FlaskClient, method: str, path: str, token: str, **more: str) -> int:
    """What is answered to this request; `more` are variables of its WSGI environment, as they are."""
    form = {"csrf_token": token, "email": "x", "topic": "x", "n_slides": "١٢"}
    is_json = path.startswith("/api/")
    data = form if method == "POST" and not is_json else None
    environment = EnvironBuilder(path, "https://127.0.0.1", method=method, data=data).get_environ()
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in (client._cookies or {}).values())
    environment |= {"HTTP_REFERER": "https://127.0.0.1/", "HTTP_X_CSRFTOKEN": token, "HTTP_COOKIE": cookies}
    environment |= {"CONTENT_TYPE": "application/json"} if is_json else {}
    environment |= {name: value.encode("utf-8").decode("latin-1") for name, value in more.items()}
    if "COOKIE_TOO" in more:
        environment["HTTP_COOKIE"] += f"; {environment.pop('COOKIE_TOO')}"
    with app.request_context(environment):
        response = app.full_dispatch_request()
        response.close()
        return response.status_code


def variables() -> Iterator[tuple[str, str, str]]:
    """What was an error once, and every seventh of all pairs: what it is, the variable, and what that holds."""
    yield from (("Authorization", "HTTP_AUTHORIZATION", "Basic ²"), ("Host", "HTTP_HOST", "9" * 5000))
    yield from (("Referer", "HTTP_REFERER", "https://[::1") for _ in ASKED)
    for header, value in itertools.islice(itertools.product(HEADERS, VALUES), 0, None, 7):
        name = header.upper().replace("-", "_")
        yield header, name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}", value
    for cookie, value in itertools.islice(itertools.product(COOKIES, VALUES), 0, None, 7):
        yield f"the cookie {cookie}", "COOKIE_TOO", f"{cookie}={value}" if cookie else value


def test_no_header_and_no_cookie_is_an_error_of_ours(strict: Flask, ann: FlaskClient) -> None:
    token = hidden(ann.get("/").text, "csrf_token")
    asked = itertools.cycle(ASKED)
    for what, variable, value in variables():
        method, path = next(asked)
        status = status_of(strict, ann, method, path, token, **{variable: value})
        assert status < 500, (what, value[:40], method, path)


@pytest.mark.parametrize("name", ["posixrules", "right/UTC", "posix/UTC", "Factory", "localtime", "Europe/Berlin", "x"])
def test_no_time_zone_is_an_error_of_ours(ann: FlaskClient, name: str) -> None:
    ann.set_cookie("zone", name)
    assert ann.get("/admin").status_code == 200


def test_no_address_is_an_error_of_ours(app: Flask, ann: FlaskClient) -> None:
    paths = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        # rq-dashboard has tests of its own.
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith("rq_dashboard.") or rule.endpoint in FILES:
            continue
        for value in ("²", "٣", "-1", "0", "9" * 30, "\x00", "%") if rule.arguments else ("",):
            path = paths.build(rule.endpoint, {name: _given(rule, name, value) for name in rule.arguments})
            assert ann.get(path).status_code < 500, path
    for path, (name, value) in itertools.product(
        ("/api/presentations", "/api/events", "/search", "/new", "/admin/audit"),
        itertools.product(PARAMETERS, VALUES[::5]),
    ):
        assert ann.get(path, query_string={name: value}).status_code < 500, (path, name, value)


def _given(rule: Rule, name: str, value: str) -> object:
    """`value`, where the route takes any text; elsewhere it is refused before."""
    return value if isinstance(rule._converters[name], UnicodeConverter) else IDS[name]


@pytest.mark.parametrize("levels", [21, 900, 979, 5000, 100_000])
@pytest.mark.parametrize("pair", ["[]", '{"a":1}'])
def test_json_that_is_too_deep_is_refused(ann: FlaskClient, levels: int, pair: str) -> None:
    opened, closed = pair[:-1].removesuffix("1"), pair[-1]
    body = '{"topic":' + opened * levels + ("1" if opened != "[" else "") + closed * levels + "}"
    token = hidden(ann.get("/").text, "csrf_token")
    for path in ("/api/presentations", "/api/webhooks"):
        headers = {"X-CSRFToken": token, "Idempotency-Key": f"{levels}{pair[0]}"}
        response = ann.post(path, data=body, content_type="application/json", headers=headers)
        # Python reads no JSON that is far deeper.
        assert response.status_code in ((422,) if levels < 100 else (400, 422))
        assert "deep" in response.text or "not JSON" in response.text
