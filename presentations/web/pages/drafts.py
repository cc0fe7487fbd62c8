"""The form before it is sent: kept as a draft, and what would become of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from presentations.web.auth.sessions import me, user_id
from presentations.web.current import accounts
from presentations.web.pages.asking import comes_of
from presentations.web.pages.forms import NewForm

drafts = Blueprint("drafts", __name__)


@drafts.post("/new/draft")
def keep() -> ResponseReturnValue:
    """Keep what is typed, if anything is. Raises TooLarge."""
    draft = NewForm.of(request.form).draft()
    if draft == NewForm.blank(me().form_choices).draft():
        accounts().forget_draft(user_id())
    else:
        accounts().keep_draft(user_id(), draft)
    return "", 204


@drafts.post("/new/over")
def start_over() -> ResponseReturnValue:
    accounts().forget_draft(user_id())
    return redirect(url_for("pages.new"), 303)


@drafts.post("/new/told")
def preview() -> dict[str, Any]:
    return comes_of(NewForm.of(request.form))
