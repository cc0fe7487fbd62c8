"""What differs between the releases beyond what was recorded: read in their code, or a matter of several calls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presentations.demo.failures import CAUSES
from presentations.demo.releases import RELEASES
from tests.demo.caller import ALL, DECK, GENERATE, GENERATE_ASYNC, Caller, Start, pages, titles

WITHOUT_LOGIN = ("0.5", "0.7")
GENERAL = "Presentation generation failed"


def export(teacher: Caller, deck_id: str, export_as: str = "pptx", slides: Any = ()) -> dict[str, Any]:
    change = {"presentation_id": deck_id, "slides": list(slides), "export_as": export_as}
    exported: dict[str, Any] = teacher.post(DECK + "edit", change).json()
    return exported


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_exports_a_deck_that_is_there_and_changes_nothing(start: Start, release: str) -> None:
    teacher = start(release=release)
    deck_id = teacher.made("The water cycle", 4)["presentation_id"]
    before = teacher.get(DECK + deck_id).json()
    exported = export(teacher, deck_id)
    assert exported["presentation_id"] == deck_id
    assert titles(teacher.get(exported["path"]).content)[0] == "The water cycle"
    as_pdf = export(teacher, deck_id, "pdf")["path"]
    assert teacher.get(as_pdf).headers["Content-Type"] == "application/pdf"
    assert len(pages(teacher.get(as_pdf).content)) == 4
    assert teacher.get(DECK + deck_id).json() == before
    assert len(before["slides"]) == 4


@pytest.mark.parametrize("release", RELEASES)
def test_only_the_newest_has_a_call_of_its_own_for_that(start: Start, release: str) -> None:
    teacher = start(release=release)
    made = teacher.made("Rome")
    answer = teacher.post(f"{DECK}{made['presentation_id']}/export", {"export_as": "pptx"})
    if release == "latest":
        assert answer.json() == made
        assert teacher.post(f"{DECK}{made['presentation_id']}/export", {}).status_code == 422
    else:
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_an_edit_changes_its_slides_and_writes_the_file_again(start: Start) -> None:
    teacher = start(release="0.9.3")
    made = teacher.made("Rome", 3)
    assert titles(teacher.get(made["path"]).content)[1] == "What it is"
    slides = [{"index": 1, "content": {"title": "How it began", "__speaker_note__": "Tell of the wolf."}}]
    exported = export(teacher, made["presentation_id"], slides=slides)
    assert exported == made
    assert titles(teacher.get(made["path"]).content) == ["Rome", "How it began", "Summary"]
    first, second, _ = teacher.get(DECK + made["presentation_id"]).json()["slides"]
    assert (second["content"]["title"], second["content"]["__speaker_note__"]) == ("How it began", "Tell of the wolf.")
    assert second["speaker_note"] != "Tell of the wolf."
    assert first["content"]["title"] == "Rome"


@pytest.mark.parametrize(
    ("change", "field", "kind"),
    [
        ({"slides": []}, "presentation_id", "missing"),
        ({"presentation_id": "x", "slides": []}, "presentation_id", "uuid_parsing"),
        ({"presentation_id": "0" * 32}, "slides", "missing"),
        ({"presentation_id": "0" * 32, "slides": {}}, "slides", "list_type"),
        ({"presentation_id": "0" * 32, "slides": [1]}, "slides", "model_attributes_type"),
        ({"presentation_id": "0" * 32, "slides": [], "export_as": "docx"}, "export_as", "literal_error"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(teacher: Caller, change: Any, field: str, kind: str) -> None:
    answer = teacher.post(DECK + "edit", change)
    assert answer.status_code == 422
    assert [(fault["loc"], fault["type"]) for fault in answer.json()["detail"]] == [(["body", field], kind)]


@pytest.mark.parametrize("release", RELEASES)
def test_drafts_are_listed_without_slides_only_and_not_by_old_releases(start: Start, release: str) -> None:
    teacher = start(release=release)
    draft = teacher.demo.people.begin("Rome", 5, language="Latin", tone="funny")
    whole = teacher.made("Rome", 5)["presentation_id"]
    listed = {deck["id"]: deck for deck in teacher.get(ALL).json()}
    assert set(listed) == ({whole} if release in (*WITHOUT_LOGIN, "0.8.9") else {whole, draft})
    assert [deck["id"] for deck in teacher.get(DECK + "all").json()] == [whole]
    shown = teacher.get(DECK + draft).json()
    assert (shown["title"], shown["slides"], shown["n_slides"]) == (None, [], 5)
    assert (shown["language"], shown["tone"], shown["content"]) == ("Latin", "funny", "Rome")


def test_a_deck_of_the_api_is_never_a_draft(start: Start) -> None:
    teacher = start(release="0.9.3")
    teacher.demo.hold()
    teacher.ask("Rome", 5)
    assert teacher.listed() == []
    teacher.demo.let_all_go()
    [deck] = teacher.listed()
    assert (deck["title"], len(teacher.get(DECK + deck["id"]).json()["slides"])) == ("Rome", 5)


@pytest.mark.parametrize(("release", "lets_in"), [("0.8.9", {"basic"}), ("0.9.0", {"basic"}), ("0.9.3", {"key"})])
def test_each_release_lets_in_by_its_own_means(start: Start, release: str, lets_in: set[str]) -> None:
    demo = start(release=release, username="admin", password="secret", api_key="sk-presenton-1").demo
    callers = {"basic": Caller(demo, auth=("admin", "secret")), "key": Caller(demo, key="sk-presenton-1")}
    assert {means for means, caller in callers.items() if caller.get(ALL).ok} == lets_in
    by_cookie = Caller(demo)
    assert by_cookie.post("/api/v1/auth/login", {"username": "admin", "password": "secret"}).ok
    assert by_cookie.get(by_cookie.made("Rome")["path"]).ok


@pytest.mark.parametrize("release", WITHOUT_LOGIN)
def test_old_releases_know_no_login(start: Start, release: str) -> None:
    teacher = start(release=release)
    for path in ("status", "verify"):
        assert teacher.get(f"/api/v1/auth/{path}").json() == {"detail": "Not Found"}
    assert teacher.post("/api/v1/auth/login", {"username": "a", "password": "b"}).status_code == 404
    with pytest.raises(ValueError, match="asks nobody who they are"):
        start(release=release, api_key="sk-presenton-1")


def test_templates_with_ids_that_tell_nothing_can_be_asked_for(start: Start) -> None:
    teacher = start(release="0.9.0")
    listed = teacher.get("/api/v1/ppt/templates").json()
    assert {template["name"] for template in listed} == {"General", "Modern", "Standard", "Swift"}
    for template in (listed[0]["id"], "general"):
        assert teacher.post(GENERATE, {"content": "Rome", "n_slides": 1, "template": template}).ok
    assert start(release="0.9.3").get("/api/v1/ppt/templates").status_code == 404


@pytest.mark.parametrize("release", ["0.8.9", "0.9.3"])
def test_what_is_listed_as_template_is_accepted(start: Start, release: str) -> None:
    teacher = start(release=release)
    listed = teacher.get("/api/v1/ppt/template/all").json()
    for template in listed["items"] if release == "0.9.3" else listed:
        assert teacher.post(GENERATE, {"content": "Rome", "n_slides": 1, "template": template["id"]}).ok


def test_old_releases_have_other_defaults_and_no_limit(start: Start) -> None:
    teacher = start(release="0.7")
    assert teacher.post(GENERATE, {"content": "Rome"}).ok
    [deck] = teacher.listed()
    assert (deck["n_slides"], deck["language"], len(deck["slides"])) == (8, "English", 1)
    assert teacher.post(GENERATE_ASYNC, {"content": "Rome", "n_slides": None}).status_code == 422
    assert teacher.post(GENERATE_ASYNC, {"content": "Rome", "n_slides": 51}).status_code == 200


def test_in_old_releases_decks_of_one_title_share_a_file(start: Start) -> None:
    teacher = start(release="0.7")
    first, second = teacher.made("Größe: 光合作用?", 2), teacher.made("Größe: 光合作用?", 3)
    assert first["presentation_id"] != second["presentation_id"]
    assert first["path"] == second["path"] == "/app_data/exports/Größe 光合作用.pptx"
    assert len(titles(teacher.get(first["path"]).content)) == 3
    export(teacher, first["presentation_id"])
    assert len(titles(teacher.get(first["path"]).content)) == 2


def test_tasks_of_the_first_asynchronous_release(start: Start) -> None:
    teacher = start(release="0.7")
    task = teacher.ask("Rome")
    assert (task["data"], "type" in task) == (None, False)
    assert set(teacher.ended(task)["data"]) == {"presentation_id", "path", "edit_path"}
    assert teacher.get("/api/v1/async-tasks/status/" + task["id"]).status_code == 404
    refused = teacher.post(GENERATE_ASYNC, {"content": "", "n_slides": 2})
    assert (refused.status_code, refused.json()["detail"][:6]) == (400, "Either")


OWN_STATUS = {
    "provider_error": 500,
    "provider_overloaded": 503,
    "provider_busy": 429,
    "no_credit": 429,
    "wrong_model_key": 401,
    "content_refused": 400,
    "too_long": 400,
    "provider_unreachable": 503,
    "wrong_count": 400,
    "bad_json": 500,
    "file_gone": 404,
    "export": 500,
}


@pytest.mark.parametrize("release", ["0.8.9", "0.9.0", "0.9.3", "fork", "latest"])
def test_both_ways_of_asking_fail_alike(start: Start, release: str) -> None:
    teacher = start(release=release)
    statuses = {}
    for cause in CAUSES:
        teacher.demo.faults.add("failing", cause=cause, times=2)
        blocking = teacher.post(GENERATE, {"content": "Rome", "n_slides": 2})
        task = teacher.ended(teacher.ask("Rome"))
        assert task["error"] == {"status_code": blocking.status_code, "detail": blocking.json()["detail"]}
        assert (task["status"], task["message"]) == ("error", GENERAL)
        statuses[cause] = blocking.status_code
    assert statuses == OWN_STATUS | ({"bad_json": 400} if release == "0.8.9" else {})
    assert teacher.made("Rome")


def test_only_a_failed_export_leaves_a_deck(teacher: Caller) -> None:
    for cause in CAUSES:
        teacher.demo.faults.add("failing", cause=cause, times=1)
        teacher.post(GENERATE, {"content": cause})
    assert [deck["content"] for deck in teacher.listed()] == ["export"]


@pytest.mark.parametrize("release", WITHOUT_LOGIN)
def test_old_releases_tell_every_failure_of_a_blocking_call_alike(start: Start, release: str) -> None:
    teacher = start(release=release)
    for cause in CAUSES:
        teacher.demo.faults.add("failing", cause=cause, times=1)
        answer = teacher.post(GENERATE, {"content": "Rome", "n_slides": 2})
        assert (answer.status_code, answer.json()) == (500, {"detail": GENERAL})


def test_the_providers_words_differ_by_release(start: Start) -> None:
    told = {}
    for release in ("0.7", "0.8.9", "0.9.3"):
        teacher = start(release=release)
        teacher.demo.faults.add("failing", cause="wrong_model_key", times=1)
        told[release] = teacher.ended(teacher.ask("Rome"))["error"]
    words = told["0.8.9"]["detail"]
    assert words.startswith("Error code: 401 - {'error': {'message': 'Incorrect API key provided")
    assert told == {
        "0.7": {"status_code": 500, "detail": f"OpenAI API error: {words}"},
        "0.8.9": {"status_code": 401, "detail": words},
        "0.9.3": {"status_code": 401, "detail": words},
    }


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
def test_times_are_utc_at_first_and_then_those_of_the_server(start: Start) -> None:
    teacher = start(release="0.9.3")
    task = teacher.ask("Rome")
    ended = teacher.ended(task)
    begun, accepted, changed = map(
        datetime.fromisoformat, (task["created_at"], task["updated_at"], ended["updated_at"])
    )
    assert abs(begun - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)
    assert begun == accepted
    assert timedelta(hours=3.9) < begun - changed < timedelta(hours=5.1)
    [deck] = teacher.listed()
    assert begun <= datetime.fromisoformat(deck["created_at"]) < begun + timedelta(minutes=1)
