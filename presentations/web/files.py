"""The finished presentation itself: opened in Presenton, or downloaded through us."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as Redirect

from presentations.database.models import CANCELLED, COMPLETE, ERROR, Presentation
from presentations.errors import NotThere
from presentations.filenames import file_names
from presentations.presenton import File
from presentations.web.auth.sessions import user_id
from presentations.web.current import library, presenton
from presentations.web.downloads import Downloads

files = Blueprint("files", __name__)

TYPES = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pdf": "application/pdf",
}
_NOT_MADE = {
    ERROR: "This presentation was not made, so there is nothing to {}. Try again on its page.",
    CANCELLED: "This presentation was cancelled, so there is nothing to {}. Have it made after all on its page.",
}
_NOT_YET = "This presentation is not made yet. Wait until it is complete; there is nothing to {} before."
_NO_EDITOR = "The slide generator made this presentation, but did not say where it can be opened. "
_NO_FILE = "The slide generator made this presentation, but did not say where its file is. "
_MAKE_ANOTHER = "Make another like it."


@files.get("/presentations/<presentation_id>/open")
def open_(presentation_id: str) -> Redirect:
    """To Presenton's editor. From now on it is no longer new."""
    one = library().get(user_id(), presentation_id)
    _require_made(one, "open")
    if not one.presenton_url:
        raise NotThere(_NO_EDITOR + ("Download its file." if one.presenton_path else _MAKE_ANOTHER))
    _mark_opened(user_id(), one.id)
    return redirect(f"{current_app.config['PRESENTON_URL']}{one.presenton_url}", 303)


@files.get("/presentations/<presentation_id>/file")
def download(presentation_id: str) -> Response:
    """The file, for a teacher's browser, which may not be able to reach Presenton."""
    return file_of(user_id(), presentation_id)


def file_of(owner: str, presentation_id: str | UUID) -> Response:
    """The exported file, as it comes from Presenton.

    Raises NotFound, NotThere, FileGone, TooManyDownloads or PresentonError.
    """
    one = library().get(owner, presentation_id)
    _require_made(one, "download")
    path = one.presenton_path
    if not path:
        raise NotThere(_NO_FILE + ("Open it and export it there." if one.presenton_url else _MAKE_ANOTHER))

    def find() -> File:
        found = presenton().file(path)
        _mark_opened(owner, one.id)
        return found

    downloads = cast(Downloads, current_app.extensions["downloads"])
    answer = downloads.send(owner, find)
    ending = PurePosixPath(path).suffix.lower()
    ending = ending if ending in TYPES else ""
    answer.mimetype = TYPES.get(ending, "application/octet-stream")
    answer.headers["Content-Disposition"] = file_names(one.shown_title, one.id, ending).content_disposition
    return answer


def _require_made(one: Presentation, what: str) -> None:
    if one.status != COMPLETE:
        raise NotThere(_NOT_MADE.get(one.status, _NOT_YET).format(what))


def _mark_opened(owner: str, presentation_id: UUID) -> None:
    if request.method != "HEAD":  # which only asks what there is
        library().mark_opened(owner, presentation_id)
