"""Programs that use the API with a token."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

PROBLEM = "application/problem+json"


class Program:
    """A program with a token."""

    def __init__(self, app: Flask, secret: str) -> None:
        self._client, self._headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, sent: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if sent is None else {"json": sent}
        return self._client.open(f"/api{path}", method=method, headers=self._headers | named, buffered=True, **body)

    def create(self, topic: str = "Cells", **fields: Any) -> str:
        answer = self("POST", "/presentations", {"topic": topic, **fields})
        assert answer.status_code == 202, answer.text
        return str(answer.json["job_id"])  # type: ignore[index]

    def items(self, path: str) -> list[Any]:
        answer = self("GET", path)
        assert answer.status_code == 200, answer.text
        return list(answer.json["items"])  # type: ignore[index]


def fields_of(answer: TestResponse) -> list[str]:
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM), answer.text
    return [error["field"] for error in answer.json["errors"]]  # type: ignore[index]
