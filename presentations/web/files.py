"""The finished presentation itself: opened in Presenton, or downloaded through us."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, send_file
from werkzeug.wrappers import Response as Redirect

from presentations.database.models import Presentation
from presentations.errors import FileGone
from presentations.web.auth.sessions import user_id
from presentations.web.current import library, presenton

files = Blueprint("files", __name__)

TYPES = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pdf": "application/pdf",
}
_LONGEST_NAME = 100


@files.get("/presentations/<presentation_id>/open")
def open_(presentation_id: str) -> Redirect:
    """To Presenton's editor. From now on it is no longer new."""
    one = library().mark_opened(user_id(), presentation_id)
    if not one.presenton_url:
        raise FileGone("It has no page in the slide generator")
    return redirect(f"{current_app.config['PRESENTON_URL']}{one.presenton_url}", 303)


@files.get("/presentations/<presentation_id>/file")
def download(presentation_id: str) -> Response:
    """The file, for a teacher's browser, which may not be able to reach Presenton."""
    return file_of(user_id(), presentation_id)


def file_of(owner: str, presentation_id: str | UUID) -> Response:
    """The exported file, as it comes from Presenton. Raises NotFound, FileGone or PresentonError."""
    one = library().get(owner, presentation_id)
    if not one.presenton_path:
        raise FileGone("Presenton gave no file")
    file = presenton().file(one.presenton_path)
    library().mark_opened(owner, presentation_id)
    kind = PurePosixPath(one.presenton_path).suffix.lower()
    response = send_file(
        cast(BinaryIO, file.stream),
        mimetype=TYPES.get(kind, "application/octet-stream"),
        as_attachment=True,
        download_name=file_name(one) + (kind if kind in TYPES else ""),
    )
    if file.length is not None:
        response.content_length = file.length
    return response


def file_name(presentation: Presentation) -> str:
    """A name for its file that any system takes, without an ending."""
    text = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]', " ", presentation.shown_title)
    return " ".join(text.split())[:_LONGEST_NAME].strip(" .") or "Presentation"
