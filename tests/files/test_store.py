"""What a folder and a bucket have in common."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from presentations.files import (
    DECKS,
    UPLOADS,
    Damaged,
    Missing,
    Store,
    Whose,
    deck_key,
    deck_prefix,
    put_upload,
    upload_key,
    upload_prefix,
    whose_file,
)
from tests.files.files import Kept, keep, read
from tests.support.s3 import PAGE

# More than one part of an upload, and many pieces when it is read.
LARGE = os.urandom(11 * 1024 * 1024 + 17)


@pytest.mark.parametrize("content", [b"", b"x", b"deck" * 1000, LARGE], ids=["empty", "a byte", "small", "large"])
def test_what_is_kept_is_read_as_it_was(store: Store, content: bytes, tmp_path: Path) -> None:
    kept = keep(store, content, tmp_path)
    with store.read(*kept.told) as opened:
        assert opened.length == len(content)
        assert b"".join(opened.chunks()) == content
        assert b"".join(opened.chunks()) == content
    store.fetch(*kept.told, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == content


def test_a_part_is_read(store: Store, tmp_path: Path) -> None:
    kept = keep(store, LARGE, tmp_path)
    for start, end in [(0, 1), (5, 9), (1_000_000, 3_000_000), (len(LARGE) - 1, None), (7, 7), (0, 0)]:
        assert read(store, kept, start, end) == LARGE[start:end]
    for start, end in [(-1, 2), (3, 2), (0, len(LARGE) + 1)]:
        with store.read(*kept.told) as content, pytest.raises(ValueError, match="expected a part"):
            next(content.chunks(start, end))


def test_again_is_the_same_as_once(store: Store, tmp_path: Path) -> None:
    presentation = uuid4()
    kept = keep(store, b"deck", tmp_path, presentation)
    assert keep(store, b"deck", tmp_path, presentation) == kept
    assert read(store, kept) == b"deck"
    assert [one.key for one in store.listed()] == [kept.key]


def test_what_is_not_there_is_missing(store: Store, tmp_path: Path) -> None:
    absent = Kept(deck_key(uuid4(), "0" * 64), b"deck")
    keep(store, b"another", tmp_path)
    for _ in range(2):
        with pytest.raises(Missing, match="no longer where it was kept") as error:
            store.read(*absent.told)
        assert absent.key in error.value.reason
    with pytest.raises(Missing):
        store.fetch(*absent.told, tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()
    store.delete([absent.key])
    store.delete_all(deck_prefix(uuid4()))


def test_a_presentations_files_are_deleted_and_no_others(store: Store, tmp_path: Path) -> None:
    mine, others = uuid4(), uuid4()
    several = [keep(store, bytes([number]), tmp_path, mine) for number in range(3)]
    other = keep(store, b"other", tmp_path, others)
    store.delete([several[0].key, several[0].key])
    assert {one.key for one in store.listed(deck_prefix(mine))} == {kept.key for kept in several[1:]}
    store.delete_all(deck_prefix(mine))
    assert list(store.listed(deck_prefix(mine))) == []
    assert [one.key for one in store.listed()] == [other.key]
    assert keep(store, b"again", tmp_path, mine).key in {one.key for one in store.listed()}


def test_an_upload_is_kept_apart_from_a_presentation_of_the_same_id(store: Store, tmp_path: Path) -> None:
    whose = uuid4()
    deck = keep(store, b"chapter", tmp_path, whose)
    sha256, size = put_upload(store, whose, tmp_path / "source")
    assert (sha256, size) == (deck.sha256, 7)
    key = upload_key(whose, sha256)
    with store.read(key, sha256, size) as content:
        assert b"".join(content.chunks()) == b"chapter"
    assert (whose_file(deck.key), whose_file(key)) == (Whose(DECKS, whose, sha256), Whose(UPLOADS, whose, sha256))
    assert [one.key for one in store.listed(upload_prefix(whose))] == [key]
    store.delete_all(upload_prefix(whose))
    assert [one.key for one in store.listed()] == [deck.key]


def test_what_is_there_for_a_moment_is_nobodys() -> None:
    assert whose_file(f"incoming/{'0' * 32}") is None


def test_the_list_tells_size_and_age(store: Store, tmp_path: Path) -> None:
    kept = keep(store, b"deck", tmp_path)
    [found] = store.listed()
    assert (found.key, found.size) == (kept.key, 4)
    assert abs(found.modified - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_list_goes_on_beyond_a_page(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    keys = {deck_key(UUID(int=1), f"{number:064x}") for number in range(2 * PAGE + 3)}
    for key in keys:
        store.put(key, source)
    assert {one.key for one in store.listed()} == keys
    store.delete(keys)
    assert list(store.listed()) == []


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", ".", "..", "../x", "/etc/passwd", "decks", "decks/", f"decks/{'0' * 64}", "incoming/x"),
        f"decks/aa/../{uuid4()}/{'0' * 64}",
        f"decks/aa/{uuid4()}/../{'0' * 64}",
        f"uploads/aa/../{uuid4()}/{'0' * 64}",
        f"uploads/aa/{uuid4()}/{'0' * 63}",
        f"uploads/{'0' * 32}",
        f"decks/aa/{uuid4()}/{'0' * 63}",
        f"decks/aa/{uuid4()}/{'A' * 64}",
        f"decks/aa/{uuid4()}/{'0' * 64}\n",
        f"decks/aa/{uuid4()}/{'0' * 64}\0",
        f"decks/aa/{uuid4()}/{chr(0x660) * 64}",
    ],
)
def test_only_our_own_keys_are_taken(store: Store, key: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    for use in (
        lambda: store.put(key, source),
        lambda: store.read(key, "0" * 64, 1),
        lambda: store.fetch(key, "0" * 64, 1, tmp_path / "fetched"),
        lambda: store.delete([key]),
        lambda: store.link(key, 60),
        lambda: store.delete_all(key),
    ):
        with pytest.raises(ValueError, match="expected"):
            use()
    assert list(store.listed()) == []


def test_a_source_that_is_not_there_is_the_callers_matter(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.put(deck_key(uuid4(), "0" * 64), tmp_path / "absent")
    assert list(store.listed()) == []


def test_a_look_leaves_nothing_behind(store: Store) -> None:
    store.check()
    assert list(store.listed()) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["put", "delete", "delete all"]), st.integers(0, 2), st.binary(max_size=3)),
        max_size=12,
    )
)
def test_it_holds_what_was_put_and_not_deleted(
    store: Store, tmp_path: Path, steps: list[tuple[str, int, bytes]]
) -> None:
    ours = [uuid4() for _ in range(3)]
    held: dict[str, Kept] = {}
    before = {one.key for one in store.listed()}
    for step, which, content in steps:
        kept = Kept(deck_key(ours[which], Kept("", content).sha256), content)
        if step == "put":
            held[kept.key] = keep(store, content, tmp_path, ours[which])
        elif step == "delete":
            store.delete([kept.key])
            held.pop(kept.key, None)
        else:
            store.delete_all(deck_prefix(ours[which]))
            held = {key: one for key, one in held.items() if not key.startswith(deck_prefix(ours[which]))}
    assert {one.key for one in store.listed()} - before == set(held)
    for one in held.values():
        assert read(store, one) == one.content


def test_what_goes_wrong_is_counted(store: Store, tmp_path: Path) -> None:
    kept = keep(store, b"deck", tmp_path)
    absent, changed, shorter = Kept(deck_key(uuid4(), "0" * 64), b"x"), Kept(kept.key, b"kced"), Kept(kept.key, b"d")
    for asked, cause in [(absent, "missing"), (changed, "damaged"), (shorter, "damaged")]:
        before = failures("read", cause)
        with pytest.raises((Missing, Damaged)):
            read(store, asked)
        assert failures("read", cause) == before + 1


def failures(call: str, cause: str) -> float:
    labels = {"call": call, "cause": cause}
    return REGISTRY.get_sample_value("lectern_file_store_failures_total", labels) or 0.0
