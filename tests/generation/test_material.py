"""Presenton is given the files before it is asked, at each attempt, and nothing is asked twice for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.files import Store, upload_key
from presentations.library import Library, Uploads
from presentations.settings import Settings
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.uploads import Give
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]

MODES = pytest.mark.parametrize("mode", ["async", "sync"])
WORDS = "Mitochondria make the energy of a cell."


@pytest.fixture
def asked(library: Library, give: Give) -> Presentation:
    """From a text and a Markdown file, in this order."""
    files = [give("alice", "cells.txt", WORDS), give("alice", "more.md", "# More\n\nRibosomes make proteins.")]
    return library.create("alice", "Cells", 3, file_ids=[one.id for one in files])


def slides_of(demo: DemoPresenton, made: Presentation) -> str:
    answer = requests.get(f"{demo.url}/api/v1/ppt/presentation/{made.presenton_id}", timeout=30)
    return answer.text


@MODES
def test_slides_are_made_of_all_that_was_given(
    library: Library, asked: Presentation, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    start_worker(PRESENTON_MODE=mode)
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1), made.error_detail
    assert "Mitochondria" in slides_of(demo, made)
    assert "Ribosomes" in slides_of(demo, made)


@MODES
def test_files_that_presenton_lost_are_given_to_it_once_more(
    library: Library, asked: Presentation, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("slow", path="/generate", delay=600, times=1)
    start_worker(PRESENTON_MODE=mode)
    eventually(lambda: demo.requests_of("Cells"))
    assert demo.uploads == ["cells.txt", "more.txt"]
    demo.faults.add("forget_uploads")  # it is started again before it reads them
    demo.faults.clear()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 2)
    assert "Mitochondria" in slides_of(demo, made)
    assert "Ribosomes" in slides_of(demo, made)
    assert demo.uploads == ["cells.txt", "more.txt"]


def test_files_that_presenton_lost_before_it_wrote_an_outline_are_given_to_it_once_more(
    library: Library, give: Give, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("slow", path="/outlines/stream/", delay=600, times=1)
    start_worker()
    asked = library.create("alice", "Cells", 3, file_ids=[give("alice", content=WORDS).id], outline_first=True)
    eventually(lambda: demo.faults.standing() == [] and demo.uploads)
    demo.faults.add("forget_uploads")
    demo.faults.clear()
    waits = eventually(lambda: now if (now := library.whole("alice", asked.id)).awaits_teacher_since else None)
    assert waits
    assert "Mitochondria" in "".join(waits.outline or [])
    assert demo.uploads == ["cells.txt"]


def test_a_worker_that_dies_while_it_gives_them_has_asked_for_nothing(
    library: Library, asked: Presentation, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("hang", path="/files/upload")
    worker = start_worker()
    eventually(lambda: library.get(None, asked.id).status == "processing")
    worker.kill()
    assert library.get(None, asked.id).attempts == 0
    demo.faults.clear()
    start_worker()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert demo.generations_of("Cells") == 1


@MODES
def test_a_worker_that_dies_once_it_has_given_them_all_has_asked_for_nothing(
    library: Library, give: Give, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("withhold", path="/files/upload")
    asked = library.create("alice", "Cells", 3, file_ids=[give("alice", content=WORDS).id])
    worker = start_worker(PRESENTON_MODE=mode, PRESENTON_READ_TIMEOUT="60")
    eventually(lambda: demo.uploads)
    worker.kill()
    assert (library.get(None, asked.id).attempts, demo.requests_of("Cells")) == (0, 0)
    demo.faults.clear()
    start_worker(PRESENTON_MODE=mode)
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert (demo.requests_of("Cells"), demo.generations_of("Cells")) == (1, 1)
    assert demo.uploads == ["cells.txt", "cells.txt"]
    assert "Mitochondria" in slides_of(demo, made)


@MODES
def test_a_worker_that_dies_while_presenton_is_asked_has_it_begun_once(
    library: Library, asked: Presentation, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("hang", path="/generate", times=1)
    worker = start_worker(PRESENTON_MODE=mode, PRESENTON_READ_TIMEOUT="60")
    eventually(lambda: demo.requests_of("Cells"))
    assert demo.uploads == ["cells.txt", "more.txt"]
    worker.kill()
    demo.faults.clear()
    start_worker(PRESENTON_MODE=mode, LOST_CALL_WAIT="0.5")
    made = ended(library, asked)[0]
    assert (made.status, demo.generations_of("Cells")) == ("complete", 1)
    assert "Mitochondria" in slides_of(demo, made)
    assert "Ribosomes" in slides_of(demo, made)


@pytest.mark.parametrize("outline", [None, ["# Cells", "# More"]])
def test_what_is_settled_needs_no_files(
    library: Library,
    database: Database,
    uploads: Uploads,
    asked: Presentation,
    start_worker: StartWorker,
    outline: list[str] | None,
) -> None:
    """Their files are gone; an accepted outline was made from them already."""
    with database.begin() as session:
        session.execute(text("UPDATE presentation_uploads SET deleted_at = now()"))
        if outline:
            settled = text('UPDATE presentation_jobs SET outline = \'["# Cells", "# More"]\', outlined_at = now()')
            session.execute(settled)
    start_worker()
    made = ended(library, asked)[0]
    if outline:
        assert made.status == "complete"
    else:
        assert (made.status, made.attempts, made.error_cause) == ("error", 0, "file")
        assert "“cells.txt”" in str(made.error)
        assert "no longer kept. Give it again" in str(made.error)


@pytest.mark.parametrize(
    ("spoil", "said"), [(Path.unlink, "no longer kept"), (lambda file: file.write_bytes(b"x"), "was damaged")]
)
def test_what_the_store_has_lost_is_said(
    library: Library,
    asked: Presentation,
    uploads: Uploads,
    settings: Settings,
    start_worker: StartWorker,
    spoil: Callable[[Path], Any],
    said: str,
) -> None:
    second = uploads.of("alice", asked.id)[1]
    spoil(settings.var_dir / "files" / upload_key(second.id, second.sha256))
    start_worker()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("error", 0)
    assert f"The file “more.md” it is made from {'is' if 'kept' in said else ''}".rstrip() in str(made.error)
    assert said in str(made.error)


def test_a_store_that_is_away_is_waited_for(
    library: Library, asked: Presentation, settings: Settings, store: Store, start_worker: StartWorker
) -> None:
    files = settings.var_dir / "files"
    away = files.rename(files.with_name("away"))
    files.write_text("no folder")
    worker = start_worker()
    eventually(lambda: "cannot be reached" in (library.get(None, asked.id).message or ""))
    files.unlink()
    away.rename(files)
    made = ended(library, asked)[0]
    assert (made.status, made.attempts, made.fault_since) == ("complete", 1, None)
    assert len(worker.lines("The store of files is away")) == 1
    assert len(worker.lines("The store of files is back")) == 1


def test_presenton_that_is_away_while_they_are_given_is_waited_for(
    library: Library, asked: Presentation, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("status", path="/files/upload", status=502, html=True)
    start_worker()
    eventually(lambda: "does not answer" in (library.get(None, asked.id).message or ""))
    demo.faults.clear()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)


def test_a_file_that_presenton_does_not_take_ends_it(
    library: Library, asked: Presentation, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("status", path="/files/upload", status=400, detail="File 'cells.txt' not accepted")
    start_worker()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts, made.error_cause) == ("error", 0, "file")
    assert "could not read the file. Give it again" in str(made.error)
