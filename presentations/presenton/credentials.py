"""How a request shows who asks."""

from __future__ import annotations

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from presentations.settings import Settings


class _NoAuth(AuthBase):
    """No credentials, not even those that a .netrc file would add."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Bearer(AuthBase):
    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def credentials(settings: Settings) -> AuthBase:
    """An API key, HTTP Basic, or none."""
    if settings.presenton_api_key:
        return _Bearer(settings.presenton_api_key)
    if settings.presenton_username and settings.presenton_password:
        return HTTPBasicAuth(settings.presenton_username.encode(), settings.presenton_password.encode())
    return _NoAuth()
