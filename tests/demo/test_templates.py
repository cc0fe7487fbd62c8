"""Templates: in the shape of each release, with pictures that can be fetched where there are any."""

from __future__ import annotations

import io

from PIL import Image

from tests.demo.caller import GENERATE, Caller, Start

ALL_TEMPLATES = "/api/v1/ppt/template/all"


def test_each_template_has_a_picture_of_its_own(teacher: Caller) -> None:
    items = teacher.get(ALL_TEMPLATES).json()["items"]
    assert all(item["description"] for item in items)
    pictures = [teacher.get(item["thumbnail"]) for item in items]
    assert {picture.headers["Content-Type"] for picture in pictures} == {"image/png"}
    assert len({picture.content for picture in pictures}) == len(items) == 8
    assert Image.open(io.BytesIO(pictures[0].content)).format == "PNG"


def test_one_that_somebody_made_is_listed_and_can_be_asked_for(teacher: Caller) -> None:
    (custom,) = [item for item in teacher.get(ALL_TEMPLATES).json()["items"] if not item["is_default"]]
    assert custom["id"].startswith("custom-")
    assert teacher.post(GENERATE, {"content": "x", "n_slides": 1, "template": custom["id"]}).ok


def test_pictures_are_for_those_who_are_let_in(start: Start) -> None:
    teacher = Caller(start(release="0.9.3", api_key="sk-presenton-1").demo, key="sk-presenton-1")
    path = "/app_data/templates/general/static/thumbnail.png"
    assert [caller.get(path).status_code for caller in (teacher, Caller(teacher.demo))] == [200, 401]
    assert teacher.get(path.replace("general", "nope")).status_code == 404


def test_old_releases_have_bare_lists_and_no_pictures(start: Start) -> None:
    teacher = start(release="0.8.9")
    assert teacher.get(ALL_TEMPLATES).json()[0] == {"id": "general", "name": "general", "total_layouts": None}
    assert teacher.get("/app_data/templates/general/static/thumbnail.png").status_code == 404
