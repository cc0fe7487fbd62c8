"""What tests can do with the demo: order the ends of generations, kill it, have others make decks, let nobody in."""

from __future__ import annotations

import itertools
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.demo.caller import ALL, DECK, GENERATE, STATUS, Caller, Start, titles
from tests.support.waiting import eventually


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_generations_end_in_the_order_in_which_they_are_let_go(start: Start, order: tuple[int, ...]) -> None:
    teacher = start(release="0.9.3")
    teacher.demo.hold()
    tasks = [teacher.ask("Rome", 3) for _ in order]
    held = teacher.demo.held
    assert [one.id for one in held] == [task["id"] for task in tasks]
    for number in order:
        assert teacher.task(tasks[number])["status"] == "pending"
        teacher.demo.let_go(held[number])
        assert teacher.task(tasks[number])["status"] == "completed"
    newest_first = [held[number].presentation_id for number in reversed(order)]
    assert [deck["id"] for deck in teacher.listed()] == newest_first
    assert [one.presentation_id for one in teacher.demo.generations] == [one.presentation_id for one in held]
    assert teacher.demo.held == []


def test_a_generation_is_held_with_its_deck_there_and_its_file_not_yet(teacher: Caller) -> None:
    teacher.demo.hold("export")
    task = teacher.ask("Rome")
    assert teacher.task(task)["message"] == "Fetching assets for slides"
    assert [deck["content"] for deck in teacher.listed()] == ["Rome"]
    teacher.demo.let_all_go()
    assert teacher.task(task)["status"] == "completed"
    assert teacher.task(teacher.ask("Next"))["status"] == "completed"
    with pytest.raises(ValueError, match="at: expected one of slides, export"):
        teacher.demo.hold("outlines")


def test_a_blocking_call_is_held_and_let_fail(start: Start) -> None:
    teacher = start(release="0.8.9")
    teacher.demo.hold()
    with ThreadPoolExecutor() as people:
        calls = [people.submit(teacher.post, GENERATE, {"content": name, "n_slides": 1}) for name in ("One", "Two")]
        eventually(lambda: len(teacher.demo.held) == 2)
        one, two = sorted(teacher.demo.held, key=lambda held: held.asked.content)
        teacher.demo.let_go(two)
        assert calls[1].result(5).json()["presentation_id"] == two.presentation_id
        assert not calls[0].done()
        teacher.demo.let_go(one, cause="wrong_count")
        assert calls[0].result(5).status_code == 400
    assert [deck["content"] for deck in teacher.listed()] == ["Two"]


def test_a_killed_server_leaves_tasks_that_stand_still(start: Start) -> None:
    teacher = start(release="0.9.0", seconds_per_slide=0.1)
    done = teacher.ended(teacher.ask("Done", 1))
    cut, url = teacher.ask("Cut short", 50), teacher.demo.url
    eventually(lambda: teacher.task(cut)["status"] == "processing")
    teacher.demo.kill()
    with pytest.raises(requests.ConnectionError):
        teacher.get(ALL)
    teacher.demo.start()
    assert teacher.demo.url == url
    assert teacher.task(done) == done
    left = teacher.task(cut)
    assert left["status"] == "processing"
    later = teacher.ended(teacher.ask("Later", 1))
    assert later["status"] == "completed"
    assert teacher.task(cut) == left
    assert [deck["content"] for deck in teacher.listed()] == ["Later", "Done"]


def test_a_server_killed_while_it_exports_leaves_a_whole_deck_without_a_file(start: Start) -> None:
    teacher = start(release="0.9.3+837")
    teacher.demo.hold("export")
    task = teacher.ask("Rome", 4)
    teacher.demo.kill()
    teacher.demo.start()
    [deck] = teacher.listed()
    assert deck["id"] == task["data"]["presentation_id"]
    assert len(teacher.get(DECK + deck["id"]).json()["slides"]) == 4
    assert teacher.task(task)["status"] == "pending"
    assert teacher.demo.held == []


def test_a_port_that_somebody_has_meanwhile_is_waited_for(start: Start) -> None:
    demo = start().demo
    port = int(demo.url.rpartition(":")[2])
    demo.stop()
    somebody = eventually(lambda: _taken(port))
    assert somebody
    with somebody:
        starting = threading.Thread(target=demo.start)
        starting.start()
        starting.join(0.3)
        assert starting.is_alive()
        somebody.close()
        starting.join()
    assert requests.get(f"{demo.url}/api/v1/auth/status", timeout=60).status_code < 500


def _taken(port: int) -> socket.socket | None:
    """Any other test's connection may have been given this port in the meantime."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return None


def test_a_stop_after_a_kill_forgets_as_ever(start: Start) -> None:
    teacher = start()
    task = teacher.ask("Rome")
    for end in (teacher.demo.kill, teacher.demo.stop):
        assert teacher.get(STATUS + task["id"]).ok
        end()
        teacher.demo.start()
    assert teacher.get(STATUS + task["id"]).status_code == 404


def test_a_call_that_waits_is_cut_when_the_server_is_killed(teacher: Caller) -> None:
    teacher.demo.hold()
    with ThreadPoolExecutor() as people:
        call = people.submit(teacher.post, GENERATE, {"content": "Rome"})
        eventually(lambda: teacher.demo.held)
        teacher.demo.kill()
        assert isinstance(call.exception(5), requests.ConnectionError)


def test_uploads_are_gone_after_a_restart(start: Start) -> None:
    teacher = start(release="0.9.3")
    files = [("files", ("درس 1.txt", b"", "text/plain")), ("files", ("plan.pdf", b"%PDF", "application/pdf"))]
    url = teacher.demo.url + "/api/v1/ppt/files/upload"
    paths = teacher.session.post(url, files=files, timeout=30).json()
    assert [path.rpartition("/")[2] for path in paths] == ["درس 1.txt", "plan.pdf"]
    asked = {"content": "", "n_slides": 2, "files": paths}
    made = teacher.post(GENERATE, asked).json()
    assert titles(teacher.get(made["path"]).content)[0] == "Untitled"
    teacher.demo.stop()
    teacher.demo.start()
    gone = teacher.post(GENERATE, asked)
    assert (gone.status_code, gone.json()) == (404, {"detail": "File not found"})


def test_somebody_elses_deck_grows_on_presentons_own_pages(start: Start) -> None:
    teacher = start(release="0.9.3")
    deck_id = teacher.demo.people.begin("Rome", 5)

    def shown() -> tuple[str | None, int, bool]:
        deck = teacher.get(DECK + deck_id).json()
        return deck["title"], len(deck["slides"]), deck["updated_at"] > deck["created_at"]

    assert shown() == (None, 0, False)
    teacher.demo.people.outline(deck_id)
    assert shown() == ("Rome", 0, True)
    teacher.demo.people.write(deck_id, 3)
    assert shown() == ("Rome", 3, True)
    teacher.demo.people.write(deck_id)
    assert shown() == ("Rome", 5, True)
    with pytest.raises(KeyError):
        teacher.demo.people.write("unknown")


def test_somebody_elses_deck_can_be_made_over_http(teacher: Caller) -> None:
    draft, whole = (
        teacher.post("/demo/decks", {"content": "Rome", "n_slides": 4, "slides": slides}).json()["id"]
        for slides in (0, 4)
    )
    assert [len(teacher.get(DECK + deck_id).json()["slides"]) for deck_id in (draft, whole)] == [0, 4]
    assert [deck["title"] for deck in teacher.listed()] == ["Rome", None]
    assert teacher.demo.generations == []
    assert teacher.post("/demo/decks", {"n_slides": 4}).status_code == 400


def test_generations_fail_so_many_times_or_until_it_is_over(teacher: Caller) -> None:
    teacher.demo.faults.add("failing", cause="wrong_count", times=2)
    statuses = [teacher.ended(teacher.ask("Rome"))["status"] for _ in range(3)]
    assert statuses == ["error", "error", "completed"]
    teacher.demo.faults.add("failing", cause="no_credit")
    assert [teacher.post(GENERATE, {"content": "Rome"}).status_code for _ in range(3)] == [429] * 3
    assert teacher.listed()
    teacher.demo.faults.clear()
    assert teacher.made("Rome")


def test_an_export_of_a_deck_that_is_there_can_fail(teacher: Caller) -> None:
    deck_id = teacher.made("Rome")["presentation_id"]
    teacher.demo.faults.add("failing", cause="export", path="/edit", times=1)
    change = {"presentation_id": deck_id, "slides": [], "export_as": "pptx"}
    answers = [teacher.post(DECK + "edit", change) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 200]
    assert answers[0].json()["detail"].startswith("Export task failed.")


def test_a_key_can_be_revoked_for_a_while(start: Start) -> None:
    teacher = Caller(start(release="0.9.3", api_key="sk-presenton-1").demo, key="sk-presenton-1")
    path = teacher.made("Rome")["path"]
    teacher.demo.faults.add("key_refused")
    for refused in (teacher.get(ALL), teacher.post(GENERATE, {"content": "x"}), teacher.get("/api/v1/auth/verify")):
        assert (refused.status_code, refused.json()) == (401, {"detail": "Unauthorized"})
    assert teacher.get(path).status_code == 401
    assert teacher.get("/api/v1/auth/status").json()["authenticated"] is False
    teacher.demo.faults.clear()
    assert teacher.get(path).ok


def test_a_server_can_be_not_set_up_for_a_while(teacher: Caller) -> None:
    teacher.demo.faults.add("not_set_up")
    refused = teacher.post(GENERATE, {"content": "x"})
    assert (refused.status_code, refused.json()["setup_required"]) == (428, True)
    assert teacher.get("/api/v1/auth/status").json()["configured"] is False
    assert teacher.demo.generations_of("x") == 0
    teacher.demo.faults.clear()
    assert teacher.made("x")


@pytest.mark.parametrize(("found", "status"), [(True, 200), (False, 404)])
def test_a_web_server_that_is_no_presenton_can_answer(teacher: Caller, found: bool, status: int) -> None:
    teacher.demo.faults.add("web_server", found=found)
    answers = [teacher.get("/"), teacher.get("/api/v1/auth/status"), teacher.get(ALL), teacher.post(GENERATE, {})]
    assert {answer.status_code for answer in answers} == {status}
    assert {answer.headers["Content-Type"] for answer in answers} == {"text/html; charset=utf-8"}
    assert "<html>" in answers[0].text


def test_a_status_can_have_words_of_its_own(teacher: Caller) -> None:
    teacher.demo.faults.add("status", path="/generate/async", status=500, detail="Presentation generation failed")
    answer = teacher.post(GENERATE + "/async", {"content": "x"})
    assert (answer.status_code, answer.json()) == (500, {"detail": "Presentation generation failed"})
    assert teacher.demo.generations_of("x") == 0
