"""Templates: what Presenton offers may be asked for, and nothing else where that is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from presentations.accounts import SCOPES, Tokens
from presentations.agent import AsyncPresentationTool, runtime
from presentations.agent.runtime import Lectern
from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.errors import InvalidRequest
from presentations.library import Library, keep_templates, thumbnail, thumbnails
from presentations.operations import Controls
from presentations.presenton import Template
from tests.support.processes import Process
from tests.support.signing import send
from tests.support.waiting import eventually

SCHOOL = "5c1d1f0e-8a53-4d0b-9a39-64b2b9f4d1aa"
OFFERED = [Template("general", "General"), Template("swift", "Swift"), Template(SCHOOL, "Our school")]


@pytest.fixture
def offered(database: Database) -> None:
    keep_templates(database, OFFERED)


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("given", ["general", "swift", SCHOOL, f"custom-{SCHOOL}", " swift ", None, ""])
def test_what_presenton_offers_may_be_asked_for(library: Library, given: str | None) -> None:
    asked = library.create("alice", "Cells", template=given)
    assert asked.template == ((given or "").strip() or None)


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("given", ["modern", "GENERAL", f"custom-{SCHOOL}0", "custom-", "<script>"])
def test_what_it_does_not_offer_is_refused_with_what_it_does(library: Library, given: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        library.create("alice", "Cells", template=given)
    assert refused.value.field == "template"
    offers = f"general, swift, {SCHOOL} (Our school)"
    assert refused.value.problem == f"expected one of the templates that Presenton has: {offers}; got {given!r}"
    assert library.list("alice").items == []


def test_many_templates_are_not_all_named(library: Library, database: Database) -> None:
    keep_templates(database, [Template(f"t{n}", f"T{n}") for n in range(25)])
    with pytest.raises(InvalidRequest, match=r"t0, t1, .*, t19 and 5 more; got 'modern'$"):
        library.create("alice", "Cells", template="modern")


def test_a_name_stands_for_an_id_that_tells_nothing(library: Library, database: Database) -> None:
    keep_templates(database, [Template(SCHOOL, "General")])
    assert library.create("alice", "Cells", template="general").template == "general"


def test_any_is_taken_where_nobody_knows_what_there_is(library: Library, database: Database) -> None:
    assert library.templates() == []
    library.create("alice", "Never asked", template="modern")
    keep_templates(database, [])
    library.create("alice", "Does not say", template="modern")
    keep_templates(database, OFFERED)
    with database.begin() as session:
        session.execute(text("UPDATE presentation_templates SET seen_at = now() - interval '11 minutes'"))
    library.create("alice", "Is no longer known", template="modern")
    assert library.templates() == OFFERED


def test_one_that_is_gone_is_refused_where_it_is_asked_for_again(library: Library, database: Database) -> None:
    first = library.create("alice", "Cells", template="modern", idempotency_key="key")
    keep_templates(database, OFFERED)
    assert library.create("alice", "Cells", template="modern", idempotency_key="key").id == first.id
    library.cancel("alice", first.id)
    with pytest.raises(InvalidRequest, match="template: expected one of"):
        library.edit("alice", first.id, "Cells", 5, template="modern")
    assert library.get("alice", first.id).status == "cancelled"
    assert library.edit("alice", first.id, "Cells", 5, template="swift").template == "swift"


@pytest.mark.usefixtures("offered")
def test_form_api_and_tool_say_so(
    rosa: FlaskClient, library: Library, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = send(rosa, "/presentations", seen="/new", topic="Cells", n_slides="5", template="modern")
    assert form.status_code == 422
    assert 'id="template-problem" dir="auto">Expected one of the templates that Presenton has: general' in form.text
    _, secret = Tokens(database).make("teacher", "laptop", SCOPES)
    sent = {"topic": "Cells", "template": "modern"}
    answer = rosa.post("/api/presentations", json=sent, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["template"]  # type: ignore[index]
    monkeypatch.setattr(runtime, "_lectern", [Lectern(library, "", "")])
    with pytest.raises(InvalidRequest, match="template: expected one of the templates"):
        AsyncPresentationTool("teacher").create_presentation_async("Cells", template="modern")


@pytest.mark.usefixtures("offered")
def test_the_form_has_them_to_choose_from_by_name(rosa: FlaskClient) -> None:
    tile = r'type="radio" name="template" value="([^"]*)".*?<span dir="auto">([^<]*)<'
    listed = re.findall(tile, rosa.get("/new").text, re.DOTALL)
    assert listed == [("", "As it comes"), ("general", "General"), ("swift", "Swift"), (SCHOOL, "Our school")]


def test_the_form_has_none_that_nobody_has_seen(rosa: FlaskClient) -> None:
    page = rosa.get("/new").text
    assert 'id="template"' in page
    assert 'type="radio" name="template"' not in page
    assert '<datalist id="language-list"><option value="English"></option>' in page


def test_what_not_every_presenton_or_model_can_do_is_refused_where_it_cannot(
    library: Library, database: Database
) -> None:
    def ask(*options: str) -> Presentation:
        wanted: dict[str, Any] = dict.fromkeys(options, True)
        return library.create("alice", "Cells", **wanted)

    assert ask("outline_first").outline_first, "nobody knows yet"
    keep_templates(database, OFFERED)
    for option in ("outline_first", "web_search"):
        with pytest.raises(InvalidRequest) as refused:
            ask(option)
        assert refused.value.field == option
    keep_templates(database, OFFERED, has_outlines=True)
    Controls(database, library.engine).allow_web_search(True)
    asked = ask("outline_first", "web_search")
    assert (asked.outline_first, asked.web_search) == (True, True)


@pytest.mark.parametrize(("release", "has_outlines"), [("0.8.9", False), ("0.9.3", True)])
def test_a_worker_sees_outlines_and_fetches_thumbnails(
    library: Library, tmp_path: Path, start_worker: Callable[..., Process], release: str, has_outlines: bool
) -> None:
    with DemoPresenton(tmp_path / "other", release=release) as other:
        start_worker(PRESENTON_URL=other.url)
        eventually(library.templates)
        assert library.offers_outlines() is has_outlines
        shown = [one.id for one in library.templates() if one.thumbnail]
        assert bool(shown) is has_outlines
        eventually(lambda: set(thumbnails(library.database)) == set(shown))
    for sha256 in thumbnails(library.database).values():
        assert thumbnail(library.database, sha256).media_type == "image/png"


@pytest.mark.parametrize("release", ["0.8.9", "0.9.0", "0.9.3", "fork", "latest"])
def test_a_worker_sees_what_there_is_and_all_of_it_is_made(
    library: Library, tmp_path: Path, start_worker: Callable[..., Process], release: str
) -> None:
    with DemoPresenton(tmp_path / "other", release=release) as other:
        start_worker(PRESENTON_URL=other.url)
        eventually(library.templates)
        assert "general" in {one.name.lower() for one in library.templates()}
        asked = [library.create(f"user{n}", "Cells", 1, template=one.id) for n, one in enumerate(library.templates())]
        with pytest.raises(InvalidRequest, match="template"):
            library.create("alice", "Cells", 1, template="no-such-template")
        eventually(lambda: all(library.get(None, one.id).status == "complete" for one in asked))


def test_a_presenton_without_a_list_takes_any(
    library: Library, database: Database, tmp_path: Path, start_worker: Callable[..., Process]
) -> None:
    keep_templates(database, OFFERED)
    with DemoPresenton(tmp_path / "other", release="0.7") as other:
        start_worker(PRESENTON_URL=other.url)
        eventually(lambda: library.templates() == [])
    library.create("alice", "Cells", template="modern")


def test_what_is_known_stays_while_presenton_does_not_say(
    library: Library, database: Database, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    keep_templates(database, OFFERED)
    demo.faults.add("status", path="/template", status=500)
    worker = start_worker(LOG_LEVEL="debug")
    worker.wait_for("does not say which templates it has")
    assert library.templates() == OFFERED
