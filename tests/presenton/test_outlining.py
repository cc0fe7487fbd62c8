"""Drafts and their outlines, against what was recorded from real servers, and against what nobody should send."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from presentations.options import GenerationRequest
from presentations.presenton import Cause, Failed, NotLetIn, Passing, PresentonError, Refused, Unanswered, UnknownDeck
from presentations.presenton.errors import BadAnswer, Down, Unreachable
from presentations.presenton.marks import marked
from tests.presenton.scripted import DECK, MARK, REQUEST, Scripted, client, status

DRAFT_ID = "eaa605dd-00f8-4d80-9750-95ff6a228a1b"
DRAFT = {"id": DRAFT_ID, "content": "Stream me", "n_slides": 3, "title": None, "outlines": None, "file_paths": None}
OUTLINES = f"/api/v1/ppt/outlines/{DRAFT_ID}"
STREAM = f"/api/v1/ppt/outlines/stream/{DRAFT_ID}"
SLIDES = {"slides": [{"content": "## Stream me\n- Light\n\n"}, {"content": "## Part 2 of Stream me"}]}
WRITTEN = ["## Stream me\n- Light", "## Part 2 of Stream me"]
FILES = ["/tmp/presenton/1/lesson.pdf", "/tmp/presenton/2/درس 1.txt"]
NOT_FOUND = {"detail": "Not Found"}
NO_DECK = {"detail": "Presentation not found"}


def event(**said: Any) -> bytes:
    return f"event: response\ndata: {json.dumps(said)}\n\n".encode()


WAYS = (
    event(type="status", status="Preparing your presentation outline"),
    b": ping\n\n",
    event(type="chunk", chunk='{"slides": [{"content": "## Stream me"}]}'),
)
COMPLETE = b"".join([*WAYS, event(type="complete", presentation={"outlines": SLIDES})])


def body_of(request: bytes) -> Any:
    return json.loads(request.partition(b"\r\n\r\n")[2])


def test_files_are_named_in_what_is_asked_for(server: Scripted) -> None:
    server.says(200, status())
    client(server).submit(REQUEST, MARK, FILES)
    server.says(200, DECK)
    client(server).generate(REQUEST, MARK, 5, FILES)
    assert [body_of(request)["files"] for request in server.requests] == [FILES, FILES]


def test_a_draft_is_told_what_it_takes_and_no_more(server: Scripted) -> None:
    server.says(200, DRAFT)
    asked = GenerationRequest.checked(topic="Light", n_slides=3, tone="funny", template="general", instructions="Slow")
    assert client(server).draft(asked, MARK, FILES) == DRAFT_ID
    assert server.requests[0].startswith(b"POST /api/v1/ppt/presentation/create HTTP/1.1\r\n")
    assert body_of(server.requests[0]) == {
        "content": marked("Light", MARK),
        "n_slides": 3,
        "tone": "funny",
        "instructions": "Slow",
        "file_paths": FILES,
    }
    client(server).draft(REQUEST, MARK)
    assert "file_paths" not in body_of(server.requests[1])


@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (404, NOT_FOUND, Refused, "Not Found"),
        (404, b"<html>404 Not Found</html>", BadAnswer, "404 Not Found"),
        (404, {"detail": "File not found"}, Failed, "File not found"),
        (400, {"detail": "Number of slides cannot be less than 3"}, Refused, "less than 3"),
        (500, b"Internal Server Error", Failed, "Internal Server Error"),
        (504, b"<html>504 Gateway Time-out</html>", Unanswered, "504"),
        (502, b"<html>502 Bad Gateway</html>", Down, "502"),
        (200, b"<html>Welcome</html>", Unanswered, "not JSON"),
        (200, [], Unanswered, "no id of a draft"),
        (200, {"id": 5}, Unanswered, "its id is a int"),
        (200, {"id": "x" * 201}, Unanswered, "its id has more than 200 characters"),
        (200, {"id": ""}, Unanswered, "no id of a draft"),
    ],
)
def test_a_draft_that_is_not_begun_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError], words: str
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).draft(REQUEST, MARK)
    assert type(error.value) is kind
    assert words in str(error.value)
    assert len(server.requests) == 1


def test_a_draft_whose_answer_is_lost_may_have_been_begun(server: Scripted) -> None:
    server.hangs_up()
    with pytest.raises(Unanswered):
        client(server).draft(REQUEST, MARK)


@pytest.mark.parametrize(
    "said", ["File not found", "File /tmp/presenton/1/my template.pdf not found", "file A B.docx not found"]
)
@pytest.mark.parametrize("call", ["submit", "generate", "draft", "outline"])
def test_files_that_presenton_has_lost_may_be_given_again(server: Scripted, call: str, said: str) -> None:
    presenton = client(server)
    server.says(404, {"detail": said})
    if call == "outline":
        server.says(200, event(type="error", detail=said))
    asks: dict[str, Callable[[], object]] = {
        "submit": lambda: presenton.submit(REQUEST, MARK, FILES),
        "generate": lambda: presenton.generate(REQUEST, MARK, 5, FILES),
        "draft": lambda: presenton.draft(REQUEST, MARK, FILES),
        "outline": lambda: presenton.outline(DRAFT_ID, 5),
    }
    with pytest.raises(Failed) as error:
        asks[call]()
    assert (error.value.failure.cause, error.value.failure.cause.may_pass) == (Cause.FILE_LOST, True)
    assert not presenton.is_asked_blocking


def test_an_outline_is_written_and_then_read(server: Scripted) -> None:
    server.says_at(STREAM, 200, COMPLETE)
    server.says_at(OUTLINES, 200, SLIDES)
    assert client(server).outline(DRAFT_ID, 5) == WRITTEN
    assert [request.split(b" ")[1].decode() for request in server.requests] == [STREAM, OUTLINES]


def test_what_is_said_in_the_stream_is_not_what_counts(server: Scripted) -> None:
    server.says_at(STREAM, 200, event(type="complete", presentation={"outlines": {"slides": [{"content": "## X"}]}}))
    server.says_at(OUTLINES, 200, SLIDES)
    assert client(server).outline(DRAFT_ID, 5) == WRITTEN


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"<html>Welcome</html>",
        b"data: {\n\ndata: 5\n\ndata: " + b"[" * 100_000 + b"\n\ndata: \xff\xfe\n\ndata:\n\n",
        b"data: 1" + b"0" * 100_000 + b"\n\n",
        COMPLETE.replace(b"\n", b"\r\n"),
        b'data: {"type":\ndata: "complete"}\n\n' + event(type="error", detail="after the end"),
        event(type=["error"]) + event(kind="error") + event(type="error")[:-1],
        b"\n" * 100_000,
        b"data:\n" * 100_000,
    ],
)
def test_a_stream_of_rubbish_is_passed_over(server: Scripted, stream: bytes) -> None:
    server.says_at(STREAM, 200, stream)
    server.says_at(OUTLINES, 200, SLIDES)
    assert client(server).outline(DRAFT_ID, 30) == WRITTEN


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ({"detail": "Failed to generate presentation outlines with requested number of slides."}, Cause.MODEL_ANSWER),
        ({"detail": "Error code: 401 - {'error': 'Incorrect API key provided'}"}, Cause.MODEL_KEY),
        ({"detail": "Please try again.", "status_code": 503}, Cause.MODEL_BUSY),
        ({"detail": {"a": ["b"]}}, Cause.OTHER),
        ({}, Cause.OTHER),
        ({"detail": "x" * 100_000}, Cause.OTHER),
    ],
)
def test_an_outline_that_could_not_be_written_tells_its_reason(
    server: Scripted, said: dict[str, Any], cause: Cause
) -> None:
    server.says_at(STREAM, 200, b"".join([*WAYS, event(type="error", **said)]))
    with pytest.raises(Failed) as error:
        client(server).outline(DRAFT_ID, 5)
    assert error.value.failure.cause is cause
    assert len(error.value.failure.words) <= 2000
    assert len(server.requests) == 1


def test_an_outline_without_slides_may_be_written_anew(server: Scripted) -> None:
    server.says_at(STREAM, 200, COMPLETE)
    server.says_at(OUTLINES, 200, {"slides": []})
    with pytest.raises(Failed, match="there are none") as error:
        client(server).outline(DRAFT_ID, 5)
    assert error.value.failure.cause.may_pass


def test_an_endless_stream_is_cut(server: Scripted) -> None:
    server.drips()
    with pytest.raises(Unreachable, match=r"took longer than \d[\d.]* seconds"):
        client(server).outline(DRAFT_ID, 0.4)


def test_a_silent_stream_is_not_waited_for_for_ever(server: Scripted) -> None:
    server.hangs()
    with pytest.raises(Unreachable):
        client(server).outline(DRAFT_ID, 0.3)


@pytest.mark.parametrize("stream", [b"data: " + b"x" * (6 << 20), event(type="chunk", chunk="x" * 1000) * 6000])
def test_a_stream_of_more_than_5_mb_is_cut(server: Scripted, stream: bytes) -> None:
    server.says_at(STREAM, 200, stream)
    with pytest.raises(Unreachable, match="larger than 5 MB"):
        client(server).outline(DRAFT_ID, 30)


def test_a_stream_that_breaks_off_may_be_asked_again(server: Scripted) -> None:
    server.says(200, b"".join(WAYS), length=99999)
    with pytest.raises(Down):
        client(server).outline(DRAFT_ID, 5)
    assert len(server.requests) == 1


@pytest.mark.parametrize("call", ["outline", "drafted"])
@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (404, NO_DECK, UnknownDeck),
        (404, NOT_FOUND, Refused),
        (404, b"<html>404 Not Found</html>", BadAnswer),
        (401, {"detail": "Unauthorized"}, NotLetIn),
        (500, b"Internal Server Error", Failed),
        (504, b"<html>504 Gateway Time-out</html>", Passing),
        (502, b"<html>502 Bad Gateway</html>", Down),
        (307, b"", Refused),
    ],
)
def test_outlines_that_are_not_given_are_a_named_error(
    server: Scripted, call: str, code: int, body: object, kind: type[PresentonError]
) -> None:
    server.says(code, body)
    presenton = client(server)
    with pytest.raises(PresentonError) as error:
        presenton.outline(DRAFT_ID, 5) if call == "outline" else presenton.drafted(DRAFT_ID)
    assert type(error.value) is kind


@pytest.mark.parametrize("body", [{"slides": []}, {"slides": None}, {"outlines": None}])
def test_a_draft_has_no_outlines_at_first(server: Scripted, body: object) -> None:
    server.says(200, body)
    assert client(server).drafted(DRAFT_ID) == []


def test_outlines_are_cut_to_what_can_be_kept(server: Scripted) -> None:
    long = "# " + "x" * 1_000_000
    server.says(
        200, {"slides": [{"content": long}, {"content": " \n"}, *[{"content": f"# {n}"} for n in range(10_000)]]}
    )
    outlines = client(server).drafted(DRAFT_ID)
    assert len(outlines) == 49
    assert outlines[0] == long[:5000]
    server.says(200, rb'{"slides": [{"content": "# a\u0000b\ud800c"}]}')
    assert client(server).drafted(DRAFT_ID) == ["# ab?c"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        "slides",
        b"<html>Welcome</html>",
        {"slides": {}},
        {"slides": ["# A"]},
        {"slides": [{"content": 5}]},
        {"slides": [{}]},
        {"slides": [None]},
    ],
)
def test_outlines_that_are_none_are_a_bad_answer(server: Scripted, body: object) -> None:
    server.says(200, body)
    with pytest.raises(BadAnswer):
        client(server).drafted(DRAFT_ID)


@pytest.mark.parametrize(
    ("code", "body", "has"),
    [
        (404, NO_DECK, True),
        (200, {"slides": []}, True),
        (404, NOT_FOUND, False),
        (405, {"detail": "Method Not Allowed"}, False),
    ],
)
def test_whether_it_proposes_outlines_is_seen_by_the_call(server: Scripted, code: int, body: object, has: bool) -> None:
    server.says(code, body)
    assert client(server).has_outlines() is has


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (401, {"detail": "Unauthorized"}, NotLetIn),
        (404, b"<html>404 Not Found</html>", BadAnswer),
        (502, b"<html>502 Bad Gateway</html>", Down),
        (200, b"<html>Welcome</html>", BadAnswer),
    ],
)
def test_who_does_not_say_has_no_say_in_it(
    server: Scripted, code: int, body: object, kind: type[PresentonError]
) -> None:
    server.says(code, body)
    with pytest.raises(kind):
        client(server).has_outlines()
