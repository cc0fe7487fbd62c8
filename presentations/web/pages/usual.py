"""What is usual for a subject: what each new presentation under it begins with, as the pages show and take it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from presentations.database.models import UNORGANIZED
from presentations.errors import InvalidRequest
from presentations.library import DEFAULTED, FINISHED, IN_PROGRESS, checked_name, key_of
from presentations.options import Option
from presentations.web.auth.sessions import me, user_id
from presentations.web.current import defaults, library
from presentations.web.pages.asking import choices
from presentations.web.pages.forms import NewForm
from presentations.web.pages.live import live
from presentations.web.pages.shelves import shelf_of
from presentations.web.toasts import tell
from presentations.web.wording import quoted

usual = Blueprint("usual", __name__)


@dataclass(frozen=True)
class UsualForm(NewForm):
    """The form of what is usual for a subject: only with what a subject can say, of which nothing has to be said."""

    def options(self, *places: str) -> list[Option]:
        """What is asked for in these places; in all, where none is named."""
        return [one for one in DEFAULTED if one.on_form and (not places or one.on_form.place in places)]


@dataclass(frozen=True)
class Usual:
    """A subject's defaults by option, with a name of it; `left_out` are those that cannot be had now."""

    subject: str
    values: Mapping[str, Any]
    left_out: Collection[str] = ()

    @property
    def fields(self) -> dict[str, str]:
        """As the fields of a form have them."""
        return {one.name: one.written(self.values[one.name]) for one in DEFAULTED if one.name in self.values}

    @property
    def form(self) -> UsualForm:
        return UsualForm.of(MultiDict(self.fields))

    @property
    def said(self) -> str:
        """In a line; empty where nothing is usual."""
        labels = ", ".join(one.label for one in DEFAULTED if one.name in self.left_out)
        return " · ".join(filter(None, (self.form.chosen_in(), labels and f"not to be had now: {labels}")))


def usual_for(subject: str) -> Usual:
    """What a new presentation begins with under the teacher's subject of this name."""
    try:
        filled = defaults().filled(user_id(), checked_name(subject), {"topic": "Any"})
    except InvalidRequest:  # nothing can have that name
        return Usual(subject, {})
    return Usual(subject, filled.applied, filled.left_out)


def _as_kept(subject: str) -> UsualForm:
    return Usual(subject, defaults().of(user_id()).get(key_of(subject), {})).form


@usual.get("/subjects/defaults")
def tell_usual() -> dict[str, Any]:
    """What is usual for a `subject`, for the form's script."""
    found = usual_for(request.args.get("subject", ""))
    return {"fields": found.fields, "said": found.said}


@usual.post("/subjects/defaults")
@live
def keep() -> ResponseReturnValue:
    """Keep what each new one under the subject `name` begins with."""
    form, name = UsualForm.of(request.form), request.form.get("name", "")
    try:
        meant = {one.name: one.read(form.typed[one.name]) for one in form.options()}
        kept = defaults().keep(user_id(), name, meant)
    except InvalidRequest as error:
        return shown_shelf(FINISHED, name or UNORGANIZED, form.refused(error)), 422
    tell(f"Each new one under {quoted(kept, '')} begins with that now.")
    return redirect(url_for("pages.shelf", subject=kept), 303)


def shown_shelf(kind: str, name: str, form: UsualForm | None = None) -> str:
    """The page of one shelf; the first of a subject's with what is usual for it, or as it was typed.

    Raises InvalidRequest.
    """
    after = request.args.get("after")
    part = shelf_of(library(), user_id(), kind, name, after, me().outlines)
    heading = part.shelf.heading
    outlook = library().outlook(part.shelf.items) if kind == IN_PROGRESS else None
    asked = {"form": form or _as_kept(name), **choices()} if heading.is_subject and not after else {}
    return render_template("shelf.html", part=part, contents=part.contents, outlook=outlook, **asked)
