"""A folder that is full, read-only, gone or tampered with: a sentence, and nothing half."""

from __future__ import annotations

import errno
import os
import resource
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from presentations.files import Damaged, Store, StoreAway, StoreError, deck_key, deck_prefix
from presentations.settings import load
from tests.files.files import Kept, keep, read

DECK = os.urandom(700_000)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "files"
    root.mkdir()
    return root


@pytest.fixture
def store(root: Path) -> Store:
    return Store.of(load({"FILES_URL": str(root)}))


def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keep(Store.of(load({"VAR_DIR": str(tmp_path / "var")})), DECK, tmp_path)
    finally:
        os.umask(before)
    made = [*list((tmp_path / "var" / "files").rglob("*")), tmp_path / "var" / "files"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}


def test_a_file_is_on_the_disk_before_it_gets_its_name(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, os.rename

    def sync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def move(*given: Any, **others: Any) -> None:
        done.append("rename")
        rename(*given, **others)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", move)
    keep(store, DECK, tmp_path)
    assert done.index("file") < done.index("rename")
    assert done[-2:] == ["rename", "folder"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "its disk quota is used up"),
        (errno.EROFS, "it can only be read"),
        (errno.EIO, "Input/output error"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "rename", "open"])
def test_what_the_disk_says_is_said_and_nothing_half_stays(
    store: Store, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, call: str
) -> None:
    presentation = uuid4()
    kept = keep(store, DECK, tmp_path, presentation)
    real = getattr(os, call)

    def fails(*given: Any, **others: Any) -> object:
        if call == "open" and not given[1] & os.O_CREAT:
            return real(*given, **others)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(StoreAway) as error:
        keep(store, b"another", tmp_path, presentation)
    monkeypatch.undo()
    assert error.value.reason == f"the folder {root}: {said}"
    assert [one.key for one in store.listed()] == [kept.key]
    assert read(store, kept) == DECK


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_written_to_its_end_is_not_there(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(DECK)
    with no_file_larger_than(300_000), pytest.raises(StoreAway, match="Try again in a minute"):
        store.put(deck_key(uuid4(), Kept("", DECK).sha256), source)
    assert list(store.listed()) == []


def test_a_folder_that_is_not_there_is_away_and_not_empty(tmp_path: Path) -> None:
    folder = tmp_path / "mounted" / "files"
    store = Store.of(load({"FILES_URL": str(folder)}))
    absent = Kept(deck_key(uuid4(), "0" * 64), b"")
    uses: list[Callable[[], object]] = [
        lambda: keep(store, DECK, tmp_path),
        lambda: store.read(*absent.told),
        lambda: store.delete([absent.key]),
        lambda: store.delete_all(deck_prefix(uuid4())),
        lambda: list(store.listed()),
        store.check,
    ]
    for use in uses:
        with pytest.raises(StoreAway) as error:
            use()
        assert error.value.reason == f"the folder {folder}: it is not there"
    assert not folder.exists()
    folder.parent.write_bytes(b"a file")
    with pytest.raises(StoreAway, match="Try again"):
        store.check()


def _link(path: Path, elsewhere: Path) -> None:
    """Put what is there elsewhere, and a link to it in its place."""
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_no_link_is_followed(store: Store, root: Path, tmp_path: Path, depth: int) -> None:
    presentation = uuid4()
    kept = keep(store, DECK, tmp_path, presentation)
    _link([*reversed((root / kept.key).parents), root / kept.key][-4 + depth], tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        store.read(*kept.told)
    if depth < 3:
        with pytest.raises(StoreAway) as error:
            keep(store, b"another", tmp_path, presentation)
        assert error.value.reason.endswith(("a link is in the way", "what should be a folder is none"))
        with pytest.raises(StoreAway):
            store.delete([kept.key])
        with pytest.raises(StoreAway):
            store.delete_all(deck_prefix(presentation))
    assert list(store.listed()) == []
    found = [path for path in [tmp_path / "elsewhere", *(tmp_path / "elsewhere").rglob("*")] if path.is_file()]
    assert [path.read_bytes() for path in found] == [DECK]


def test_a_link_in_a_files_place_gives_way_to_the_file(store: Store, root: Path, tmp_path: Path) -> None:
    presentation = uuid4()
    kept = keep(store, DECK, tmp_path, presentation)
    _link(root / kept.key, tmp_path / "elsewhere")
    keep(store, DECK, tmp_path, presentation)
    assert read(store, kept) == DECK
    assert not (root / kept.key).is_symlink()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_waited_for(
    store: Store, root: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    kept = keep(store, DECK, tmp_path)
    (root / kept.key).unlink()
    make(root / kept.key)
    with pytest.raises(StoreAway):
        store.read(*kept.told)
    assert list(store.listed()) == []


def test_a_file_that_was_changed_there_is_damaged(store: Store, root: Path, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    path = root / kept.key
    for changed in (b"", DECK[:-1], DECK + b"x"):
        path.write_bytes(changed)
        with pytest.raises(Damaged, match="Tell whoever runs Lectern"):
            store.read(*kept.told)
    path.write_bytes(DECK[:-1] + bytes([DECK[-1] ^ 1]))
    given: list[bytes] = []
    with store.read(*kept.told) as content, pytest.raises(Damaged):
        given.extend(content.chunks())
    with pytest.raises(Damaged):
        store.fetch(*kept.told, tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()
    keep_again = tmp_path / "source"
    store.put(kept.key, keep_again)
    assert read(store, kept) == DECK


def test_a_file_that_shrinks_while_it_is_read_is_damaged(store: Store, root: Path, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    for start, end in [(0, None), (600_000, 690_000)]:
        (root / kept.key).write_bytes(DECK)
        with store.read(*kept.told) as content:
            chunks = content.chunks(start, end)
            (root / kept.key).write_bytes(DECK[:650_000])
            with pytest.raises(Damaged):
                list(chunks)


def test_a_file_that_is_deleted_is_read_to_its_end(store: Store, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    with store.read(*kept.told) as content:
        store.delete([kept.key])
        assert b"".join(content.chunks()) == DECK


def test_what_a_crash_left_is_listed_and_can_be_deleted(store: Store, root: Path, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    (root / "incoming" / uuid4().hex).write_bytes(DECK[:1000])
    (root / "by hand.txt").write_bytes(b"not Lectern's")
    left = [one.key for one in store.listed() if one.key != kept.key]
    assert len(left) == 1
    store.delete(left)
    assert [one.key for one in store.listed()] == [kept.key]
    assert (root / "by hand.txt").exists()


def test_puts_and_deletes_of_one_presentation_do_not_disturb_each_other(store: Store, tmp_path: Path) -> None:
    """A folder is taken away with its last file, perhaps while another is on its way into it."""
    presentation, failures = uuid4(), list[BaseException]()

    def work(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            for _ in range(60):
                store.delete([keep(store, bytes([number]), folder, presentation).key])
        except BaseException as error:  # told below, in the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(store.listed()) == []
