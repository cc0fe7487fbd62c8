"""Forms as no program should send them: what is wrong is named, nothing of them is kept, and nothing fails."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from presentations.accounts import SCOPES, Tokens
from presentations.database.models import Presentation, Upload
from presentations.files import Store
from presentations.library import Library
from presentations.operations import Controls
from presentations.settings import Settings
from tests.support.decks import a_picture
from tests.support.programs import PROBLEM, fields_of

Part = tuple[str, str | tuple[str, bytes]]
Kept = tuple[int, int, int]
Post = Callable[[str, bytes, str], TestResponse]

PATHS = st.sampled_from(["/files", "/presentations"])
FORM = "multipart/form-data"
FILE = ("file", ("cells.txt", b"Cells divide."))
# All but what has a meaning in the head of a part, or to whoever reads the name of a field.
ODD = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters='"\\.'), min_size=1, max_size=80)
WRONG_VALUES = {
    "n_slides": ("", "0", "51", "-1", "1e1", "5.5", "many", "9" * 5000, "null", "[5]"),
    "minutes": ("", "many", "-1", "NaN"),
    "title_slide": ("", "perhaps", "2", "[]"),
    "keep_wording": ("null", "maybe"),
    "topic": ("\0", "x" * 501),
    "language": ("x" * 61, "\0"),
    "export_as": ("", "docx", "PPTX"),
    "text": ("x" * 50_001, "\0"),
    "webhook_url": ("", "ftp://x", "https://127.0.0.1/", "//x"),
    "file_ids": ("", "none", "0", "[]", str(UUID(int=7)), "9" * 500),
}
WRONG_VALUE = st.sampled_from([(name, value) for name, values in WRONG_VALUES.items() for value in values])
WRONG_FILE = st.builds(
    lambda name, content: ("file", (name, content)), ODD, st.sampled_from([b"", a_picture(), b"PK\x03\x04", b"\0\1"])
)
WRONG_PART: st.SearchStrategy[Part] = st.one_of(
    WRONG_VALUE,
    WRONG_FILE,
    ODD.map(lambda name: (f"odd {name}", "x")),
    ODD.map(lambda name: (f"odd {name}"[:60], FILE[1])),
)
RIGHT_PARTS: st.SearchStrategy[list[Part]] = st.tuples(
    st.lists(st.builds(lambda name: ("file", (name, b"Cells divide.")), ODD), max_size=4),
    st.lists(st.sampled_from([("tone", "funny"), ("grade", "Grade 5"), ("subject", "Biology")]), unique=True),
).map(lambda lists: [*lists[0], *lists[1]])

HEADS = st.sampled_from(
    [
        'Content-Disposition: form-data; name="file"; filename="a.txt"',
        'Content-Disposition: form-data; name="file"; filename="../../a.txt"\r\nContent-Type: image/png',
        "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%ff%00.txt",
        "Content-Disposition: form-data; name=\"file\"; filename*=no-such''a.txt",
        'Content-Disposition: form-data; name="file"; filename=""',
        'Content-Disposition: form-data; name="file"',
        'Content-Disposition: form-data; name="topic"\r\nContent-Type: text/plain; charset=utf-99',
        'Content-Disposition: form-data; name="topic"\r\nContent-Transfer-Encoding: base64',
        'Content-Disposition: form-data; name="n_slides"',
        'Content-Disposition: form-data; name="file_ids"',
        'Content-Disposition: form-data; name="user_id"',
        'Content-Disposition: form-data; name=""',
        "Content-Disposition: form-data",
        'Content-Disposition: attachment; name="file"; filename="a.txt"',
        "Content-Disposition: ;;;=",
        f"Content-Type: {FORM}; boundary=b",
        "\x00: \xff",
        "",
    ]
)
CONTENTS = st.sampled_from([b"Cells divide.", b"", b"5", b"\xff\xfe\0", b"\r\n--b", b"--b--\r\n", a_picture()])
PARTS = st.lists(st.tuples(HEADS, CONTENTS), max_size=5)
MEDIA_TYPES = st.sampled_from(
    [
        *[f"{FORM}; boundary=b"] * 5,
        f'{FORM}; boundary="b"; charset=utf-99',
        f"{FORM}; boundary=a",
        f"{FORM}; boundary=",
        f"{FORM}; boundary={'b' * 300}",
        f"{FORM}; boundary=b; boundary=a",
        FORM,
        f"{FORM};;;",
        "multipart/mixed; boundary=b",
        "application/x-www-form-urlencoded",
        "application/json",
        "",
    ]
)
# What becomes of the whole body on its way.
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "whole": lambda body: body,
    "without its end": lambda body: body.removesuffix(b"--\r\n"),
    "half": lambda body: body[: len(body) // 2],
    "lines of Unix": lambda body: body.replace(b"\r\n", b"\n"),
    "twice": lambda body: body * 2,
    "many times": lambda body: body.removesuffix(b"--b--\r\n") * 201 + b"--b--\r\n",
    "in the middle of others": lambda body: b"before\r\n" + body + b"after",
    "nothing": lambda body: b"",
}

FIXTURES = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def post(app: Flask, tokens: Tokens, library: Library) -> Post:
    """Sends a body of a media type to a path of the API."""
    Controls(library.database, library.engine).set_max_waiting(10_000)
    client, secret = app.test_client(), tokens.make("teacher", "laptop", SCOPES)[1]

    def send(path: str, body: bytes, media_type: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {secret}"}
        return client.post(f"/api{path}", data=body, content_type=media_type, headers=headers)

    return send


@pytest.fixture
def kept(library: Library, settings: Settings) -> Callable[[], Kept]:
    """How many presentations, rows of files and files there are."""
    store = Store.of(settings)

    def count() -> Kept:
        with library.database.single() as session:
            query = select(*(select(func.count()).select_from(one).scalar_subquery() for one in (Presentation, Upload)))
            presentations, uploads = session.execute(query).one()
        return presentations, uploads, len(list(store.listed()))

    return count


@settings(max_examples=60, suppress_health_check=FIXTURES)
@given(right=RIGHT_PARTS, wrong=WRONG_PART, place=st.integers(0, 7))
def test_one_wrong_part_among_right_ones_is_named_and_none_is_kept(
    post: Post, kept: Callable[[], Kept], right: list[Part], wrong: Part, place: int
) -> None:
    before = kept()
    body, media_type = encode_multipart_formdata([*right[:place], wrong, *right[place:]])
    answer = post("/presentations", body, media_type)
    assert [name.removesuffix(".0") for name in fields_of(answer)] == [wrong[0]]
    assert kept() == before


@settings(max_examples=15, suppress_health_check=FIXTURES)
@given(right=RIGHT_PARTS.filter(bool), again=st.integers(0, 7))
def test_a_field_that_is_given_twice_is_named_and_a_file_only_where_one_is_taken(
    post: Post, kept: Callable[[], Kept], right: list[Part], again: int
) -> None:
    before = kept()
    part = right[again % len(right)]
    body, media_type = encode_multipart_formdata([*right, part])
    answer = post("/presentations", body, media_type)
    if part[0] == "file":
        number = sum(name == "file" for name, _ in right) + 1
        assert (answer.status_code, kept()) == (202, (before[0] + 1, before[1] + number, before[2] + number))
        answer, before = post("/files", *encode_multipart_formdata([part, part])), kept()
    assert fields_of(answer) == [part[0]]
    assert kept() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug lets go of it unclosed
@settings(max_examples=100, suppress_health_check=FIXTURES)
@given(path=PATHS, parts=PARTS, media_type=MEDIA_TYPES, spoil=st.sampled_from(sorted(SPOILT)))
def test_whatever_comes_is_kept_whole_or_refused_with_a_reason(
    post: Post, kept: Callable[[], Kept], path: str, parts: list[tuple[str, bytes]], media_type: str, spoil: str
) -> None:
    before = kept()
    pieces = [b"--b\r\n" + head.encode("latin-1") + b"\r\n\r\n" + content + b"\r\n" for head, content in parts]
    answer = post(path, SPOILT[spoil](b"".join(pieces) + b"--b--\r\n"), media_type)
    presentations, rows, files = (now - then for now, then in zip(kept(), before, strict=True))
    if answer.status_code in (201, 202):
        assert (presentations, rows) == (1, files) if path == "/presentations" else (0, 1)
        assert rows == files
        return
    assert (presentations, rows, files) == (0, 0, 0)
    assert answer.status_code in (400, 403, 413, 415, 422), answer.text
    said = answer.json or {}
    assert answer.mimetype == PROBLEM
    assert said["detail"]
    assert answer.status_code != 422 or all(error["field"] and error["problem"] for error in said["errors"])
