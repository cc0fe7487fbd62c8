"""What the API takes and gives of many presentations that are asked for at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from apiflask.fields import Integer, List, Nested, String

from presentations.library import MAX_ITEMS
from presentations.web.api.bases import Given, Sent
from presentations.web.api.fields import Counted, user
from presentations.web.api.schemas import AskedPresentation, NewPresentation


class BatchItem(NewPresentation):
    """A presentation to be made: the same fields as for a single one."""

    class Meta(NewPresentation.Meta):
        exclude: ClassVar = ("user_id",)


class _Each(Nested):
    """Described as its schema says, and taken as it was sent: each is checked by itself, later."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, partial: Any = None, **kwargs: Any
    ) -> Any:
        return value


class NewBatch(Sent):
    """Presentations to be made."""

    items = List(_Each(BatchItem, allow_none=True), required=True, validate=Counted(1, MAX_ITEMS, "presentations"))
    user_id = user("Whose they are to be; for tokens that act for everybody.")


class BatchPresentation(AskedPresentation):
    """A presentation that was asked for together with others."""


class BatchError(Given):
    """What is wrong with an item."""

    field = String(required=True)
    problem = String(required=True)


class BatchResult(Given):
    """What became of an item."""

    status = Integer(
        required=True,
        metadata={
            "description": "202: it will be made. 422: `errors` says what is wrong with it. 429: no more may wait."
        },
    )
    presentation = Nested(BatchPresentation)
    errors = List(Nested(BatchError))


class BatchResults(Given):
    """What became of each item, in their order."""

    items = List(Nested(BatchResult), required=True)
