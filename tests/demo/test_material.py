"""Slides are made of what the teacher gives: files, long texts, slides of their own."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pptx import Presentation as open_presentation

from presentations.demo.outline import Slide
from presentations.demo.pdf import write_pdf
from tests.demo.caller import DECK, GENERATE, GENERATE_ASYNC, Caller, titles

UPLOAD = "/api/v1/ppt/files/upload"
FACT = "Chlorophyll catches the light of the sun."


def upload(teacher: Caller, *files: tuple[str, bytes, str]) -> list[str]:
    url = teacher.demo.url + UPLOAD
    paths: list[str] = teacher.session.post(url, files=[("files", file) for file in files], timeout=30).json()
    return paths


def slides_of(teacher: Caller, **asked: Any) -> list[dict[str, Any]]:
    made = teacher.post(GENERATE, {"content": "Leaves", **asked})
    assert made.ok, made.text
    return [slide["content"] for slide in teacher.get(DECK + made.json()["presentation_id"]).json()["slides"]]


def shown_titles(teacher: Caller, **asked: Any) -> list[str]:
    return [slide["title"] for slide in slides_of(teacher, **asked)]


def docx() -> bytes:
    document, file = Document(), io.BytesIO()
    document.add_paragraph(FACT)
    document.save(file)
    return file.getvalue()


def pptx() -> bytes:
    deck, file = open_presentation(), io.BytesIO()
    title = deck.slides.add_slide(deck.slide_layouts[0]).shapes.title
    assert title
    title.text_frame.text = FACT
    deck.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("a.txt", "text/plain", lambda: f"\n{FACT}\n".encode()),
        ("a.md", "text/markdown", lambda: f"# {FACT}\n".encode()),
        ("a.docx", "application/octet-stream", docx),
        ("a.pptx", "application/octet-stream", pptx),
    ],
)
def test_the_words_of_a_file_are_on_the_slides(
    teacher: Caller, name: str, kind: str, content: Callable[[], bytes]
) -> None:
    slides = slides_of(teacher, content="", n_slides=3, files=upload(teacher, (name, content(), kind)))
    assert (slides[0]["title"], slides[1]["title"], len(slides)) == ("Untitled", FACT, 3)


def test_the_words_of_several_files_are_on_the_slides_and_a_broken_one_has_none(
    teacher: Caller, tmp_path: Path
) -> None:
    pdf = tmp_path / "x.pdf"
    write_pdf([Slide("Roots", ("They drink.",))], pdf)
    files = [
        ("1.pdf", pdf.read_bytes(), "application/pdf"),
        ("2.docx", b"PK", "application/octet-stream"),
        ("3.txt", FACT.encode(), "text/plain"),
    ]
    asked = {"content": "Leaves", "n_slides": 3, "files": upload(teacher, *files)}
    task = teacher.ended(teacher.post(GENERATE_ASYNC, asked).json())
    first, *others = titles(teacher.get(task["data"]["path"]).content)
    assert (first, others[0][:5], others[1]) == ("Leaves", "Roots", FACT)


@pytest.mark.parametrize("name", ["a.odt", "a.rtf", "a.pptm", "a.webp"])
def test_each_type_of_the_real_one_is_taken(teacher: Caller, name: str) -> None:
    assert upload(teacher, (name, b"x", "application/octet-stream"))[0].endswith(name)


def test_uploads_are_forgotten_on_demand(teacher: Caller) -> None:
    asked = {"content": "Leaves", "n_slides": 1, "files": upload(teacher, ("a.txt", b"x", "text/plain"))}
    assert teacher.post(GENERATE, asked).ok
    assert teacher.post("/demo/faults", {"kind": "forget_uploads"}).json() == {"kind": "forget_uploads"}
    answer = teacher.post(GENERATE, asked)
    assert (answer.status_code, answer.json()) == (404, {"detail": "File not found"})
    assert upload(teacher, ("a.txt", b"x", "text/plain"))


def test_the_paragraphs_of_a_long_text_are_on_the_slides(teacher: Caller) -> None:
    text = "\n\n".join(f"Paragraph {number} tells more about leaves." for number in range(1, 1400))
    slides = slides_of(teacher, content=f"Leaves\n\n{text}", n_slides=8)
    assert [slides[0]["title"], len(slides)] == ["Leaves", 8]
    assert slides[1]["bulletPoints"][0] == "Paragraph 1 tells more about leaves."
    in_one_line = slides_of(teacher, content="Leaves are green. " * 3333, n_slides=3)
    assert in_one_line[1]["bulletPoints"][0].startswith("Leaves are green. ")


def test_slides_that_are_given_are_made_as_they_are(teacher: Caller) -> None:
    given = ["# Water\n- sun\n* sea", "## Rain\nIt falls.\n| where | mm |\n|---|---|\n| hill |", "No heading"]
    made = teacher.post(GENERATE, {"content": "Rivers", "n_slides": 7, "slides_markdown": given}).json()
    deck = teacher.get(DECK + made["presentation_id"]).json()
    assert (deck["content"], deck["title"], deck["n_slides"]) == ("Rivers", "Water - sun * sea", 3)
    points = [(slide["content"]["title"], slide["content"]["bulletPoints"]) for slide in deck["slides"]]
    assert points == [("Water", ["sun", "sea"]), ("Rain", ["It falls."]), ("No heading", [])]
    shapes = open_presentation(io.BytesIO(teacher.get(made["path"]).content)).slides[1].shapes
    rows = next(shape for shape in shapes if shape.has_table).table.rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["where", "mm"], ["hill", ""]]
    missing = teacher.post(GENERATE, {"slides_markdown": given})
    assert (missing.status_code, missing.json()["detail"][0]["loc"]) == (422, ["body", "content"])


def test_contents_and_title_slide_are_as_asked(teacher: Caller) -> None:
    contents = "Table of Contents"
    usual = shown_titles(teacher, n_slides=4)
    assert shown_titles(teacher, n_slides=5, include_table_of_contents=True) == [usual[0], contents, *usual[1:]]
    assert shown_titles(teacher, n_slides=3, include_title_slide=False) == usual[1:]
    neither = {"include_title_slide": False, "include_table_of_contents": True}
    assert shown_titles(teacher, n_slides=4, **neither) == [contents, *usual[1:]]
    pages = slides_of(teacher, n_slides=3, **neither)[0]["bulletPoints"]
    assert pages == ["Page 2: What it is", "Page 3: Summary"]
    assert len(set(shown_titles(teacher, n_slides=50, include_title_slide=False))) == 50


def test_what_else_was_asked_for_can_be_read(teacher: Caller) -> None:
    slides = slides_of(teacher, n_slides=1, instructions="For grade 9.", web_search=True)
    note = slides[0]["__speaker_note__"]
    assert note.endswith("Instructions: For grade 9. The web was to be searched.")
    asked = teacher.demo.generations[0].asked
    assert (asked.instructions, asked.web_search) == ("For grade 9.", True)
    wrong = teacher.post(GENERATE, {"content": "x", "web_search": 3, "instructions": 4, "slides_markdown": "x"})
    assert [fault["loc"][1] for fault in wrong.json()["detail"]] == ["slides_markdown", "instructions", "web_search"]
