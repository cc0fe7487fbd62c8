"""What stands in addresses that came from outside, and those of ours that lead in from there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from flask import current_app, request

# A path of our own. Browsers take // and /\ for the start of another host's name, and leave out tabs.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_local(address: str) -> bool:
    """Whether this leads to a page of ours, whatever browsers make of it."""
    path = posixpath.normpath(unquote(re.split(r"[?#]", address)[0]))
    return _LOCAL.fullmatch(address) is not None and f"{path}/".startswith(f"{request.script_root}/")


def shown_address() -> str:
    """The address of the page that was asked for, without the host, so that forms and sign-in can lead back to it."""
    return f"{request.script_root}{request.full_path.rstrip('?')}"


def sign_in_link(secret: str) -> str:
    """What somebody who is not here is sent: it begins with where browsers find Lectern, and not with how we do."""
    return f"{current_app.config['WEB_URL']}/sign-in/{secret}"


def words_of(given: Mapping[str, str]) -> str:
    """The words that are looked for, in the query `given`."""
    return given.get("q", "").replace("\x00", " ").strip()
