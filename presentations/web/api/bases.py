"""What all that the API takes and gives has in common."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import String
from marshmallow import EXCLUDE, RAISE

TIME = {"format": "date-time"}
NO_CURSOR = "expected nothing, or the `next` of an earlier answer"


class Sent(Schema):
    """What is sent to us. Unknown fields are refused."""

    class Meta:
        unknown = RAISE


class Given(Schema):
    """What we answer. There may be more in it one day."""

    class Meta:
        unknown = EXCLUDE


def moment(description: str) -> String:
    """A time that may not have come."""
    return String(required=True, allow_none=True, metadata=TIME | {"description": description})
