"""What schemathesis is told of the API: an Idempotency-Key belongs to one request."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import schemathesis

from presentations.repeats import FIELD, PATTERN


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    key = (case.headers or {}).get(FIELD)
    if isinstance(key, str) and re.fullmatch(PATTERN, key):
        case.headers[FIELD] = str(uuid4())
