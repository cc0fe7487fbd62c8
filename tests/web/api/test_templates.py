"""Templates by the API, with their pictures."""

from __future__ import annotations

from typing import Any

from presentations.database import Database
from presentations.library import Library, keep_templates, keep_thumbnail
from presentations.operations import Controls
from presentations.presenton import Template
from tests.support.programs import Program


def test_templates_are_listed_with_what_else_there_is(rosa: Program, database: Database, library: Library) -> None:
    assert rosa("GET", "/templates").json == {"items": [], "offers_outlines": True, "offers_web_search": False}
    keep_templates(
        database,
        [Template("general", "General", "For any class", "/app_data/general.png"), Template("custom-1", "Ours")],
        has_outlines=False,
    )
    keep_thumbnail(database, "general", "/app_data/general.png", "image/png", b"a picture")
    Controls(database, library.engine).allow_web_search(True)
    told: Any = rosa("GET", "/templates").json
    assert (told["offers_outlines"], told["offers_web_search"]) == (False, True)
    [general, ours] = told["items"]
    assert {key: general[key] for key in ("id", "name", "description")} == {
        "id": "general",
        "name": "General",
        "description": "For any class",
    }
    assert ours == {"id": "custom-1", "name": "Ours", "description": "", "picture_url": None}
    picture = rosa("GET", general["picture_url"].removeprefix("/api"))
    assert (picture.mimetype, picture.data) == ("image/png", b"a picture")
    assert rosa("GET", f"/templates/{'0' * 64}").status_code == 404
