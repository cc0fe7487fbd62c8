"""The examples, run as a stranger would run them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from presentations.demo.server import DemoPresenton
from presentations.library import Library, Uploads, read_slide
from tests.support.material import a_pdf_of
from tests.support.presentations import ended
from tests.support.processes import ROOT, Process


def chat(environment: dict[str, str], *arguments: str, typed: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "examples.chat", *arguments],
        cwd=ROOT,
        env={"PYTHONWARNINGS": "error", "PYTHONUTF8": "1", **environment},
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_the_chat_goes_on_and_announces_what_is_done(
    environment: dict[str, str], library: Library, start_worker: Callable[..., Process]
) -> None:
    of_before = library.create("teacher", "Of before the chat")
    start_worker()
    ended(library, of_before)
    lines = chat(environment)
    made = library.list("teacher").items[0]
    announcement = f"Agent: Your slides “Photosynthesis” are ready: http://127.0.0.1:8000/presentations/{made.id}"
    assert lines.count(announcement) == 1
    lines.remove(announcement)
    assert lines == [
        "Teacher: Please make me 3 slides about photosynthesis",
        "Agent: I have started it, and will let you know when it is done. What else can I do?",
        "Teacher: What is the formula of glucose?",
        "Agent: C6H12O6.",
        "Teacher: How many presentations do I have?",
        "Agent: There are 2.",
    ]


def test_a_pdf_becomes_an_edited_outline_and_a_finished_deck(
    environment: dict[str, str],
    library: Library,
    uploads: Uploads,
    start_worker: Callable[..., Process],
    demo: DemoPresenton,
    tmp_path: Path,
) -> None:
    start_worker()
    lines = chat(environment, "--file", str(a_pdf_of(tmp_path / "Chapter 3.pdf", 30)))
    [made] = library.list("teacher").items
    outline = library.whole("teacher", made.id).outline or []
    assert (made.status, made.n_slides, made.slides_total, len(outline)) == ("complete", 3, 3, 3)
    assert [one.name for one in uploads.of("teacher", made.id)] == ["Chapter 3.pdf"]
    assert demo.generations[-1].asked.slides_markdown == tuple(outline)
    titles = [read_slide(slide)[0] for slide in outline]
    assert lines[:3] == [
        "Teacher: (gives Chapter 3.pdf)",
        "Teacher: Please make me 4 slides about my chapter, and show me an outline first",
        "Agent: I have started it, and will let you know when it is done. What else can I do?",
    ]
    assert lines[4].startswith(f"Agent: It waits for your word: 1. {titles[0]}; 2. {titles[1]}; 3. {titles[2]}; 4. ")
    assert lines[-1] == f"Agent: Your slides “My chapter” are ready: http://127.0.0.1:8000/presentations/{made.id}"


def test_one_can_talk_oneself(environment: dict[str, str], start_worker: Callable[..., Process]) -> None:
    start_worker()
    lines = chat(
        environment, "--interactive", "--user", "alice", typed="Hello\n99 slides about Rome\n2 slides about Rome\n"
    )
    assert "Agent: I can make slides. Just ask!" in lines
    assert any("n_slides: expected a whole number from 1 to 50" in line for line in lines)
    assert lines[-1].startswith("Agent: Your slides “Rome” are ready: http")
