"""Files that come with a request: who may send them, how large they may be, and how one becomes a version of a deck.

Here the rest of a request has not come yet when a thread takes it on (see presentations/arrivals.py). So everything
that does not need the file is looked at before it is read: who sends it, for what, and how many are being sent.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import cast

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType

from presentations.arrivals import UPLOADS
from presentations.database.models import Presentation
from presentations.deadlines import DEADLINES, cut
from presentations.decks import BadFile, Kind, check_file
from presentations.errors import InvalidRequest, TooLarge, TooManyUploads
from presentations.files import UPLOAD, StoreAway, put_stored, stored_as
from presentations.folders import clear_leftovers, passing_folder
from presentations.library import MAX_FILES
from presentations.web.auth.sessions import user_id
from presentations.web.current import decks, library, store
from presentations.web.files import require_made
from presentations.web.places import Places
from presentations.web.wording import complaint

_BY_PAGE, _BY_API, _MATERIAL_BY_PAGE = "versions.upload", "api.put_file", "material.add"
FORM = "multipart/form-data"
_FORMS = (FORM, "application/x-www-form-urlencoded")
_PER_PERSON = 1


@dataclass(frozen=True)
class Room:
    """How much a request may bring: so many files of at most so many bytes each, and what a form has around them."""

    files: int
    bytes_each: int
    around: int
    fields: int
    advice: str

    @property
    def bytes(self) -> int:
        """Of the whole body."""
        return self.files * self.bytes_each + self.around

    def refusal(self) -> TooLarge:
        """What is said to more than that."""
        number = "one file" if self.files == 1 else f"{self.files} files"
        return TooLarge(f"Send at most {number} of {self.bytes_each / 1_000_000:.4g} MB here. {self.advice}")


def room_for_deck() -> Room:
    """For one file, to be a version of a deck."""
    most = current_app.config["MAX_FILE_BYTES"]
    return Room(1, most, 64 * 1024, 10, "Make its pictures and films smaller, and send nothing else.")


def room_for_material(files: int) -> Room:
    """For so many files that something is to be made from, and what else the form of a presentation asks for."""
    most, around = current_app.config["MAX_UPLOAD_BYTES"], current_app.config["MAX_CONTENT_LENGTH"]
    return Room(files, most, around, 200, "Send less at once, or make pictures smaller.")


def init_app(app: Flask, seconds: float) -> None:
    """Let files in where they are taken, each for at most so long.

    To be called before CSRFProtect, which reads the form, and with it the file.
    """
    app.config["UPLOAD_SECONDS"] = seconds
    app.extensions["upload_places"] = Places(UPLOADS, _PER_PERSON, TooManyUploads)
    clear_leftovers()
    app.before_request(_let_in)
    app.teardown_request(_leave)


def refused(one: Presentation, error: InvalidRequest | TooLarge) -> ResponseReturnValue:
    """The form once more, which says why the file cannot be kept."""
    problem, status = (str(error), 413) if isinstance(error, TooLarge) else (complaint(error), 422)
    return render_template("refused_file.html", p=one, problem=problem), status


def begin(person: str, room: Room) -> None:
    """Have the files of this request read from now on. Raises TooManyUploads, or TooLarge where it says that it is."""
    if (request.content_length or 0) > room.bytes:
        raise room.refusal()
    _places().take(person)
    g.uploading, g.room = person, room
    request.max_content_length, request.max_form_parts = room.bytes, room.fields
    if connection := request.environ.get("gunicorn.socket"):
        DEADLINES.set(connection, current_app.config["UPLOAD_SECONDS"], lambda: cut(connection))
        if request.headers.get("Expect", "").lower() == "100-continue":
            with suppress(OSError):  # it has gone, or reads nothing
                connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")


def has_begun() -> bool:
    """Whether `begin` was called, so that the form may be looked at."""
    return "uploading" in g


def receive_form(person: str, room: Room) -> None:
    """Read the form of this request, files and all. Raises TooManyUploads, TooLarge or StoreAway."""
    begin(person, room)
    with _told_of_the_disk(), _no_more_than_may_be():
        _ = request.form


def keep_form(one: Presentation) -> int:
    """Keep the file of the form as the newest version of its deck; gives the number. Raises as `keep_body`."""
    given = [file for file in request.files.getlist("file") if file.filename]
    if len(given) != 1:
        raise InvalidRequest("file", f"expected one PowerPoint file, got {len(given) or 'nothing'}")
    with temporary_file("deck.pptx") as path:
        given[0].save(path)
        return _keep(one, path)


def keep_body(one: Presentation) -> int:
    """Keep the body of the request as the newest version of its deck; gives the number.

    Raises InvalidRequest or TooLarge for what is no deck that can be kept, NotFound, NotThere,
    QuotaReached or StoreAway.
    """
    with temporary_file("deck.pptx") as path:
        with path.open("wb") as file, _no_more_than_may_be():
            shutil.copyfileobj(request.stream, file, 256 * 1024)
            if file.tell() != (request.content_length or file.tell()):
                raise ClientDisconnected
        return _keep(one, path)


def _let_in() -> ResponseReturnValue | None:
    if request.endpoint == _BY_API and request.mimetype in _FORMS:
        # CSRFProtect would read it in search of its token.
        raise UnsupportedMediaType("Send the file itself as the body, and no form.")
    if request.endpoint == _MATERIAL_BY_PAGE:
        receive_form(user_id(), room_for_material(MAX_FILES))
    if request.endpoint != _BY_PAGE:
        return None
    one = library().get(user_id(), (request.view_args or {})["presentation_id"])
    require_made(one, "change")
    try:
        receive_form(user_id(), room_for_deck())
    except TooLarge as error:
        return refused(one, error)
    return None


def _leave(_: BaseException | None) -> None:
    if person := g.pop("uploading", None):
        _places().leave(person)


def _keep(one: Presentation, path: Path) -> int:
    try:
        check_file(path, Kind.PPTX, most_bytes=current_app.config["MAX_FILE_BYTES"])
    except BadFile as error:
        raise InvalidRequest("file", str(error)) from None
    stored = stored_as(path, Kind.PPTX, UPLOAD)
    decks().check_room(one.user_id, one.id, stored)
    put_stored(store(), one, path, stored)
    return decks().upload(one.user_id, one.id, stored)


@contextmanager
def temporary_file(name: str) -> Iterator[Path]:
    """Where a file is put first; gone at the end. Raises StoreAway where the disk takes no more."""
    with _told_of_the_disk(), passing_folder() as folder:
        yield Path(folder, name)


@contextmanager
def _told_of_the_disk() -> Iterator[None]:
    """Turn what the disk says into a sentence. A connection that breaks is no OSError: Werkzeug says BadRequest."""
    try:
        yield
    except OSError as error:
        raise StoreAway(f"the temporary folder {gettempdir()}: {error.strerror or type(error).__name__}") from None


@contextmanager
def _no_more_than_may_be() -> Iterator[None]:
    try:
        yield
    except RequestEntityTooLarge:
        raise cast(Room, g.room).refusal() from None


def _places() -> Places:
    return cast(Places, current_app.extensions["upload_places"])
