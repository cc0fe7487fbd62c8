"""What Presenton is asked for: the calls that the rest of Lectern makes of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, BinaryIO
from urllib.parse import quote

from presentations.options import OPTIONS, GenerationRequest
from presentations.presenton import exporting, outlining, server, uploading
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
from presentations.presenton.calls import ASYNC, BLOCKING, DRAFT, LIST, STATUS, deck_path, outlines_path
from presentations.presenton.credentials import credentials
from presentations.presenton.errors import (
    BadAnswer,
    Failed,
    NoAsynchronousCall,
    NotLetIn,
    Unanswered,
    UnknownDeck,
    UnknownTask,
)
from presentations.presenton.failures import Cause, Failure
from presentations.presenton.marks import marked
from presentations.presenton.sending import Sender
from presentations.presenton.templates import Template, picture
from presentations.presenton.transport import File, Line
from presentations.settings import Settings

# A server that cannot be asked asynchronously is asked in the other way for so long: it may be upgraded meanwhile.
_REMEMBERED = 3600.0


class Presenton:
    """A Presenton server. One object serves all threads of a process."""

    def __init__(self, settings: Settings) -> None:
        if not settings.presenton_url:
            raise ValueError("settings.presenton_url is not set")
        line = Line(settings.presenton_url, credentials(settings))
        self._sender = Sender(line, settings.presenton_connect_timeout, settings.presenton_read_timeout)
        self._mode = settings.presenton_mode
        self._blocking_until = float("-inf")

    @property
    def is_asked_blocking(self) -> bool:
        """Whether the next presentation is asked for in the blocking way."""
        return self._mode == "sync" or (self._mode == "auto" and time.monotonic() < self._blocking_until)

    def ask_blocking(self) -> None:
        """In mode `auto`, ask in the blocking way for a while."""
        self._blocking_until = time.monotonic() + _REMEMBERED

    def submit(self, request: GenerationRequest, mark: str, files: Sequence[str] = ()) -> Task:
        """Ask for a presentation in the asynchronous way; `mark` is that of its deck, `files` are paths of uploads.

        Raises Passing when it was not taken, Unanswered when it may have been, Failed, Refused, NoAsynchronousCall.
        """
        response = self._ask(ASYNC, _with_files(_body(request), "files", files), mark)
        if response.status in (404, 405) and response.is_json and response.failure.cause is not Cause.FILE_LOST:
            self.ask_blocking()
            raise NoAsynchronousCall(f"It has no asynchronous call ({response.words})")
        if response.status == 404 and not response.is_json:
            raise BadAnswer(response.words)  # a proxy's, that has lost its way
        response.raise_for_submit()
        try:
            return read_task(response.json(), None)
        except BadAnswer as error:
            raise Unanswered(f"It took the request, but {error}") from None

    def generate(self, request: GenerationRequest, mark: str, timeout: float, files: Sequence[str] = ()) -> Deck:
        """Ask for a presentation in the blocking way, and wait up to `timeout` seconds until it is made.

        Raises Passing when it was not taken, Unanswered when it may still be at work, Failed, Refused.
        """
        body = _with_files(_body(request), "files", files)
        response = self._ask(BLOCKING, body, mark, timeout)
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

    def upload(self, name: str, source: BinaryIO, size: int) -> str:
        """Give it a file of `size` bytes; gives the path to name in `files`, which is gone after its next start.

        Raises Passing, Refused where it takes no files, Failed (Cause.FILE) where it does not take this one, ValueError
        when the source has not so many bytes.
        """
        return uploading.upload(self._sender, name, source, size)

    def draft(self, request: GenerationRequest, mark: str, files: Sequence[str] = ()) -> str:
        """Begin a presentation without making it; gives its id, with which outline() and delete() are asked.

        Raises Passing when it was not taken, Unanswered when it may have been (marked_decks() tells), Failed, Refused.
        """
        body = _with_files(outlining.draft_body(_body(request)), "file_paths", files)
        response = self._ask(DRAFT, body, mark)
        if response.status == 404 and not response.is_json:
            raise BadAnswer(response.words)  # a proxy's, that has lost its way
        response.raise_for_submit()
        try:
            return outlining.read_draft(response.json())
        except BadAnswer as error:
            raise Unanswered(f"It took the request, but {error}") from None

    def outline(self, draft_id: str, seconds: float) -> list[str]:
        """Have the outlines of a draft written, within `seconds`; gives the Markdown of each slide, at least one.

        Raises UnknownDeck, Passing (drafted() tells whether they were written all the same), Failed, Refused.
        """
        outlining.write(self._sender, draft_id, seconds)
        outlines = self.drafted(draft_id)
        if not outlines:
            raise Failed(Failure(Cause.MODEL_ANSWER, "The outlines were written, but there are none"))
        return outlines

    def drafted(self, draft_id: str) -> list[str]:
        """The outlines of a draft; none as long as they are not written. Raises UnknownDeck, Passing, Failed, Refused.

        At most 50 slides, and 5,000 characters of Markdown of each, which can be stored.
        """
        response = self._sender.get(outlines_path(draft_id))
        outlining.raise_for_draft(response)
        return outlining.read_outlines(response.json())

    def task(self, task_id: str) -> Task:
        """How a task stands. Raises UnknownTask, Passing, Refused."""
        response = self._sender.get(STATUS + quote(task_id, safe=""))
        if response.status == 404:
            # A proxy that has lost its way says 404 as well, in HTML; that is no word on the task.
            raise UnknownTask(response.words) if response.is_json else BadAnswer(response.words)
        response.raise_for_status()
        return read_task(response.json(), task_id)

    def marked_decks(self, mark: str) -> list[str]:
        """The ids of what was asked for with this mark, drafts among them, oldest first. Raises Passing, Refused."""
        response = self._sender.get(LIST)
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

        Raises UnknownDeck, Passing, Refused, Failed.
        """
        return exporting.export(self._sender.post, lambda: self._shown(deck_id), deck_id, kind)

    def file(self, path: str) -> File:
        """Open an exported file, by its path below /app_data/. Raises FileGone, FileWithheld, Passing, Refused."""
        return self._sender.file(quote(path))

    def delete(self, deck_id: str) -> None:
        """Delete a deck, if it is still there. Its exported file stays. Raises Passing or Refused."""
        response = self._sender.delete(deck_path(deck_id))
        if response.status == 404 and response.is_json:
            return
        if response.status == 404:
            raise BadAnswer(response.words)  # a proxy's, that has lost its way
        response.raise_for_status()

    def probe(self) -> None:
        """Whether a Presenton is there and lets us in. Raises NotPresenton, Passing or Refused."""
        server.probe(self._sender.get)

    def release(self) -> str:
        """About which release it is. Raises Passing."""
        return server.release(self._sender.get)

    def templates(self) -> list[Template]:
        """The templates that may be asked for; none where it has no list of them. Raises Passing or Refused."""
        return server.templates(self._sender.get)

    def has_outlines(self) -> bool:
        """Whether it proposes outlines. Raises Passing or Refused."""
        return server.has_outlines(self._sender.get)

    def picture(self, path: str) -> bytes | None:
        """A template's thumbnail, by its path below /app_data/: PNG, JPEG or WebP, of at most 500 KB.

        None when there is no such picture. Raises Passing or Refused.
        """
        return picture(self._sender, path)

    def _shown(self, deck_id: str) -> Any:
        """What it says of a presentation."""
        response = self._sender.get(deck_path(deck_id))
        if response.status == 404:
            raise UnknownDeck(response.words) if response.is_json else BadAnswer(response.words)
        response.raise_for_status()
        return response.json()

    def _ask(self, path: str, body: dict[str, Any], mark: str, seconds: float | None = None) -> Answer:
        return self._sender.post(path, body | {"content": marked(body["content"], mark)}, seconds)


def _body(request: GenerationRequest) -> dict[str, Any]:
    given = {option.presenton_name or option.name: request.values[option.name] for option in OPTIONS if option.is_sent}
    given |= {"content": request.content, "instructions": request.instructions}
    if request.slides is not None:
        given["slides_markdown"] = list(request.slides)
    return {name: value for name, value in given.items() if value is not None}


def _with_files(body: dict[str, Any], name: str, files: Sequence[str]) -> dict[str, Any]:
    return body | {name: list(files)} if files else body
