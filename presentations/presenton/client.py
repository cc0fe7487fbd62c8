"""The only module that speaks to Presenton."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
)

from presentations.options import OPTIONS, GenerationRequest
from presentations.presenton import server
from presentations.presenton.answers import (
    Answer,
    Deck,
    Task,
    read_deck,
    read_marked,
    read_slide_count,
    read_task,
    read_updated_at,
)
from presentations.presenton.credentials import credentials
from presentations.presenton.errors import (
    BadAnswer,
    Down,
    Failed,
    FileGone,
    FileWithheld,
    NoAsynchronousCall,
    NotLetIn,
    Refused,
    Unanswered,
    UnknownDeck,
    UnknownTask,
    Unreachable,
)
from presentations.presenton.failures import Cause, Failure
from presentations.presenton.marks import marked
from presentations.presenton.templates import Template
from presentations.presenton.transport import File, Line, read
from presentations.settings import Settings
from presentations.telemetry.metrics import PRESENTON_CALLS, PRESENTON_FAILURES

_ASYNC = "/api/v1/ppt/presentation/generate/async"
_BLOCKING = "/api/v1/ppt/presentation/generate"
_STATUS = "/api/v1/ppt/presentation/status/"
_LIST = "/api/v1/ppt/presentation/all?include_slides=false"
_DECK = "/api/v1/ppt/presentation/"
_EDIT = "/api/v1/ppt/presentation/edit"
_EXPORT = "/export"

# A server that cannot be asked asynchronously is asked in the other way for so long: it may be upgraded meanwhile.
_REMEMBERED = 3600.0
# Seconds for the file of a deck that exists.
_EXPORT_SECONDS = 180.0

_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ProxyError, SSLError)
# A time-out says nothing about the server; a refused or broken connection does.
_DOWN = (NewConnectionError, ProtocolError)


class Presenton:
    """A Presenton server. One object serves all threads of a process."""

    def __init__(self, settings: Settings) -> None:
        if not settings.presenton_url:
            raise ValueError("settings.presenton_url is not set")
        self._line = Line(settings.presenton_url, credentials(settings))
        self._mode = settings.presenton_mode
        self._timeout = (settings.presenton_connect_timeout, settings.presenton_read_timeout)
        self._blocking_until = float("-inf")

    @property
    def is_asked_blocking(self) -> bool:
        """Whether the next presentation is asked for in the blocking way."""
        return self._mode == "sync" or (self._mode == "auto" and time.monotonic() < self._blocking_until)

    def ask_blocking(self) -> None:
        """In mode `auto`, ask in the blocking way for a while."""
        self._blocking_until = time.monotonic() + _REMEMBERED

    def submit(self, request: GenerationRequest, mark: str) -> Task:
        """Ask for a presentation in the asynchronous way; `mark` is that of its deck.

        Raises Passing when it was not taken, Unanswered when it may have been, Failed, Refused, NoAsynchronousCall.
        """
        response = self._ask(_ASYNC, request, mark, self._timeout)
        if response.status in (404, 405) and response.is_json:
            self.ask_blocking()
            raise NoAsynchronousCall(f"It has no asynchronous call ({response.words})")
        if response.status == 404:
            raise BadAnswer(response.words)  # a proxy's, that has lost its way
        response.raise_for_submit()
        try:
            return read_task(response.json(), None)
        except BadAnswer as error:
            raise Unanswered(f"It took the request, but {error}") from None

    def generate(self, request: GenerationRequest, mark: str, timeout: float) -> Deck:
        """Ask for a presentation in the blocking way, and wait up to `timeout` seconds until it is made.

        Raises Passing when it was not taken, Unanswered when it may still be at work, Failed, Refused.
        """
        response = self._ask(_BLOCKING, request, mark, (self._timeout[0], timeout))
        try:
            response.raise_for_generation()
        except NotLetIn:
            if response.status == 401 and response.is_own_error:
                self.probe()
                raise Failed(Failure(Cause.MODEL_KEY, response.words)) from None  # it lets us in: a provider's words
            raise
        try:
            return read_deck(response.json())
        except BadAnswer as error:
            raise Unanswered(f"It took the request, but {error}") from None

    def task(self, task_id: str) -> Task:
        """How a task stands. Raises UnknownTask, Passing, Refused."""
        response = self._get(_STATUS + quote(task_id, safe=""))
        if response.status == 404:
            # A proxy that has lost its way says 404 as well, in HTML; that is no word on the task.
            raise UnknownTask(response.words) if response.is_json else BadAnswer(response.words)
        response.raise_for_status()
        return read_task(response.json(), task_id)

    def marked_decks(self, mark: str) -> list[str]:
        """The ids of what was asked for with this mark, drafts among them, oldest first. Raises Passing, Refused."""
        response = self._get(_LIST)
        response.raise_for_status()
        return read_marked(response.json(), mark)

    def slide_count(self, deck_id: str) -> int:
        """How many slides a presentation has by now. Raises UnknownDeck, Passing, Refused."""
        return read_slide_count(self._shown(deck_id))

    def deck_updated_at(self, deck_id: str) -> str:
        """What differs whenever a presentation was changed: nobody can tell a time by it.

        Raises UnknownDeck, Passing, Refused.
        """
        return read_updated_at(self._shown(deck_id))

    def export(self, deck_id: str, kind: str) -> Deck:
        """A presentation that exists, with its file of this kind ("pptx" or "pdf") as it is now.

        By an edit that changes nothing, which all recorded releases know, else by the call of its own that newer ones
        have (Presenton's pull request 831). Raises UnknownDeck, Passing, Refused (by both, says what each answers),
        Failed.
        """
        try:
            return self._exported(_EDIT, {"presentation_id": deck_id, "slides": [], "export_as": kind})
        except NotLetIn:
            raise
        except Refused as error:
            refused = error
        self._shown(deck_id)  # is it the deck that is not there, or the call?
        try:
            return self._exported(_deck_path(deck_id) + _EXPORT, {"export_as": kind})
        except NotLetIn:
            raise
        except Refused as error:
            words = f"presentation/edit answers {refused}; presentation/<id>/export answers {error}"
            raise Refused(f"It exports no presentation that exists: {words}", error.cause) from None

    def file(self, path: str) -> File:
        """Open an exported file, by its path below /app_data/. Raises FileGone, FileWithheld, Passing, Refused."""
        try:
            response = self._line.opened(quote(path), self._timeout)
        except HTTPError as error:
            raise Unreachable(_short(error)) from None
        if response.status != 200:
            response.close()
            if response.status == 403:  # the file of another account in Presenton
                raise FileWithheld("Presenton answers 403 for the file")
            if response.status in (404, 410):
                raise FileGone(f"Presenton answers {response.status} for the file")
            Answer(response.status, b"").raise_for_status()
            raise BadAnswer(f"it answers {response.status} for the file")
        return File(response)

    def delete(self, deck_id: str) -> None:
        """Delete a deck, if it is still there. Its exported file stays. Raises Passing or Refused."""
        response = self._repeatable("DELETE", _deck_path(deck_id))
        if response.status == 404 and response.is_json:
            return
        if response.status == 404:
            raise BadAnswer(response.words)  # a proxy's, that has lost its way
        response.raise_for_status()

    def probe(self) -> None:
        """Whether a Presenton is there and lets us in. Raises NotPresenton, Passing or Refused."""
        server.probe(self._get)

    def release(self) -> str:
        """About which release it is. Raises Passing."""
        return server.release(self._get)

    def templates(self) -> list[Template]:
        """The templates that may be asked for; none where it has no list of them. Raises Passing or Refused."""
        return server.templates(self._get)

    def _shown(self, deck_id: str) -> Any:
        """What it says of a presentation."""
        response = self._get(_deck_path(deck_id))
        if response.status == 404:
            raise UnknownDeck(response.words) if response.is_json else BadAnswer(response.words)
        response.raise_for_status()
        return response.json()

    def _exported(self, path: str, body: dict[str, Any]) -> Deck:
        try:
            response = self._post(path, body, (self._timeout[0], _EXPORT_SECONDS))
        except Unanswered as error:
            raise Unreachable(str(error)) from None  # asking for a file once more is safe
        if response.status == 404 and not response.is_json:
            raise BadAnswer(response.words)  # a proxy's, that has lost its way
        if response.status == 500:
            raise Failed(response.failure)
        response.raise_for_status()
        return read_deck(response.json())

    def _ask(self, path: str, request: GenerationRequest, mark: str, timeout: tuple[float, float]) -> Answer:
        body = _body(request)
        return self._post(path, body | {"content": marked(body["content"], mark)}, timeout)

    def _post(self, path: str, body: dict[str, Any], timeout: tuple[float, float]) -> Answer:
        try:
            # A connection of its own: on one kept alive, a server that hangs up looks as if it had lost the request.
            return self._send("POST", path, timeout, body, anew=True)
        except _NEVER_SENT as error:
            raise _unreachable(error) from None
        except HTTPError as error:
            raise Unanswered(_short(error)) from None

    def _get(self, path: str) -> Answer:
        return self._repeatable("GET", path)

    def _repeatable(self, method: str, path: str) -> Answer:
        for is_last in (False, True):
            try:
                # The server may just have closed a connection that was kept alive. Asking once more is safe; not on
                # another one that was kept, for it may have closed them all.
                return self._send(method, path, self._timeout, anew=is_last)
            except HTTPError as error:
                if is_last or not isinstance(error, _DOWN):
                    raise _unreachable(error) from None
        raise AssertionError

    def _send(
        self, method: str, path: str, timeout: tuple[float, float], body: dict[str, Any] | None = None, *, anew: bool
    ) -> Answer:
        call = _name_of(method, path)
        with (
            PRESENTON_CALLS.labels(call).time(),
            PRESENTON_FAILURES.labels(call).count_exceptions(HTTPError),
            self._line.sent(method, path, timeout, body, anew=anew) as response,
        ):
            if response.status >= 500:
                PRESENTON_FAILURES.labels(call).inc()
            return Answer(response.status, read(response, timeout[1]))


def _body(request: GenerationRequest) -> dict[str, Any]:
    given = {option.presenton_name or option.name: request.values[option.name] for option in OPTIONS if option.is_sent}
    given |= {"content": request.content, "instructions": request.instructions}
    if request.slides is not None:
        given["slides_markdown"] = list(request.slides)
    return {name: value for name, value in given.items() if value is not None}


def _deck_path(deck_id: str) -> str:
    return _DECK + quote(deck_id, safe="")


def _name_of(method: str, path: str) -> str:
    """What the metrics call it; no ids, of which there is no end."""
    if path.startswith(_STATUS):
        return "status"
    if path.startswith(_DECK) and path not in (_ASYNC, _BLOCKING, _LIST, _EDIT):
        if method == "POST":
            return "export"
        return "delete" if method == "DELETE" else "deck"
    return path.partition("?")[0].rpartition("/")[2]


def _unreachable(error: HTTPError) -> Unreachable:
    return Down(_short(error)) if isinstance(error, _DOWN) else Unreachable(_short(error))


def _short(error: HTTPError) -> str:
    return str(error)[:300]
