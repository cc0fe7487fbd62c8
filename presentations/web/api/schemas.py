"""What the API takes and gives."""

from __future__ import annotations

from typing import Any, ClassVar

from apiflask.fields import UUID, Boolean, Dict, Integer, List, Nested, String
from apiflask.validators import OneOf, Regexp
from marshmallow import pre_load
from webargs.multidictproxy import MultiDictProxy

from presentations.database.models import UNORGANIZED
from presentations.library import DEFAULTED, MAX_FILES, MAX_NAME, STATUSES, TIME_CURSOR, Why
from presentations.material import Kind
from presentations.options import MAX_GRADE, MAX_TOPIC, OPTIONS
from presentations.web.api.bases import NO_CURSOR, TIME, Given, Sent, moment
from presentations.web.api.fields import (
    Counted,
    Flag,
    given,
    loose_text,
    of_form,
    sent,
    text,
    time,
    user,
    web_address,
    whole,
)
from presentations.webhooks import EVENTS

# These stand for no subject at all, however they are written.
_TAKEN = ("Unorganized", UNORGANIZED)
_WHY = [why.value for why in Why]


def _address(description: str) -> String:
    return String(required=True, allow_none=True, metadata={"description": description})


class NewPresentation(Sent):
    """A presentation to be made."""

    class Meta(Sent.Meta):
        include: ClassVar = {option.name: sent(option) for option in OPTIONS} | {
            "topic": text(MAX_TOPIC, "What it is about. It may be left out where there is `text` or a file.")
        }

    subject = text(
        MAX_NAME,
        "The name of the subject to file it under. What is left out is as is usual for it; what is null, is not.",
        allow_none=True,
    )
    file_ids = List(
        UUID(),
        validate=Counted(0, MAX_FILES, "files"),
        metadata={"description": "The files that it is made from, which were given before."},
    )
    webhook_url = web_address(
        "Told how this one ends, and when its outline waits, by messages signed with the answer's `webhook_secret`."
    )
    user_id = user("Whose it is to be; for tokens that act for everybody.")

    @pre_load
    def _read_form(self, data: Any, **_: Any) -> Any:
        return of_form(self.fields, data) if isinstance(data, MultiDictProxy) else data


class ChangedPresentation(Sent):
    """What is to be different; one field at least."""

    title = text(MAX_TOPIC, "The name it is shown by.")
    subject = text(MAX_NAME, 'The name of a subject; "default" for none.')


class Move(Sent):
    """Presentations to file under a subject: all of them, or none when one cannot be."""

    ids = List(UUID(), required=True, validate=Counted(1, 500, "presentations"))
    subject = text(MAX_NAME, 'The name of a subject, made if need be; "default" for none.', required=True)
    user_id = user("Whose they are; for tokens that act for everybody.")


class SubjectName(Sent):
    """What a subject is called."""

    name = text(MAX_NAME, "As it is to be shown.", required=True, unless=_TAKEN)
    user_id = user("Whose it is; for tokens that act for everybody.")


class Wanted(Sent):
    """Which presentations to list."""

    subject = text(MAX_NAME, 'The name of a subject; "default" for those under none.')
    status = List(String(validate=OneOf(STATUSES)), metadata={"description": "May be given more than once."})
    text = loose_text(MAX_TOPIC, "Words that are all in title, topic and grade, or on one slide.")
    grade = loose_text(MAX_GRADE, "For which grade or age, whatever its capitals.")
    since = time("Only those that were asked for at this time or later.")
    after = String(
        validate=Regexp(TIME_CURSOR, error=NO_CURSOR), metadata={"description": "`next` of the page before."}
    )
    limit = whole(1, 200, 50, "How many at most.")


class Wait(Sent):
    """How long to wait."""

    wait = whole(0, 30, 0, "Answer as soon as the status changes or its outline waits, or after so many seconds.")


class Since(Sent):
    """What is news."""

    since = time("What happened at this time or later.")
    after = String(
        validate=Regexp(TIME_CURSOR, error=NO_CURSOR),
        metadata={"description": "`next` of the last answer: what happened after all of that."},
    )
    limit = whole(1, 200, 100, "How many at most.")


class Presentation(Given):
    """A presentation that was asked for."""

    class Meta(Given.Meta):
        include: ClassVar = {option.name: given(option) for option in OPTIONS if option.is_in_answers}

    job_id = UUID(required=True)
    title = String(required=True, metadata={"description": "Its topic, unless it was given another name."})
    user_id = String(required=True)
    status = String(required=True, validate=OneOf(STATUSES))
    subject = String(required=True, metadata={"description": 'The key of its subject; "default": not organised yet.'})
    message = String(required=True, allow_none=True, metadata={"description": "What is going on."})
    slides_done = Integer(required=True, allow_none=True)
    slides_total = Integer(required=True, allow_none=True)
    awaits_teacher_since = moment(
        "Since when its outline waits for its owner's word, while `status` stays pending: nothing goes on until then."
    )
    error = String(required=True, allow_none=True, metadata={"description": "Why it failed."})
    presenton_id = String(required=True, allow_none=True)
    presenton_url = String(
        required=True, allow_none=True, metadata={"description": "Where it is opened, on Presenton's own address."}
    )
    slides = Integer(
        required=True, allow_none=True, metadata={"description": "How many slides it has; null: not counted yet."}
    )
    file_url = _address("Where a GET gives its file; null: there is none, or not yet.")
    pdf_url = _address("Where a GET gives its PDF; null: there is none, or not yet.")
    slides_url = _address("Where a GET gives what stands on its slides, and their pictures; null: not yet.")
    created_at = String(required=True, metadata=TIME)
    started_at = String(required=True, allow_none=True, metadata=TIME)
    completed_at = String(required=True, allow_none=True, metadata=TIME)


class NamedFile(Given):
    """A file of somebody's, wherever it is named."""

    id = UUID(required=True)
    name = String(required=True)
    kind = String(required=True, validate=OneOf(list(Kind)))
    size = Integer(required=True, metadata={"description": "In bytes."})
    pages = Integer(required=True, allow_none=True, metadata={"description": "Pages or slides, of what has some."})


class MadeFrom(NamedFile):
    """A file that a presentation is made from."""

    deleted_at = moment("When it was deleted; null: it is there.")


class WholePresentation(Presentation):
    """A presentation, with what it is made from."""

    files = List(Nested(MadeFrom), required=True)


class File(NamedFile):
    """A file to make presentations from."""

    created_at = String(required=True, metadata=TIME)
    keep = Boolean(required=True, metadata={"description": "Whether it stays as long as what is made from it."})
    kept_until = moment(
        "When its time is over; null: while something is made from it, or with `keep`, as long as that."
    )


class ListedFile(File):
    """A file in a list."""


class Files(Given):
    """All files of a user that are there, newest first."""

    items = List(Nested(ListedFile), required=True)
    usage = Integer(required=True, metadata={"description": "How many bytes they have, and decks that were uploaded."})
    quota = Integer(required=True, metadata={"description": "How many bytes these may have."})


class ChangedFile(Sent):
    """What is to be different."""

    keep = Flag(required=True, metadata={"description": "True: it stays as long as what is made from it."})


class ListedPresentation(Presentation):
    """A presentation in a list."""


class Presentations(Given):
    """A page of presentations, newest first."""

    items = List(Nested(ListedPresentation), required=True)
    next = String(required=True, allow_none=True, metadata={"description": "Of the page after this one, if any."})


class AppliedDefaults(Given):
    """What was left out, and is as is usual for the subject."""

    class Meta(Given.Meta):
        include: ClassVar = {option.name: given(option, required=False) for option in DEFAULTED}


class AskedPresentation(Presentation):
    """A presentation that was just asked for."""

    applied_defaults = Nested(AppliedDefaults, metadata={"description": "Not there when nothing was."})
    left_out_defaults = Dict(
        keys=String(),
        values=String(),
        metadata={"description": "What is usual for the subject and cannot be had now, by field, and why."},
    )

    webhook_secret = String(metadata={"description": "What messages to its `webhook_url` are signed with."})


class NewVersion(Given):
    """A version of a deck that is shown from now on."""

    number = Integer(required=True, metadata={"description": "1 is the first, as it was made."})


class Event(Given):
    """The end of a presentation, or an outline that waits for its owner's word."""

    event = String(
        required=True,
        validate=OneOf(EVENTS),
    )
    time = String(required=True, metadata=TIME)
    presentation = Nested(ListedPresentation, required=True)


class Events(Given):
    """What has ended, and which outlines wait, oldest first."""

    items = List(Nested(Event), required=True)
    next = String(required=True, allow_none=True, metadata={"description": "What to send as `after` the next time."})
    has_more = Boolean(required=True, metadata={"description": "Whether there is more already."})


class Subject(Given):
    """A subject, and how many finished presentations are filed under it."""

    key = String(required=True)
    name = String(required=True)
    count = Integer(required=True)


class ListedSubject(Subject):
    """A subject in a list."""


class Subjects(Given):
    """All subjects by name; first those presentations that are under none."""

    items = List(Nested(ListedSubject), required=True)


class Moved(Given):
    """What was moved."""

    count = Integer(required=True)
    subject = String(required=True, metadata={"description": "The name of the subject."})
    undo = String(required=True, metadata={"description": "Where a POST undoes it, for ten minutes."})


class Left(Given):
    """A presentation or a subject that undoing left as it is."""

    presentation = UUID(required=True, allow_none=True, metadata={"description": "Its id; null for a subject."})
    name = String(required=True, allow_none=True, metadata={"description": "Its title or name; null when it is gone."})
    why = String(required=True, validate=OneOf(_WHY), metadata={"description": "What became of it since."})


class Undone(Given):
    """What was put back, and what was left because it has changed since."""

    count = Integer(required=True, metadata={"description": "How many presentations and subjects were put back."})
    left = List(Nested(Left), required=True)
    message = String(required=True, metadata={"description": "All that was done and left, in words."})


class Undoable(Given):
    """Where a POST brings it back, for ten minutes."""

    undo = String(required=True, data_key="X-Undo")


class Located(Given):
    """Where it is."""

    location = String(required=True, data_key="Location")


class Tagged(Given):
    """Its version."""

    etag = String(required=True, data_key="ETag")
