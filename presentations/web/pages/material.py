"""A teacher's files to make slides from: given on the form, kept with a deck, given back, removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from presentations.database.models import Upload
from presentations.errors import Conflicting, InvalidRequest
from presentations.files import StoreAway
from presentations.library import MAX_FILES
from presentations.material import clean_name
from presentations.web.addresses import is_local
from presentations.web.auditing import about
from presentations.web.auth.sessions import user_id
from presentations.web.current import accounts, uploads
from presentations.web.material import file_of, keep, sent_files, told
from presentations.web.pages.forms import NewForm
from presentations.web.toasts import tell
from presentations.web.wording import complaint, quoted

material = Blueprint("material", __name__)


@material.post("/files")
def add() -> ResponseReturnValue:
    """Keep the files of the form that can be used, and say of each other one why it cannot.

    For the page's script as JSON; else the form is shown once more with them, as it was typed.
    """
    form = NewForm.of(request.form)
    usable = uploads().usable(user_id(), form.file_ids)
    if not is_script():
        # Before anything is kept: it may be more than a draft has room for.
        accounts().keep_draft(user_id(), form.draft())
    taken, problems = _taken(sent_files(), MAX_FILES - len(usable))
    about(user_id(), ", ".join(f"file {one.id}" for one in taken) or None)
    if is_script():
        return answer(201 if taken else 422, problems, taken)
    accounts().keep_draft(user_id(), form.made_from(taken).draft())
    for problem in problems:
        tell(problem)
    return redirect(url_for("pages.new"), 303)


@material.get("/files/<upload_id>")
def download(upload_id: str) -> Response:
    return file_of(user_id(), upload_id)


@material.post("/files/<upload_id>/keep")
def keep_with_deck(upload_id: str) -> ResponseReturnValue:
    """Have it stay for as long as what is made from it, or no longer."""
    is_kept = request.form.get("is_kept") == "yes"
    one = uploads().keep(user_id(), upload_id, is_kept)
    stays = "stays as long as the slides" if is_kept else "is deleted when its time is over"
    tell(f"{quoted(one.name)} {stays}.")
    return _back()


@material.post("/files/<upload_id>/remove")
def remove(upload_id: str) -> ResponseReturnValue:
    one = uploads().get(user_id(), upload_id)
    try:
        uploads().remove(user_id(), upload_id)
    except Conflicting as error:
        if is_script():
            raise
        tell(str(error))
        return _back()
    if is_script():
        return "", 204
    tell(f"Removed {quoted(one.name)}.")
    return _back()


def is_script() -> bool:
    """Whether the page's script asks, which shows what is wrong beside each file."""
    accepted = request.accept_mimetypes
    return request.blueprint == material.name and accepted["application/json"] > accepted["text/html"]


def answer(status: int, problems: Sequence[str], files: Sequence[Upload] = ()) -> Response:
    """What the page's script gets: the files that are kept, and a sentence for each that is not."""
    said: dict[str, Any] = {"files": [told(one) for one in files], "problems": problems}
    response = jsonify(said)
    response.status_code = status
    return response


def _taken(files: Sequence[FileStorage], room: int) -> tuple[list[Upload], list[str]]:
    """Those that are kept, and what is wrong with the others. Raises StoreAway where that is why there are none."""
    taken: list[Upload] = []
    problems = [] if files else ["Choose a file first."]
    for file in files[:room]:
        try:
            taken.append(keep(user_id(), file))
        except InvalidRequest as error:
            problems.append(complaint(error))
        except StoreAway as error:
            if not taken:
                raise
            problems.append(str(error))
    if over := files[room:]:
        more = f" and {len(over) - 1} more were" if len(over) > 1 else " was"
        problems.append(
            f"At most {MAX_FILES} files are taken: {quoted(clean_name(over[0].filename or ''))}{more} left out."
        )
    return taken, problems


def _back() -> ResponseReturnValue:
    wanted = request.form.get("back", "")
    return redirect(wanted if is_local(wanted) else url_for("pages.new"), 303)
