"""How secrets are kept: only so that one that is shown can be told to be the same."""

from __future__ import annotations

import hashlib


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimal: enough for secrets that are random and long, and so for no password."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
