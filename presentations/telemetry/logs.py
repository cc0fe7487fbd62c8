"""How a process logs: one readable line for each decision on a terminal, one JSON object for each anywhere else.

What is logged holds what strangers wrote: paths, topics, Presenton's words. Whoever logs it, Lectern or a library, it
comes through the formatters here, which let nobody add a line or reach the terminal.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

from pythonjsonlogger.json import JsonFormatter

from presentations.printable import printable
from presentations.telemetry.masking import masked_text

_READABLE = "%(asctime)s %(levelname)-7s %(message)s"
_INDENTED = "    "
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s %(presentation_id)s"
_PRESENTATION = re.compile(r"\bpresentation ([0-9a-f]{8}-[0-9a-f-]{27})\b")

_request: ContextVar[str | None] = ContextVar("request", default=None)
_presentation: ContextVar[str | None] = ContextVar("presentation", default=None)


def set_up(level: str, form: str = "auto") -> None:
    """Log to the standard error stream, from all threads, what is at least as grave as `level`.

    `form` is "text", "json", or "auto": text on a terminal.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _log_broken_program
    threading.excepthook = _log_broken_thread


def formatter(form: str) -> logging.Formatter:
    """What makes a line of a record."""
    is_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    return _Text(_READABLE) if is_text else _Json()


@contextmanager
def about(presentation_id: object = None, request_id: str | None = None) -> Iterator[None]:
    """Every line that is logged meanwhile, by this thread, names these."""
    tokens = (
        _presentation.set(None if presentation_id is None else str(presentation_id)),
        _request.set(request_id or _request.get()),
    )
    try:
        yield
    finally:
        _presentation.reset(tokens[0])
        _request.reset(tokens[1])


def request_id() -> str | None:
    """The request that is being answered, or that first asked for what is being done."""
    return _request.get()


def of_request(request_id: str | None) -> None:
    """From now on, this thread works for this request."""
    _request.set(request_id)


class _Text(logging.Formatter):
    """A record is one line; the lines of its traceback are indented, so that none of them looks like a record."""

    def format(self, record: logging.LogRecord) -> str:
        record.message, record.asctime = record.getMessage(), self.formatTime(record)
        traced = self.formatException(record.exc_info) if record.exc_info else ""
        below = [line for text in (traced, record.stack_info) if text for line in text.split("\n")]
        lines = [printable(self.formatMessage(record)), *(_INDENTED + printable(line) for line in below)]
        return masked_text("\n".join(lines))


class _Json(JsonFormatter):
    """Times in ISO 8601; fields that are not known are left out."""

    def __init__(self) -> None:
        super().__init__(_FIELDS, rename_fields={"asctime": "time", "levelname": "level", "name": "logger"})
        self.default_time_format, self.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    converter = time.gmtime  # type: ignore[assignment]

    def format(self, record: logging.LogRecord) -> str:
        named = _PRESENTATION.search(record.getMessage())
        record.presentation_id = named[1] if named else _presentation.get()
        record.request_id = _request.get()
        line = super().format(record).replace("\x7f", "\\u007f")  # the one control character that JSON leaves as it is
        return masked_text(line)

    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in log_data.items() if value is not None}


def _log_broken_program(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logging.getLogger(__name__).critical("the program broke off", exc_info=(kind, error, traceback))


def _log_broken_thread(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread else "a thread"
    logging.getLogger(__name__).error("%s broke off", name, exc_info=args.exc_value)
