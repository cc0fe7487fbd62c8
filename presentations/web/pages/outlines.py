"""What a teacher says to a proposed outline."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from presentations.errors import Conflicting, InvalidRequest
from presentations.web import current
from presentations.web.auth.sessions import user_id
from presentations.web.current import library
from presentations.web.pages.outline_form import OutlineForm
from presentations.web.pages.pages import page_of
from presentations.web.toasts import tell
from presentations.web.wording import quoted

outlines = Blueprint("outlines", __name__)

MAKE, KEEP = "make", "keep"


@outlines.post("/presentations/<presentation_id>/outline")
def answer(presentation_id: str) -> ResponseReturnValue:
    """Keep it as it was sent, or have it made so. The other buttons change what was typed, and keep nothing."""
    one = library().get(user_id(), presentation_id)
    form, button = OutlineForm.of(request.form), request.form.get("do", KEEP)
    if button not in (MAKE, KEEP):
        return page_of(presentation_id, form.pressed(button))
    answered = current.outlines().accept if button == MAKE else current.outlines().revise
    try:
        answered(user_id(), one.id, form.markdown(), seen=form.seen_at)
    except InvalidRequest as error:
        return page_of(presentation_id, form.refused(error)), 422
    except Conflicting:
        now = library().get(user_id(), presentation_id)
        return page_of(presentation_id, form.overtaken(now)), 409
    title = quoted(one.shown_title)
    if button == MAKE:
        tell(f"It will be made from your outline: {title}. You can leave this page.")
    else:
        tell(f"Your outline is kept, and waits for you: {title}.")
    return redirect(url_for("pages.presentation", presentation_id=one.id), 303)
