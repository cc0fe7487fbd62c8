"""Signing in with an account from elsewhere, such as a school's, by OpenID Connect."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth, OAuthError
from authlib.integrations.requests_client import OAuth2Session
from flask import Blueprint, Flask, abort, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from presentations.accounts import joined, metadata_url, of_claims, sign_in, wanted_claims
from presentations.bidi import isolated
from presentations.errors import InvalidRequest, LecternError, NotFound
from presentations.presenton import WholeAnswers
from presentations.settings import Settings
from presentations.web.auth import sessions
from presentations.web.auth.attempts import Attempts
from presentations.web.auth.signin import go_on, page
from presentations.web.current import accounts, note_ended, servers

log = logging.getLogger(__name__)

oidc = Blueprint("oidc", __name__, url_prefix="/sign-in/oidc")

# Seconds for each of the provider's answers.
_PATIENCE = 10.0
_MOST_REDIRECTS = 3
# RuntimeError: Authlib misses something in the provider's metadata.
_FAILURES = (AuthlibBaseError, JoseError, RequestException, ValueError, RuntimeError)
_BY_OIDC = "oidc"
# How ID tokens may be signed (RFC 7518, RFC 8037): by keys that a provider publishes. Some offer "none" as well.
_SIGNED_BY = [*(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)), "EdDSA"]


class _Session(OAuth2Session):
    """Connections to the provider, which holds no thread for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, default_timeout=_PATIENCE)  # type: ignore[misc,no-untyped-call]
        self.max_redirects = _MOST_REDIRECTS
        for scheme in ("http://", "https://"):
            self.mount(scheme, WholeAnswers(_PATIENCE))


class _Provider(FlaskOAuth2App):
    """A provider of which Authlib believes no more than it may: it takes issuer and algorithms from the metadata."""

    client_cls = _Session

    def load_server_metadata(self) -> dict[str, Any]:
        """What it says of itself. By OpenID Connect Discovery 1.0, section 4.3, its issuer has to be the one asked.

        Raises OAuthError when it is not.
        """
        with _unreadable_is_refused():
            metadata = cast(dict[str, Any], super().load_server_metadata())  # type: ignore[no-untyped-call]
            named, wanted = metadata.get("issuer"), servers().settings.oidc_issuer
        if str(named).rstrip("/") != wanted:
            self.server_metadata.clear()  # they are read once; it may come to its senses
            raise OAuthError("other_issuer", f"the metadata of {wanted} are of the issuer {named!r}")
        return metadata | {"id_token_signing_alg_values_supported": _SIGNED_BY}


def init_app(app: Flask, settings: Settings) -> None:
    app.config["OIDC_NAME"] = settings.oidc_name if settings.oidc_issuer else None
    app.extensions["oidc_provider"] = _provider_of(app, settings) if settings.oidc_issuer else None


def _provider_of(app: Flask, settings: Settings) -> FlaskOAuth2App:
    oauth = OAuth(app)
    oauth.framework_integration_cls = Attempts
    provider = oauth.register(
        "provider",
        client_cls=_Provider,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=metadata_url(str(settings.oidc_issuer)),
        client_kwargs={"scope": settings.oidc_scope, "code_challenge_method": "S256"},
    )
    return cast(FlaskOAuth2App, provider)


@oidc.get("")
def go() -> ResponseReturnValue:
    provider, wanted = _provider(), request.args.get("next", "")
    if sessions.current():
        return go_on(wanted)
    try:
        with _unreadable_is_refused():
            return cast(ResponseReturnValue, provider.authorize_redirect(url_for(".come_back", _external=True)))
    except _FAILURES as error:
        return _failed(error, wanted)


@oidc.get("/callback")
def come_back() -> ResponseReturnValue:
    settings, wanted = servers().settings, _provider().framework.wanted()
    try:
        with _unreadable_is_refused():
            who = of_claims(settings, _claims())
        user, ended = sign_in(accounts(), who, adds=settings.oidc_add_accounts)
    except NotFound as error:
        return page(refusal=str(error), wanted=wanted), 403
    except (*_FAILURES, InvalidRequest) as error:
        return _failed(error, wanted)
    sessions.start(user)
    note_ended(ended)
    session[_BY_OIDC] = True
    return go_on(wanted)


def sign_out_url() -> str | None:
    """Where somebody who came from the provider signs out there, by OpenID Connect RP-Initiated Logout 1.0."""
    provider = current_app.extensions["oidc_provider"]
    if provider is None or not session.get(_BY_OIDC):
        return None
    back = url_for("signin.ask", _external=True)
    try:
        with _unreadable_is_refused():
            return str(provider.create_logout_url(back, client_id=provider.client_id)["url"])
    except _FAILURES as error:  # many have no such address
        log.info("signed out here, but not at the OpenID Connect provider: %s", error)
        return None


def _provider() -> FlaskOAuth2App:
    provider = current_app.extensions["oidc_provider"]
    if provider is None:
        abort(404)
    return cast(FlaskOAuth2App, provider)


def _claims() -> Mapping[str, Any]:
    """What the ID token says, and what the provider tells besides if that lacks something."""
    provider = _provider()
    claims = provider.authorize_access_token().get("userinfo")
    if claims is None:
        raise OAuthError("no_id_token", "the provider sent no ID token")
    is_enough = wanted_claims(servers().settings) <= claims.keys()
    if is_enough or "userinfo_endpoint" not in provider.load_server_metadata():
        return cast(Mapping[str, Any], claims)
    more = provider.userinfo()
    if more.get("sub") != claims["sub"]:
        raise OAuthError("other_subject", "the provider's userinfo is about somebody else")
    return joined(claims, more)


@contextmanager
def _unreadable_is_refused() -> Iterator[None]:
    """What the provider says may be anything, and neither Authlib nor joserfc looks at types. Raises OAuthError."""
    try:
        yield
    except (*_FAILURES, LecternError):
        raise
    except Exception as error:  # whatever an answer makes of its reader
        raise OAuthError("unreadable", f"the provider's answer cannot be read: {error!r}") from error


def _failed(error: Exception, wanted: str) -> ResponseReturnValue:
    log.warning("signing in by OpenID Connect failed: %s", error)
    if sessions.current():  # by another tab, or before this page was loaded again
        return go_on(wanted)
    name = isolated(current_app.config["OIDC_NAME"])
    refusal = f"Signing in with {name} did not work. Try again; if it stays, tell whoever runs Lectern."
    return page(refusal=refusal, wanted=wanted), 422
