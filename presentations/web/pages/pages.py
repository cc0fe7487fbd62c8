"""A teacher's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from presentations.database.models import CANCELLED, COMPLETE, ERROR, PENDING, PROCESSING, UNORGANIZED, Presentation
from presentations.errors import InvalidRequest
from presentations.library import FINISHED, KINDS, MaterialGone, lacking
from presentations.web.auditing import about
from presentations.web.auth.sessions import me, user_id
from presentations.web.current import accounts, decks, is_look, library, uploads
from presentations.web.files import mark_opened, version_asked
from presentations.web.pages.asking import begun, shown_with
from presentations.web.pages.contents import contents_of_counts
from presentations.web.pages.forms import NewForm
from presentations.web.pages.live import is_awaited, live
from presentations.web.pages.outline_form import OutlineForm
from presentations.web.pages.search import SORTS, Search, found
from presentations.web.pages.shelves import shelves_of
from presentations.web.pages.usual import shown_shelf, usual_for
from presentations.web.pages.viewed import Viewed
from presentations.web.toasts import tell
from presentations.web.wording import will_be

pages = Blueprint("pages", __name__)


@pages.get("/")
@live
def index() -> str:
    """The library: the newest of each section."""
    shelves = shelves_of(library(), user_id(), me().outlines)
    form, is_draft = (None, False) if shelves.shelves else begun()
    return render_template(
        "library.html",
        shelves=shelves,
        contents=shelves.contents,
        **(shown_with(form, draft=is_draft) if form else {}),
        is_awaited=any(is_awaited(one) for shelf in shelves.of(FINISHED) for one in shelf.items),
        outlook=library().outlook(shelves.in_progress) if shelves.in_progress else None,
    )


@pages.get("/shelf")
@live
def shelf() -> str:
    """All of one shelf, page by page; of the Unorganized when the address names none."""
    kind = request.args.get("of", FINISHED)
    if kind not in KINDS:
        abort(404)
    return shown_shelf(kind, request.args.get("subject", UNORGANIZED))


@pages.get("/search")
@live
def search() -> str:
    wanted = Search.of(request.args)
    what = found(library(), user_id(), wanted, me().outlines)
    return render_template("search.html", search=wanted, found=what, contents=what.contents, kinds=KINDS, sorts=SORTS)


@pages.get("/presentations/<presentation_id>")
@live
def presentation(presentation_id: str) -> str:
    """All about one presentation; its slides as they are, or as they were in the `version` of the address."""
    return page_of(presentation_id)


def page_of(presentation_id: str, outline: OutlineForm | None = None) -> str:
    """The page of a presentation; `outline` is what was typed, if that could not be kept."""
    deck = _opened(presentation_id, version_asked())
    one = deck.view.presentation
    if outline is None and one.awaits_teacher:
        outline = OutlineForm.kept(one)
    is_over = one.status not in (PENDING, PROCESSING)
    material = uploads().of(user_id(), one.id) if one.file_count else ()
    return render_template(
        "presentation.html",
        p=one,
        outline=outline,
        material=material,
        kept_until=uploads().kept_until(material) if material else {},
        gone=MaterialGone(names) if (names := lacking(one, material)) else None,
        deck=deck if one.status == COMPLETE else None,
        events=library().timeline(user_id(), one.id),
        outlook=None if is_over else library().outlook([one]),
        contents=contents_of_counts(*library().counts(user_id()), me().outlines),
        is_over=is_over,
        is_awaited=is_awaited(one),
        every=5,  # it may be edited in Presenton just now
    )


def _opened(presentation_id: str, version: int | None) -> Viewed:
    """A presentation and its deck. Whoever looks at a deck has opened it, and wants it as it is in Presenton now."""
    one = library().get(user_id(), presentation_id)
    if one.status == COMPLETE:
        if one.opened_at is None:
            mark_opened(user_id(), one.id)
        if not is_look():
            decks().want_current(user_id(), one.id)
    return Viewed(decks().shown(user_id(), one.id, version), version)


@pages.get("/new")
def new() -> str:
    """The form; with `like`, filled in as that presentation was asked for; with `subject`, filed there, and begun as is
    usual for it unless `without` is in the address.

    With neither, as it was left before it was sent.
    """
    like, subject = (request.args.get(name) for name in ("like", "subject"))
    if like:
        return _form(_like(library().whole(user_id(), like)))
    if subject:
        plain, usual = NewForm.blank(me().form_choices, subject), usual_for(subject)
        if "without" in request.args:
            return _form(plain)
        before = {name: plain.typed[name] for name in usual.fields}
        return _form(NewForm({**plain.typed, **usual.fields}, plain.idempotency_key), usual=usual, before=before)
    form, is_draft = begun()
    return _form(form, draft=is_draft)


@pages.post("/presentations")
def create() -> ResponseReturnValue:
    form = NewForm.of(request.form)
    try:
        asked = library().create(user_id(), **form.asked(), idempotency_key=form.key())
    except InvalidRequest as error:
        return _form(form.refused(error), draft=False), 422
    about(user_id(), f"presentation {asked.id}")
    accounts().remember_choices(user_id(), form.choices())
    accounts().forget_draft(user_id())
    tell(will_be(asked))
    return redirect(url_for(".index"), 303)


@pages.get("/presentations/<presentation_id>/edit")
def edit(presentation_id: str) -> ResponseReturnValue:
    """The form of one that was not made, to be changed and tried again."""
    one = library().whole(user_id(), presentation_id)
    if one.status not in (ERROR, CANCELLED):
        return redirect(url_for(".presentation", presentation_id=one.id), 303)
    return _form(_like(one), edited=one)


@pages.post("/presentations/<presentation_id>/edit")
def ask_again(presentation_id: str) -> ResponseReturnValue:
    form = NewForm.of(request.form)
    try:
        asked = library().edit(user_id(), presentation_id, **form.asked())
    except InvalidRequest as error:
        return _form(form.refused(error), edited=library().get(user_id(), presentation_id)), 422
    tell(will_be(asked))
    return redirect(url_for(".index"), 303)


@pages.get("/keys")
def keys() -> str:
    """What the keyboard does."""
    return render_template("keys.html")


def _form(form: NewForm, edited: Presentation | None = None, draft: bool | None = None, **also: Any) -> str:
    names = contents_of_counts(*library().counts(user_id())).subjects
    return render_template("new.html", subjects=names, **shown_with(form, edited, draft), **also)


def _like(presentation: Presentation) -> NewForm:
    return NewForm.like(presentation, _name_of_subject, uploads().of(user_id(), presentation.id))


def _name_of_subject(key: str) -> str:
    _, names = library().counts(user_id())
    return "" if key == UNORGANIZED else names.get(key, key)
