"""An error is read into its cause, by its words before its status."""

from __future__ import annotations

import pytest

from presentations.demo.failures import CAUSES
from presentations.demo.releases import RELEASES
from presentations.presenton import Cause
from presentations.presenton.failures import cause_of, is_own_refusal

OF_THE_DEMO = {
    "provider_error": Cause.MODEL_BUSY,
    "provider_overloaded": Cause.MODEL_BUSY,
    "provider_busy": Cause.MODEL_BUSY,
    "no_credit": Cause.MODEL_CREDIT,
    "wrong_model_key": Cause.MODEL_KEY,
    "content_refused": Cause.CONTENT_REFUSED,
    "too_long": Cause.TEXT_TOO_LONG,
    "provider_unreachable": Cause.MODEL_UNREACHABLE,
    "wrong_count": Cause.MODEL_ANSWER,
    "bad_json": Cause.MODEL_ANSWER,
    "file_gone": Cause.FILE_LOST,
    "export": Cause.EXPORT,
}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_release_tells_the_same_cause(release: str, cause: str) -> None:
    failure = CAUSES[cause](RELEASES[release])
    if failure.detail == "Presentation generation failed":  # all that old releases say of a wrong number of slides
        assert cause_of(failure.status, failure.detail) is Cause.OTHER
    else:
        assert cause_of(failure.status, failure.detail) is OF_THE_DEMO[cause]


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (400, "Template not found. Please use a valid template.", Cause.TEMPLATE),
        (400, "Number of slides cannot be greater than 50", Cause.REQUEST),
        (422, "body.tone: Input should be 'default'", Cause.REQUEST),
        (400, "File path must stay within the temp directory", Cause.FILE),
        (500, "Internal Server Error", Cause.OTHER),
        (None, "no reason given", Cause.OTHER),
        # Anthropic's and Google's clients, and servers that speak like OpenAI's.
        (401, "Error code: 401 - {'error': {'type': 'authentication_error', 'message': 'x'}}", Cause.MODEL_KEY),
        (500, "Error code: 403 - {'error': 'no'}", Cause.MODEL_KEY),
        (400, "Error code: 400 - {'message': 'Your credit balance is too low to access the API.'}", Cause.MODEL_CREDIT),
        (402, "Error code: 402 - {'error': {'message': 'Insufficient Balance'}}", Cause.MODEL_CREDIT),
        (529, "Error code: 529 - {'error': {'type': 'overloaded_error'}}", Cause.MODEL_BUSY),
        (400, "400 INVALID_ARGUMENT. {'message': 'API key not valid. Please pass a valid API key.'}", Cause.MODEL_KEY),
        (500, "503 UNAVAILABLE. {'error': {'message': 'Try later.'}}", Cause.MODEL_BUSY),
        (429, "You exceeded your current quota. quotaId: GenerateRequestsPerMinutePerProject", Cause.MODEL_BUSY),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", Cause.TEXT_TOO_LONG),
        (404, "Error code: 404 - {'error': {'message': \"model 'llama3' not found\"}}", Cause.MODEL_UNKNOWN),
        (500, "Unterminated string starting at: line 1 column 5 (char 4)", Cause.MODEL_ANSWER),
    ],
)
def test_the_words_of_others(status: int | None, said: str, cause: Cause) -> None:
    assert cause_of(status, said) is cause


def test_who_refuses() -> None:
    assert is_own_refusal(401, "Unauthorized")
    assert is_own_refusal(428, "Login setup is required")
    assert not is_own_refusal(401, "Error code: 401 - {'error': 'Unauthorized'}")
    assert not is_own_refusal(403, "Error code: 403 - Forbidden")
    assert not is_own_refusal(500, "Unauthorized")
