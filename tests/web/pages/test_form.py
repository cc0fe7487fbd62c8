"""The form that asks for a presentation: drafts, material, previews, and what is offered."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from presentations.accounts import Accounts
from presentations.database.models import Control, OfferedTemplates, Upload
from presentations.library import Uploads
from tests.options.forms import fields_of
from tests.support.signing import hidden
from tests.web.desk import Desk


def upload(desk: Desk, name: str, user_id: str = "teacher") -> str:
    values = {"user_id": user_id, "name": name, "kind": "pdf", "size": 1_200_000, "sha256": "0" * 64, "pages": 30}
    with desk.database.begin() as session:
        return str(session.scalars(insert(Upload).values(**values).returning(Upload.id)).one())


def files_of(page: str) -> list[str]:
    """The names of the files of the form."""
    (shown,) = re.findall(r'<ul class="files".*?</ul>', page, re.DOTALL)
    return [unescape(name) for name in re.findall(r'checked autocomplete="off"><bdi class="name">([^<]*)<', shown)]


def offer(desk: Desk, *names: str, has_outlines: bool = True) -> None:
    listed = [{"id": name, "name": name.title()} for name in names]
    with desk.database.begin() as session:
        session.execute(insert(OfferedTemplates).values(listed=listed, has_outlines=has_outlines))


def plain(page: str) -> str:
    """What stands on a page, without the marks for directions of writing."""
    return unescape(page).replace("\u2068", "").replace("\u2069", "")


def test_what_was_typed_and_not_sent_is_filled_in_until_it_is_asked_for(desk: Desk, accounts: Accounts) -> None:
    chapter = upload(desk, "chapter.pdf")
    assert desk.send("/new/draft", topic="Volcanoes", tone="funny", file_ids=chapter).status_code == 204
    for path in ("/", "/new"):  # nothing was made yet: the form is on the first page, too
        page = desk.page(path)
        assert (fields_of(page)["topic"], fields_of(page)["tone"]) == ("Volcanoes", "funny")
        assert files_of(page) == ["chapter.pdf"]
        assert re.search(r'id="drafted"[^>]*data-leaves >', page)
    assert fields_of(desk.page("/new?subject=Art"))["topic"] == ""
    desk.ask(topic="", file_ids=chapter)
    assert accounts.draft("teacher") is None
    assert fields_of(desk.page("/new"))["topic"] == ""
    assert [row.topic for row in desk.rows()] == ["chapter"]


def test_a_form_that_was_refused_leaves_the_draft(desk: Desk, accounts: Accounts) -> None:
    desk.send("/new/draft", topic="Volcanoes")
    assert desk.ask(topic="").status_code == 422
    assert (accounts.draft("teacher") or {})["topic"] == "Volcanoes"


def test_starting_over_forgets_it(desk: Desk, accounts: Accounts) -> None:
    desk.send("/new/draft", topic="Volcanoes")
    assert desk.send("/new/over").location == "/new"
    assert accounts.draft("teacher") is None
    assert re.search(r'id="drafted"[^>]* hidden>', desk.page("/new"))


def test_a_form_in_which_nothing_is_typed_is_no_draft(desk: Desk, accounts: Accounts) -> None:
    desk.send("/new/draft", way="material", n_slides="5")
    assert accounts.draft("teacher") is None
    desk.send("/new/draft", topic="Volcanoes")
    desk.send("/new/draft", n_slides="5")  # what was typed was deleted again
    assert accounts.draft("teacher") is None
    assert re.search(r'id="way-material"[^>]*checked', desk.page("/new?way=material"))


def test_a_draft_that_is_too_large_is_not_kept(desk: Desk, accounts: Accounts) -> None:
    assert desk.send("/new/draft", text="x" * 310_000).status_code == 413
    assert accounts.draft("teacher") is None


def test_another_like_it_has_its_material_and_names_what_is_gone(desk: Desk) -> None:
    chapter, sheet = upload(desk, "chapter.pdf"), upload(desk, "sheet.pdf")
    first = desk.library.create("teacher", file_ids=[chapter, sheet])
    assert files_of(desk.page(f"/new?like={first.id}")) == ["chapter.pdf", "sheet.pdf"]
    with desk.database.begin() as session:
        session.execute(update(Upload).where(Upload.id == chapter).values(deleted_at=Upload.created_at))
    page = desk.page(f"/new?like={first.id}")
    assert files_of(page) == ["sheet.pdf"]
    assert "No longer there: “chapter.pdf”. Add it again if it is needed." in plain(page)


def test_a_draft_names_the_files_that_are_gone_until_it_is_kept_without_them(desk: Desk, uploads: Uploads) -> None:
    chapter, sheet = upload(desk, "chapter.pdf"), upload(desk, "sheet 2.pdf")
    names = [f"{chapter} chapter.pdf", f"{sheet} sheet 2.pdf"]
    sent = {"topic": "Cells", "file_ids": [chapter, sheet], "file_names": names}
    for one in re.findall(r'name="file_names" value="([^"]+)"', desk.ask(**sent | {"n_slides": "none"}).text):
        assert unescape(one) in names
    desk.send("/new/draft", **sent)
    uploads.remove("teacher", sheet)  # and its row with it
    for page in (desk.page("/new"), desk.ask(**sent).text):
        assert files_of(page) == ["chapter.pdf"]
        assert "No longer there: “sheet 2.pdf”. Add it again if it is needed." in plain(page)
    desk.send("/new/draft", **sent | {"file_ids": [chapter]})
    assert "No longer there" not in desk.page("/new")


def test_what_lacks_a_file_says_so_before_it_is_asked_for_again(desk: Desk, uploads: Uploads) -> None:
    chapter = upload(desk, "chapter.pdf")
    one = desk.library.create("teacher", "Cells", file_ids=[chapter])
    desk.library.cancel("teacher", one.id)
    assert "Make it after all" in desk.page(f"/presentations/{one.id}")
    uploads.remove("teacher", chapter)
    page = plain(desk.page(f"/presentations/{one.id}"))
    assert "a file that is no longer kept: “chapter.pdf”. Edit it, or ask for another" in page
    assert "Make it after all" not in page
    asked = desk.send(f"/presentations/{one.id}/retry")  # from a card, or a page that was open before
    assert asked.location == f"/presentations/{one.id}/edit"
    assert "No longer there: “chapter.pdf”." in plain(desk.page(asked.location))


def test_it_is_edited_with_its_material(desk: Desk, uploads: Uploads) -> None:
    chapter, sheet = upload(desk, "chapter.pdf"), upload(desk, "sheet.pdf")
    first = desk.library.create("teacher", file_ids=[chapter])
    desk.library.cancel("teacher", first.id)
    assert files_of(desk.page(f"/presentations/{first.id}/edit")) == ["chapter.pdf"]
    desk.send(f"/presentations/{first.id}/edit", topic="Cells", n_slides="5", file_ids=sheet)
    assert [one.name for one in uploads.of("teacher", first.id)] == ["sheet.pdf"]


@pytest.mark.parametrize("is_theirs", [False, True])
def test_a_file_that_is_not_there_is_said_beside_the_files(desk: Desk, is_theirs: bool) -> None:
    missing = upload(desk, "plans.pdf", "colleague") if is_theirs else str(uuid4())
    page = desk.ask(topic="Cells", file_ids=missing).text
    assert re.search(r'id="file-problem"[^>]*>There is no file', page)
    assert re.search(r'id="file"[^>]*aria-describedby="file-problem"', page)
    assert (files_of(page), desk.rows()) == ([], [])


def test_a_file_that_was_chosen_and_not_added_is_not_passed_over(desk: Desk) -> None:
    page = unescape(desk.ask(topic="Cells", file="chapter.pdf").text)
    assert re.search(r'id="file-problem"[^>]*>.*chapter.pdf.* has not been sent yet: use "Add" first', page, re.I)
    assert desk.rows() == []


def test_the_preview_says_what_the_generator_is_told_and_how_a_text_is_cut(desk: Desk) -> None:
    sent = {"topic": "", "text": "One\n\nTwo", "keep_wording": "Yes", "minutes": "45", "n_slides": "many"}
    answer = desk.send("/new/told", **sent, ends_with="nonsense").json or {}
    assert answer["cuts"] == ["One", "Two"]
    assert "It is for a lesson of 45 minutes." in answer["told"]
    assert answer["expected"] == "It takes a while. You can leave this page."
    assert desk.send("/new/told", topic="Cells").json == answer | {"told": None, "cuts": []}
    assert desk.rows() == []


def test_how_many_are_made_before_it_stands_beside_the_button(desk: Desk) -> None:
    desk.library.create("colleague", "Theirs")
    assert "It takes a while; 1 before yours. You can leave this page." in desk.page("/new")


def test_templates_are_chosen_from_and_others_typed(desk: Desk) -> None:
    assert 'type="radio" name="template"' not in desk.page("/new")
    offer(desk, "general", "mine")
    assert re.findall(r'type="radio" name="template" value="(\w*)"', desk.page("/new")) == ["", "general", "mine"]
    desk.ask(template="mine")
    page = desk.page("/new")
    assert re.search(r'name="template" value="mine" checked', page)
    answer = desk.ask(template="theirs")
    assert re.search(r'id="template" name="template" value="theirs"[^>]*aria-invalid', answer.text)
    assert re.search(r'name="template" value="" checked', answer.text)


def test_of_fields_of_one_name_the_last_that_says_something_counts(desk: Desk) -> None:
    token = hidden(desk.page("/new"), "csrf_token")
    sent = {"topic": "Cells", "n_slides": "5", "template": ["general", "mine"], "outline_first": ["No", "Yes"]}
    desk.client.post("/presentations", data={"csrf_token": token} | sent)
    sent |= {"topic": "Genes", "template": ["general", ""], "outline_first": ["No"]}
    desk.client.post("/presentations", data={"csrf_token": token} | sent)
    asked = {row.topic: (row.template, row.outline_first) for row in desk.rows()}
    assert asked == {"Cells": ("mine", True), "Genes": ("general", False)}


def test_what_is_not_there_is_not_offered(desk: Desk) -> None:
    offer(desk, "general", has_outlines=False)
    page = desk.page("/new")
    assert 'id="outline_first"' not in page
    assert 'id="web_search"' not in page
    with desk.database.begin() as session:
        session.execute(update(OfferedTemplates).values(has_outlines=True))
        session.execute(update(Control).values(web_search=True))
    page = desk.page("/new")
    assert 'id="outline_first"' in page
    assert 'id="web_search"' in page


def test_what_is_chosen_stands_beside_what_is_folded(desk: Desk) -> None:
    desk.ask(grade="Grade 9", minutes="45", tone="funny", language="Deutsch", table_of_contents="Yes")
    page = unescape(desk.page("/new"))
    assert re.findall(
        r'<span class="chosen" dir="auto">([^<]*)<', page.replace("\u2068", "").replace("\u2069", "")
    ) == [
        "Grade 9 · Minutes of the lesson: 45",
        "Deutsch · Funny · Slide with contents",
    ]


def test_a_language_is_found_by_both_its_names(desk: Desk) -> None:
    assert '<option value="Українська">Ukrainian</option>' in desk.page("/new")
