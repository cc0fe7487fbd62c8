"""What the functions answer, as JSON schemas: for clients that read structured answers."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
STATUSES = ["pending", "processing", "complete", "error", "cancelled"]


def _object(required: dict[str, Schema], **others: Schema) -> Schema:
    return {"type": "object", "properties": required | others, "required": list(required)}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


# A key whose value is not known is left out.
PRESENTATION = _object(
    {
        "job_id": _TEXT,
        "topic": _TEXT,
        "title": _TEXT,
        "status": {"type": "string", "enum": STATUSES},
        "subject": _described(_TEXT, "'default': not organised yet"),
        "n_slides": {"type": "integer"},
        "progress": {"type": "integer", "minimum": 0, "maximum": 100, "description": "percent"},
        "created_at": _TIME,
    },
    message=_described(_TEXT, "what is going on just now"),
    awaits_teacher_since=_described(_TIME, "its outline waits for the user's word on it since then"),
    error=_described(_TEXT, "why it failed"),
    open_url=_described(_TEXT, "what a person opens"),
    slides=_described({"type": "integer"}, "how many slides it has"),
    slides_url=_described(_TEXT, "the page that shows the slides, for its owner when signed in to Lectern"),
    file_url=_described(_TEXT, "the file, for its owner when signed in to Lectern"),
    pdf_url=_described(_TEXT, "the same as a PDF"),
    started_at=_TIME,
    ended_at=_TIME,
)
AWAITED: Schema = {
    **PRESENTATION,
    "properties": {
        **PRESENTATION["properties"],
        "ask_again_after_seconds": {"type": "integer", "description": "when it is not over yet"},
    },
}
_MANY: Schema = {"type": "array", "items": PRESENTATION}
_SLIDE = _object(
    {
        "number": {"type": "integer"},
        "title": _TEXT,
        "text": _described(_TEXT, "what stands on it, in reading order"),
        "notes": _described(_TEXT, "the notes of the speaker"),
    }
)
SLIDES = _object(
    {"job_id": _TEXT, "title": _TEXT, "slides": {"type": "array", "items": _SLIDE}},
    version={"type": "integer"},
    message=_described(_TEXT, "when there are none yet, or more, or when a text was cut"),
)
_OUTLINE_SLIDE = _object(
    {"title": _described(_TEXT, "its heading"), "points": {"type": "array", "items": _TEXT}},
)
OUTLINE = _object(
    {
        "job_id": _TEXT,
        "title": _described(_TEXT, "of the presentation"),
        "waits": _described({"type": "boolean"}, "for the user's word; else it cannot be changed any more"),
        "outline_url": _described(_TEXT, "the page on which the user can change it, signed in to Lectern"),
        "from_slide": {"type": "integer"},
        "slides": {"type": "array", "items": _OUTLINE_SLIDE},
    },
    message=_described(_TEXT, "when there are more"),
)
TEMPLATES = _object(
    {
        "templates": {
            "type": "array",
            "items": _object(
                {"id": _described(_TEXT, "what to give as template"), "name": _TEXT, "description": _TEXT}
            ),
        },
        "offers_outlines": _described({"type": "boolean"}, "whether outline_first can be asked for"),
        "offers_web_search": _described({"type": "boolean"}, "whether web_search can be asked for"),
    }
)
_FILE = _object(
    {
        "file_id": _TEXT,
        "name": _TEXT,
        "kind": {"type": "string", "enum": ["pdf", "docx", "pptx", "txt", "md"]},
        "size": _described({"type": "integer"}, "bytes"),
    },
    pages={"type": "integer"},
)
FILES = _object({"files": {"type": "array", "items": _FILE}})
STARTED = _object(
    {"job_id": _TEXT, "status": _TEXT, "message": _TEXT},
    applied_defaults=_described({"type": "object"}, "what was left out, and is as is usual for the subject"),
    left_out_defaults=_described(
        {"type": "object", "additionalProperties": _TEXT}, "what is usual for it and cannot be had now, and why"
    ),
)
LISTED = _object({"presentations": _MANY}, message=_described(_TEXT, "when there are more"))
FINISHED = _object(
    {
        "presentations": _described(_MANY, "those that have ended"),
        "outlines": _described(_MANY, "those whose outline waits for the user's word"),
        "next_since": _described(_TIME, "what to ask with the next time"),
    }
)
SUBJECTS = _object(
    {"subjects": {"type": "array", "items": _object({"subject": _TEXT, "name": _TEXT, "count": {"type": "integer"}})}}
)
