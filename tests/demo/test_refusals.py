"""What the demo refuses, and in which words: recorded from real servers, too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo.caller import ALL, DECK, GENERATE, GENERATE_ASYNC, STATUS, TASK_STATUS, Caller, Start

NGINX_404 = "<html>\r\n<head><title>404 Not Found</title></head>"


def wrong(kind: str, field: str | None, message: str, given: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "loc": ["body", field] if field else ["body"], "msg": message, "input": given, **more}]


TONES = "'default', 'casual', 'professional', 'funny', 'educational' or 'sales_pitch'"
LENGTHS = "'concise', 'standard' or 'text-heavy'"
FORMATS = "'pptx' or 'pdf'"
NOT_A_DICT = "Input should be a valid dictionary or object to extract fields from"
NO_STRING = "Input should be a valid string"
UNPARSABLE = "Input should be a valid integer, unable to parse string as an integer"
FRACTION = "Input should be a valid integer, got a number with a fractional part"


def in_words(field: str, given: str, expected: str, kind: str = "enum") -> tuple[Any, int, Any]:
    fault = wrong(kind, field, f"Input should be {expected}", given, ctx={"expected": expected})
    return {"content": "x", field: given}, 422, fault


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"n_slides": 3}, 422, wrong("missing", "content", "Field required", {"n_slides": 3})),
        ({"content": 5}, 422, wrong("string_type", "content", NO_STRING, 5)),
        ({"content": ""}, 400, "Either content or slides markdown or files is required to generate presentation"),
        ({"content": "  ", "n_slides": 0}, 400, "Number of slides must be greater than 0"),
        ({"content": "x", "n_slides": -1}, 400, "Number of slides must be greater than 0"),
        ({"content": "x", "n_slides": 51}, 400, "Number of slides cannot be greater than 50"),
        ({"content": "x", "n_slides": "abc"}, 422, wrong("int_parsing", "n_slides", UNPARSABLE, "abc")),
        ({"content": "x", "n_slides": 3.5}, 422, wrong("int_from_float", "n_slides", FRACTION, 3.5)),
        in_words("tone", "angry", TONES),
        in_words("tone", "Professional", TONES),
        in_words("verbosity", "long", LENGTHS),
        in_words("export_as", "docx", FORMATS, kind="literal_error"),
        ({"content": "x", "template": "General "}, 400, "Template not found. Please use a valid template."),
        ({"content": "x", "template": None}, 422, wrong("string_type", "template", NO_STRING, None)),
        (
            {"content": "x", "n_slides": 2, "include_table_of_contents": True},
            400,
            "Number of slides cannot be less than 3 if table of contents is included",
        ),
        ([], 422, wrong("model_attributes_type", None, NOT_A_DICT, [])),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused(teacher: Caller, body: Any, status: int, detail: Any) -> None:
    for path in (GENERATE, GENERATE_ASYNC):
        answer = teacher.post(path, body)
        assert (answer.status_code, answer.json()) == (status, {"detail": detail})


def test_all_wrong_types_are_told_at_once(teacher: Caller) -> None:
    answer = teacher.post(GENERATE_ASYNC, {"n_slides": "abc", "tone": "angry"})
    assert [fault["loc"][1] for fault in answer.json()["detail"]] == ["content", "tone", "n_slides"]


@pytest.mark.parametrize(
    ("body", "content_type", "fault"),
    [
        (
            "{not json",
            "application/json",
            {
                "type": "json_invalid", "loc": ["body", 1], "msg": "JSON decode error", "input": {},
                "ctx": {"error": "Expecting property name enclosed in double quotes"},
            },
        ),
        ('{"content":"x"}', "text/plain", wrong("model_attributes_type", None, NOT_A_DICT, '{"content":"x"}')[0]),
        ("", "application/json", wrong("missing", None, "Field required", None)[0]),
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(teacher: Caller, body: str, content_type: str, fault: Any) -> None:
    answer = teacher.session.post(
        teacher.demo.url + GENERATE_ASYNC, data=body, headers={"Content-Type": content_type}, timeout=30
    )
    assert (answer.status_code, answer.json()) == (422, {"detail": [fault]})


def test_what_presenton_lets_pass_passes(teacher: Caller) -> None:
    assert teacher.ask("  ")["data"]["remaining_slides"] == 2
    assert teacher.post(GENERATE_ASYNC, {"content": "x", "n_slides": "2", "slides": 9, "unknown": True}).ok
    unsaid = teacher.ask("No count given", None)
    assert unsaid["data"]["remaining_slides"] == 0
    assert teacher.ended(unsaid)["data"]["created_slides"] == 8


def test_unknown_things_are_not_found(teacher: Caller) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    assert teacher.get(STATUS + "task-0").json() == {"detail": "No presentation generation task found"}
    assert teacher.get(TASK_STATUS + "task-0").json() == {"detail": "No async task found"}
    assert teacher.get(DECK + nobody).json() == {"detail": "Presentation not found"}
    assert teacher.get(DECK + "not-a-uuid").json()["detail"][0]["type"] == "uuid_parsing"
    assert teacher.get("/api/v1/health").json() == {"detail": "Not Found"}
    missing = teacher.get("/app_data/exports/nope.pptx")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert missing.text.startswith(NGINX_404)
    assert teacher.get("/app_data/exports/..%2Fdecks").status_code == 404
    slash = teacher.get(STATUS)
    assert (slash.status_code, slash.headers["Location"]) == (307, f"http://127.0.0.1{STATUS[:-1]}")


def test_credentials_are_asked_for_where_they_are_set(start: Start) -> None:
    stranger = start(username="admin", password="secret", api_key="sk-presenton-1")
    assert stranger.get("/api/v1/auth/status").json()["authenticated"] is False
    for path in (ALL, STATUS + "x", "/api/v1/auth/verify", "/api/v1/unknown"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()) == (401, {"detail": "Unauthorized"})
        assert "WWW-Authenticate" not in answer.headers
    assert stranger.get("/app_data/exports/x.pptx").text.startswith("<html>\r\n<head><title>401 Authorization Required")
    assert stranger.get("/").headers["WWW-Authenticate"].startswith("Basic")

    by_key, by_name = Caller(stranger.demo, key="sk-presenton-1"), Caller(stranger.demo, auth=("admin", "secret"))
    assert by_key.get("/api/v1/auth/verify").json()["method"] == "api_key"
    assert by_name.get("/").ok
    assert by_key.get(by_key.made("Rome")["path"]).ok
    for wrong_one in (Caller(stranger.demo, key="sk-presenton-2"), Caller(stranger.demo, auth=("admin", "Secret"))):
        assert wrong_one.get(ALL).status_code == 401
