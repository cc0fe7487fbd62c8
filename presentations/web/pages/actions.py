"""What a teacher's buttons do. Each answers with the page it was pressed on, and says there what was done."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.database.models import CANCELLED, COMPLETE
from presentations.errors import InvalidRequest, LimitReached
from presentations.library import Change, MaterialGone
from presentations.web import undone
from presentations.web.addresses import is_local
from presentations.web.auth.sessions import user_id
from presentations.web.current import library, organiser
from presentations.web.toasts import tell
from presentations.web.wording import complaint, presentations, quoted, will_be

actions = Blueprint("actions", __name__)


@actions.post("/presentations/<presentation_id>/retry")
def retry(presentation_id: str) -> Response:
    try:
        asked = library().retry(user_id(), presentation_id)
    except LimitReached as error:
        tell(complaint(error))
        return _back()
    except MaterialGone:  # the form names what is gone
        return redirect(url_for("pages.edit", presentation_id=presentation_id), 303)
    title = quoted(asked.shown_title)
    if asked.awaits_teacher:
        tell(f"Its outline waits for you: {title}.")
    elif asked.status == COMPLETE:
        tell(f"It is made already: {title}.")
    else:
        tell(will_be(asked))
    return _back()


@actions.post("/presentations/<presentation_id>/cancel")
def cancel(presentation_id: str) -> Response:
    stopped = library().cancel(user_id(), presentation_id)
    title = quoted(stopped.shown_title)
    is_cancelled = stopped.status == CANCELLED
    tell(f"Cancelled {title}." if is_cancelled else f"It was over already, and nothing has changed: {title}.")
    return _back()


@actions.post("/presentations/<presentation_id>/rename")
def rename(presentation_id: str) -> ResponseReturnValue:
    return _change(
        lambda: organiser().rename(user_id(), presentation_id, request.form.get("title", "")),
        lambda done: f"Renamed to {quoted(done.name)}",
    )


@actions.post("/presentations/move")
def move() -> ResponseReturnValue:
    """Move those that are ticked, by their ids."""
    return _change(
        lambda: organiser().move(user_id(), request.form.getlist("ids"), request.form.get("subject", "")),
        lambda done: f"Moved {_which(done)} to {quoted(done.name, '')}",
    )


@actions.post("/presentations/delete")
def delete() -> ResponseReturnValue:
    return _change(
        lambda: organiser().delete(user_id(), request.form.getlist("ids")), lambda done: f"Deleted {_which(done)}"
    )


@actions.post("/subjects")
def create_subject() -> ResponseReturnValue:
    try:
        name = organiser().create_subject(user_id(), request.form.get("name", ""))
    except InvalidRequest as error:
        return _refused(error)
    tell(f"There is a subject {quoted(name, '')} now. Drag presentations onto it, or move them there.")
    return _back()


@actions.post("/subjects/rename")
def rename_subject() -> ResponseReturnValue:
    return _change(
        lambda: organiser().rename_subject(user_id(), request.form.get("name", ""), request.form.get("new_name", "")),
        lambda done: f"The subject is now {quoted(done.name, '')}",
        lambda done: url_for("pages.shelf", subject=done.name),
    )


@actions.post("/subjects/delete")
def delete_subject() -> ResponseReturnValue:
    return _change(
        lambda: organiser().delete_subject(user_id(), request.form.get("name", "")),
        lambda done: f"Deleted the subject {quoted(done.name, '')}. What was in it is Unorganized",
        lambda done: url_for("pages.index"),
    )


@actions.post("/undo/<undo_id>")
def undo(undo_id: str) -> Response:
    tell(undone.said(organiser().undo(user_id(), undo_id)))
    return _back()


def _change(
    do: Callable[[], Change], said: Callable[[Change], str], to: Callable[[Change], str] | None = None
) -> ResponseReturnValue:
    """Do something that can be undone."""
    try:
        done = do()
    except InvalidRequest as error:
        return _refused(error)
    tell(said(done), done.undo_id)
    return redirect(to(done), 303) if to else _back()


def _which(done: Change) -> str:
    return quoted(done.title) if done.count == 1 else presentations(done.count)


def _refused(error: InvalidRequest) -> ResponseReturnValue:
    """The form once more, with what was typed and what is wrong with it, on a page of its own."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", error.field)]
    typed = request.form.get(error.field, "")
    return render_template("refused.html", field=error.field, typed=typed, sent=sent, problem=complaint(error)), 422


def _back() -> Response:
    wanted = request.form.get("back", "")
    return redirect(wanted if is_local(wanted) else url_for("pages.index"), 303)
