"""What is at the address: only Presenton's own words count as a Presenton; and which templates it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from presentations.demo.server import DemoPresenton
from presentations.presenton import NotLetIn, NotPresenton, Passing, Presenton, PresentonError, Refused
from presentations.presenton.errors import BadAnswer, Down
from presentations.settings import load
from tests.presenton.scripted import Scripted, client

Start = Callable[..., tuple[DemoPresenton, Presenton]]
NOT_FOUND = {"detail": "Not Found"}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a demo that plays a release; gives it, and the client of it."""
    with ExitStack() as stack:

        def started(release: str) -> tuple[DemoPresenton, Presenton]:
            demo = stack.enter_context(DemoPresenton(tmp_path / release, release=release))
            return demo, Presenton(load({"PRESENTON_URL": demo.url}))

        yield started


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("0.5", "0.5.14 or older"),
        ("0.7", "0.5.15 to 0.7"),
        ("0.8.9", "0.8"),
        ("0.9.0", "0.9.0 to 0.9.2"),
        ("0.9.3", "0.9.3 or newer"),
        ("0.9.3+837", "0.9.3 or newer"),
        ("fork", "0.9.3 or newer"),
        ("latest", "0.9.3 or newer"),
    ],
)
def test_releases_are_told_apart(start: Start, release: str, said: str) -> None:
    _, presenton = start(release)
    presenton.probe()
    assert presenton.release() == said


@pytest.mark.parametrize("found", [True, False])
def test_a_web_server_is_no_presenton(start: Start, found: bool) -> None:
    demo, presenton = start("latest")
    demo.faults.add("web_server", found=found)
    with pytest.raises(NotPresenton, match="web server that is no Presenton answers there"):
        presenton.probe()


@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (200, b"<html>Welcome to nginx!</html>", NotPresenton, "Welcome to nginx!"),
        (200, {"status": "ok"}, NotPresenton, "no Presenton"),
        (200, [], NotPresenton, "no Presenton"),
        (404, b"<html>404 Not Found</html>", NotPresenton, "404 Not Found"),
        (404, {"error": "no such route"}, NotPresenton, "no such route"),
        (404, b"<p>" + b"x" * 100_000, NotPresenton, "no Presenton"),
        (401, {"detail": "Unauthorized"}, NotLetIn, "PRESENTON_API_KEY"),
        (401, b"<html>401 Authorization Required</html>", NotLetIn, "PRESENTON_API_KEY"),
        (428, {"detail": "Login setup is required", "setup_required": True}, NotLetIn, "no account yet"),
        (307, b"", Refused, "set PRESENTON_URL"),
        (502, b"<html>502 Bad Gateway</html>", Down, "502 Bad Gateway"),
    ],
)
def test_what_else_may_answer(
    server: Scripted, code: int, body: object, kind: type[PresentonError], words: str
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).probe()
    assert type(error.value) is kind
    assert words in str(error.value)
    assert len(str(error.value)) < 400


def test_releases_before_0_8_know_nobody(server: Scripted) -> None:
    server.says(404, NOT_FOUND)
    client(server).probe()


def test_what_is_deleted_is_gone_and_may_have_been_so(start: Start) -> None:
    demo, presenton = start("latest")
    deck_id = demo.people.begin("Rome", 5)
    for _ in range(2):
        presenton.delete(deck_id)
    demo.faults.add("status", status=404, html=True)
    with pytest.raises(Passing):
        presenton.delete(deck_id)


@pytest.mark.parametrize("release", ["0.5", "0.7"])
def test_releases_before_0_8_list_no_templates(start: Start, release: str) -> None:
    _, presenton = start(release)
    assert presenton.templates() == []


def test_templates_are_known_by_id_and_name(start: Start) -> None:
    assert [(one.id, one.name) for one in start("0.8.9")[1].templates()][:2] == [
        ("general", "general"),
        ("modern", "modern"),
    ]
    old = start("0.9.0")[1].templates()
    assert [one.name for one in old] == ["General", "Modern", "Standard", "Swift"]
    assert all(UUID(one.id) for one in old)
    new = start("0.9.3")[1].templates()
    assert [(one.id, one.name) for one in new][:2] == [("swift", "Swift"), ("standard", "Standard")]
    assert len(new) == 8


def test_templates_on_all_pages_are_found(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presentations.presenton.server._PAGE_SIZE", 3)
    assert len({one.id for one in start("0.9.3")[1].templates()}) == 8


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ([{"id": "a"}, {"id": None}, {"name": "b"}, "c", None, {"id": "d", "name": 5}, {"id": "e", "name": ""}], "ae"),
        ({"items": [{"id": "x" * 201}, {"id": "a\x00"}, {"id": "b", "name": "B"}], "total": "many"}, "b"),
        ([], ""),
    ],
)
def test_only_templates_that_can_be_asked_for_count(server: Scripted, body: object, kept: str) -> None:
    server.says(200, body)
    assert [one.id for one in client(server).templates()] == list(kept)


@pytest.mark.parametrize("body", [{}, "general", None, {"items": {}}, b"<html>Welcome</html>"])
def test_a_list_of_templates_that_is_none_is_a_bad_answer(server: Scripted, body: object) -> None:
    server.says(200, body)
    with pytest.raises(BadAnswer):
        client(server).templates()
