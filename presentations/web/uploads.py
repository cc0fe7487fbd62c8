"""Files that come with a request: how large they may be, and how a changed deck becomes a version of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, current_app, request
from werkzeug.datastructures import FileStorage

from presentations.database.models import Presentation
from presentations.decks import BadFile, Kind, check_file
from presentations.errors import InvalidRequest
from presentations.files import UPLOAD, put_file
from presentations.web.current import decks, store

# The endpoints that take a file.
_TAKE_FILES = {"versions.upload"}
# What stands in a form around its file, in bytes.
_AROUND = 64 * 1024


def init_app(app: Flask) -> None:
    """Let files in where they are taken. To be called before CSRFProtect, which reads the form."""
    app.before_request(_let_in)


def _let_in() -> None:
    if request.endpoint not in _TAKE_FILES:
        return
    most = current_app.config["MAX_FILE_BYTES"]
    request.max_content_length = most + _AROUND
    if (request.content_length or 0) > request.max_content_length:
        raise InvalidRequest("file", f"expected at most {most / 1_000_000:.3g} MB; make its pictures and films smaller")


def keep_version(one: Presentation, given: FileStorage | None) -> int:
    """Keep what was sent as the newest version of its deck; gives the number.

    Raises InvalidRequest for what is no deck that can be kept, NotFound, NotThere or StoreAway.
    """
    if given is None or not given.filename:
        raise InvalidRequest("file", "expected a PowerPoint file, got nothing")
    with TemporaryDirectory(prefix="lectern-") as folder:
        path = Path(folder, "deck.pptx")
        given.save(path)
        try:
            check_file(path, Kind.PPTX, most_bytes=current_app.config["MAX_FILE_BYTES"])
        except BadFile as error:
            raise InvalidRequest("file", str(error)) from None
        return decks().upload(one.user_id, one.id, put_file(store(), one, path, Kind.PPTX, UPLOAD))
