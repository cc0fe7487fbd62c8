"""Material is kept up to a quota, found by its owner only, and gone when it is removed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation, Upload
from presentations.errors import Conflicting, InvalidRequest, NotFound
from presentations.files import Store, StoreAway, Stored, add_version, put_upload, upload_key
from presentations.library import Decks, Library, QuotaReached, Uploads
from presentations.library import decks as deck_verbs
from presentations.library import uploads as module
from presentations.settings import Settings
from tests.support.decks import a_pdf
from tests.support.presentations import delete, finished, write
from tests.support.uploads import QUOTA, Give
from tests.support.waiting import eventually


def content_of(store: Store, upload: Upload) -> bytes:
    with store.read(upload_key(upload.id, upload.sha256), upload.sha256, upload.size) as content:
        return b"".join(content.chunks())


def keys(store: Store) -> list[str]:
    return [one.key for one in store.listed()]


def test_a_file_is_kept_as_it_was_given(uploads: Uploads, give: Give, store: Store, tmp_path: Path) -> None:
    pdf = a_pdf(tmp_path / "a.pdf", pages=2)
    one = give("alice", r"C:\school\Cells and life.PDF", pdf)
    assert (one.name, one.kind, one.pages, one.size) == ("Cells and life.PDF", "pdf", 2, pdf.stat().st_size)
    assert content_of(store, one) == pdf.read_bytes()
    assert uploads.get("alice", str(one.id)).sha256 == one.sha256
    assert not one.is_kept


def test_a_text_is_kept_in_the_encoding_that_presenton_reads(give: Give, store: Store) -> None:
    one = give("alice", "zellen.txt", "Die Zelle wächst".encode("utf-16"))
    assert content_of(store, one) == "Die Zelle wächst".encode()
    assert one.size == len("Die Zelle wächst".encode())


def test_the_newest_come_first_and_nobody_sees_those_of_others(uploads: Uploads, give: Give) -> None:
    first, second, other = give("alice", "1.txt"), give("alice", "2.txt"), give("bob", "3.txt")
    assert [one.id for one in uploads.list("alice")] == [second.id, first.id]
    assert {one.id for one in uploads.list(None)} == {first.id, second.id, other.id}
    assert uploads.usage("alice") == (first.size + second.size, QUOTA)
    for foreign in (other.id, uuid4(), "no id"):
        for verb in (uploads.get, uploads.remove, lambda user, which: uploads.keep(user, which, True)):
            with pytest.raises(NotFound, match="no such file"):
                verb("alice", foreign)
    assert uploads.get("bob", other.id).name == "3.txt"


def test_what_does_not_fit_the_quota_is_not_kept(uploads: Uploads, give: Give, store: Store) -> None:
    give("alice", "a.txt", "a" * (QUOTA - 10))
    with pytest.raises(QuotaReached) as refusal:
        give("alice", "b.txt", "b" * 11)
    assert refusal.value.field == "file"
    assert "“b.txt”" in refusal.value.problem
    give("bob", "b.txt", "b" * 11)
    give("alice", "b.txt", "b" * 10)
    assert len(keys(store)) == 3


def test_of_two_at_once_only_one_gets_the_last_place(
    uploads: Uploads, give: Give, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both have found room before either is kept."""
    both, put = Barrier(2, timeout=60), put_upload
    monkeypatch.setattr(module, "put_upload", lambda *given: (both.wait(), put(*given))[1])
    half = tmp_path / "half"
    half.write_text("a" * (QUOTA // 2 + 1))

    def given(_: int) -> bool:
        try:
            give("alice", "half.txt", half)
        except QuotaReached:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(given, range(2))) == [False, True]
    assert len(uploads.list("alice")) == len(keys(store)) == 1


def test_nobody_has_files_without_number(uploads: Uploads, give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UPLOADS", 2)
    give("alice", "1.txt"), give("alice", "2.txt")
    with pytest.raises(InvalidRequest, match="2 files, which is the most"):
        give("alice", "3.txt")


def test_removed_files_are_gone_and_free_their_place(uploads: Uploads, give: Give, store: Store) -> None:
    one = give("alice")
    uploads.remove("alice", one.id)
    assert (list(uploads.list("alice")), keys(store)) == ([], [])
    assert uploads.usage("alice") == (0, QUOTA)
    with pytest.raises(NotFound):
        uploads.remove("alice", one.id)


def test_of_what_a_presentation_names_the_row_stays(
    uploads: Uploads, give: Give, library: Library, database: Database, store: Store
) -> None:
    one = give("alice")
    asked = library.create("alice", "Cells", file_ids=[one.id])
    with pytest.raises(Conflicting, match="Slides are being made from this file"):
        uploads.remove("alice", one.id)
    write(database, asked, status="complete")
    uploads.remove("alice", one.id)
    assert (list(uploads.list("alice")), keys(store)) == ([], [])
    [named] = uploads.of("alice", asked.id)
    assert (named.id, named.name) == (one.id, "cells.txt")
    assert named.deleted_at
    for user, whose in (("bob", asked.id), ("alice", uuid4())):
        with pytest.raises(NotFound):
            uploads.of(user, whose)
    delete(library, "alice", asked.id)
    with pytest.raises(NotFound):
        uploads.of("alice", asked.id)


def test_a_file_is_kept_with_what_is_made_from_it_where_that_is_wanted(uploads: Uploads, give: Give) -> None:
    one = give("alice")
    assert uploads.keep("alice", one.id, True).is_kept
    assert uploads.get("alice", one.id).is_kept
    assert not uploads.keep("alice", one.id, False).is_kept


def test_until_when_a_file_is_kept_is_said(uploads: Uploads, give: Give, library: Library, database: Database) -> None:
    unused, waits, ended, kept, removed = files = [give("alice", f"{n}.txt") for n in range(5)]
    library.create("alice", "Waits", file_ids=[waits.id])
    first, last = (library.create("alice", topic, file_ids=[ended.id, waits.id, kept.id]) for topic in "AB")
    for one, day in ((first, 1), (last, 9)):
        write(database, one, status="error", ended_at=datetime(2026, 11, day, tzinfo=UTC))
    uploads.keep("alice", kept.id, True)
    uploads.remove("alice", removed.id)
    assert uploads.kept_until(files) == {
        unused.id: unused.created_at + timedelta(days=7),
        ended.id: datetime(2026, 12, 9, tzinfo=UTC),
    }


def test_while_the_store_is_away_nothing_is_given_and_what_is_removed_is_left_for_the_sweep(
    uploads: Uploads, give: Give, settings: Settings
) -> None:
    one, files = give("alice"), settings.var_dir / "files"
    files.rename(files.with_name("away"))
    files.write_text("no folder")
    with pytest.raises(StoreAway):
        give("alice", "2.txt")
    uploads.remove("alice", one.id)
    assert uploads.list("alice") == []


def a_version(size: int, mark: str) -> Stored:
    return Stored("pptx", size, mark * 64, "upload")


def test_decks_that_a_teacher_uploads_count_and_those_that_were_made_do_not(
    uploads: Uploads, give: Give, library: Library, database: Database
) -> None:
    decks, one = Decks(database, QUOTA), finished(library, database, "alice", "Cells")
    with database.begin() as session:
        add_version(session, one.id, "generated", Stored("pptx", QUOTA * 9, "0" * 64, "presenton"))
    decks.upload("alice", one.id, a_version(QUOTA - 20, "a"))
    assert uploads.usage("alice") == (QUOTA - 20, QUOTA)
    decks.bring_back("alice", one.id, 1)
    decks.bring_back("alice", one.id, 2)  # the same file again
    assert uploads.usage("alice") == (QUOTA - 20, QUOTA)
    with pytest.raises(QuotaReached, match="are left: remove files that you no longer need, or delete"):
        give("alice", "b.txt", "b" * 21)
    give("alice", "b.txt", "b" * 11)
    for verb in (decks.check_room, decks.upload):
        with pytest.raises(QuotaReached, match="“Cells” has 0 MB, and of the 0 MB for your files and the decks"):
            verb("alice", one.id, a_version(10, "b"))
    decks.check_room("alice", one.id, a_version(9, "b"))  # and adds nothing
    assert [kept.version.number for kept in decks.versions("alice", one.id)] == [4, 3, 2, 1]
    decks.upload("alice", one.id, a_version(QUOTA - 20, "a"))  # as the newest is
    delete(library, "alice", one.id)
    assert uploads.usage("alice") == (11, QUOTA)


def test_the_room_of_the_version_that_goes_is_free_for_the_one_that_comes(library: Library, database: Database) -> None:
    decks, one = Decks(database, QUOTA), finished(library, database, "alice", "Cells")
    for mark in "0123456789abc":
        decks.upload("alice", one.id, a_version(QUOTA // 10, mark))
    with pytest.raises(QuotaReached):
        decks.upload("alice", one.id, a_version(QUOTA // 10 + 1, "d"))


def test_of_two_decks_at_once_only_one_gets_the_last_place(
    library: Library, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is being kept until the second is either kept as well, or waits for it."""
    decks = Decks(database, QUOTA)
    both = [finished(library, database, "alice", topic) for topic in ("Cells", "Leaves")]
    half, begun, is_over = a_version(QUOTA // 2 + 1, "a"), Event(), Event()
    for one in both:
        decks.check_room("alice", one.id, half)

    def add_slowly(*given: Any) -> int | None:
        if begun.is_set():
            return add_version(*given)
        begun.set()
        eventually(lambda: is_over.is_set() or _somebody_waits(database))
        return add_version(*given)

    monkeypatch.setattr(deck_verbs, "add_version", add_slowly)

    def uploaded(one: Presentation) -> bool:
        try:
            decks.upload("alice", one.id, half)
        except QuotaReached:
            return False
        return True

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(uploaded, both[0])
        assert begun.wait(60)
        second = uploaded(both[1])
        is_over.set()
        assert [first.result(), second] == [True, False]


def _somebody_waits(database: Database) -> bool:
    query = "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database AND datname = current_database() "
    with database.single() as session:
        return bool(session.scalar(text(query + "WHERE locktype = 'advisory' AND NOT granted")))
