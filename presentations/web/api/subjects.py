"""Subjects: what presentations are filed under."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import url_for

from presentations.database.models import UNORGANIZED
from presentations.errors import InvalidRequest, NotFound
from presentations.library import key_of
from presentations.web.api import schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.current import library, organiser

_TAGS = ["Subjects"]
# A name may hold slashes, also two in a row.
_ONE: dict[str, Any] = {"rule": "/subjects/<path:subject>", "merge_slashes": False}


@api.get("/subjects")
@api.output(schemas.Subjects)
@api.doc(tags=_TAGS, operation_id="listSubjects")
def list_subjects() -> dict[str, Any]:
    """List the subjects"""
    return {"items": [asdict(subject) for subject in library().subjects(acting())]}


@api.post("/subjects")
@api.input(schemas.SubjectName)
@api.output(schemas.Subject, 201, "It is there.", headers=schemas.Located)
@api.doc(tags=_TAGS, operation_id="createSubject")
def create_subject(json_data: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make a subject

    One that is there already stays as it is.
    """
    name = organiser().create_subject(acting(), json_data["name"])
    return _subject(name), 201, {"Location": url_for(".rename_subject", subject=name)}


@api.patch(**_ONE)
@api.input(schemas.SubjectName)
@api.output(schemas.Subject)
@api.doc(tags=_TAGS, operation_id="renameSubject")
def rename_subject(subject: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Rename a subject

    To the name of another one: the two become one.
    """
    try:
        renamed = organiser().rename_subject(acting(), subject, json_data["name"])
    except InvalidRequest as error:
        raise InvalidRequest("name", error.problem) from None
    return _subject(renamed.name)


@api.delete(**_ONE)
@api.output({}, 204, "It is deleted.")
@api.doc(tags=_TAGS, operation_id="deleteSubject")
def delete_subject(subject: str) -> str:
    """Delete a subject

    Its presentations stay, and are under no subject from then on.
    """
    organiser().delete_subject(acting(), subject)
    return ""


def _subject(name: str) -> dict[str, Any]:
    """One of the subjects, by its name. Raises NotFound when it went away meanwhile."""
    key = key_of(name)
    for subject in library().subjects(acting()):
        if subject.key == key != UNORGANIZED:
            return asdict(subject)
    raise NotFound("There is no such subject. Look in the list of subjects.")
