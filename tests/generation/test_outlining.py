"""An outline first: proposed once, whoever dies meanwhile, and made into exactly the slides that its teacher wants."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest
import requests

from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library, Outlines
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]
MINE = ["# Rain\n- It falls.", "# Sea\n- It waits."]


def proposed(library: Library, asked: Presentation) -> Presentation:
    """The presentation, once its outline waits for its teacher."""
    found = eventually(lambda: now if (now := library.whole(None, asked.id)).awaits_teacher_since else None)
    assert found
    return found


def kinds(library: Library, asked: Presentation) -> list[str]:
    return [event.kind for event in library.timeline(None, asked.id)]


def slides_of(demo: DemoPresenton) -> Any:
    return demo.generations[-1].asked.slides_markdown


def test_it_is_made_of_what_its_teacher_made_of_the_outline(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    asked = library.create("rosa", "Water", 3, outline_first=True, grade="Grade 5", table_of_contents=False)
    waits = proposed(library, asked)
    assert (waits.status, waits.lease_owner, waits.queued_at, waits.attempts) == ("pending", None, None, 0)
    assert len(waits.outline or []) == 3
    [outline] = demo.outlines
    assert (outline.asked.content.rstrip("\u200b\u200c\u200d\u2060"), outline.asked.n_slides) == ("Water", 3)
    assert "Grade 5" in str(outline.asked.instructions)
    assert demo.generations == []
    accepted = Outlines(library).accept("rosa", asked.id, MINE)
    assert (accepted.n_slides, accepted.awaits_teacher_since) == (2, None)
    made = ended(library, asked)[0]
    assert (made.status, made.attempts, made.slides_total) == ("complete", 1, 2)
    assert slides_of(demo) == tuple(MINE)
    assert len(demo.outlines) == 1
    assert kinds(library, asked) == [
        *("asked", "started", "submitted", "outlined", "accepted", "started", "submitted", "complete"),
    ]


def test_others_go_on_while_an_outline_waits(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    start_worker(WORKER_THREADS="1")
    first = library.create("rosa", "Water", 3, outline_first=True)
    others = [library.create("rosa", f"Topic {number}", 1) for number in range(3)]
    assert {one.status for one in ended(library, *others)} == {"complete"}
    assert proposed(library, first).status == "pending"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_ends_while_an_outline_is_written(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, number: signal.Signals
) -> None:
    demo.hold("outline")
    worker = start_worker(DRAIN_TIMEOUT="1")
    asked = library.create("rosa", "Water", 3, outline_first=True)
    eventually(lambda: demo.held_outlines)
    worker.stop(number)
    demo.let_all_go()
    start_worker()
    assert len(proposed(library, asked).outline or []) == 3
    # One draft: what was begun is gone on with.
    assert len({outline.draft_id for outline in demo.outlines}) == 1


def test_a_worker_that_dies_after_make_it(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    worker = start_worker()
    asked = library.create("rosa", "Water", 3, outline_first=True)
    proposed(library, asked)
    demo.hold()
    Outlines(library).accept("rosa", asked.id, MINE)
    eventually(lambda: demo.held)
    worker.kill()
    demo.let_all_go()
    start_worker()
    assert ended(library, asked)[0].status == "complete"
    assert (len(demo.generations), slides_of(demo), len(demo.outlines)) == (1, tuple(MINE), 1)


def test_an_outline_whose_end_was_lost_is_there_and_not_written_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("lose_answer", path="/outlines/stream/", times=1)
    start_worker()
    proposed(library, library.create("rosa", "Water", 3, outline_first=True))
    assert len(demo.outlines) == 1


def test_an_outline_that_broke_off_is_written_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("cut", path="/outlines/stream/", times=1)
    start_worker()
    assert len(proposed(library, library.create("rosa", "Water", 3, outline_first=True)).outline or []) == 3
    assert len({outline.draft_id for outline in demo.outlines}) == 1


def test_a_draft_that_presenton_has_lost_is_begun_anew(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.hold("outline")
    worker = start_worker()
    asked = library.create("rosa", "Water", 3, outline_first=True)
    eventually(lambda: demo.held_outlines)
    worker.kill()
    demo.faults.add("forget_decks")
    demo.let_all_go()
    start_worker()
    proposed(library, asked)
    assert len({outline.draft_id for outline in demo.outlines}) == 2


def test_an_outline_that_fails_for_good_ends_with_a_sentence_and_can_be_tried_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("failing", cause="content_refused", path="/outlines/stream/", times=1)
    start_worker()
    asked = library.create("rosa", "Water", 3, outline_first=True)
    failed = ended(library, asked)[0]
    assert (failed.status, failed.error_cause) == ("error", "content_refused")
    library.retry("rosa", asked.id)
    assert proposed(library, asked).error is None


def test_one_that_is_cancelled_while_its_outline_is_written_frees_its_thread(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.hold("outline")
    start_worker(WORKER_THREADS="1")
    asked = library.create("rosa", "Water", 3, outline_first=True)
    eventually(lambda: demo.held_outlines)
    library.cancel("rosa", asked.id)
    demo.let_all_go()
    assert ended(library, library.create("rosa", "Next", 1))[0].status == "complete"
    assert library.get(None, asked.id).status == "cancelled"


def test_drafts_do_not_stay_in_presenton(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    start_worker()
    proposed(library, library.create("rosa", "Water", 3, outline_first=True))
    everything = f"{demo.url}/api/v1/ppt/presentation/all?include_slides=false"
    eventually(lambda: requests.get(everything, timeout=60).json() == [])


def test_a_presenton_without_outlines_is_said(library: Library, start_demo: Any, start_worker: StartWorker) -> None:
    start_worker(PRESENTON_URL=start_demo(release="0.8.9").url)
    failed = ended(library, library.create("rosa", "Water", 3, outline_first=True))[0]
    assert (failed.status, failed.attempts) == ("error", 0)
    assert "outline" in str(failed.error_detail)


def test_a_presenton_that_loses_each_draft_is_not_asked_for_ever(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("status", status=404, detail="Presentation not found", path="/outlines/")
    start_worker(MAX_ATTEMPTS="2")
    failed = ended(library, library.create("rosa", "Water", 3, outline_first=True))[0]
    assert (failed.status, failed.attempts) == ("error", 2)
    everything = f"{demo.url}/api/v1/ppt/presentation/all?include_slides=false"
    assert len(requests.get(everything, timeout=60).json()) == 2
