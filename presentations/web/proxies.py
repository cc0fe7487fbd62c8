"""What reverse proxies say of a request, as far as they are to be believed; and the path that Lectern stands under."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from presentations.errors import NotFound
from presentations.settings import Settings, path_prefix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ODD = "lectern.odd_prefix"
_OUTSIDE = "lectern.outside"


def init_app(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as the settings say, and of any path only one that can be part of an address."""
    app.wsgi_app = _Prefix(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_refuse_odd_prefixes)
    app.before_request(_lead_inside)
    if hops := settings.trusted_proxies:
        # Of several proxies one cuts a path off, and the others pass on what it says of that.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=1)  # type: ignore[method-assign]
    if settings.script_name:
        app.wsgi_app = _Below(app.wsgi_app, settings.script_name)  # type: ignore[method-assign]


class _Below:
    """Cuts off the path that the web stands under, whole parts of it only: /slidesxyz is not below /slides.

    Whether the server before it has cut it already, as gunicorn does by SCRIPT_NAME, makes no difference.
    """

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = self._prefix
        environ["PATH_INFO"] = path
        if f"{path}/".startswith(f"{self._prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(self._prefix)
        else:
            environ[_OUTSIDE] = True
        return self._app(environ, start_response)


class _Prefix:
    """Keeps odd paths out of SCRIPT_NAME, with which every address of ours begins: //evil.example is another host."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        prefix = environ.get("SCRIPT_NAME", "").rstrip("/")
        environ["SCRIPT_NAME"] = prefix
        try:
            if prefix:
                path_prefix(prefix)
        except ValueError as problem:
            environ["SCRIPT_NAME"] = ""
            environ[_ODD] = f"{prefix!a}: {problem}"
        return self._app(environ, start_response)


def _refuse_odd_prefixes() -> None:
    if problem := request.environ.get(_ODD):
        abort(400, f"X-Forwarded-Prefix is {problem}. Have the proxy before Lectern say that.")


def _lead_inside() -> None:
    if request.environ.get(_OUTSIDE):
        prefix = request.script_root
        raise NotFound(f"Lectern stands under {prefix} here: go to {prefix}/, or write that before the path.")
