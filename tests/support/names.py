"""Names as the DNS gives them."""

from __future__ import annotations

import socket
from typing import Any

import pytest


def known_as(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Have the DNS say that every name stands for these addresses."""

    def look_up(_host: str, port: int, **_: Any) -> list[Any]:
        if not addresses:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
