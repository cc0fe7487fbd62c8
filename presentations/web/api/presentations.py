"""Presentations: ask for them, follow them, change them."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Response, current_app, jsonify, request, url_for

from presentations.errors import InvalidRequest
from presentations.web import material
from presentations.web.api import schemas
from presentations.web.api.answers import all_told, told
from presentations.web.api.bearer import acted_by, acting, ask_again
from presentations.web.api.blueprint import api
from presentations.web.api.material import made_from, only_files
from presentations.web.api.problems import field, of_fields
from presentations.web.api.repeating import library_key
from presentations.web.api.waiting import Waits
from presentations.web.auditing import about
from presentations.web.current import library, organiser, uploads, webhooks

_TAGS = ["Presentations"]
# What can be done with the one just asked for.
_LINKS = {
    name: {
        "operationId": name,
        "parameters": {"path.presentation_id": "$response.body#/job_id", "query.user_id": "$response.body#/user_id"},
    }
    for name in (
        "getPresentation",
        "changePresentation",
        "deletePresentation",
        "retryPresentation",
        "cancelPresentation",
        "getFile",
        "getSlides",
        "listVersions",
        "getOutline",
        "changeOutline",
        "makePresentation",
    )
}


@api.post("/presentations")
@api.input(schemas.NewPresentation, location="json_or_form", arg_name="sent")
@api.output(schemas.AskedPresentation, 202, "It will be made.", headers=schemas.Located, links=_LINKS)
@api.doc(tags=_TAGS, operation_id="createPresentation")
def create_presentation(sent: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask for a presentation

    It is made in the background, in 10 to 20 minutes, and ends as complete, as error or as cancelled. With files to
    make it from, send them as a form, or name them by `file_ids`.
    """
    sent.pop("user_id", None)
    file_ids, files = sent.get("file_ids", []), only_files()
    material.check_number(len(file_ids) + len(files))
    with material.kept(acting(), files) as ids:
        answer = ask(sent | {"file_ids": [*file_ids, *ids]}, library_key())
        if ids:
            # It may have been asked for by this request before, which was cut off.
            used = {one.id for one in uploads().of(acting(), answer["job_id"])}
            material.remove(acting(), [one for one in ids if one not in used])
    about(acting(), f"presentation {answer['job_id']}")
    return answer, 202, {"Location": url_for(".presentation", presentation_id=answer["job_id"])}


def ask(fields: dict[str, Any], key: str | None) -> dict[str, Any]:
    """Ask for one presentation of these fields, which its schema has let through. Raises InvalidRequest."""
    if not any(fields.get(name) for name in ("topic", "text", "file_ids")):
        raise InvalidRequest("topic", "Is missing: give it, or a text or a file that says what it is about.")
    webhook_url = fields.pop("webhook_url", None)
    if webhook_url is not None:
        webhook_url = _checked(webhook_url)
    requested = library().request(acting(), **fields, idempotency_key=key)
    asked = requested.presentation
    answer = told(asked) | requested.said
    if webhook_url is not None:
        answer["webhook_secret"] = webhooks().subscribe_once(acting(), asked.id, webhook_url, made_by=acted_by()).secret
    return answer


def _checked(webhook_url: str) -> str:
    """Before anything is made. Raises InvalidRequest."""
    try:
        return webhooks().checked_url(webhook_url)
    except InvalidRequest as error:
        raise InvalidRequest("webhook_url", error.problem) from None


@api.get("/presentations")
@api.input(schemas.Wanted, location="query")
@api.output(schemas.Presentations, description="A page of them, newest first.")
@api.doc(tags=_TAGS, operation_id="listPresentations")
def list_presentations(query_data: dict[str, Any]) -> dict[str, Any]:
    """List presentations"""
    page = library().list(acting(), **query_data)
    return {"items": all_told(page.items), "next": page.next}


@api.get("/presentations/<uuid:presentation_id>")
@api.input(schemas.Wait, location="query")
@api.output(schemas.WholePresentation, headers=schemas.Tagged)
@api.doc(tags=_TAGS, operation_id="getPresentation", responses={304: "Nothing has changed."})
def presentation(presentation_id: UUID, query_data: dict[str, Any]) -> Response:
    """See how a presentation stands

    With `wait`, the answer comes as soon as the status changes, or after so many seconds; at once when it is over
    already, and when too many wait as it is. With `If-None-Match`, 304 when nothing has changed.
    """
    waits = cast(Waits, current_app.extensions["waits"])
    found = waits.until_changed(library(), acting(), presentation_id, query_data["wait"], ask_again)
    answer = jsonify(told(found) | {"files": made_from(found)})
    answer.add_etag()
    return cast(Response, answer.make_conditional(request))


@api.patch("/presentations/<uuid:presentation_id>")
@api.input(schemas.ChangedPresentation)
@api.output(schemas.Presentation)
@api.doc(tags=_TAGS, operation_id="changePresentation")
def change_presentation(presentation_id: UUID, json_data: dict[str, Any]) -> Response | dict[str, Any]:
    """Rename a presentation, or file it under a subject"""
    if not json_data:
        return of_fields([field("body", "Expected title, subject or both.")])
    if "title" in json_data:
        organiser().rename(acting(), presentation_id, json_data["title"])
    if "subject" in json_data:
        organiser().move(acting(), [presentation_id], json_data["subject"])
    return told(library().get(acting(), presentation_id))


@api.delete("/presentations/<uuid:presentation_id>")
@api.output({}, 204, "It is deleted.", headers=schemas.Undoable)
@api.doc(tags=_TAGS, operation_id="deletePresentation")
def delete_presentation(presentation_id: UUID) -> tuple[str, int, dict[str, str]]:
    """Delete a presentation

    One that waits or is being made is cancelled first. For ten minutes, a POST to the address in `X-Undo` brings it
    back.
    """
    change = organiser().delete(acting(), [presentation_id])
    return "", 204, {"X-Undo": url_for(".undo", undo_id=change.undo_id)}


@api.post("/presentations/<uuid:presentation_id>/retry")
@api.output(schemas.Presentation, 202, "It will be made, unless it is made or being made already.")
@api.doc(tags=_TAGS, operation_id="retryPresentation")
def retry_presentation(presentation_id: UUID) -> tuple[dict[str, Any], int]:
    """Have one that failed or was cancelled made after all

    409: a file that it would be made from again is gone. Ask for another.
    """
    return told(library().retry(acting(), presentation_id)), 202


@api.post("/presentations/<uuid:presentation_id>/cancel")
@api.output(schemas.Presentation)
@api.doc(tags=_TAGS, operation_id="cancelPresentation")
def cancel_presentation(presentation_id: UUID) -> dict[str, Any]:
    """Stop one that waits or is being made

    One that is over stays as it is.
    """
    return told(library().cancel(acting(), presentation_id))
