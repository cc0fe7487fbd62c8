"""A provider of single sign-on that answers anything, or hardly at all."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from presentations.accounts import Accounts
from presentations.local import Backends
from presentations.settings import load
from presentations.web import create_app
from presentations.web.auth import oidc

ODD: list[Any] = [["a"], None, {}, "a"]
METADATA, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"


class _Handler(BaseHTTPRequestHandler):
    server: _Provider

    def do_GET(self) -> None:
        answer = self.server.answers[self.path]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)
        while self.path == self.server.drips and not self.server.is_over.wait(0.1):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


class _Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.is_over = threading.Event()
        self.drips = ""
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": self.issuer + TOKEN,
            "jwks_uri": self.issuer + KEYS,
        }
        head, claims = (urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg": "RS256"}', b"{}"))
        self.token = {"access_token": "a", "token_type": "Bearer", "id_token": f"{head}.{claims}.AAAA"}
        self.answers = {METADATA: _json(self.metadata), TOKEN: _json(self.token), KEYS: b'{"keys": []}'}


def _json(what: object) -> bytes:
    return json.dumps(what).encode()


@pytest.fixture
def provider() -> Iterator[_Provider]:
    with _Provider() as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.is_over.set()
        server.shutdown()


@pytest.fixture
def app(provider: _Provider, environment: dict[str, str], backends: Backends, accounts: Accounts) -> Flask:
    client = {"OIDC_CLIENT_ID": "lectern", "OIDC_CLIENT_SECRET": "s", "OIDC_ISSUER": provider.issuer}
    return create_app(load(environment | client), backends)


def attempt(app: Flask) -> TestResponse:
    """Go there, and come back if there is a way."""
    client = app.test_client()
    answer = client.get("/sign-in/oidc")
    if answer.status_code != 302:
        return answer
    state = parse_qs(urlsplit(answer.location).query)["state"][0]
    return client.get(f"/sign-in/oidc/callback?code=c&state={state}")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        *((METADATA, said) for said in ODD if said != {}),
        (METADATA, {"authorization_endpoint": 5}),
        (METADATA, {"authorization_endpoint": ["a"]}),
        *((TOKEN, {"expires_in": said}) for said in ODD[:2]),
        *((TOKEN, {"id_token": said}) for said in ODD[:3]),
        *((KEYS, said) for said in ODD[:2]),
        (KEYS, {"keys": None}),
        (KEYS, {"keys": [1]}),
        (KEYS, {"keys": [{"kty": "oct", "k": "AAAA"}]}),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_refusal(app: Flask, provider: _Provider, path: str, said: Any) -> None:
    whole = {METADATA: provider.metadata, TOKEN: provider.token, KEYS: {}}[path]
    provider.answers[path] = _json(whole | said if isinstance(said, dict) else said)
    answer = attempt(app)
    assert (answer.status_code, "did not work. Try again" in answer.text) == (422, True)


def test_metadata_that_were_wrong_once_are_read_again(app: Flask, provider: _Provider) -> None:
    honest = provider.answers[METADATA]
    provider.answers[METADATA] = _json(provider.metadata | {"issuer": "https://evil.example"})
    assert app.test_client().get("/sign-in/oidc").status_code == 422
    provider.answers[METADATA] = honest
    assert app.test_client().get("/sign-in/oidc").status_code == 302


@pytest.mark.parametrize("path", [METADATA, TOKEN, KEYS])
def test_an_answer_that_never_ends_holds_nobody(
    app: Flask, provider: _Provider, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_PATIENCE", 0.5)
    provider.drips = path
    assert attempt(app).status_code == 422
