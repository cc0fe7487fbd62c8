"""The words of a deck, read in the sandbox; what is wrong with a file ends the reader, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from presentations.decks import Crashed, DeckWords, SlideWords, read_words, sandbox
from tests.support.decks import a_pptx, rewritten, with_slide_xml

SHAPE = (
    '<p:sp><p:nvSpPr><p:cNvPr id="9" name="x"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
    "<p:txBody><a:bodyPr/><a:p><a:r><a:t>one</a:t></a:r></a:p></p:txBody></p:sp>"
)
GROUP = '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="x"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{}</p:grpSp>'
SECRET = "what no deck may show"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return a_pptx(tmp_path / "deck.pptx", 2)


def with_shapes(deck: Path, shapes: str) -> Path:
    return with_slide_xml(deck, lambda slide: slide.replace("</p:spTree>", shapes + "</p:spTree>"))


def with_entities(deck: Path, entities: str, used: str) -> Path:
    return with_slide_xml(
        deck,
        lambda slide: slide.replace("<p:sld ", f"<!DOCTYPE deck [{entities}]><p:sld ").replace("Point of", f"&{used};"),
    )


def laughing(deck: Path) -> Path:
    entities = '<!ENTITY e0 "lol">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return with_entities(deck, entities, "e11")


def in_many_groups(deck: Path) -> Path:
    before, after = GROUP.split("{}")
    return with_shapes(deck, before * 10_000 + SHAPE + after * 10_000)


def with_each_slide_again(deck: Path, times: int) -> Path:
    def repeated(name: str, content: bytes) -> bytes:
        return re.sub(rb"<p:sldId .*?/>", rb"\g<0>" * times, content) if name == "ppt/presentation.xml" else content

    return rewritten(deck, repeated)


def without_slides(deck: Path) -> Path:
    return rewritten(deck, lambda name, content: None if name.startswith("ppt/slides/slide") else content)


def test_each_slide_has_its_words(tmp_path: Path) -> None:
    def edit(number: int, slide: Any) -> None:
        if number == 2:
            slide.shapes.title.text = "光合作用\vof leaves"
            slide.placeholders[1].text = "A \u202eturned\u202c point\n \nand\u200b one\tmore"

    assert read_words(a_pptx(tmp_path / "deck.pptx", 2, edit)) == DeckWords(
        2,
        [
            SlideWords(1, "Title 1", "Point of slide 1", "Say this on slide 1"),
            SlideWords(2, "光合作用 of leaves", "A turned point\nand one more", "Say this on slide 2"),
        ],
    )


def test_the_first_200_are_read_and_all_are_counted(deck: Path) -> None:
    words = read_words(with_each_slide_again(deck, 150))
    assert (words.count, len(words.slides), words.slides[-1].title) == (300, 200, "Title 2")


def test_what_is_long_is_cut_and_says_so(tmp_path: Path) -> None:
    def edit(_: int, slide: Any) -> None:
        slide.shapes.title.text = "x" * 301
        slide.placeholders[1].text = "x" * 20_000
        slide.notes_slide.notes_text_frame.text = "x" * 9_000_000

    [words] = read_words(a_pptx(tmp_path / "deck.pptx", 1, edit)).slides
    assert (len(words.title), words.title[-2:]) == (300, "x…")
    assert words.text == "x" * 20_000
    assert (len(words.notes), words.notes[-2:]) == (20_000, "x…")


def test_many_shapes_are_read_as_far_as_they_are_kept(deck: Path) -> None:
    first, second = read_words(with_shapes(deck, SHAPE * 20_000)).slides
    assert first.text.startswith("one\none\n")
    assert second.title == "Title 2"


def test_nothing_is_read_that_an_entity_names(deck: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    first, second = read_words(with_entities(deck, f'<!ENTITY file SYSTEM "{secret.as_uri()}">', "file")).slides
    assert SECRET not in repr(first)
    assert second.title == "Title 2"


@pytest.mark.parametrize(
    "spoil",
    [
        laughing,
        in_many_groups,
        without_slides,
        lambda deck: with_slide_xml(deck, lambda slide: slide[:-100]),
        lambda deck: deck.write_bytes(deck.read_bytes()[:-500]) and deck,
    ],
    ids=["laughing", "in-groups", "without-slides", "broken-xml", "cut"],
)
def test_what_cannot_be_read_ends_the_reader_only(deck: Path, spoil: Callable[[Path], Path]) -> None:
    with pytest.raises(Crashed):
        read_words(spoil(deck))


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "nothing",
        "[" * 100_000,
        "{}",
        "[[]]",
        '[["a", "b", "c"]]',
        '[1, [["a", "b"]]]',
        '[1, [["a", "b", 3]]]',
        '[2, [["a", "b", "c"]]]',
        '["1", [["a", "b", "c"]]]',
        "[-1, []]",
        json.dumps([201, [["", "", ""]] * 201]),
        json.dumps([10**30, [["", "", ""]] * 200]),
    ],
)
def test_what_the_reader_prints_is_foreign_too(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str
) -> None:
    """A file that has made it run other code is no reason to believe it."""
    (tmp_path / "printed").write_text(printed)
    monkeypatch.setattr(sandbox, "script", lambda _: ["/bin/cat", str(tmp_path / "printed"), "--"])
    with pytest.raises(Crashed, match="reader"):
        read_words(tmp_path / "printed")
