"""The page in a real Chromium: what a teacher sees, types and clicks while presentations are made."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import update

from presentations.accounts import Accounts
from presentations.database.models import CANCELLED, Delivery
from presentations.webhooks import Webhooks
from tests.support.maker import Maker
from tests.support.presentations import organise


def test_teacher_asks_and_it_is_there_at_once(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page()
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.locator("summary").filter(has_text="How it looks").click()
    page.get_by_label("Tone", exact=True).select_option("Funny")
    page.locator("#ask").click()
    in_progress = page.get_by_role("region", name="In progress")
    expect(in_progress).to_contain_text("Volcanoes")
    expect(in_progress).to_contain_text("Waiting: first in line")
    expect(page.get_by_role("status").filter(has_text="It will be made")).to_be_visible()
    (asked,) = maker.library.list("teacher").items
    assert (asked.tone, asked.n_slides) == ("funny", 5)


def test_progress_comes_by_itself_and_half_typed_text_stays(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.evaluate("window.neverReloaded = true")
    page.get_by_text("+ New subject").click()
    name = page.get_by_label("Name of the new subject")
    name.press_sequentially("Bio")
    maker.start(row, done=3)
    expect(page.get_by_text("Writing slide 4 of 8 · started just now")).to_be_visible()
    expect(page.get_by_role("progressbar", name="3 of 8 slides done")).to_be_visible()
    expect(name).to_be_focused()
    page.keyboard.type("logy")
    expect(name).to_have_value("Biology")
    maker.finish(row)
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Volcanoes")
    expect(page.get_by_role("region", name="In progress")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Ready: “\u2068Volcanoes\u2069”")).to_be_visible()
    expect(page).to_have_title("Ready: “\u2068Volcanoes\u2069”")
    expect(name).to_be_focused()
    assert page.evaluate("window.neverReloaded")


def test_open_menu_and_open_details_survive_news_around_them(open_page: Callable[..., Page], maker: Maker) -> None:
    running, old = maker.ask("Volcanoes"), maker.ask("Cells")
    maker.ask("Not needed", status=CANCELLED)
    maker.start(running, done=1)
    maker.finish(old)
    page = open_page()
    page.get_by_text("Cancelled (1)").click()
    page.get_by_role("link", name="Move “Cells”").click()
    subject = page.get_by_label("A new subject")
    subject.press_sequentially("Bio")
    maker.finish(running)
    expect(page.get_by_role("region", name="Unorganized").get_by_role("heading", level=3)).to_have_text(
        ["Cells", "Volcanoes"]
    )
    expect(page.get_by_role("button", name="Make it after all")).to_be_visible()
    expect(subject).to_be_focused()
    page.keyboard.type("logy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Biology")).to_contain_text("Cells")
    assert maker.library.get("teacher", old).subject == "biology"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Cells")
    assert maker.library.get("teacher", old).subject == "default"


def test_refused_subject_stays_with_its_complaint(open_page: Callable[..., Page], maker: Maker) -> None:
    maker.finish(maker.ask("Cells"))
    page = open_page()
    page.get_by_role("link", name="Move “Cells”").click()
    subject = page.get_by_label("A new subject")
    subject.evaluate("field => field.removeAttribute('maxlength')")
    subject.fill("x" * 81)
    subject.press("Enter")
    expect(page.get_by_text("Expected at most 80 characters, got 81.")).to_be_visible()
    expect(subject).to_have_value("x" * 81)


def test_a_text_that_is_too_long_is_said_while_it_is_typed(open_page: Callable[..., Page]) -> None:
    page = open_page()
    topic = page.get_by_label("What should it be about?")
    topic.fill("\U0001f30b" * 501)
    expect(page.get_by_role("alert")).to_have_text("Expected at most 500 characters, got 501.")
    expect(topic).to_have_accessible_description("Expected at most 500 characters, got 501.")
    topic.press("Backspace")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert topic.get_attribute("aria-invalid") is None


def test_several_are_ticked_with_shift_and_moved_at_once(open_page: Callable[..., Page], maker: Maker) -> None:
    for topic in ("Cells", "Genes", "Leaves"):
        maker.finish(maker.ask(topic))
    page = open_page()
    page.get_by_label("Select “Leaves”").check()
    page.get_by_label("Select “Cells”").click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_label("Move them to the subject").fill("Biology")
    page.get_by_label("Move them to the subject").press("Enter")
    expect(page.get_by_role("region", name="Biology").get_by_role("article")).to_have_count(3)
    expect(page.get_by_text("selected")).to_be_hidden()


def test_card_is_dragged_onto_a_subject(open_page: Callable[..., Page], maker: Maker) -> None:
    cells, leaves = maker.ask("Cells"), maker.ask("Leaves")
    maker.finish(cells)
    maker.finish(leaves)
    organise(maker.library, "teacher", cells, "Biology")
    page = open_page()
    page.get_by_role("article").filter(has_text="Leaves").drag_to(page.locator("#contents [data-subject=Biology]"))
    expect(page.get_by_role("region", name="Biology").get_by_role("article")).to_have_count(2)


def test_nothing_moves_under_what_is_dragged(open_page: Callable[..., Page], maker: Maker) -> None:
    cells, leaves = maker.ask("Cells"), maker.ask("Leaves")
    maker.finish(cells)
    maker.finish(leaves)
    organise(maker.library, "teacher", cells, "Biology")
    page = open_page()
    subject, newer = (page.locator(f"#contents [data-subject={name}]") for name in ("Biology", "Anatomy"))
    place = subject.bounding_box()
    page.get_by_role("article").filter(has_text="Leaves").hover()
    page.mouse.down()
    subject.hover()
    # Another tab makes a subject that comes first.
    with page.expect_response(
        lambda answer: answer.status == 200 and "x-lectern-look" in answer.request.headers
    ) as news:
        organise(maker.library, "teacher", cells, "Anatomy")
    news.value.finished()
    page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    assert (subject.bounding_box(), newer.count()) == (place, 0)
    page.mouse.up()
    expect(newer).to_be_visible()
    expect(page.get_by_role("region", name="Biology")).to_contain_text("Leaves")
    page.get_by_role("article").filter(has_text="Leaves").hover()
    page.mouse.down()
    page.get_by_role("heading", name="Subjects").hover()
    page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="Nothing was moved. Drop it on a subject")).to_be_visible()
    page.locator("#main").focus()
    page.keyboard.press("m")
    expect(page.get_by_role("status").filter(has_text="Nothing to move here.")).to_be_visible()


def test_keyboard_moves_renames_searches_and_undoes(open_page: Callable[..., Page], maker: Maker) -> None:
    for topic in ("Cells", "Leaves"):
        maker.finish(maker.ask(topic))
    page = open_page()
    expect(page.get_by_role("region", name="Unorganized")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("article").filter(has_text="Leaves")).to_be_focused()
    page.keyboard.press("m")
    page.get_by_label("A new subject").fill("Biology")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Biology")).to_contain_text("Leaves")
    page.keyboard.press("u")
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Leaves")
    page.keyboard.press("/")
    page.keyboard.type("cel")
    expect(page.get_by_role("heading", name="Found for “cel”")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/search\?q=cel$"))
    page.go_back()
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("article").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="What the keyboard does")).to_be_visible()


def test_focus_follows_a_presentation_to_its_new_place(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.get_by_role("button", name="Cancel “Volcanoes”").focus()
    maker.finish(row)
    expect(page.get_by_role("article").filter(has_text="Volcanoes")).to_be_focused()


def test_forms_still_work_after_signing_in_anew_beside_them(
    open_page: Callable[..., Page], sign_in: Callable[[Page], None], maker: Maker
) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    sign_in(page.context.new_page())
    maker.start(row, done=1)
    expect(page.get_by_text("Writing slide 2 of 8")).to_be_visible()
    page.get_by_role("button", name="Cancel “Volcanoes”").click()
    expect(page.get_by_text("Cancelled (1)")).to_be_visible()


def test_page_left_open_asks_to_sign_in_when_the_session_ends(
    open_page: Callable[..., Page], accounts: Accounts, maker: Maker
) -> None:
    maker.ask("Volcanoes")
    page = open_page()
    accounts.deactivate("teacher")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_page_in_the_background_does_not_look(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url) if request.url == page.url else None)
    page.clock.install()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    maker.start(row, done=1)
    page.clock.run_for(60_000)
    assert looks == []
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Writing slide 2 of 8")).to_be_visible()


def test_going_back_from_an_answer_leaves_a_form_that_works(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page()
    for topic in ("Volcanoes", "Earthquakes"):
        page.get_by_role("link", name="+ New presentation").click()
        page.get_by_label("What should it be about?").fill(topic)
        page.locator("#ask").click()
        expect(page.get_by_role("region", name="In progress")).to_contain_text(topic)
        page.go_back()
    assert {p.topic for p in maker.library.list("teacher").items} == {"Volcanoes", "Earthquakes"}


def test_a_secret_is_shown_once_and_a_test_tells_how_it_went(
    open_page: Callable[..., Page], address: str, maker: Maker
) -> None:
    page = open_page()
    page.goto(f"{address}account")
    page.get_by_label("What it is for").fill("laptop")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_label("The secret")).to_contain_text("lectern_")
    expect(page.get_by_label("What it is for")).to_have_value("")
    page.get_by_label("Address that messages are sent to").fill("http://127.0.0.1:9/")
    page.get_by_role("button", name="Make a webhook").click()
    # Lectern is not let into its own network here.
    expect(page.get_by_text("not one on the public internet")).to_be_visible()
    expect(page.get_by_label("Address that messages are sent to")).to_be_focused()
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook = webhooks.subscribe("teacher", "http://127.0.0.1:9/").webhook
    page.reload()
    expect(page.get_by_label("The secret")).to_have_count(0)
    page.get_by_role("link", name=webhook.url).click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("on its way", exact=False).first).to_be_visible()
    with maker.database.begin() as session:
        session.execute(update(Delivery).values(status="delivered", status_code=204, duration_ms=7))
    expect(page.get_by_text("delivered · status 204 · 7 ms")).to_be_visible()
