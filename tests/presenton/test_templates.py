"""What Presenton says of its templates, and their pictures."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from prometheus_client import REGISTRY

from presentations.presenton import NotLetIn, PresentonError, Template, picture_type
from presentations.presenton.errors import Down, Unreachable
from tests.presenton.scripted import DECK, DECK_ID, MARK, REQUEST, Scripted, client

THUMBNAIL = "/app_data/templates/swift/static/thumbnail.png"
SWIFT = {
    "id": "swift",
    "name": "Swift",
    "description": "Bright, energetic layouts with crisp structure.",
    "layout_count": 9,
    "thumbnail": THUMBNAIL,
    "is_default": True,
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
WEBP = b"RIFF\x64\x00\x00\x00WEBPVP8 " + bytes(100)


def the_one(server: Scripted, **changed: Any) -> Template:
    server.says(200, {"items": [SWIFT | changed], "total": 1, "page": 1, "page_size": 100})
    [one] = client(server).templates()
    return one


def test_a_template_is_described_and_shown(server: Scripted) -> None:
    assert the_one(server) == Template("swift", "Swift", "Bright, energetic layouts with crisp structure.", THUMBNAIL)


def test_older_lists_describe_none_and_show_none(server: Scripted) -> None:
    server.says(200, [{"id": "general", "name": "general", "total_layouts": None}])
    assert client(server).templates() == [Template("general", "general", "", None)]


def test_a_list_without_pages_is_read_as_far_as_one_with_pages(server: Scripted) -> None:
    server.says(200, [{"id": f"t{number}", "name": "Any"} for number in range(2001)])
    assert len(client(server).templates()) == 2000


@pytest.mark.parametrize(
    ("given", "kept"),
    [(None, ""), (5, ""), ("", ""), ("\x00", ""), ("  A\x01 b ", "A b"), ("x" * 1_000_000, "x" * 500)],
)
def test_a_description_is_a_text_or_nothing(server: Scripted, given: object, kept: str) -> None:
    assert the_one(server, description=given).description == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (5, None),
        ("", None),
        ("https://evil.example/x.png", None),
        ("/app_data/../etc/passwd", None),
        ("/static/x.png", None),
        ("http://presenton.local/app_data/a%20b.png", "/app_data/a b.png"),
        ("/app_data/" + "x" * 1_000_000, "/app_data/" + "x" * 490),
        ("/app_data/\ud800.png", "/app_data/?.png"),
    ],
)
def test_a_picture_stays_below_app_data(server: Scripted, given: object, kept: str | None) -> None:
    assert the_one(server, thumbnail=given).thumbnail == kept


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp"), (PNG[:3], None), (b"", None)]
)
def test_pictures_are_known_by_their_first_bytes(content: bytes, kind: str | None) -> None:
    assert picture_type(content) == kind


def test_a_picture_is_fetched_with_our_key(server: Scripted) -> None:
    server.says(200, PNG)
    assert client(server, PRESENTON_API_KEY="sk-1").picture("/app_data/a b?c.png") == PNG
    assert server.requests[0].startswith(b"GET /app_data/a%20b%3Fc.png HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer sk-1\r\n" in server.requests[0]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (403, b"<html>403 Forbidden</html>"),
        (404, b"<html>404 Not Found</html>"),
        (410, b""),
        (200, b"<svg onload='alert(1)'/>"),
        (200, b"<html>Welcome</html>"),
        (200, b""),
        (200, PNG + bytes(500_000)),
    ],
)
def test_what_is_no_picture_to_show_is_none(server: Scripted, code: int, body: bytes) -> None:
    server.says(code, body)
    assert client(server).picture(THUMBNAIL) is None


@pytest.mark.parametrize(
    "path", ["/api/v1/auth/verify", "/app_data/../etc/passwd", "//evil.example/app_data/x.png", ""]
)
def test_no_other_path_is_asked_for(server: Scripted, path: str) -> None:
    assert client(server).picture(path) is None
    assert server.requests == []


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [(401, {"detail": "Unauthorized"}, NotLetIn), (502, b"<html>502 Bad Gateway</html>", Down)],
)
def test_a_picture_that_cannot_be_fetched_now_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError]
) -> None:
    server.says(code, body)
    with pytest.raises(kind):
        client(server).picture(THUMBNAIL)
    server.hangs_up()
    with pytest.raises(Unreachable):
        client(server).picture(THUMBNAIL)


def test_calls_are_counted_without_their_ids(server: Scripted) -> None:
    def counted() -> dict[str, float]:
        return {
            sample.labels["call"]: sample.value
            for metric in REGISTRY.collect()
            for sample in metric.samples
            if sample.name == "lectern_presenton_call_seconds_count"
        }

    before, presenton = counted(), client(server)
    server.says(200, {"id": DECK_ID, "slides": [{"content": "# A"}]})
    presenton.draft(REQUEST, MARK)
    presenton.outline(DECK_ID, 5)
    presenton.has_outlines()
    presenton.picture(THUMBNAIL)
    presenton.slide_count(DECK_ID)
    presenton.delete(DECK_ID)
    server.says(200, ["/tmp/a.txt"])
    presenton.upload("a.txt", BytesIO(b"1"), 1)
    server.says(200, DECK)
    presenton.export(DECK_ID, "pptx")
    after = counted()
    assert {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name)} == {
        "create": 1,
        "outline": 1,
        "outlines": 2,
        "picture": 1,
        "deck": 1,
        "delete": 1,
        "upload": 1,
        "edit": 1,
    }
