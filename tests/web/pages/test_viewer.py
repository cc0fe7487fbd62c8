"""A finished presentation's own page, and its slides for the wall, the speaker and the printer: what is in them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from docx import Document

from presentations.library import Decks
from tests.support.keeper import WORDS, Keeper
from tests.web.desk import Desk, shown

PAGES = ("show", "speaker", "handout", "handout?layout=notes")


def test_page_has_the_words_of_each_slide_in_reading_order_and_its_picture(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    page = desk.page(f"/presentations/{made.id}")
    said = shown(page)
    places = [said.index(f"Slide {n}: {title} {text.split()[0]}") for n, (title, text, _) in enumerate(WORDS, 1)]
    assert places == sorted(places)
    assert "Notes of slide 2 Use the sponge for this. Ask who has seen one." in said
    assert "Notes of slide 3" not in said
    pictures = re.findall(r'<img class="leaf" src="([^"]*)" width="800" height="450" alt="" loading="(\w+)"', page)
    assert [loading for _, loading in pictures] == ["eager", "lazy", "lazy", "lazy"]
    answers = [desk.client.get(address, buffered=True) for address, _ in pictures]
    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(200, "image/webp")] * 4
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, max-age=31536000, immutable"}
    assert desk.client.get(f"/presentations/{made.id}/pictures/{'0' * 64}.webp").headers["Cache-Control"] == "no-store"
    assert {"Download PowerPoint", "Download PDF"} <= set(re.findall(r"download>([^<]*)<", page))


def test_its_row_is_read_once_for_each_thing_and_is_opened_once(
    desk: Desk, keeper: Keeper, statements: list[str]
) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    for _ in range(2):  # the first look opens it
        statements.clear()
        desk.page(f"/presentations/{made.id}")
    reads = [one for one in statements if one.startswith("SELECT presentation_jobs.id, presentation_jobs.user_id")]
    # Whether it is made, that it is to be current, itself, and its story.
    assert len(reads) == 4
    assert [one for one in statements if one.startswith("UPDATE presentation_jobs")] == []


def test_whoever_looks_at_it_has_opened_it_and_whoever_looks_for_news_has_not(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    path = f"/presentations/{made.id}"
    desk.client.head(path)
    desk.client.get(path, headers={"X-Lectern-Look": "1"})
    assert 'class="badge">New' in desk.page()
    desk.page(path)
    assert 'class="badge">New' not in desk.page()


@pytest.mark.parametrize("page", PAGES)
def test_each_way_to_see_it_has_all_slides_and_marks_it_as_opened(desk: Desk, keeper: Keeper, page: str) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    said = desk.page(f"/presentations/{made.id}/{page}")
    assert all(title in said and text.split("\n")[-1] in said for title, text, _ in WORDS)
    assert desk.library.get("teacher", made.id).opened_at


@pytest.mark.parametrize("page", ["", *(f"/{page}" for page in PAGES)])
def test_slides_that_are_not_shown_are_said(desk: Desk, keeper: Keeper, page: str) -> None:
    made, whole = desk.finished("Volcanoes"), desk.finished("Leaves")
    keeper.keep(made.id, slides=312)
    keeper.keep(whole.id)
    said = "The first 4 of 312 slides are shown; the file has them all."
    assert said in desk.page(f"/presentations/{made.id}{page}")
    assert "slides are shown" not in desk.page(f"/presentations/{whole.id}{page}")


@pytest.mark.parametrize("layout", ["three", "notes"])
def test_slides_that_are_not_in_the_handout_for_word_are_said_at_its_end(
    desk: Desk, keeper: Keeper, layout: str
) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id, slides=312)
    file = desk.client.get(f"/presentations/{made.id}/handout.docx?layout={layout}").data
    assert Document(BytesIO(file)).paragraphs[-1].text == "The first 4 of 312 slides are shown; the file has them all."


@pytest.mark.parametrize("page", [*PAGES, "handout.docx"])
def test_what_has_no_slides_says_so(desk: Desk, page: str) -> None:
    asked = desk.client.get(f"/presentations/{desk.asked('Waits').id}/{page}")
    assert (asked.status_code, "Wait until it is complete" in asked.text) == (404, True)
    made = desk.client.get(f"/presentations/{desk.finished('Done').id}/{page}")
    assert (made.status_code, "Look at its page for why" in made.text) == (404, True)


def test_handout_is_of_a_layout_that_is_known(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    three, notes = (desk.page(f"/presentations/{made.id}/handout?layout={name}") for name in ("three", "notes"))
    assert (three.count('class="ruled"'), "Use the sponge" in three) == (4, False)
    assert (notes.count('class="ruled"'), "Use the sponge" in notes) == (0, True)
    refused = desk.client.get(f"/presentations/{made.id}/handout?layout=nine")
    assert (refused.status_code, "layout: expected three or notes, got" in refused.text) == (400, True)


@pytest.mark.parametrize(("layout", "pictures"), [("three", 4), ("notes", 4)])
def test_handout_for_word_has_the_pictures_and_the_name_of_the_presentation(
    desk: Desk, keeper: Keeper, layout: str, pictures: int
) -> None:
    made = desk.finished("火山")
    keeper.keep(made.id)
    answer = desk.client.get(f"/presentations/{made.id}/handout.docx?layout={layout}")
    assert "filename*=UTF-8''%E7%81%AB%E5%B1%B1.docx" in answer.headers["Content-Disposition"]
    document = Document(BytesIO(answer.data))
    assert len(document.inline_shapes) == pictures


def test_an_older_version_can_be_looked_at_and_one_that_is_none_is_not_there(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id, [("Draft", "", "")])
    keeper.keep(made.id, origin="uploaded")
    said = shown(desk.page(f"/presentations/{made.id}?version=1"))
    assert "Slide 1: Draft" in said
    assert "This is version 1, made, of " in said
    assert "Version 2 is the one that is shown." in said
    assert "Draft" not in desk.page(f"/presentations/{made.id}")
    assert "Draft" in desk.page(f"/presentations/{made.id}/show?version=1")
    assert desk.client.get(f"/presentations/{made.id}?version=3").status_code == 404
    assert desk.client.get(f"/presentations/{made.id}?version=x").status_code == 400


def test_versions_say_when_and_from_where_they_are(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    keeper.keep(made.id, origin="edited")
    Decks(desk.database).bring_back("teacher", made.id, 1)
    said = shown(desk.page(f"/presentations/{made.id}"))
    assert "Version 3, version 1 brought back · 4 slides · the one that is shown" in said
    assert "Version 2, edited in Presenton · 4 slides Look at version 2 Download version 2 Bring back version 2" in said
    assert "Version 1, made" in said


@pytest.mark.parametrize("editor", ["1", "0"])
def test_the_way_into_the_editor_is_a_second_one_that_can_be_switched_off(
    desk: Desk, keeper: Keeper, editor: str
) -> None:
    desk.client.application.config["PRESENTON_EDITOR"] = editor == "1"
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    page = desk.page(f"/presentations/{made.id}")
    assert ("Edit in Presenton" in page) is ("asks for a login of its own" in page) is (editor == "1")
    keeper.note(made.id, gone_at=made.created_at)
    assert "Edit in Presenton" not in desk.page(f"/presentations/{made.id}")


def test_cards_have_the_first_slide_as_their_cover_and_lead_to_the_viewer(desk: Desk, keeper: Keeper) -> None:
    made, drawn = desk.finished("Volcanoes"), desk.finished("Cells")
    keeper.keep(made.id)
    page = desk.page()
    (address,) = re.findall(r'<img src="([^"]*)" alt="" width="480" height="270" loading="lazy">', page)
    assert desk.client.get(address, buffered=True).mimetype == "image/webp"
    assert page.count("<svg viewBox") - page.count('<svg class="dot"') >= 1
    for one in (made, drawn):
        assert f'<a href="/presentations/{one.id}" class="btn quiet open">Open' in page
    assert page.count(f'href="/presentations/{made.id}/file"') == 1
    assert f"{drawn.id}/file" not in page
    assert "/open" not in page


def test_a_deck_is_asked_for_anew_when_its_page_is_opened(desk: Desk, keeper: Keeper) -> None:
    made = desk.finished("Volcanoes")
    keeper.keep(made.id)
    keeper.note(made.id, looked_at=made.created_at.replace(year=2020))
    path = f"/presentations/{made.id}"
    assert 'data-every="20"' in desk.client.get(path, headers={"X-Lectern-Look": "1"}).text
    assert 'data-every="2"' in desk.page(path)
