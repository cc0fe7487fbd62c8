"""Everybody's presentations."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from presentations.database.models import PENDING, PROCESSING, Presentation
from presentations.errors import LimitReached
from presentations.jobs import Entry
from presentations.library import STATUSES, MaterialGone
from presentations.operations import Finding, everything, of_line, of_one, of_servers, of_waiting, overview_of
from presentations.web.addresses import words_of
from presentations.web.admin.blueprint import admin
from presentations.web.admin.overview import zone_name
from presentations.web.auditing import about
from presentations.web.current import controls, database, library, redis, servers
from presentations.web.toasts import tell
from presentations.web.wording import complaint, quoted

_LISTED = 50


@admin.get("/presentations")
def presentations() -> str:
    """All of them, newest first, narrowed down by words, teacher and status."""
    text, owner, status = words_of(request.args), request.args.get("user", "").strip(), request.args.get("status", "")
    wanted = status if status in STATUSES else None
    after = request.args.get("after")
    page = library().list(owner or None, text=text, status=wanted, after=after, limit=_LISTED)
    return render_template(
        "admin/presentations.html",
        page=page,
        count=library().count_matching(owner or None, text=text, status=wanted),
        text=text,
        owner=owner,
        status=status,
        statuses=STATUSES,
        query=urlencode({"q": text, "user": owner, "status": status}),
    )


@admin.get("/presentations/<uuid:presentation_id>")
def presentation(presentation_id: str) -> str:
    """One of them, and why it is not done yet."""
    one = library().get(None, presentation_id)
    findings: list[Finding] = []
    if one.status in (PENDING, PROCESSING):
        findings = _why_not_done(one)
    return render_template(
        "admin/presentation.html",
        p=one,
        findings=findings,
        events=library().timeline(None, one.id),
        job_id=Entry(one.id, one.line_entry).job_id,
    )


def _why_not_done(one: Presentation) -> list[Finding]:
    place, control = library().outlook([one]).places.get(one.id), controls().now()
    waits = list(of_waiting(one, place, library().count_before(one), control))
    if one.awaits_teacher:
        return waits
    seen = overview_of(database(), redis(), zone_name())
    findings = [*of_servers(everything(servers())), *of_one(one, seen.now, servers().settings)]
    return findings + ([*of_line(seen, control), *waits] if one.status == PENDING else [])


@admin.post("/presentations/<uuid:presentation_id>/retry")
def retry(presentation_id: str) -> Response:
    try:
        asked = library().retry(None, presentation_id)
    except LimitReached as error:
        tell(complaint(error).replace("You have", "Its teacher has", 1))
        return _back(presentation_id)
    except MaterialGone as error:
        tell(str(error))
        return _back(presentation_id)
    about(asked.user_id, f"presentation {asked.id}")
    tell(f"Now {asked.status}: {quoted(asked.shown_title)}.")
    return _back(presentation_id)


@admin.post("/presentations/<uuid:presentation_id>/cancel")
def cancel(presentation_id: str) -> Response:
    stopped = library().cancel(None, presentation_id)
    about(stopped.user_id, f"presentation {stopped.id}")
    tell(f"Now {stopped.status}: {quoted(stopped.shown_title)}.")
    return _back(presentation_id)


def _back(presentation_id: str) -> Response:
    return redirect(url_for(".presentation", presentation_id=presentation_id), 303)
