"""Who said an error decides how often Presenton is asked, and what the teacher is told: alike in both modes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended
from tests.support.processes import Process

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]

MODES = pytest.mark.parametrize("mode", ["async", "sync"])


@MODES
@pytest.mark.parametrize(
    ("cause", "kept", "said"),
    [
        (
            "provider_error",
            "model_busy",
            "out of order. This is not your fault; your admin has been told.",
        ),
        ("provider_overloaded", "model_busy", "too busy, or out of order"),
        ("provider_busy", "model_busy", "too busy, or out of order"),
        ("provider_unreachable", "model_unreachable", "cannot reach the school's language model"),
        ("wrong_count", "model_answer", "gave no slides that could be used"),
        ("bad_json", "model_answer", "gave no slides that could be used"),
        ("export", "export", "no file could be made of them"),
        ("file_gone", "file_lost", "lost the files it was given. This is not your fault; trying again usually helps."),
    ],
)
def test_what_may_pass_is_tried_three_times(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str, cause: str, kept: str, said: str
) -> None:
    demo.faults.add("failing", cause=cause)
    start_worker(PRESENTON_MODE=mode)
    failed = ended(library, library.create("alice", "Photosynthesis", 2))[0]
    assert (failed.status, failed.attempts, failed.error_cause) == ("error", 3, kept)
    assert said in (failed.error or "")
    assert demo.generations_of("Photosynthesis") == 3


@MODES
@pytest.mark.parametrize(
    ("cause", "kept", "said"),
    [
        ("content_refused", "content_refused", "refuses to write about this. Please put it in other words."),
        ("too_long", "text_too_long", "too long for the school's language model"),
        ("wrong_model_key", "model_key", "does not let the slide generator in. This is not your fault; your admin has"),
        ("no_credit", "model_credit", "credit for its language model is used up"),
    ],
)
def test_what_lasts_is_over_at_once(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str, cause: str, kept: str, said: str
) -> None:
    demo.faults.add("failing", cause=cause)
    start_worker(PRESENTON_MODE=mode)
    failed = ended(library, library.create("alice", "Photosynthesis", 2))[0]
    assert (failed.status, failed.attempts, failed.error_cause) == ("error", 1, kept)
    assert said in (failed.error or "")
    assert demo.generations_of("Photosynthesis") == 1


@MODES
def test_what_passes_is_made_after_all(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("failing", cause="wrong_count", times=2)
    start_worker(PRESENTON_MODE=mode)
    made = ended(library, library.create("alice", "Photosynthesis", 2))[0]
    assert (made.status, made.attempts, made.error_detail) == ("complete", 3, None)


@MODES
def test_a_template_that_is_gone_is_named(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    start_worker(PRESENTON_MODE=mode)
    refused = ended(library, library.create("alice", "Photosynthesis", 3, template="no such template"))[0]
    assert (refused.status, refused.attempts, refused.error_cause) == ("error", 0, "template")
    assert refused.error == (
        "The slide generator has no template “no such template”. Choose another one, and try again."
    )
    assert "Template not found" in (refused.error_detail or "")
    assert demo.generations_of("Photosynthesis") == 0


@pytest.mark.parametrize(("release", "mode"), [("0.7", "async"), ("0.8.9", "sync"), ("0.9.3", "sync")])
def test_older_releases_tell_it_in_other_words(
    library: Library, start_demo: StartDemo, start_worker: StartWorker, release: str, mode: str
) -> None:
    demo = start_demo(release=release)
    demo.faults.add("failing", cause="wrong_model_key")
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE=mode)
    failed = ended(library, library.create("alice", "Photosynthesis", 2))[0]
    assert (failed.attempts, failed.error_cause) == (1, "model_key")


@MODES
@pytest.mark.parametrize("html", [False, True])
def test_a_500_at_the_submit_counts(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str, html: bool
) -> None:
    demo.faults.add("status", status=500, html=html, path="/generate")
    start_worker(PRESENTON_MODE=mode)
    failed = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (failed.status, failed.attempts) == ("error", 3)
    assert failed.error == (
        "The slide generator could not finish it. This is not your fault; trying again usually helps."
    )
    assert demo.requests_of("Photosynthesis") == 3


@pytest.mark.parametrize("status", [502, 503])
def test_a_proxys_error_is_not_the_providers(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, status: int
) -> None:
    demo.faults.add("status", status=status, html=True, path="/generate", times=5)
    start_worker(PRESENTON_MODE="sync")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts) == ("complete", 1)
