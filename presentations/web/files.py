"""The files of a finished presentation: downloaded from where they are kept, or the deck opened in Presenton."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as Redirect

from presentations.database.models import CANCELLED, COMPLETE, ERROR, KeptFile, Presentation
from presentations.errors import InvalidRequest, NotThere, shown
from presentations.files import MEDIA_TYPES, Content, StoreAway, deck_key, disposition
from presentations.web.auth.sessions import user_id
from presentations.web.current import decks, is_look, library, store
from presentations.web.downloads import Downloads

files = Blueprint("files", __name__)

_NOT_MADE = {
    ERROR: "This presentation was not made, so there is nothing to {}. Try again on its page.",
    CANCELLED: "This presentation was cancelled, so there is nothing to {}. Have it made after all on its page.",
}
_NOT_YET = "This presentation is not made yet. Wait until it is complete; there is nothing to {} before."
_NO_EDITOR = "The slide generator made this presentation, but did not say where it can be opened. Download its file."
_EDITOR_IS_OFF = "Whoever runs Lectern has switched off editing in the slide generator. Download the file instead."
_A_YEAR = "private, max-age=31536000, immutable"


class Part:
    """The bytes of a kept file from `start` to before `end`, as something that is downloaded."""

    def __init__(self, content: Content, start: int, end: int) -> None:
        self._content, self._start, self._end = content, start, end
        self._is_cut = False

    @property
    def length(self) -> int:
        """In bytes."""
        return self._end - self._start

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises Damaged, Missing or StoreAway."""
        for chunk in self._content.chunks(self._start, self._end):
            if self._is_cut:
                raise StoreAway("it was cut")
            yield chunk

    def cut(self) -> None:
        """Have `chunks` end at its next piece."""
        self._is_cut = True

    def close(self) -> None:
        self._content.close()


@files.get("/presentations/<presentation_id>/open")
def open_(presentation_id: str) -> Redirect:
    """To Presenton's editor. From now on it is no longer new."""
    one = library().get(user_id(), presentation_id)
    require_made(one, "open")
    if not current_app.config["PRESENTON_EDITOR"]:
        raise NotThere(_EDITOR_IS_OFF)
    if not one.presenton_url:
        raise NotThere(_NO_EDITOR)
    mark_opened(user_id(), one.id)
    return redirect(f"{current_app.config['PRESENTON_URL']}{one.presenton_url}", 303)


@files.get("/presentations/<presentation_id>/file")
def download(presentation_id: str) -> Response:
    """A file of it: of `format`, or the one that was asked for; of `version`, or the one that is shown."""
    return file_of(user_id(), presentation_id)


@files.get("/presentations/<presentation_id>/pictures/<sha256>.webp")
def picture(presentation_id: str, sha256: str) -> Response:
    """The picture of a slide. By this address it is always the same."""
    return picture_of(user_id(), presentation_id, sha256)


def file_of(owner: str, presentation_id: str | UUID) -> Response:
    """A file of a presentation, as the request's arguments and headers want it (RFC 9110, section 14).

    Raises InvalidRequest, NotFound, NotThere, Missing, StoreAway, TooManyDownloads or RequestedRangeNotSatisfiable.
    """
    require_made(library().get(owner, presentation_id), "download")
    one, file = decks().file(owner, presentation_id, _format(), version_asked())
    decks().want_current(owner, one.id)
    if "version" not in request.args:
        mark_opened(owner, one.id)
    if link := _link(one, file):
        return cast(Response, redirect(link, 302))
    answer = _sent(owner, one, file)
    answer.mimetype = MEDIA_TYPES[file.kind]
    answer.headers["Content-Disposition"] = disposition(one, file.kind)
    return answer


def picture_of(owner: str, presentation_id: str | UUID, sha256: str) -> Response:
    """The picture of a slide, which browsers may keep for a year. Raises NotFound, Missing or StoreAway."""
    found = decks().picture(owner, presentation_id, sha256)
    content = store().read(deck_key(found.presentation_id, found.sha256), found.sha256, found.size)
    answer = Response(content.chunks(), mimetype="image/webp")
    answer.call_on_close(content.close)
    answer.content_length = content.length
    answer.headers["Cache-Control"] = _A_YEAR
    return answer


def require_made(one: Presentation, what: str) -> None:
    """Raises NotThere where it is not complete, so that there is nothing to `what`."""
    if one.status != COMPLETE:
        raise NotThere(_NOT_MADE.get(one.status, _NOT_YET).format(what))


def mark_opened(owner: str, presentation_id: UUID) -> None:
    """It is no longer new; not where it is only asked what there is, or whether there is news."""
    if request.method != "HEAD" and not is_look():
        library().mark_opened(owner, presentation_id)


def _link(one: Presentation, file: KeptFile) -> str | None:
    """Where the file can be fetched for a while, past Lectern; None: Lectern sends it."""
    seconds = current_app.config["FILES_LINK_SECONDS"]
    if not seconds or request.method == "HEAD":
        return None
    return store().link(deck_key(one.id, file.sha256), seconds)


def _sent(owner: str, one: Presentation, file: KeptFile) -> Response:
    """All of it or the part that was asked for, or that it is as the caller has it already."""
    if request.if_none_match.contains_weak(file.sha256):
        return _with_tag(Response(status=304), file)
    part = _part(file)
    if part is None:
        said = f"The file has {file.size} bytes: ask for a part of these, or for all of it without the header Range."
        raise RequestedRangeNotSatisfiable(file.size, description=said)
    start, end = part
    if request.method == "HEAD":
        answer = Response()
        answer.content_length = end - start
    else:
        key = deck_key(one.id, file.sha256)
        downloads = cast(Downloads, current_app.extensions["downloads"])
        answer = downloads.send(owner, lambda: Part(store().read(key, file.sha256, file.size), start, end))
    if (start, end) != (0, file.size):
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return _with_tag(answer, file)


def _with_tag(answer: Response, file: KeptFile) -> Response:
    answer.set_etag(file.sha256)
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _part(file: KeptFile) -> tuple[int, int] | None:
    """From where to where it is wanted; None: nothing stands there. More parts than one are answered by the whole."""
    wanted = request.range
    known = request.if_range
    is_other = known.date is not None or known.etag not in (None, file.sha256)
    if not wanted or wanted.units != "bytes" or len(wanted.ranges) != 1 or is_other:
        return 0, file.size
    if wanted.ranges[0][0] < -file.size:  # so many at its end, and it has fewer
        return 0, file.size
    return wanted.range_for_length(file.size)


def _format() -> str | None:
    given = request.args.get("format")
    if given is not None and given not in MEDIA_TYPES:
        raise InvalidRequest("format", f"expected pptx or pdf, got {shown(given)}")
    return given


def version_asked() -> int | None:
    """The number of the version in the address; None: the one that is shown. Raises InvalidRequest."""
    given = request.args.get("version")
    if given is None:
        return None
    with suppress(ValueError):
        if 1 <= (number := int(given)) < 2**31 and given.isascii():
            return number
    raise InvalidRequest("version", f"expected the number of a version, got {shown(given)}")
