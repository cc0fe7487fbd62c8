"""Each option arrives everywhere: it is asked for, checked, kept, copied, shown, and sent to Presenton."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import Boolean, Integer, update
from sqlalchemy import Text as TextColumn
from sqlalchemy.exc import IntegrityError

from presentations.agent import AsyncPresentationTool, call_tool, runtime, tool_definitions
from presentations.agent.runtime import Lectern
from presentations.database import Database
from presentations.database.models import Control, Presentation
from presentations.demo import app as demo_app
from presentations.demo import server
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.options import OPTIONS, Choice, Flag, Number, Option, Text, told
from tests.options.forms import fields_of
from tests.options.samples import SAMPLES, WRITTEN
from tests.support.processes import Process
from tests.support.signing import hidden
from tests.support.waiting import eventually

COLUMNS = {Text: TextColumn, Choice: TextColumn, Number: Integer, Flag: Boolean}


@pytest.fixture
def own(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The tool's own library is the test's."""
    monkeypatch.setattr(runtime, "_lectern", [Lectern(library, "", "")])
    return library


@pytest.fixture
def rosa(rosa: FlaskClient, database: Database) -> FlaskClient:
    """Rosa, where an admin has said that the language model can search the web: else the form does not ask for it."""
    with database.begin() as session:
        session.execute(update(Control).values(web_search=True))
    return rosa


def kept(row: Presentation) -> dict[str, Any]:
    return {option.name: getattr(row, option.name) for option in OPTIONS}


def newest(library: Library) -> Presentation:
    return library.whole("teacher", library.list("teacher").items[0].id)


def cancelled(library: Library) -> Presentation:
    """A presentation with a value for each option, that may be edited."""
    asked = library.create("teacher", **SAMPLES)
    return library.cancel("teacher", asked.id)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_it_has_a_column_of_its_kind(option: Option) -> None:
    column = Presentation.__table__.columns.get(option.name)
    assert column is not None, f"{option.name} has no column in presentations/database/models/presentations.py"
    assert (type(column.type), column.nullable) == (COLUMNS[type(option)], option.may_be_none)


def test_one_without_a_column_is_not_silently_lost(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    colour = Text(name="colour", label="Colour", description="Of the slides.", longest=20)
    monkeypatch.setattr("presentations.options.request.OPTIONS", (*OPTIONS, colour))
    with pytest.raises(ValueError, match="no column colour"):
        library.create("teacher", "Cells", colour="red")


def test_the_database_takes_what_it_takes(library: Library, database: Database) -> None:
    library.create("teacher", "Cells")
    for option in OPTIONS:
        good, bad = limits(option)
        assert [value for value in good if not is_taken(database, option, value)] == [], option.name
        assert [value for value in bad if is_taken(database, option, value)] == [], option.name
        assert is_taken(database, option, None) is option.may_be_none, option.name


def is_taken(database: Database, option: Option, value: object) -> bool:
    """Whether the column may have this value."""
    try:
        with database.begin() as session:
            session.execute(update(Presentation).values({option.name: value}))
    except IntegrityError:
        return False
    return True


def limits(option: Option) -> tuple[list[Any], list[Any]]:
    """Values that just may be kept, and some that the database itself refuses."""
    match option:
        case Text():
            return ["x" * option.longest], []
        case Number():
            return [option.low, option.high], [option.low - 1, option.high + 1]
        case Choice():
            return list(option.values), ["something else"]
        case Flag():
            return [True, False], []


def test_the_form_asks_for_it_and_posts_it(rosa: FlaskClient, library: Library) -> None:
    page = rosa.get("/new").text
    sent = fields_of(page)
    for option in OPTIONS:
        if option.on_form:
            assert option.name in sent, f"the form does not ask for {option.name}"
            assert (option.on_form.label or option.label) in unescape(page)
    answer = rosa.post("/presentations", data=sent | WRITTEN)
    assert (answer.status_code, kept(newest(library))) == (303, SAMPLES), answer.text
    remembered = {option.name for option in OPTIONS if option.on_form and option.on_form.is_remembered}
    again = fields_of(rosa.get("/new").text)
    assert {name: again[name] for name in remembered} == {name: WRITTEN[name] for name in remembered}


def test_an_empty_form_asks_for_what_is_usual(rosa: FlaskClient, library: Library) -> None:
    rosa.post("/presentations", data=fields_of(rosa.get("/new").text) | {"topic": "Cells"})
    assert kept(newest(library)) == {option.name: option.default for option in OPTIONS} | {"topic": "Cells"}


def test_what_the_form_cannot_take_is_said_beside_it(rosa: FlaskClient) -> None:
    form = fields_of(rosa.get("/new").text) | {"topic": "Cells"}
    for option in OPTIONS:
        if option.on_form:
            wrong = "x" * (option.longest + 1) if isinstance(option, Text) else "something else"
            answer = rosa.post("/presentations", data=form | {option.name: wrong})
            assert answer.status_code == 422, option.name
            assert f'id="{option.name}-problem"' in answer.text
            assert re.search(rf'id="{option.name}"[^>]*aria-invalid="true"', answer.text)


def test_another_like_this_has_it(rosa: FlaskClient, library: Library) -> None:
    first = cancelled(library)
    form = fields_of(rosa.get(f"/new?like={first.id}").text)
    assert {name: form.get(name) for name in WRITTEN} == WRITTEN
    rosa.post("/presentations", data=form)
    assert newest(library).id != first.id
    assert kept(newest(library)) == SAMPLES


def test_it_is_edited_and_tried_again(rosa: FlaskClient, library: Library) -> None:
    first = cancelled(library)
    form = fields_of(rosa.get(f"/presentations/{first.id}/edit").text)
    assert {name: form.get(name) for name in WRITTEN} == WRITTEN
    rosa.post(f"/presentations/{first.id}/edit", data=form)
    assert kept(newest(library)) == SAMPLES
    library.cancel("teacher", first.id)
    rosa.post(
        f"/presentations/{first.id}/edit", data=form | dict.fromkeys(WRITTEN, "") | {"topic": "C", "n_slides": "9"}
    )
    usual = {option.name: option.default for option in OPTIONS}
    assert kept(newest(library)) == usual | {"topic": "C", "n_slides": 9}


def test_the_page_of_a_presentation_shows_it(rosa: FlaskClient, library: Library) -> None:
    asked = library.create("teacher", **SAMPLES)
    page = unescape(rosa.get(f"/presentations/{asked.id}").text)
    shown = re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", page)
    assert shown == [(option.label, option.said(SAMPLES[option.name])) for option in OPTIONS if option.name != "text"]
    assert WRITTEN["text"] in page
    plain = library.create("teacher", "Cells")
    page = rosa.get(f"/presentations/{plain.id}").text
    assert re.findall(r"<dt>([^<]*)</dt>", page) == ["Topic", "Slides"]


def test_the_api_takes_describes_and_tells_it(rosa: FlaskClient, library: Library) -> None:
    token = hidden(rosa.get("/new").text, "csrf_token")
    schemas = rosa.get("/api/openapi.json").json["components"]["schemas"]  # type: ignore[index]
    described = {name: field.get("description") for name, field in schemas["NewPresentation"]["properties"].items()}
    assert {option.name: described.get(option.name) for option in OPTIONS} == {
        option.name: option.description for option in OPTIONS
    }
    asked = rosa.post("/api/presentations", json=SAMPLES, headers={"X-CSRFToken": token})
    assert (asked.status_code, kept(newest(library))) == (202, SAMPLES), asked.text
    told = {option.name for option in OPTIONS if option.is_in_answers}
    answer: Any = rosa.get(f"/api/presentations/{newest(library).id}").json
    assert {name: answer[name] for name in told} == {name: SAMPLES[name] for name in told}
    assert told <= schemas["Presentation"]["properties"].keys()
    nothing = {option.name: None for option in OPTIONS if option.may_be_none}
    rosa.post("/api/presentations", json={"topic": "Cells", **nothing}, headers={"X-CSRFToken": token})
    assert kept(newest(library)) == {option.name: option.default for option in OPTIONS} | {"topic": "Cells"}


def test_the_api_refuses_what_it_cannot_take(rosa: FlaskClient, library: Library) -> None:
    token = hidden(rosa.get("/new").text, "csrf_token")
    for option in OPTIONS:
        sent = SAMPLES | {option.name: [17]}
        answer = rosa.post("/api/presentations", json=sent, headers={"X-CSRFToken": token})
        assert answer.status_code == 422, option.name
        assert [error["field"] for error in answer.json["errors"]] == [option.name]  # type: ignore[index]
    assert library.list("teacher").items == []


def test_a_model_is_told_of_it_and_its_call_is_carried_out(own: Library) -> None:
    create = tool_definitions("anthropic")[0]["input_schema"]["properties"]
    told = {option.name: option.for_models for option in OPTIONS if option.for_models}
    assert {name: create[name]["description"] for name in told} == told
    assert create.keys() == told.keys() | {"subject", "file_ids"}
    answer = call_tool("create_presentation", {name: SAMPLES[name] for name in told}, "teacher")
    assert not answer.startswith("Error"), answer
    usual = {option.name: option.default for option in OPTIONS}
    assert kept(newest(own)) == usual | {name: SAMPLES[name] for name in told}
    for name in told:
        assert call_tool("create_presentation", SAMPLES | {name: [17]}, "teacher").startswith("Error: ")


def test_the_agents_tool_takes_it(own: Library) -> None:
    AsyncPresentationTool("teacher").create_presentation_async(**SAMPLES)
    assert kept(newest(own)) == SAMPLES


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The bodies of the generate calls that the demo Presenton gets."""
    bodies: list[dict[str, Any]] = []
    make = demo_app.create_app

    def note() -> None:
        if "/presentation/generate" in request.path:
            bodies.append(request.get_json())

    def noting(*state: Any) -> Flask:
        app = make(*state)
        app.before_request(note)
        return app

    monkeypatch.setattr(server, "create_app", noting)
    return bodies


def test_presenton_is_sent_it(
    sent: list[dict[str, Any]], demo: DemoPresenton, library: Library, start_worker: Callable[..., Process]
) -> None:
    asked = library.create("teacher", **SAMPLES)
    least = library.create("teacher", "Cells")
    start_worker()
    eventually(lambda: all(library.get("teacher", one.id).status == "complete" for one in (asked, least)))
    names = {option.name: option.presenton_name or option.name for option in OPTIONS if option.is_sent}
    # At its end stands a mark that nobody sees.
    sent = [body | {"content": body["content"][:-32]} for body in sent]
    bodies = {body["content"].splitlines()[0]: body for body in sent}
    assert bodies[asked.topic] == {name_there: SAMPLES[name] for name, name_there in names.items()} | {
        "content": f"{SAMPLES['topic']}\n\n{SAMPLES['text']}",
        "instructions": told(SAMPLES),
    }
    usual = {option.name: option.default for option in OPTIONS if option.default is not None}
    assert bodies["Cells"] == {"content": "Cells"} | {
        names[name]: value for name, value in usual.items() if name in names
    }
