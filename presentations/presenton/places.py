"""Addresses that Presenton names, made safe: pages on its own address, and files below /app_data/."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit


def page_path(url: str | None) -> str | None:
    """The path of a page on Presenton's own address; newer releases may give it with an address of their own."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    is_web = parts.scheme in ("", "http", "https")
    if not is_web or not parts.path.startswith("/") or parts.path.startswith("//") or "\\" in parts.path:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def deck_page(deck_id: str) -> str:
    """The path of the page on which a deck is edited."""
    return f"/presentation?id={quote(deck_id, safe='')}"


def served_path(path: str | None) -> str | None:
    """The path of a file that Presenton serves; elsewhere than in its own image it is one of the host's, and no use."""
    if path and path.startswith(("http://", "https://")):
        _, _, rest = path.partition("://")
        path = unquote(f"/{rest.partition('/')[2]}".partition("?")[0])
    if not path or not path.startswith("/app_data/") or ".." in path.split("/") or re.search(r"[\\\x00-\x1f]", path):
        return None
    return path
