"""A person's data with the files of their decks goes to another Lectern whole, and brings nothing else along."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from click.testing import Result
from sqlalchemy import delete, update

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import KeptFile, Presentation, Upload
from presentations.files import Store, Stored, add_file, deck_key
from presentations.library import Decks, DeckView, Library, Uploads
from presentations.operations import erase_user
from tests.support.decks import a_pdf, a_pptx
from tests.support.keeper import Keeper
from tests.support.presentations import finished
from tests.support.uploads import Give
from tests.web.cli.conftest import run

__all__ = ["run"]


@pytest.fixture
def made(
    library: Library, database: Database, store: Store, keeper: Keeper, accounts: Accounts, tmp_path: Path
) -> UUID:
    """A presentation of Rosa's with two versions, of which the older one is shown; their files are real ones."""
    one = finished(library, database, "teacher", "Cells")
    files = {"pptx": a_pptx(tmp_path / "deck.pptx"), "pdf": a_pdf(tmp_path / "deck.pdf")}
    for origin in ("generated", "edited"):
        number = keeper.keep(one.id, origin=origin)
        for kind, file in files.items():
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
            store.put(deck_key(one.id, sha256), file)
            with database.begin() as session:
                add_file(session, one.id, number, Stored(kind, file.stat().st_size, sha256, "presenton"))
    with database.begin() as session:
        session.execute(update(Presentation).values(version=1))
    return one.id


@pytest.fixture
def archive(run: Callable[..., Result], made: UUID, tmp_path: Path) -> Path:
    """What she was given, before she was erased."""
    file = tmp_path / "rosa.zip"
    done = run("export", "teacher", "--with-files", str(file))
    assert (done.exit_code, done.output) == (0, f"{file} has 10 files.\n")
    assert not file.with_name("rosa.zip.part").exists()
    return file


@pytest.fixture
def gone(archive: Path, library: Library, store: Store) -> Path:
    erase_user(library.database, store, library.engine, "teacher")
    assert list(store.listed()) == []
    return archive


def shown(database: Database, presentation_id: UUID) -> DeckView:
    return Decks(database).shown("teacher", presentation_id)


def plain(view: DeckView) -> list[dict[str, Any]]:
    parts = [*view.versions, *view.files.values(), *view.slides]
    return [{column.key: getattr(part, column.key) for column in part.__table__.columns} for part in parts]


def test_decks_go_along_whole(
    run: Callable[..., Result], archive: Path, made: UUID, library: Library, database: Database, store: Store
) -> None:
    before, files = shown(database, made), {one.key for one in store.listed(f"decks/{made.hex[:2]}/{made}/")}
    erase_user(database, store, library.engine, "teacher")
    done = run("import", str(archive), "--json")
    assert json.loads(done.output) == {"account": 1, "subjects": 0, "presentations": 1, "versions": 2, "uploads": 0}
    after = shown(database, made)
    assert plain(after) == plain(before)
    assert (after.presentation.version, after.presentation.cover) == (1, before.presentation.cover)
    assert {one.key for one in store.listed()} <= files
    for file in after.files.values():
        with store.read(deck_key(made, file.sha256), file.sha256, file.size) as content:
            assert len(b"".join(content.chunks())) == file.size
    assert (
        run("import", str(archive)).output == "Added 0 account, 0 subjects, 0 presentations, 0 versions, 0 uploads.\n"
    )


def test_without_the_files_a_worker_looks_after_the_deck(
    run: Callable[..., Result], gone: Path, made: UUID, database: Database, store: Store
) -> None:
    with ZipFile(gone) as given:
        data = given.read("data.json").decode()
    assert run("import", "-", typed=data).exit_code == 0
    after = shown(database, made)
    assert (after.versions, after.presentation.version, after.presentation.cover) == ([], None, None)
    assert after.deck
    assert after.deck.due_at


def test_a_version_whose_files_were_lost_is_left_behind(
    run: Callable[..., Result], library: Library, made: UUID, database: Database, store: Store, tmp_path: Path
) -> None:
    with database.begin() as session:
        session.execute(update(KeptFile).filter_by(version=1, kind="pdf").values(sha256=f"{0:064}"))
    file = tmp_path / "rosa.zip"
    told = run("export", "teacher", "--with-files", str(file)).output
    assert told == f"{file} has 10 files. 1 more are lost or damaged where files are kept, and left out.\n"
    erase_user(database, store, library.engine, "teacher")
    assert "1 versions" in run("import", str(file)).output
    after = shown(database, made)
    assert ([one.number for one in after.versions], after.presentation.version) == ([2], 2)


def rewritten(archive: Path, change: Callable[[dict[str, Any]], None] = lambda _: None, **put: bytes) -> Path:
    """The archive with its rows changed, and the first file of each kind replaced."""
    with ZipFile(archive) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    data = json.loads(parts["data.json"])
    change(data)
    parts["data.json"] = json.dumps(data).encode()
    for kind, content in put.items():
        parts[next(name for name in parts if name.endswith(kind))] = content
    with ZipFile(archive, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return archive


def as_what_it_is(archive: Path, kind: str, content: bytes) -> None:
    """Put a file in, with the name and the rows that are right for it."""
    with ZipFile(archive) as given:
        old = next(name for name in given.namelist() if name.endswith(kind))
    new = hashlib.sha256(content).hexdigest()
    text, was = str, old.rpartition("/")[2].partition(".")[0]
    with ZipFile(archive) as given:
        parts = {text(name).replace(was, new): given.read(name) for name in given.namelist()}
    data = json.loads(parts["data.json"].decode().replace(was, new))
    for row in data["files"]:
        row["size"] = len(content) if row["sha256"] == new else row["size"]
    for row in data["slides"]:
        row["small_size"] = len(content) if row["small_sha256"] == new else row["small_size"]
        row["large_size"] = len(content) if row["large_sha256"] == new else row["large_size"]
    parts |= {"data.json": json.dumps(data).encode(), old.replace(was, new): content}
    with ZipFile(archive, "w") as written:
        for name, part in parts.items():
            written.writestr(name, part)


def a_stranger(archive: Path) -> None:
    with ZipFile(archive, "a") as given:
        given.writestr("files/../../etc/passwd", b"x")


def packed_strangely(archive: Path) -> None:
    with ZipFile(archive, "a") as given:
        given.writestr(f"files/{UUID(int=0)}/{0:064}.pdf", b"x", ZIP_BZIP2)


def cut(archive: Path) -> None:
    content = archive.read_bytes()
    middle = content.index(b"%PDF") + 20
    archive.write_bytes(content[:middle] + b"\0\0\0\0" + content[middle + 4 :])


def with_parts_from_before_the_file(archive: Path) -> None:
    content = archive.read_bytes()
    offset = content.rindex(b"PK\5\6") + 16  # where the directory begins; parts are counted from there
    archive.write_bytes(content[:offset] + b"\0\0\0\xff" + content[offset + 4 :])


def with_a_name_that_is_no_text(archive: Path) -> None:
    with ZipFile(archive, "a") as given:
        given.writestr("ä", b"x")
    archive.write_bytes(archive.read_bytes().replace("ä".encode(), b"\xff\xff"))


def no_rows(archive: Path) -> None:
    with ZipFile(archive, "w") as given:
        given.writestr(f"files/{UUID(int=0)}/{0:064}.pdf", b"x")


def without_names(data: dict[str, Any]) -> None:
    for name in ("presentations", "files", "slides", "versions"):
        data[name] = [{}]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (a_stranger, "holds 'files/../../etc/passwd', which no export has"),
        (packed_strangely, "as no export packs it"),
        (cut, "is no whole ZIP"),
        (with_parts_from_before_the_file, "is no whole ZIP"),
        (with_a_name_that_is_no_text, "is no whole ZIP"),
        (no_rows, "expected a ZIP with data.json"),
        (lambda file: rewritten(file, pdf=b"%PDF-1.7 another"), "has 16 bytes, not "),
        (lambda file: rewritten(file, lambda data: data.update(format="x")), "expected one that export has made"),
        (lambda file: rewritten(file, without_names), "holds what cannot be kept"),
        (lambda file: rewritten(file, lambda data: data["slides"][0].update(width=-1)), "holds what cannot be kept"),
        (lambda file: rewritten(file, lambda data: data["files"][0].update(size=[1])), "size: expected int, got [1]"),
        (lambda file: as_what_it_is(file, "pptx", b"<html>"), "This is a web page"),
        (lambda file: as_what_it_is(file, "webp", b"<script>"), "This is no WebP picture"),
    ],
)
def test_a_hostile_archive_adds_nothing(
    run: Callable[..., Result], gone: Path, library: Library, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(gone)
    done = run("import", str(gone))
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert library.list("teacher").items == []


def test_a_changed_file_is_not_taken(run: Callable[..., Result], gone: Path) -> None:
    with ZipFile(gone) as given:
        name = next(name for name in given.namelist() if name.endswith("pdf"))
        content = given.read(name)
    rewritten(gone, pdf=content[:-1] + b"x")
    assert f"{name} has another SHA-256 than its name" in run("import", str(gone)).output


def test_what_is_somebody_elses_is_left_alone(
    run: Callable[..., Result], archive: Path, made: UUID, database: Database, store: Store
) -> None:
    """The presentation is there already, as a colleague's."""
    with database.begin() as session:
        session.execute(delete(KeptFile))
        session.execute(update(Presentation).values(user_id="colleague"))
    before = {one.key for one in store.listed()}
    assert run("import", str(archive)).exit_code == 0
    assert {one.key for one in store.listed()} == before
    assert Decks(database).shown("colleague", made).files == {}


def test_a_place_where_nothing_can_be_written_is_named(run: Callable[..., Result], made: UUID) -> None:
    done = run("export", "teacher", "--with-files", "/nowhere/rosa.zip")
    assert (done.exit_code, "/nowhere/rosa.zip cannot be written" in done.output) == (1, True)


@pytest.fixture
def with_material(run: Callable[..., Result], library: Library, give: Give, uploads: Uploads, tmp_path: Path) -> Path:
    """An export of what was asked for from two files, one of which was removed since."""
    files = [
        give("teacher", "cells.txt", "Cells divide."),
        give("teacher", "leaf.pdf", a_pdf(tmp_path / "leaf.pdf", 1)),
    ]
    asked = library.create("teacher", "Cells", file_ids=[one.id for one in files])
    library.cancel("teacher", asked.id)
    uploads.remove("teacher", files[0].id)
    file = tmp_path / "rosa.zip"
    assert run("export", "teacher", "--with-files", str(file)).output == f"{file} has 1 files.\n"
    return file


@pytest.mark.parametrize("with_files", [True, False])
def test_material_goes_along(
    run: Callable[..., Result],
    with_material: Path,
    library: Library,
    uploads: Uploads,
    store: Store,
    with_files: bool,
) -> None:
    [asked] = library.list("teacher").items
    before = {one.key for one in store.listed()}
    erase_user(library.database, store, library.engine, "teacher")
    assert list(store.listed()) == []
    with ZipFile(with_material) as given:
        data = given.read("data.json").decode()
    done = run("import", str(with_material)) if with_files else run("import", "-", typed=data)
    assert "2 uploads." in done.output
    named = uploads.of("teacher", asked.id)
    assert [(one.name, one.deleted_at is None) for one in named] == [("cells.txt", False), ("leaf.pdf", with_files)]
    assert {one.key for one in store.listed()} == (before if with_files else set())


def test_material_of_others_is_neither_touched_nor_taken(
    run: Callable[..., Result], with_material: Path, library: Library, database: Database, uploads: Uploads
) -> None:
    """The files are there already, as a colleague's; the presentation is new."""
    with database.begin() as session:
        session.execute(update(Upload).values(user_id="colleague"))
        session.execute(delete(Presentation))
    assert "1 presentations, 0 versions, 0 uploads." in run("import", str(with_material)).output
    [asked] = library.list("teacher").items
    assert uploads.of("teacher", asked.id) == []
    assert [one.name for one in uploads.list("colleague")] == ["leaf.pdf"]


def test_material_is_taken_as_what_it_is_said_to_be_only(
    run: Callable[..., Result], with_material: Path, library: Library, store: Store
) -> None:
    erase_user(library.database, store, library.engine, "teacher")
    with ZipFile(with_material) as given:
        [old] = [name for name in given.namelist() if name.startswith("uploads/")]
        data = given.read("data.json").decode()
    new = hashlib.sha256(content := b"words and no PDF").hexdigest()
    rows = json.loads(data.replace(old.split("/")[2].partition(".")[0], new))
    for row in rows["uploads"]:
        row["size"] = len(content) if row["sha256"] == new else row["size"]
    with ZipFile(with_material, "w") as written:
        written.writestr("data.json", json.dumps(rows))
        written.writestr(f"{old.rpartition('/')[0]}/{new}.pdf", content)
    done = run("import", str(with_material))
    assert (done.exit_code, "This is a txt file" in done.output) == (1, True), done.output
    assert library.list("teacher").items == []
