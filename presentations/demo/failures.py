"""What can go wrong in a generation, and how each release of Presenton tells it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from presentations.demo.releases import ProviderWords, Release

_GENERAL = "AI provider API request failed. Please try again."
_MARK = re.compile(r"\[\[fail=(\d{1,2})(?::([45]\d\d))?( once)?\]\]")
_MARKED = {
    400: "Failed to generate presentation outlines with requested number of slides. Please try again.",
    503: "Connection error.",
}


@dataclass(frozen=True)
class Failure:
    """The end of a generation in the stage or at the slide `at`."""

    at: int | str
    status: int
    detail: str


OUTLINES, EXPORT = "outlines", "export"


def _provider(status: int, message: str, kind: str, code: str | None = None) -> Callable[[Release], Failure]:
    """The model provider refuses, in the form of OpenAI's client. Recorded is only what becomes of its 500."""
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    words = f"Error code: {status} - {body}"

    def failure(release: Release) -> Failure:
        if release.provider_words is ProviderWords.PREFIXED:
            return Failure(OUTLINES, 500, f"OpenAI API error: {words}")
        is_masked = release.provider_words is ProviderWords.MASKED and status >= 500
        return Failure(OUTLINES, status, _GENERAL if is_masked else words)

    return failure


def _unreachable(release: Release) -> Failure:
    if release.provider_words is ProviderWords.PREFIXED:
        return Failure(OUTLINES, 500, "OpenAI API error: Connection error.")
    return Failure(OUTLINES, 503, "Connection error.")


def _own(at: str, status: int, detail: str) -> Callable[[Release], Failure]:
    """Presenton's own words, in every release."""
    return lambda release: Failure(at, status, detail)


CAUSES: dict[str, Callable[[Release], Failure]] = {
    "provider_error": _provider(500, "The server had an error while processing your request.", "server_error"),
    "provider_overloaded": _provider(503, "The engine is currently overloaded.", "server_error"),
    "provider_busy": _provider(429, "Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    "no_credit": _provider(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "wrong_model_key": _provider(
        401, "Incorrect API key provided: sk-demo.", "invalid_request_error", "invalid_api_key"
    ),
    "content_refused": _provider(
        400,
        "Your request was rejected as a result of our safety system.",
        "invalid_request_error",
        "content_policy_violation",
    ),
    "too_long": _provider(
        400,
        "This model's maximum context length is 128000 tokens. Please reduce the length of the messages.",
        "invalid_request_error",
        "context_length_exceeded",
    ),
    "provider_unreachable": _unreachable,
    "wrong_count": lambda release: Failure(OUTLINES, *release.wrong_count),
    "bad_json": lambda release: Failure(OUTLINES, *release.bad_json),
    "file_gone": _own(OUTLINES, 404, "File not found"),
    "export": _own(
        EXPORT,
        500,
        "Export task failed. returncode=1 stderr=node:child_process:930\n    throw err;\n    ^\n\n"
        "Error: Command failed: /app/export.py /tmp/presenton/export_task.json stdout=<empty>",
    ),
}
"""Why a generation may fail: all in its first stage, but for the export, which leaves a whole deck behind."""


def marked_failure(content: str, was_begun: bool) -> Failure | None:
    """Asked for in the content: [[fail=3]] at slide 3, [[fail=3:503]] with a status, [[fail=3 once]] but not again."""
    match = _MARK.search(content)
    if not match or (match[3] and was_begun):
        return None
    status = int(match[2] or 500)
    return Failure(int(match[1]), status, _MARKED.get(status, _GENERAL))
