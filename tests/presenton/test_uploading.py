"""Files are given to Presenton in pieces, under names that it reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from io import BytesIO

import pytest
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser

from presentations.presenton import Cause, Failed, Passing, PresentonError, Refused
from presentations.presenton.errors import BadAnswer, Down, Unreachable
from tests.presenton.scripted import Scripted, client

PATH = "/tmp/presenton/cac23c48-dae8-4bb7-abaf-943b266fb933/lesson.pdf"
NOT_TAKEN = {"detail": "File 'x.exe' not accepted. Accepted types: ['application/pdf', 'text/plain']"}
OFFICE = "application/vnd.openxmlformats-officedocument"


def received(request: bytes) -> tuple[str, str, bytes]:
    """The name, the type and the content of the one file in a request, as Presenton's own framework reads them."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]
    headers = Headers(raw=[(name.lower(), value) for name, value in lines])
    assert int(headers["content-length"]) == len(body)
    assert "transfer-encoding" not in headers

    async def read() -> tuple[str, str, bytes]:
        async def stream() -> AsyncGenerator[bytes, None]:
            yield body

        [(field, file)] = (await MultiPartParser(headers, stream()).parse()).multi_items()
        assert field == "files"
        assert isinstance(file, UploadFile)
        content = await file.read()
        await file.close()
        return file.filename or "", file.content_type or "", content

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("name", "kept", "kind"),
    [
        ("lesson.pdf", "lesson.pdf", "application/pdf"),
        ("Lesson.PPTX", "Lesson.pptx", f"{OFFICE}.presentationml.presentation"),
        ("درس 1.docx", "درس 1.docx", f"{OFFICE}.wordprocessingml.document"),
        ("Höhere Mathe 🐋.txt", "Höhere Mathe 🐋.txt", "text/plain"),
        ("notes.md", "notes.txt", "text/plain"),
        ("notes.Markdown", "notes.txt", "text/plain"),
        ('a "b"; filename=c.pdf', "a _b_; filename=c.pdf", "application/pdf"),
        ("a\r\nContent-Type: text/html\r\n\r\nb.pdf", "a__Content-Type: text_html____b.pdf", "application/pdf"),
        ("../../etc/passwd.txt", ".._.._etc_passwd.txt", "text/plain"),
        ("C:\\temp\\a.txt", "C:_temp_a.txt", "text/plain"),
        ("a\x00b\ud800.txt", "a_b?.txt", "text/plain"),
        ("光" * 120 + ".pdf", "光" * 66 + ".pdf", "application/pdf"),
        ("README", "README", "application/octet-stream"),
        (".pdf", "file.pdf", "application/pdf"),
        ("", "file", "application/octet-stream"),
    ],
)
def test_a_file_arrives_under_a_name_that_presenton_reads(server: Scripted, name: str, kept: str, kind: str) -> None:
    server.says(200, [PATH])
    content = b"--boundary\r\n" + bytes(range(256)) * 1000
    presenton = client(server, PRESENTON_API_KEY="sk-presenton-1")
    assert presenton.upload(name, BytesIO(content), len(content)) == PATH
    assert server.requests[0].startswith(b"POST /api/v1/ppt/files/upload HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer sk-presenton-1\r\n" in server.requests[0]
    assert received(server.requests[0]) == (kept, kind, content)


class Pieces(BytesIO):
    """A file of which it is remembered how much was read at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.most = max(self.most, 10**9 if size is None or size < 0 else size)
        return super().read(size)


def test_a_large_file_is_never_held_whole(server: Scripted) -> None:
    server.says(200, [PATH])
    source = Pieces(b"x" * 2_000_000)
    client(server).upload("a.pdf", source, 2_000_000)
    assert source.most <= 64 * 1024


@pytest.mark.parametrize("size", [4, 6])
def test_a_file_of_another_length_than_was_said_is_not_sent_as_if_it_were_whole(server: Scripted, size: int) -> None:
    server.says(200, [PATH])
    with pytest.raises(ValueError, match=f"has not the {size} bytes"):
        client(server).upload("a.txt", BytesIO(b"12345"), size)


@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (400, NOT_TAKEN, Failed, "not accepted"),
        (413, b"<html>413 Request Entity Too Large</html>", Failed, "413 Request Entity"),
        (404, {"detail": "Not Found"}, Refused, "takes no files"),
        (405, {"detail": "Method Not Allowed"}, Refused, "takes no files"),
        (404, b"<html>404 Not Found</html>", BadAnswer, "404 Not Found"),
        (422, {"detail": [{"loc": ["body", "files"], "msg": "Field required"}]}, Refused, "body.files: Field required"),
        (500, b"Internal Server Error", Passing, "Internal Server Error"),
        (504, b"<html>504 Gateway Time-out</html>", Passing, "504"),
        (502, b"<html>502 Bad Gateway</html>", Down, "502"),
        (200, b"<html>Welcome</html>", BadAnswer, "not JSON"),
        (200, {"path": PATH}, BadAnswer, "not the path of one file"),
        (200, [], BadAnswer, "not the path of one file"),
        (200, [PATH, PATH], BadAnswer, "not the path of one file"),
        (200, [5], BadAnswer, "not the path of one file"),
        (200, [""], BadAnswer, "not the path of one file"),
        (200, ["/tmp/" + "x" * 5000], BadAnswer, "not the path of one file"),
        (200, ["/tmp/\x00"], BadAnswer, "not the path of one file"),
    ],
)
def test_a_file_that_is_not_taken_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError], words: str
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).upload("a.txt", BytesIO(b"12345"), 5)
    assert type(error.value) is kind
    assert words in str(error.value)
    if isinstance(error.value, Failed):
        assert error.value.failure.cause is Cause.FILE


def test_an_answer_that_is_lost_may_be_asked_for_again(server: Scripted) -> None:
    for lose in (server.hangs_up, lambda: server.says(200, [PATH], length=9999)):
        lose()
        with pytest.raises(Unreachable):
            client(server).upload("a.txt", BytesIO(b"12345"), 5)
    assert len(server.requests) == 2
