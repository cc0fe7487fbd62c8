"""What the API takes and gives of webhooks."""

from __future__ import annotations

from apiflask.fields import UUID, Boolean, Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp

from presentations.web.api.bases import NO_CURSOR, TIME, Given, Sent, moment
from presentations.web.api.fields import Flag, user, web_address, whole
from presentations.webhooks import EVENTS, TEST_EVENT

_NO_EVENTS = f"expected one or more of {', '.join(EVENTS)}"


class NewWebhook(Sent):
    """Whom to tell, and of what."""

    url = web_address("Where messages are sent, by POST.", required=True)
    events = List(String(validate=OneOf(EVENTS)), load_default=EVENTS, validate=Length(1, error=_NO_EVENTS))
    all_users = Flag(
        load_default=False, metadata={"description": "Of everybody's presentations; for tokens that act for everybody."}
    )
    user_id = user("Whose it is to be; for tokens that act for everybody.")


class ChangedWebhook(Sent):
    """What is to be different."""

    url = web_address("Where messages are sent, by POST.")
    events = List(String(validate=OneOf(EVENTS)), validate=Length(1, error=_NO_EVENTS))
    is_active = Flag(metadata={"description": "False: nothing is sent."})


class Part(Sent):
    """Which part of a log."""

    after = String(
        validate=Regexp(r"^[0-9]{1,18}$", error=NO_CURSOR), metadata={"description": "`next` of the part before."}
    )
    limit = whole(1, 200, 50, "How many at most.")


class Webhook(Given):
    """Who is told."""

    id = UUID(required=True)
    user_id = String(required=True)
    url = String(required=True)
    events = List(String(validate=OneOf(EVENTS)), required=True)
    all_users = Boolean(required=True)
    job_id = UUID(required=True, allow_none=True, metadata={"description": "The only presentation it tells of."})
    is_active = Boolean(required=True)
    previous_secret_until = moment("Until when the secret before signs as well.")
    failing_since = moment("Of its first failure after the last success.")
    switched_off_at = moment("When Lectern switched it off.")
    switched_off_why = String(required=True, allow_none=True)
    created_at = String(required=True, metadata=TIME)


class RevealedWebhook(Webhook):
    """Who is told, and what the messages are signed with."""

    secret = String(required=True, metadata={"description": "Shown this once."})


class ListedWebhook(Webhook):
    """A webhook in a list."""


class Webhooks(Given):
    """All webhooks, oldest first."""

    items = List(Nested(ListedWebhook), required=True)


class Delivery(Given):
    """Something that a webhook is told."""

    id = UUID(required=True, metadata={"description": "The header `webhook-id`: the same at every attempt."})
    webhook_id = UUID(required=True)
    user_id = String(required=True)
    job_id = UUID(required=True, allow_none=True)
    event = String(required=True, validate=OneOf([*EVENTS, TEST_EVENT]))
    payload = Dict(required=True)
    status = String(required=True, validate=OneOf(["waiting", "delivered", "failed"]))
    created_at = String(required=True, metadata=TIME)
    due_at = moment("When it is sent next.")
    attempts = Integer(required=True)
    sent_at = moment("Of the last attempt.")
    request = Dict(required=True, allow_none=True, metadata={"description": "Where it went, and its headers."})
    status_code = Integer(required=True, allow_none=True)
    answer = String(required=True, allow_none=True, metadata={"description": "The first 2 KB of it."})
    duration_ms = Integer(required=True, allow_none=True)
    problem = String(required=True, allow_none=True)


class ListedDelivery(Delivery):
    """A delivery in a list."""


class Deliveries(Given):
    """A part of a log, newest first."""

    items = List(Nested(ListedDelivery), required=True)
    next = String(required=True, allow_none=True, metadata={"description": "Of the part after this one, if any."})
