"""Why Presenton could not make a presentation: an error of its, read into a cause.

The model provider's errors come through Presenton with their own status or, in old releases, with 500, so the words
count before the status: those of OpenAI's, Anthropic's and Google's clients, and Presenton's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Who said it, and of what. The values stand in the column error_cause."""

    CONTENT_REFUSED = "content_refused"
    TEXT_TOO_LONG = "text_too_long"
    TEMPLATE = "template"
    FILE = "file"
    FILE_LOST = "file_lost"
    REQUEST = "request"
    MODEL_KEY = "model_key"
    MODEL_CREDIT = "model_credit"
    MODEL_UNKNOWN = "model_unknown"
    MODEL_BUSY = "model_busy"
    MODEL_UNREACHABLE = "model_unreachable"
    MODEL_ANSWER = "model_answer"
    EXPORT = "export"
    OTHER = "other"

    @property
    def may_pass(self) -> bool:
        """Whether asking again at once may help."""
        return self in _MAY_PASS


_MAY_PASS = {
    Cause.FILE_LOST,  # Presenton was started again meanwhile; each attempt gives it the files anew
    Cause.MODEL_BUSY,
    Cause.MODEL_UNREACHABLE,
    Cause.MODEL_ANSWER,
    Cause.EXPORT,
    Cause.OTHER,
}


@dataclass(frozen=True)
class Failure:
    """A generation that failed. `words` hold the status and what Presenton said, for admins."""

    cause: Cause
    words: str


def cause_of(status: int | None, said: str) -> Cause:
    """The cause of an error: its status, None where there is none, and what it says."""
    for cause, words in _WORDS:
        if words.search(said):
            return cause
    inner = _INNER_STATUS.search(said)
    if inner:
        return _of_status(int(inner[1] or inner[2]), Cause.MODEL_BUSY)
    return Cause.OTHER if status is None else _of_status(status, Cause.OTHER)


def _of_status(status: int, fault: Cause) -> Cause:
    return _STATUSES.get(status) or (Cause.REQUEST if 400 <= status < 500 else fault)


def is_own_refusal(status: int, said: str) -> bool:
    """Whether Presenton itself lets nobody in; its words for that come before any work."""
    return status == 428 or (status in (401, 403) and bool(_OWN_REFUSALS.fullmatch(said.strip())))


_OWN_REFUSALS = re.compile(
    r"Unauthorized|Forbidden|Not authenticated|Login setup is required|Invalid (credentials|authentication.*)"
    r"|Admin (browser session|access) required",
    re.IGNORECASE,
)

# "Error code: 401 - {...}" of OpenAI and Anthropic; "503 UNAVAILABLE. {...}" of Google.
_INNER_STATUS = re.compile(r"Error code: ([45]\d\d)\b|\b([45]\d\d) [A-Z][A-Z_]{4,}\b")

_STATUSES = {
    401: Cause.MODEL_KEY,
    402: Cause.MODEL_CREDIT,
    403: Cause.MODEL_KEY,
    408: Cause.MODEL_BUSY,
    429: Cause.MODEL_BUSY,
    502: Cause.MODEL_UNREACHABLE,
    503: Cause.MODEL_BUSY,
    504: Cause.MODEL_UNREACHABLE,
    529: Cause.MODEL_BUSY,
}


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


# The first that is found counts: a file may be called like a template, a failed export may print anything, and Google
# says "quota" of a rate, too.
_WORDS = (
    (Cause.FILE_LOST, _any_of("^file not found", "^file .{1,500} not found")),
    (Cause.EXPORT, _any_of(r"\bexport(ing)? (task|presentation)?\s*failed", "failed to export")),
    (Cause.TEMPLATE, _any_of(r"template\b.{0,80}\bnot found", "use a valid template", "layout .{0,80}not found")),
    (
        Cause.FILE,
        _any_of("file path must", r"file .{0,200}not accepted", "failed to (read|parse|load) "),
    ),
    (
        Cause.CONTENT_REFUSED,
        _any_of(
            "content[_ ]policy",
            "content[_ ]filter",
            "content management policy",
            "safety system",
            "safety settings",
            "prohibited_content",
            "responsible ai",
            "moderation",
        ),
    ),
    (
        Cause.TEXT_TOO_LONG,
        _any_of(
            "context_length_exceeded",
            "maximum context length",
            "context window",
            "prompt is too long",
            "too many tokens",
            "input token count",
            "string_above_max_length",
            "request_too_large",
        ),
    ),
    (Cause.MODEL_BUSY, _any_of("per ?(minute|second|day)", "overloaded", "rate[_ ]limit")),
    (
        Cause.MODEL_CREDIT,
        _any_of(
            "insufficient_quota",
            "current quota",
            "credit balance",
            "insufficient (balance|credits?|funds)",
            "payment required",
            "billing[_ ](hard[_ ]limit|not[_ ]active)",
        ),
    ),
    (
        Cause.MODEL_KEY,
        _any_of(
            r"(incorrect|invalid|missing|expired|wrong|no)[ _](x-)?api[-_ ]key",
            "api[-_ ]key (is )?(not valid|invalid|missing|required|not set|expired)",
            "authentication_error",
            "permission_?denied",
        ),
    ),
    (Cause.MODEL_UNKNOWN, _any_of("model_not_found", r"\bmodel\b.{0,100}(not found|does not exist|is not supported)")),
    (
        Cause.MODEL_UNREACHABLE,
        _any_of(
            r"connection error\.?",
            "connection (refused|reset|aborted)",
            "name or service not known",
            "request timed out",
            "connect(ion)? timed? ?out",
        ),
    ),
    (
        Cause.MODEL_ANSWER,
        _any_of(
            "requested number of slides",
            "failed to generate presentation (outlines|structure)",
            r"\bexpecting (value|property name|',' delimiter|':' delimiter)",
            "extra data: line",
            "unterminated string",
            "invalid control character",
            "jsondecode",
            "invalid json",
        ),
    ),
    (Cause.MODEL_BUSY, _any_of("ai provider api request failed")),
)
