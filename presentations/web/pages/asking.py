"""What the form that asks for a presentation shows besides what was typed."""

from __future__ import annotations

from typing import Any

from flask import current_app
from werkzeug.exceptions import HTTPException

from presentations.database.models import Presentation
from presentations.library import MAX_FILES, thumbnails
from presentations.options import DEFAULT_SLIDES, MAX_SLIDES, MAX_TEXT, cuts, told
from presentations.web.auth.sessions import me, user_id
from presentations.web.current import accounts, database, library, uploads
from presentations.web.pages.forms import NewForm
from presentations.web.wording import expected

_LIST = "/new/list"


def begun() -> tuple[NewForm, bool]:
    """The form as its teacher left it, or else an empty one; and whether there was something to fill in."""
    draft = accounts().draft(user_id())
    return (NewForm.blank(me().form_choices), False) if draft is None else (NewForm.of_draft(draft), True)


def shown_with(form: NewForm, edited: Presentation | None = None, draft: bool | None = None) -> dict[str, Any]:
    """What _form.html is made of; `draft` says whether one was filled in, None: what is typed is not kept as one."""
    files = uploads().usable(user_id(), form.file_ids) if form.file_ids else ()
    form = form.without_gone(files)
    return {
        "form": form,
        "edited": edited,
        "draft": draft,
        "files": files,
        "limits": {"files": MAX_FILES, "text": MAX_TEXT, "slides": MAX_SLIDES},
        "list_address": _LIST if _is_page(_LIST) else None,
        **choices(),
        **comes_of(form),
    }


def choices() -> dict[str, Any]:
    """Which options there are here, and which templates."""
    seen = me().seen
    offered = {
        "web_search": seen is not None and seen.web_search,
        "outline_first": library().offers_outlines(),
    }
    return {
        "is_offered": lambda name: offered.get(name, True),
        "templates": library().templates(),
        "pictures": thumbnails(database()),
    }


def comes_of(form: NewForm) -> dict[str, Any]:
    """What becomes of the form as it is: what the generator is told, how a text is cut, how long it takes."""
    values = form.understood()
    parts = cuts(values["text"]) if values["keep_wording"] and values["text"] else ()
    n_slides = len(parts) or values["n_slides"] or DEFAULT_SLIDES
    return {"told": told(values), "cuts": parts, "expected": expected(library().outlook([]), n_slides)}


def _is_page(path: str) -> bool:
    try:
        return bool(current_app.url_map.bind("").match(path))
    except HTTPException:
        return False
