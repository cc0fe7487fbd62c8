"""An S3 server that is away, ill or hostile: a sentence, in time, and no secret in it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import trustme

from presentations.filenames import file_names
from presentations.files import Damaged, Missing, Store, StoreAway, StoreError, bucket, deck_key, deck_prefix
from presentations.files.bucket import Bucket
from presentations.settings import load
from tests.files import wayward as ways
from tests.files.files import Kept, keep, read
from tests.files.wayward import Wayward, says, wayward
from tests.support.processes import ROOT
from tests.support.s3 import ACCESS_KEY, S3, SECRET_KEY

DECK = os.urandom(700_000)
METHODS = ("GET", "PUT", "POST", "DELETE")
TOKEN = "session-token-of-the-tests"


@pytest.fixture
def server(s3: S3) -> Iterator[Wayward]:
    with wayward(s3.endpoint) as server:
        yield server


@pytest.fixture
def environment(server: Wayward, s3: S3, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Of a Lectern whose store is behind `server`, and which does not pause for long before it asks again."""
    monkeypatch.setattr(bucket, "_PAUSE", 0.01)
    return s3.environment() | {"FILES_S3_ENDPOINT": server.endpoint, "AWS_SESSION_TOKEN": TOKEN}


@pytest.fixture
def store(environment: dict[str, str]) -> Store:
    return Store.of(load(environment))


@pytest.fixture
def impatient(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Store:
    """The same store, asked by somebody in a hurry."""
    for name in ("_SILENCE", "_RETRIES_UNTIL", "_SENDING"):
        monkeypatch.setattr(bucket, name, 0.4)
    return Store.of(load(environment))


def told(error: StoreError) -> str:
    return "".join([repr(error), str(error), error.reason, *traceback.format_exception(error)])


def test_nobody_waits_for_longer_than_twenty_seconds() -> None:
    for longest in (bucket._SILENCE, bucket._ASKING):
        assert bucket._RETRIES_UNTIL + bucket._LONGEST_PAUSE + longest <= 20
    assert bucket._RETRIES_UNTIL < bucket._SENDING <= 20  # what took that long is not sent again


USES: dict[str, Callable[[Store, Kept, Path], Any]] = {
    "put": lambda store, kept, folder: keep(store, DECK, folder),
    "read": lambda store, kept, folder: read(store, kept),
    "part": lambda store, kept, folder: read(store, kept, 3, 9),
    "fetch": lambda store, kept, folder: store.fetch(*kept.told, folder / "fetched"),
    "delete": lambda store, kept, folder: store.delete([kept.key]),
    "delete all": lambda store, kept, folder: store.delete_all(deck_prefix(uuid4())),
    "list": lambda store, kept, folder: list(store.listed()),
    "check": lambda store, kept, folder: store.check(),
}
WAYS: dict[str, tuple[Callable[[ways.Exchange], None], str]] = {
    "fails": (says(500, "<Error><Code>InternalError</Code></Error>"), "InternalError"),
    "is busy": (says(503, "busy {headers}"), "503"),
    "keeps out": (says(403, "<Error><Code>AccessDenied</Code><A>{headers}</A></Error>"), "AccessDenied"),
    "knows no bucket": (says(404, "<Error><Code>NoSuchBucket</Code></Error>"), "NoSuchBucket"),
    "is another web server": (says(404, "<html>Not found {headers}"), "404"),
    "sends elsewhere": (says(302, "", Location="http://127.0.0.1:9/"), "http://"),
    "is hostile": (says(400, "<Code>{headers}\r\nforged</Code>"), "400"),
}


@pytest.mark.parametrize(
    ("use", "way"), [*((use, "fails") for use in USES), *(("read", way) for way in list(WAYS)[1:])]
)
def test_what_is_wrong_is_said_without_secrets(
    store: Store, server: Wayward, tmp_path: Path, use: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept = keep(store, DECK, tmp_path)
    behave, said = WAYS[way]
    server.ways = dict.fromkeys(METHODS, behave)
    with caplog.at_level(logging.WARNING), pytest.raises(StoreAway, match="Try again in a minute") as error:
        USES[use](store, kept, tmp_path)
    assert said in error.value.reason
    assert not (tmp_path / "fetched").exists()
    for secret in (SECRET_KEY, ACCESS_KEY, TOKEN, "Signature"):
        assert secret not in told(error.value) + caplog.text + repr(store) + store.name
    assert error.value.reason in caplog.text
    assert "\n" not in error.value.reason


@pytest.mark.parametrize("use", USES)
def test_nobody_waits_for_one_that_hangs(
    store: Store, impatient: Store, server: Wayward, tmp_path: Path, use: str
) -> None:
    kept = keep(store, DECK, tmp_path)
    server.ways = dict.fromkeys(METHODS, ways.hang)
    with pytest.raises(StoreAway) as error:
        USES[use](impatient, kept, tmp_path)
    assert error.value.reason.endswith("it did not answer in time")


def test_nobody_waits_for_one_that_hangs_midway(
    store: Store, impatient: Store, server: Wayward, tmp_path: Path
) -> None:
    kept = keep(store, DECK, tmp_path)
    server.ways = {"GET": ways.hang_midway}
    with pytest.raises(StoreAway):
        impatient.fetch(*kept.told, tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()


def test_as_soon_as_it_is_back_all_is_well(store: Store, server: Wayward, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    server.ways = {"GET": says(500, "")}
    with pytest.raises(StoreAway):
        read(store, kept)
    server.ways = {}
    assert read(store, kept) == DECK


def test_one_failure_is_asked_over(store: Store, server: Wayward, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)

    def once(exchange: ways.Exchange) -> None:
        server.ways = {}
        says(503, "busy")(exchange)

    server.ways = {"GET": once}
    assert read(store, kept) == DECK


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (ways.other_bytes, Damaged),
        (ways.fewer_bytes, Damaged),
        (ways.break_off, StoreAway),
        (says(200, "<html>Sign in to the school's network"), Damaged),
    ],
)
def test_no_damaged_file_is_given_out_whole(
    store: Store,
    server: Wayward,
    tmp_path: Path,
    way: Callable[[ways.Exchange], None],
    expected: type[StoreError],
) -> None:
    kept = keep(store, DECK, tmp_path)
    server.ways = {"GET": way}
    given = b""

    def take() -> None:
        nonlocal given
        with store.read(*kept.told) as content:
            for chunk in content.chunks():
                given += chunk

    with pytest.raises(expected):
        take()
    assert len(given) < len(DECK)
    assert DECK.startswith(given)
    with pytest.raises(expected):
        store.fetch(*kept.told, tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()


def test_a_part_of_another_length_is_damaged(store: Store, server: Wayward, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    with store.read(*kept.told) as content:
        server.ways = {"GET": ways.fewer_bytes}
        with pytest.raises((Damaged, StoreAway)):
            list(content.chunks(10, 20))


def test_a_file_that_went_away_meanwhile_is_missing(store: Store, tmp_path: Path) -> None:
    kept = keep(store, DECK, tmp_path)
    with store.read(*kept.told) as content:
        store.delete([kept.key])
        with pytest.raises(Missing):
            list(content.chunks(10, 20))


def test_an_upload_that_fails_leaves_no_file(store: Store, server: Wayward, s3: S3, tmp_path: Path) -> None:
    def second_part(exchange: ways.Exchange) -> None:
        (says(500, "") if "partNumber=2" in exchange.path else ways.pass_on)(exchange)

    server.ways = {"PUT": second_part}
    with pytest.raises(StoreAway):
        keep(store, bytes(11 * 1024 * 1024), tmp_path)
    server.ways = {}
    assert list(store.listed()) == []
    assert any(asked.startswith("DELETE") and "uploadId" in asked for asked in server.asked)


def test_what_is_not_deleted_is_said(store: Store, server: Wayward, tmp_path: Path) -> None:
    """S3 answers 200 to a deletion of many, and says in it which it did not delete."""
    kept = keep(store, DECK, tmp_path)
    key = f"school/files/{kept.key}"
    kept_on = (
        f"<DeleteResult><Error><Key>{key}</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"
    )
    server.ways = {"POST": says(200, kept_on)}
    with pytest.raises(StoreAway):
        store.delete([kept.key])
    assert read(store, kept) == DECK


def test_only_what_is_below_its_prefix_is_seen_or_deleted(s3: S3, tmp_path: Path) -> None:
    environment = s3.environment("school")
    store, neighbour = (
        Store.of(load(environment | {"FILES_URL": environment["FILES_URL"] + end})) for end in ("/files", "/files2")
    )
    presentation = uuid4()
    keep(neighbour, b"theirs", tmp_path, presentation)
    by_hand, source = f"s3://{environment['FILES_URL'].split('/')[2]}/school/files", tmp_path / "readme.txt"
    source.write_bytes(b"by hand")
    others = Bucket(load(environment | {"FILES_URL": by_hand}))
    others.put("readme.txt", source, None, "text/plain")
    kept = keep(store, b"ours", tmp_path, presentation)
    assert [one.key for one in store.listed()] == [kept.key]
    store.delete_all(deck_prefix(presentation))
    assert len(list(neighbour.listed())) == 1
    assert others.open("readme.txt").size == 7


def test_a_bucket_without_a_prefix_is_one_too(s3: S3, tmp_path: Path) -> None:
    store = Store.of(load(s3.environment() | {"FILES_URL": f"s3://{s3.bucket()}"}))
    assert read(store, keep(store, DECK, tmp_path)) == DECK
    assert len(list(store.listed())) == 1


def test_a_link_gives_the_file_its_name_and_type_for_a_while(s3: S3, tmp_path: Path) -> None:
    store = Store.of(load(s3.environment()))
    presentation, source = uuid4(), tmp_path / "source"
    for content in (b"small", bytes(6 * 1024 * 1024)):
        source.write_bytes(content)
        key = deck_key(presentation, Kept("", content).sha256)
        names = file_names('Überblick 概要 "1"', presentation, "pdf")
        store.put(key, source, disposition=names.content_disposition, media_type="application/pdf")
        link = store.link(key, 60)
        assert link
        assert "X-Amz-Expires=60" in link
        assert SECRET_KEY not in link
        given = requests.get(link, timeout=30)
        assert given.content == content
        assert given.headers["Content-Disposition"] == names.content_disposition
        assert given.headers["Content-Type"] == "application/pdf"


def test_the_endpoint_by_aws_own_name_is_taken(s3: S3, tmp_path: Path) -> None:
    environment = s3.environment()
    environment["AWS_ENDPOINT_URL"] = environment.pop("FILES_S3_ENDPOINT")
    store = Store.of(load(environment))
    assert read(store, keep(store, DECK, tmp_path)) == DECK
    assert s3.endpoint in store.name


def test_a_certificate_that_cannot_be_trusted_is_said(s3: S3, tmp_path: Path) -> None:
    served = trustme.CA().issue_cert("127.0.0.1")
    with wayward(s3.endpoint, served) as server:
        store = Store.of(load(s3.environment() | {"FILES_S3_ENDPOINT": server.endpoint}))
        with pytest.raises(StoreAway) as error:
            store.check()
    assert error.value.reason.endswith(f"at {server.endpoint}: its certificate cannot be trusted")


def test_without_credentials_it_says_so(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    store = Store.of(load({name: value for name, value in s3.environment().items() if "KEY" not in name}))
    with pytest.raises(StoreAway) as error:
        store.check()
    assert "AWS_ACCESS_KEY_ID is not set" in error.value.reason


def test_agents_import_nothing_of_it() -> None:
    code = (
        "import sys, async_presentation_tool, presentations.files, presentations.library; "
        "sys.exit('obstore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120, check=False).returncode == 0
