"""PDFs are read in the sandbox: what is wrong with one ends the reader, and is said to its teacher."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.decks import Crashed, TooLong, pages, sandbox
from presentations.material import MAX_PAGES, Kind, check_material
from tests.material.refused import MOST, refusal
from tests.support.material import a_locked_pdf, a_pdf_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "material"


def test_a_pdf_without_text_is_taken_with_its_pages(file: Path) -> None:
    material = check_material(a_pdf_of(file, MAX_PAGES), "Chapter", most_bytes=MOST)
    assert (material.kind, material.name, material.pages) == (Kind.PDF, "Chapter.pdf", MAX_PAGES)


def test_one_that_only_may_not_be_changed_is_taken(file: Path) -> None:
    assert check_material(a_locked_pdf(file, b""), "a.pdf", most_bytes=MOST).pages == 1


def test_one_with_a_password_is_refused(file: Path) -> None:
    assert "protected by a password" in refusal(a_locked_pdf(file, b"secret"))


def test_one_with_too_many_pages_is_refused(file: Path) -> None:
    assert "It has 10,000 pages, and at most 500 are read" in refusal(a_pdf_of(file, 10_000))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"<<" * 100_000 + b"\n%%EOF"])
def test_what_only_begins_as_one_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "It cannot be read" in refusal(file)


@pytest.mark.parametrize("error", [Crashed("was ended by a signal"), TooLong("was not done")])
def test_one_at_which_the_reader_ends_is_refused(file: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> sandbox.Done:
        raise error

    monkeypatch.setattr(sandbox, "run", run)
    assert "It cannot be read" in refusal(a_pdf_of(file, 1))


@pytest.mark.parametrize("output", [b"", b"[" * 100_000, b"-1", b"0", b"true", b'"3"', b"1.5"])
def test_what_the_reader_prints_is_looked_at_before_it_is_believed(
    file: Path, output: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.sandbox, "run", lambda *_, **__: sandbox.Done(output, 0))
    assert "It cannot be read" in refusal(a_pdf_of(file, 1))
