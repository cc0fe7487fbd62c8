"""What a person changes on the demo's page, and what Lectern sees of it."""

from __future__ import annotations

import pytest
import requests

from tests.demo.caller import DECK, Caller, titles


def save(teacher: Caller, deck_id: str, title: str, slide: str = "2", **headers: str) -> requests.Response:
    form = {"id": deck_id, "slide": slide, "title": title}
    return teacher.session.post(f"{teacher.demo.url}/presentation", data=form, headers=headers, timeout=30)


def test_a_title_is_changed_and_shows_in_what_is_exported_from_then_on(teacher: Caller) -> None:
    made = teacher.made("Rivers", 3)
    path = DECK + made["presentation_id"]
    before = teacher.get(path).json()
    answer = save(teacher, made["presentation_id"], " What a\nriver is ")
    assert (answer.status_code, "What a river is" in answer.text) == (200, True)
    after = teacher.get(path).json()
    assert after["updated_at"] > before["updated_at"]
    assert after["slides"][1]["content"]["title"] == "What a river is"
    assert titles(teacher.get(made["path"]).content) == ["Rivers", "What it is", "Summary"], "made before the change"
    exported = teacher.post(f"{path}/export", {"export_as": "pptx"}).json()
    assert titles(teacher.get(exported["path"]).content) == ["Rivers", "What a river is", "Summary"]
    assert teacher.get(path).json()["updated_at"] == after["updated_at"], "an export is no change"


def test_an_edit_by_the_api_is_a_change_too(teacher: Caller) -> None:
    deck_id = teacher.made("Rivers", 3)["presentation_id"]
    before = teacher.get(DECK + deck_id).json()["updated_at"]
    change = {"presentation_id": deck_id, "slides": [{"index": 0, "content": {"title": "Lakes"}}], "export_as": "pdf"}
    assert teacher.post(DECK + "edit", change).ok
    assert teacher.get(DECK + deck_id).json()["updated_at"] > before


def test_the_page_shows_picture_and_table(teacher: Caller) -> None:
    page = teacher.get(teacher.made("Rivers", 5)["edit_path"]).text
    assert 'alt="A mind map: Rivers in the middle' in page
    assert '<th scope="col" dir="auto">We want to know</th>' in page
    assert teacher.get("/demo/mind-map.png").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("title", "slide", "status"), [("", "2", 400), ("x" * 201, "2", 400), *(("x", slide, 404) for slide in "40a")]
)
def test_what_cannot_be_saved_changes_nothing(teacher: Caller, title: str, slide: str, status: int) -> None:
    made = teacher.made("Rivers", 3)
    assert save(teacher, made["presentation_id"], title, slide).status_code == status
    assert save(teacher, "none", "x").status_code == 404
    assert titles(teacher.get(made["path"]).content)[1] == "What it is"


def test_another_website_changes_nothing(teacher: Caller) -> None:
    deck_id = teacher.made("Rivers", 3)["presentation_id"]
    answer = save(teacher, deck_id, "Mine", **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert save(teacher, deck_id, "Mine", **{"Sec-Fetch-Site": "same-origin"}).status_code == 200
