"""Many presentations, asked for at once."""

from __future__ import annotations

from itertools import islice
from typing import Any

from marshmallow import ValidationError

from presentations.errors import InvalidRequest, LimitReached
from presentations.web.api import batch_schemas as schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.api.presentations import ask
from presentations.web.api.problems import MOST_ERRORS, field, wrong
from presentations.web.api.repeating import item_key
from presentations.web.auditing import about

_SOME: Any = {
    "description": "Some will be made, or none: see the status of each. With the same Idempotency-Key the others "
    "can be sent again.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BatchResults"}}},
}
_EXAMPLE = {"items": [{"topic": "Photosynthesis", "n_slides": 8, "subject": "Biology"}, {"topic": "Cells"}]}
_ITEM = schemas.BatchItem()


@api.post("/presentations/batch")
@api.input(schemas.NewBatch, example=_EXAMPLE)
@api.output(schemas.BatchResults, 202, "All of them will be made.")
@api.doc(tags=["Presentations"], operation_id="createPresentations", responses={207: _SOME})
def create_presentations(json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Ask for many presentations

    Each is taken or refused by itself. An `Idempotency-Key` counts for each item at its place: sent again with some of
    them corrected, those that were taken are not made twice.
    """
    results = [_asked(place, item) for place, item in enumerate(json_data["items"])]
    made = [one["presentation"]["job_id"] for one in results if "presentation" in one]
    about(acting(), ", ".join(f"presentation {job_id}" for job_id in made)[:1000] or None)
    return {"items": results}, 202 if len(made) == len(results) else 207


def _asked(place: int, item: Any) -> dict[str, Any]:
    try:
        fields = _ITEM.load(item)
        return {"status": 202, "presentation": ask(fields, item_key(place, item))}
    except ValidationError as error:
        return {"status": 422, "errors": list(islice(wrong(error.messages, item), MOST_ERRORS))}
    except LimitReached as error:
        return {"status": 429, "errors": [field(error.field, error.problem)]}
    except InvalidRequest as error:
        return {"status": 422, "errors": [field(error.field, error.problem)]}
