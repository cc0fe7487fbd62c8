"""Forms with files in them, as programs send them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.support.programs import Program

Files = Sequence[tuple[str, bytes]]
Values = str | Sequence[str]


def encoded(files: Files, other: str = "file", **fields: Values) -> tuple[bytes, str]:
    """A form with these fields and files, each file by its name, in the field `other`; and its media type."""
    pairs = [
        (name, value) for name, given in fields.items() for value in ([given] if isinstance(given, str) else given)
    ]
    return encode_multipart_formdata([*pairs, *((other, file) for file in files)])


def said(answer: TestResponse) -> Any:
    """The JSON of an answer."""
    return answer.json


class Sender(Program):
    """A program that sends forms."""

    def send(
        self,
        path: str,
        files: Files,
        other: str = "file",
        key: str = "",
        acting: str = "",
        **fields: str | Sequence[str],
    ) -> TestResponse:
        """Send these, with an Idempotency-Key and for another user where those are given."""
        body, media_type = encoded(files, other, **fields)
        headers = {"Idempotency-Key": key, "X-Lectern-User": acting}
        given = self._headers | {name: value for name, value in headers.items() if value}
        return self._client.post(f"/api{path}", data=body, content_type=media_type, headers=given)
