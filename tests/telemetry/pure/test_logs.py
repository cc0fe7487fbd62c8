"""Whatever is logged, by whomever, is one line that does nothing; only tracebacks have more, and those are indented."""

from __future__ import annotations

import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest

from presentations.telemetry import logs
from tests.support.hostile import FORGED, HOSTILE, is_harmless

log = logging.getLogger("presentations.web")


@contextmanager
def written(form: str) -> Iterator[StringIO]:
    """What is logged meanwhile."""
    root, stream = logging.getLogger(), StringIO()
    before = root.handlers[:], root.level, sys.stderr, sys.excepthook, threading.excepthook, warnings.showwarning
    root.handlers[:], sys.stderr = [], stream
    try:
        logs.set_up("debug", form)
        yield stream
    finally:
        logging.captureWarnings(False)
        root.handlers[:], root.level, sys.stderr, sys.excepthook, threading.excepthook, warnings.showwarning = before


def by_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)  # which pytest's own record of warnings has undone
        logging.captureWarnings(True)
        warnings.warn(HOSTILE, stacklevel=1)


def broken() -> BaseException:
    try:
        try:
            raise ValueError(HOSTILE)
        except ValueError as error:
            error.add_note(HOSTILE)
            raise RuntimeError(f"while doing {HOSTILE}") from error
    except RuntimeError as error:
        return error


def by_a_thread() -> None:
    def run() -> None:
        raise broken()

    thread = threading.Thread(target=run, name=HOSTILE)
    thread.start()
    thread.join()


def by_the_program() -> None:
    error = broken()
    sys.excepthook(type(error), error, error.__traceback__)


WAYS: dict[str, Callable[[], object]] = {
    "in what is put in": lambda: log.info("GET %s", HOSTILE),
    "in the text itself": lambda: log.info(HOSTILE),
    "as an object": lambda: log.info("%r, %s", [HOSTILE], ValueError(HOSTILE)),
    "by a library": lambda: logging.getLogger(f"urllib3.{HOSTILE}").warning("Retrying: %s", HOSTILE),
    "with its stack": lambda: log.info("GET %s", HOSTILE, stack_info=True),
    "in a traceback": lambda: log.error("GET %s", HOSTILE, exc_info=broken()),
    "by a warning": by_a_warning,
    "by a thread": by_a_thread,
    "by the program": by_the_program,
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_writes_a_line_of_their_own(way: str) -> None:
    with written("text") as stream:
        WAYS[way]()
        log.info("The end")
    assert is_harmless(stream.getvalue())
    assert FORGED in stream.getvalue()


@pytest.mark.parametrize("way", WAYS)
def test_as_json_each_record_is_one_object_in_ascii(way: str) -> None:
    with written("json") as stream:
        WAYS[way]()
        log.info("The end")
    text = stream.getvalue()
    assert text.replace("\n", "").isprintable()
    assert text.isascii()
    assert [set(json.loads(line)) >= {"time", "level", "message"} for line in text.splitlines()] == [True, True]


def test_a_traceback_keeps_its_lines() -> None:
    with written("text") as stream:
        log.error("Broke off", exc_info=broken())
    lines = stream.getvalue().splitlines()
    assert lines[1] == "    Traceback (most recent call last):"
    assert "    The above exception was the direct cause of the following exception:" in lines
