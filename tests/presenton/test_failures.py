"""Everything that is no answer is an error with a name."""

from __future__ import annotations

import pytest

from presentations.presenton import (
    Down,
    Failed,
    NotLetIn,
    Passing,
    Presenton,
    PresentonError,
    Refused,
    Unanswered,
)
from presentations.presenton.errors import BadAnswer, Unreachable
from presentations.settings import load
from tests.presenton.scripted import DECK, MARK, REQUEST, Scripted, client, status

NGINX_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>"
)


def test_a_proxys_404_does_not_mean_that_the_task_is_forgotten(server: Scripted) -> None:
    server.says(404, b"<html><body>404 Not Found</body></html>")
    with pytest.raises(BadAnswer):
        client(server).task("task-1")


@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (401, {"detail": "Unauthorized"}, NotLetIn, "PRESENTON_API_KEY"),
        (403, b"<html><h1>403 Forbidden</h1></html>", NotLetIn, "403 Forbidden"),
        (428, {"detail": "Login setup is required", "setup_required": True}, NotLetIn, "Login setup is required"),
        (400, {"detail": "Template not found. Please use a valid template."}, Refused, "Template not found"),
        (422, {"detail": [{"loc": ["body", "tone"], "msg": "Input should be 'default'"}]}, Refused, "body.tone: Input"),
        (422, {"detail": [{"loc": 5, "msg": "wrong"}, "odd"]}, Refused, "5: wrong; odd"),
        (307, b"", Refused, "set PRESENTON_URL"),
        (404, b"<html>404 Not Found</html>", BadAnswer, "404 Not Found"),
        (429, {"detail": "Slow down"}, Passing, "Slow down"),
        (500, b"Internal Server Error", Failed, "Internal Server Error"),
        (502, NGINX_502, Down, "502 Bad Gateway"),
        (503, {"detail": "Connection error."}, Passing, "Connection error."),
        (504, b"<html>504 Gateway Time-out</html>", Unanswered, "504 Gateway Time-out"),
        (200, b"<html>Welcome</html>", Unanswered, "not JSON"),
        (200, b'{"id": "task-1", "stat', Unanswered, "not JSON"),
        (200, b"[" * 100_000, Unanswered, "not JSON"),
        (200, [], Unanswered, "a list, not an object"),
        (200, {}, Unanswered, "no status"),
        (200, status(id=None), Unanswered, "no task id"),
        (200, status(id=7), Unanswered, "its id is a int"),
        (200, status(status=["pending"]), Unanswered, "its status is a list"),
        (200, status(data="soon"), Unanswered, "its data is a str"),
        (200, status(data={"created_slides": "3"}), Unanswered, "its created_slides is a str"),
        (200, status(data={"created_slides": -3}), Unanswered, "-3, not a number of slides"),
        (200, status(data={"created_slides": True}), Unanswered, "True, not a number of slides"),
    ],
)
def test_a_submit_that_is_not_taken_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError], words: str
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).submit(REQUEST, MARK)
    assert type(error.value) is kind
    assert words in str(error.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>Welcome</html>", "not JSON: HTTP 200: Welcome"),
        (b'{"status": "compl', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ([], "a list, not an object"),
        ({"id": "task-1"}, "no status"),
        (status(status="completed", data={"presentation_id": 5}), "its presentation_id is a int"),
        (status(status="completed", data=DECK | {"path": 5}), "its path is a int"),
        (status(message={"text": "x"}), "its message is a dict"),
    ],
)
def test_rubbish_while_it_runs_is_a_named_error_that_passes(server: Scripted, body: object, words: str) -> None:
    server.says(200, body)
    with pytest.raises(BadAnswer) as error:
        client(server).task("task-1")
    assert words in str(error.value)
    assert isinstance(error.value, Passing)


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (500, {"detail": "AI provider API request failed. Please try again."}, Failed),
        (500, b"Internal Server Error", Failed),
        (401, {"detail": "Unauthorized"}, NotLetIn),
        (401, b"<html>401 Authorization Required</html>", NotLetIn),
        (428, {"detail": "Login setup is required", "setup_required": True}, NotLetIn),
        (401, {"detail": "Error code: 401 - {'error': 'Incorrect API key provided'}"}, Failed),
        (403, {"detail": "Error code: 403 - {'error': 'no'}"}, Failed),
        (429, {"detail": "Error code: 429 - {'error': 'Rate limit reached'}"}, Failed),
        (503, {"detail": "Connection error."}, Failed),
        (503, b"<html>503 Service Temporarily Unavailable</html>", Down),
        (502, NGINX_502, Down),
        (400, {"detail": "Failed to generate presentation outlines with requested number of slides."}, Failed),
        (404, {"detail": "File not found"}, Failed),
        (400, {"detail": "Template not found. Please use a valid template."}, Refused),
        (422, {"detail": [{"loc": ["body", "tone"], "msg": "Input should be 'default'"}]}, Refused),
        (504, b"<html>504 Gateway Time-out</html>", Unanswered),
        (400, {"detail": "Number of slides cannot be greater than 50"}, Refused),
        (200, {"path": "/app_data/x"}, Unanswered),
        (200, b"{", Unanswered),
    ],
)
def test_a_blocking_call_that_fails_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError]
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).generate(REQUEST, MARK, 5)
    assert type(error.value) is kind


def test_nobody_there() -> None:
    presenton = Presenton(load({"PRESENTON_URL": "http://127.0.0.1:1"}))
    for call in (
        lambda: presenton.submit(REQUEST, MARK),
        lambda: presenton.generate(REQUEST, MARK, 5),
        lambda: presenton.task("t"),
    ):
        with pytest.raises(Unreachable):
            call()


def test_a_submit_whose_answer_is_lost_may_have_been_taken(server: Scripted) -> None:
    for lose in (server.hangs_up, server.hangs, lambda: server.says(200, status(), length=9999)):
        lose()
        with pytest.raises(Unanswered):
            client(server).submit(REQUEST, MARK)
    assert len(server.requests) == 3


def test_an_answer_that_drips_is_not_waited_for_for_ever(server: Scripted) -> None:
    server.drips()
    with pytest.raises(Unreachable, match=r"took longer than 0\.3 seconds"):
        client(server).task("task-1")


def test_a_look_is_repeated_only_when_the_connection_broke(server: Scripted) -> None:
    server.hangs_up()
    with pytest.raises(Unreachable):
        client(server).task("task-1")
    assert len(server.requests) == 2
    server.hangs()
    with pytest.raises(Unreachable):
        client(server).task("task-1")
    assert len(server.requests) == 3


def test_a_redirect_is_not_followed_with_our_key(server: Scripted) -> None:
    server.says(302, b"", headers="Location: /elsewhere\r\n")
    with pytest.raises(Refused):
        client(server, PRESENTON_API_KEY="sk-presenton-1").task("task-1")
    assert len(server.requests) == 1


def test_a_list_that_is_none_is_a_named_error(server: Scripted) -> None:
    server.says(200, {"items": []})
    with pytest.raises(BadAnswer, match="not a list"):
        client(server).marked_decks(MARK)
