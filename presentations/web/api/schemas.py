"""What the API takes and gives."""

from __future__ import annotations

from typing import ClassVar

from apiflask import Schema
from apiflask.fields import UUID, Boolean, Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp
from marshmallow import EXCLUDE, RAISE

from presentations.database.models import UNORGANIZED
from presentations.library import MAX_NAME, STATUSES, TIME_CURSOR, Why
from presentations.options import MAX_GRADE, MAX_TOPIC, OPTIONS
from presentations.web.api.fields import (
    Counted,
    Flag,
    given,
    loose_text,
    sent,
    text,
    time,
    user,
    web_address,
    whole,
)
from presentations.webhooks import EVENTS, TEST_EVENT

_TIME = {"format": "date-time"}
# These stand for no subject at all, however they are written.
_TAKEN = ("Unorganized", UNORGANIZED)
_NO_CURSOR = "expected nothing, or the `next` of an earlier answer"
_NO_EVENTS = f"expected one or more of {', '.join(EVENTS)}"
_WHY = [why.value for why in Why]


def _moment(description: str) -> String:
    return String(required=True, allow_none=True, metadata=_TIME | {"description": description})


def _address(description: str) -> String:
    return String(required=True, allow_none=True, metadata={"description": description})


class _Sent(Schema):
    """What is sent to us. Unknown fields are refused."""

    class Meta:
        unknown = RAISE


class _Given(Schema):
    """What we answer. There may be more in it one day."""

    class Meta:
        unknown = EXCLUDE


class NewPresentation(_Sent):
    """A presentation to be made."""

    class Meta(_Sent.Meta):
        include: ClassVar = {option.name: sent(option) for option in OPTIONS}

    subject = text(MAX_NAME, "The name of the subject to file it under.", allow_none=True)
    webhook_url = web_address("Told how this one ends, by a message signed with the `webhook_secret` of the answer.")
    user_id = user("Whose it is to be; for tokens that act for everybody.")


class ChangedPresentation(_Sent):
    """What is to be different; one field at least."""

    title = text(MAX_TOPIC, "The name it is shown by.")
    subject = text(MAX_NAME, 'The name of a subject; "default" for none.')


class Move(_Sent):
    """Presentations to file under a subject: all of them, or none when one cannot be."""

    ids = List(UUID(), required=True, validate=Counted(1, 500, "presentations"))
    subject = text(MAX_NAME, 'The name of a subject, made if need be; "default" for none.', required=True)
    user_id = user("Whose they are; for tokens that act for everybody.")


class SubjectName(_Sent):
    """What a subject is called."""

    name = text(MAX_NAME, "As it is to be shown.", required=True, unless=_TAKEN)
    user_id = user("Whose it is; for tokens that act for everybody.")


class Wanted(_Sent):
    """Which presentations to list."""

    subject = text(MAX_NAME, 'The name of a subject; "default" for those under none.')
    status = List(String(validate=OneOf(STATUSES)), metadata={"description": "May be given more than once."})
    text = loose_text(MAX_TOPIC, "What the title, or else the topic, has in it.")
    grade = loose_text(MAX_GRADE, "For which grade or age, whatever its capitals.")
    since = time("Only those that were asked for at this time or later.")
    after = String(
        validate=Regexp(TIME_CURSOR, error=_NO_CURSOR), metadata={"description": "`next` of the page before."}
    )
    limit = whole(1, 200, 50, "How many at most.")


class Wait(_Sent):
    """How long to wait."""

    wait = whole(0, 30, 0, "Answer as soon as the status changes, or after so many seconds.")


class Since(_Sent):
    """What is news."""

    since = time("What ended at this time or later.")
    after = String(
        validate=Regexp(TIME_CURSOR, error=_NO_CURSOR),
        metadata={"description": "`next` of the last answer: what ended after all of that."},
    )
    limit = whole(1, 200, 100, "How many at most.")


class Presentation(_Given):
    """A presentation that was asked for."""

    class Meta(_Given.Meta):
        include: ClassVar = {option.name: given(option) for option in OPTIONS if option.is_in_answers}

    job_id = UUID(required=True)
    title = String(required=True, metadata={"description": "Its topic, unless it was given another name."})
    user_id = String(required=True)
    status = String(required=True, validate=OneOf(STATUSES))
    subject = String(required=True, metadata={"description": 'The key of its subject; "default": not organised yet.'})
    message = String(required=True, allow_none=True, metadata={"description": "What is going on."})
    slides_done = Integer(required=True, allow_none=True)
    slides_total = Integer(required=True, allow_none=True)
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
    created_at = String(required=True, metadata=_TIME)
    started_at = String(required=True, allow_none=True, metadata=_TIME)
    completed_at = String(required=True, allow_none=True, metadata=_TIME)


class ListedPresentation(Presentation):
    """A presentation in a list."""


class Presentations(_Given):
    """A page of presentations, newest first."""

    items = List(Nested(ListedPresentation), required=True)
    next = String(required=True, allow_none=True, metadata={"description": "Of the page after this one, if any."})


class AskedPresentation(Presentation):
    """A presentation that was just asked for."""

    webhook_secret = String(metadata={"description": "What messages to its `webhook_url` are signed with."})


class NewVersion(_Given):
    """A version of a deck that is shown from now on."""

    number = Integer(required=True, metadata={"description": "1 is the first, as it was made."})


class NewWebhook(_Sent):
    """Whom to tell, and of what."""

    url = web_address("Where messages are sent, by POST.", required=True)
    events = List(String(validate=OneOf(EVENTS)), load_default=EVENTS, validate=Length(1, error=_NO_EVENTS))
    all_users = Flag(
        load_default=False, metadata={"description": "Of everybody's presentations; for tokens that act for everybody."}
    )
    user_id = user("Whose it is to be; for tokens that act for everybody.")


class ChangedWebhook(_Sent):
    """What is to be different."""

    url = web_address("Where messages are sent, by POST.")
    events = List(String(validate=OneOf(EVENTS)), validate=Length(1, error=_NO_EVENTS))
    is_active = Flag(metadata={"description": "False: nothing is sent."})


class Part(_Sent):
    """Which part of a log."""

    after = String(
        validate=Regexp(r"^[0-9]{1,18}$", error=_NO_CURSOR), metadata={"description": "`next` of the part before."}
    )
    limit = whole(1, 200, 50, "How many at most.")


class Webhook(_Given):
    """Who is told."""

    id = UUID(required=True)
    user_id = String(required=True)
    url = String(required=True)
    events = List(String(validate=OneOf(EVENTS)), required=True)
    all_users = Boolean(required=True)
    job_id = UUID(required=True, allow_none=True, metadata={"description": "The only presentation it tells of."})
    is_active = Boolean(required=True)
    previous_secret_until = _moment("Until when the secret before signs as well.")
    failing_since = _moment("Of its first failure after the last success.")
    switched_off_at = _moment("When Lectern switched it off.")
    switched_off_why = String(required=True, allow_none=True)
    created_at = String(required=True, metadata=_TIME)


class RevealedWebhook(Webhook):
    """Who is told, and what the messages are signed with."""

    secret = String(required=True, metadata={"description": "Shown this once."})


class ListedWebhook(Webhook):
    """A webhook in a list."""


class Webhooks(_Given):
    """All webhooks, oldest first."""

    items = List(Nested(ListedWebhook), required=True)


class Delivery(_Given):
    """Something that a webhook is told."""

    id = UUID(required=True, metadata={"description": "The header `webhook-id`: the same at every attempt."})
    webhook_id = UUID(required=True)
    user_id = String(required=True)
    job_id = UUID(required=True, allow_none=True)
    event = String(required=True, validate=OneOf([*EVENTS, TEST_EVENT]))
    payload = Dict(required=True)
    status = String(required=True, validate=OneOf(["waiting", "delivered", "failed"]))
    created_at = String(required=True, metadata=_TIME)
    due_at = _moment("When it is sent next.")
    attempts = Integer(required=True)
    sent_at = _moment("Of the last attempt.")
    request = Dict(required=True, allow_none=True, metadata={"description": "Where it went, and its headers."})
    status_code = Integer(required=True, allow_none=True)
    answer = String(required=True, allow_none=True, metadata={"description": "The first 2 KB of it."})
    duration_ms = Integer(required=True, allow_none=True)
    problem = String(required=True, allow_none=True)


class ListedDelivery(Delivery):
    """A delivery in a list."""


class Deliveries(_Given):
    """A part of a log, newest first."""

    items = List(Nested(ListedDelivery), required=True)
    next = String(required=True, allow_none=True, metadata={"description": "Of the part after this one, if any."})


class Event(_Given):
    """The end of a presentation."""

    event = String(
        required=True,
        validate=OneOf(EVENTS),
    )
    time = String(required=True, metadata=_TIME)
    presentation = Nested(ListedPresentation, required=True)


class Events(_Given):
    """What has ended, oldest first."""

    items = List(Nested(Event), required=True)
    next = String(required=True, allow_none=True, metadata={"description": "What to send as `after` the next time."})
    has_more = Boolean(required=True, metadata={"description": "Whether there is more already."})


class Subject(_Given):
    """A subject, and how many finished presentations are filed under it."""

    key = String(required=True)
    name = String(required=True)
    count = Integer(required=True)


class ListedSubject(Subject):
    """A subject in a list."""


class Subjects(_Given):
    """All subjects by name; first those presentations that are under none."""

    items = List(Nested(ListedSubject), required=True)


class Moved(_Given):
    """What was moved."""

    count = Integer(required=True)
    subject = String(required=True, metadata={"description": "The name of the subject."})
    undo = String(required=True, metadata={"description": "Where a POST undoes it, for ten minutes."})


class Left(_Given):
    """A presentation or a subject that undoing left as it is."""

    presentation = UUID(required=True, allow_none=True, metadata={"description": "Its id; null for a subject."})
    name = String(required=True, allow_none=True, metadata={"description": "Its title or name; null when it is gone."})
    why = String(required=True, validate=OneOf(_WHY), metadata={"description": "What became of it since."})


class Undone(_Given):
    """What was put back, and what was left because it has changed since."""

    count = Integer(required=True, metadata={"description": "How many presentations and subjects were put back."})
    left = List(Nested(Left), required=True)
    message = String(required=True, metadata={"description": "All that was done and left, in words."})


class Undoable(_Given):
    """Where a POST brings it back, for ten minutes."""

    undo = String(required=True, data_key="X-Undo")


class Located(_Given):
    """Where it is."""

    location = String(required=True, data_key="Location")


class Tagged(_Given):
    """Its version."""

    etag = String(required=True, data_key="ETag")
