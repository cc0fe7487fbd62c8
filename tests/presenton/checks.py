"""What happens in a working day, in this order. Each check is a row of the matrix in docs/presenton.md."""

from __future__ import annotations

from collections.abc import Callable

from presentations.database.models import CANCELLED, COMPLETE, ERROR, Presentation
from tests.presenton.day import Day
from tests.support.presentations import ended
from tests.support.waiting import eventually

Check = Callable[[Day], None]

SCRIPTS = {
    "English": "Rivers of Europe",
    "German": "Größe, Maß und Übermut",
    "Russian": "Вулканы и землетрясения",
    "Greek": "Ελλάδα και θάλασσα",
    "Arabic": "دورة الماء في الطبيعة",
    "Hebrew": "מחזור המים",
    "Hindi": "प्रकाश संश्लेषण",
    "Thai": "การสังเคราะห์ด้วยแสง",
    "Chinese": "光合作用",
    "Japanese": "火山のしくみ",
    "Korean": "광합성",
    "Emoji": "Whales 🐋 and 👩🏽‍🔬",
}
PASSING = (
    *("provider_error", "provider_overloaded", "provider_busy", "provider_unreachable"),
    *("wrong_count", "bad_json", "export"),
)
LASTING = ("content_refused", "too_long", "wrong_model_key", "no_credit")
MOST_ATTEMPTS = 3
MATERIAL = {"Basalt.txt": "Basalt cools fast.", "الصخور.txt": "الحجر الرملي", "Größe 1.md": "# Kalk löst sich."}
MY_TEXT = "# Wörtlich\n\n- Zuerst das.\n- Dann das.\n---\n# الخاتمة\n\n- النهاية"
MY_SLIDES = [("Wörtlich", ["Zuerst das.", "Dann das."]), ("الخاتمة", ["النهاية"])]


def is_there_alone(day: Day) -> None:
    """One of 5 slides, and one of 25"""
    day.is_made(day.ask("Five slides", 5), day.ask("Twenty-five slides", 25))


def writes_all_scripts(day: Day) -> None:
    """Topics in all scripts"""
    day.is_made(*(day.ask(topic, language=language) for language, topic in SCRIPTS.items()))


def reads_material(day: Day) -> None:
    """Made from files and a text, whose words stand on the slides"""
    one = day.ask_from("Volcanic rocks", 8, MATERIAL, text="Granite cools slowly.")
    day.is_made(one)
    day.says_all_of(("Granite cools slowly.", "Basalt cools fast.", "الحجر الرملي", "Kalk löst sich."), one)


def material_lost(day: Day) -> None:
    """The files that were given to Presenton are lost before it reads them: it is given them anew"""
    day.demo.faults.add("slow", path="/generate", delay=600, times=1)
    one = day.ask_from("Lost material", 4, MATERIAL)
    day.may_be_made[one.topic] += 1
    eventually(lambda: day.demo.requests_of(one.topic))
    day.demo.faults.add("forget_uploads")
    day.demo.faults.clear()
    assert day.is_made(one)[0].attempts == 2
    day.says_all_of(("Basalt cools fast.", "Kalk löst sich."), one)


def keeps_wording(day: Day) -> None:
    """A text whose wording is kept: a slide for each part, in its own words"""
    one = day.ask("Wörtlich", text=MY_TEXT, keep_wording=True)
    day.is_made(one)
    assert day.slides(one) == MY_SLIDES


def outlined(day: Day) -> None:
    """An outline first: proposed from files, changed by its teacher, and made of exactly that"""
    one = day.ask_from("An outline", 4, MATERIAL, outline_first=True)
    eventually(lambda: day.library.whole(None, one.id).awaits_teacher_since)
    title, *proposed = day.library.whole(None, one.id).outline or []
    assert len(proposed) == 3
    assert "Basalt cools fast." in "".join(proposed)
    day.outlines.accept(one.user_id, one.id, [title, *proposed[:0:-1], "## Lava\n- It glows."])
    day.is_made(one)
    titles = [part.splitlines()[0].removeprefix("## ") for part in (title, *proposed[:0:-1])]
    assert [title for title, _ in day.slides(one)] == [*titles, "Lava"]
    assert day.slides(one)[-1] == ("Lava", ["It glows."])


def names_templates(day: Day) -> None:
    """Its templates can be chosen"""
    items = day.templates()
    assert {"general", "modern"} <= {item["name"].lower() for item in items}
    for item in (items[0], items[-1]):
        one = day.ask(f"Looks like {item['name']}", template=item["id"])
        day.is_made(one)
        assert {slide["layout_group"] for slide in day.deck(one)["slides"]} == {item["id"]}


def shows_templates(day: Day) -> None:
    """Its templates have descriptions and pictures"""
    assert all(item["description"] for item in day.templates())
    pictures = day.template_pictures()
    assert {answer.mimetype for answer in pictures} == {"image/png"}
    assert len({answer.data for answer in pictures}) == len(pictures) > 1


def two_alike(day: Day) -> None:
    """Two alike at once, in two languages; the later one is done first"""
    day.demo.hold()
    _end_in_reverse(day, [day.ask("Two languages", language=language) for language in ("English", "German")])


def two_the_same(day: Day) -> None:
    """Two that are the same in everything"""
    day.demo.hold()
    one, two = _end_in_reverse(day, [day.ask("The same twice") for _ in range(2)])
    assert one.presenton_id != two.presenton_id


def _end_in_reverse(day: Day, asked: list[Presentation]) -> list[Presentation]:
    day.is_begun(*asked)
    for held in reversed(day.demo.held):
        day.demo.let_go(held)
        eventually(lambda: held.presentation_id in {day.now(one).presenton_id for one in asked})  # noqa: B023
    return day.is_made(*asked)


def cancelled(day: Day) -> None:
    """Cancelled while it is made; one of two is tried again"""
    day.demo.hold()
    for_good, for_now = day.ask("Cancelled for good"), day.ask("Cancelled for now")
    day.is_begun(for_good, for_now)
    for one in (for_good, for_now):
        day.library.cancel(None, one.id)
    day.library.retry(None, for_now.id)
    day.demo.let_all_go()
    day.is_made(for_now)
    assert day.now(for_good).status == CANCELLED


def answer_lost(day: Day) -> None:
    """Presenton's answer is lost, while somebody drafts the same on its own pages"""
    day.demo.people.begin("The lost answer", 2, "English")
    day.demo.faults.add("lose_answer", times=1)
    day.is_made(day.ask("The lost answer"))


def worker_killed(day: Day) -> None:
    """The worker is killed; the next one carries on"""
    day.demo.hold()
    asked = [day.ask(f"Worker killed {n}") for n in range(3)]
    day.is_begun(*asked)
    day.worker.kill()
    day.demo.let_all_go()
    day.in_other_hands()
    day.is_made(*asked)


def server_killed(day: Day) -> None:
    """Presenton is killed and started again: what it was at stands still for ever, and is made anew"""
    day.demo.hold()
    day.demo.faults.add("hang", path="/status/")  # nobody sees how far it came before it was killed
    asked = [day.ask(f"Presenton killed {n}") for n in range(3)]
    eventually(lambda: all(day.now(one).presenton_task_id or day.now(one).message == "Writing" for one in asked))
    day.may_be_made.update(one.topic for one in asked)
    day.demo.kill()
    day.demo.faults.clear()
    _start_once_missed(day, asked)
    day.is_made(*asked)


def _start_once_missed(day: Day, asked: list[Presentation]) -> None:
    try:
        eventually(lambda: all(day.now(one).fault_since for one in asked))
    finally:
        day.demo.start()


def away(day: Day) -> None:
    """Presenton is away when it is asked"""
    day.demo.stop()
    asked = [day.ask(f"Presenton away {n}") for n in range(2)]
    _start_once_missed(day, asked)
    day.is_made(*asked)


def gateway_errors(day: Day) -> None:
    """The gateway before Presenton cannot reach it for a while"""
    day.demo.hold()
    at_work = day.ask("Before the gateway failed")
    day.is_begun(at_work)
    day.demo.faults.add("status", status=502, html=True)
    late = day.ask("While the gateway failed")
    eventually(lambda: day.now(late).fault_since)
    day.demo.let_all_go()
    day.demo.faults.clear()
    day.is_made(at_work, late)


def key_refused(day: Day) -> None:
    """Lectern's key is refused; when it is right again, nothing was lost"""
    day.demo.faults.add("key_refused")
    before = day.times_asked()
    asked = [day.ask(f"Key refused {n}") for n in range(3)]
    eventually(lambda: day.times_asked() > before)
    day.worker.stop()
    day.demo.faults.clear()
    day.in_other_hands()
    day.is_made(*asked)


def provider_recovers(day: Day) -> None:
    """The model provider fails once, in each way that passes"""
    for cause in PASSING:
        day.demo.faults.add("failing", cause=cause, times=1)
        topic = f"Passing: {cause}"
        day.may_be_made[topic] += 1
        day.is_made(day.ask(topic))


def provider_refuses(day: Day) -> None:
    """The model provider refuses, in each way that lasts: it ends with a sentence"""
    for cause in LASTING:
        topic = f"Lasting: {cause}"
        day.demo.faults.add("failing", cause=cause)
        [failed] = ended(day.library, day.ask(topic))
        day.demo.faults.clear()
        assert (failed.status, bool(failed.error)) == (ERROR, True)
        day.may_be_made[topic] = 1 if day.family.tells_causes else MOST_ATTEMPTS


def all_have_ended(day: Day) -> None:
    """All are complete, or ended as they had to"""
    by_topic = {one.topic: day.now(one).status for one in day.asked}
    expected = {topic: ERROR if topic.startswith("Lasting") else COMPLETE for topic in by_topic}
    assert by_topic == expected | {"Cancelled for good": CANCELLED}


def _complete(day: Day) -> list[Presentation]:
    return [now for now in map(day.now, day.asked) if now.status == COMPLETE]


def all_have_files(day: Day) -> None:
    """Each complete one has its file, which Lectern gives to its teacher"""
    for one in _complete(day):
        day.has_its_file(one)


def none_are_swapped(day: Day) -> None:
    """Each has the deck that was made for it, and nobody else has it"""
    complete = _complete(day)
    for one in complete:
        day.is_its_own(one)
    assert len({one.presenton_id for one in complete}) == len(complete)


def none_made_twice(day: Day) -> None:
    """None is generated more often than it had to be"""
    made = {topic: day.times_made(topic) for topic in day.may_be_made}
    assert {topic: count for topic, count in made.items() if count > day.may_be_made[topic]} == {}


CHECKS: dict[str, Check] = {
    str(check.__doc__): check
    for check in (
        is_there_alone,
        writes_all_scripts,
        reads_material,
        material_lost,
        keeps_wording,
        outlined,
        names_templates,
        shows_templates,
        two_alike,
        two_the_same,
        cancelled,
        answer_lost,
        worker_killed,
        server_killed,
        away,
        gateway_errors,
        key_refused,
        provider_recovers,
        provider_refuses,
        all_have_ended,
        all_have_files,
        none_are_swapped,
        none_made_twice,
    )
}
