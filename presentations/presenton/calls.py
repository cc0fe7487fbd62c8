"""The calls that Presenton has, by their paths, and what the metrics call them."""

from __future__ import annotations

from urllib.parse import quote

ASYNC = "/api/v1/ppt/presentation/generate/async"
BLOCKING = "/api/v1/ppt/presentation/generate"
STATUS = "/api/v1/ppt/presentation/status/"
LIST = "/api/v1/ppt/presentation/all?include_slides=false"
EDIT = "/api/v1/ppt/presentation/edit"
DRAFT = "/api/v1/ppt/presentation/create"
UPLOAD = "/api/v1/ppt/files/upload"

_DECK = "/api/v1/ppt/presentation/"
_OUTLINES = "/api/v1/ppt/outlines/"
_STREAM = "/api/v1/ppt/outlines/stream/"
_FILES = "/app_data/"


def deck_path(deck_id: str) -> str:
    """A presentation."""
    return _DECK + quote(deck_id, safe="")


def export_path(deck_id: str) -> str:
    """The export of a presentation, a call that only the newest releases have (Presenton's pull request 831)."""
    return deck_path(deck_id) + "/export"


def outlines_path(draft_id: str) -> str:
    """The outlines of a presentation."""
    return _OUTLINES + quote(draft_id, safe="")


def stream_path(draft_id: str) -> str:
    """The call that writes the outlines of a draft, and tells of it meanwhile."""
    return _STREAM + quote(draft_id, safe="")


def name_of(method: str, path: str) -> str:
    """What the metrics call it; no ids, of which there is no end."""
    for start, name in ((STATUS, "status"), (_STREAM, "outline"), (_OUTLINES, "outlines"), (_FILES, "picture")):
        if path.startswith(start):
            return name
    if path.startswith(_DECK) and path not in (ASYNC, BLOCKING, LIST, EDIT, DRAFT):
        if method == "POST":
            return "export"
        return "delete" if method == "DELETE" else "deck"
    return path.partition("?")[0].rpartition("/")[2]
