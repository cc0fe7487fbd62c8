"""What schemathesis is told of the API: an Idempotency-Key belongs to one request."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import schemathesis

from presentations.repeats import FIELD, PATTERN


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    headers: Any = case.headers
    key = headers.get(FIELD) if headers else None
    if isinstance(key, str) and re.fullmatch(PATTERN, key):
        headers[FIELD] = str(uuid4())
