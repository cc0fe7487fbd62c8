"""AsyncPresentationTool: plain calls and plain dicts, in any Python process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from presentations.agent import results
from presentations.agent.giving import Given, ask_with, give
from presentations.agent.results import Asked, File, News, Outline, Slides, Status, Subject, Templates
from presentations.agent.runtime import lectern, shelf, store
from presentations.agent.saving import save
from presentations.agent.waiting import looks
from presentations.errors import InvalidRequest, shown
from presentations.validation import checked_user

if TYPE_CHECKING:
    from presentations.library import Requested

MAX_VERSION = 999_999_999


class AsyncPresentationTool:
    """Ask for presentations and see what became of them.

    Unbound it is a trusted service that may see everybody's; with a `user_id` it acts as that user and nobody else.
    Every call raises Unavailable when the database is away, NotAllowed when the account of the user it acts for is
    deactivated, and InvalidRequest or NotFound where they say so. One tool may be used by many threads, and goes on
    working in a forked process.
    """

    def __init__(self, user_id: str | None = None) -> None:
        self._user_id = None if user_id is None else checked_user(user_id)

    def create_presentation_async(
        self,
        topic: str | None = None,
        user_id: str | None = None,
        n_slides: int | None = None,
        *,
        files: Sequence[Given] = (),
        file_ids: Sequence[str] = (),
        **options: Any,
    ) -> Asked:
        """Ask for a presentation; returns at once, while it is made in the background.

        It is made from up to 5 `files` (paths, or what they hold: PDF, Word, PowerPoint, text or Markdown) and
        `file_ids` (of `add_file` or `list_files`); the files are kept as the user's material. `options` are the others
        of presentations.options.OPTIONS, which docs/api.md explains, such as `text`, `grade` or `outline_first`,
        `subject`, and `idempotency_key` (the same key and user give the first presentation again). What is not given is
        as is usual for the subject, which the answer then says; else there are five slides, and the rest is as it
        comes. Without a topic, a text or the name of a file gives it. Raises InvalidRequest, or StoreError where files
        cannot be kept.
        """
        here = lectern()
        owner = self._acting(user_id) if files else self._named(user_id)

        def ask(given: Sequence[UUID] = ()) -> Requested:
            return here.library.request(owner, topic, n_slides, file_ids=[*file_ids, *given], **options)

        return results.asked(ask_with(owner, files, ask) if files else ask(), here)

    def add_file(self, file: Given, name: str | None = None, user_id: str | None = None) -> File:
        """Keep a file (a path, or what it holds) as a user's material; its `file_id` is for `file_ids`.

        `name` is what it is called, such as "chapter 3.pdf". Raises InvalidRequest where slides cannot be made from it
        or the user's quota is reached, or StoreError.
        """
        return results.file(give(self._acting(user_id), file, name))

    def list_files(self, user_id: str | None = None) -> list[File]:
        """A user's material, newest first. Raises InvalidRequest."""
        return [results.file(one) for one in shelf().uploads.list(self._acting(user_id))]

    def list_templates(self) -> Templates:
        """The templates that decks can be made with, and whether outlines and web searches are offered."""
        self._bound()
        return results.templates(lectern())

    def get_outline(self, job_id: str) -> Outline:
        """What a presentation that was asked for with `outline_first` is to be made of.

        Raises NotFound, or NotThere when it has no outline (yet).
        """
        here = lectern()
        from presentations.library import outline_of

        return results.outline(outline_of(here.library, self._bound(), job_id), here)

    def change_outline(self, job_id: str, slides: Sequence[Mapping[str, Any]]) -> Outline:
        """Have the outline be exactly these slides: `title` and `points`, or `markdown`. It goes on waiting.

        Raises InvalidRequest, NotFound, or Conflicting when no outline waits.
        """
        here = lectern()
        from presentations.library import as_outline, slides_in_markdown

        changed = here.outlines.revise(self._bound(), job_id, slides_in_markdown(slides))
        return results.outline(as_outline(changed), here)

    def make_presentation(self, job_id: str, slides: Sequence[Mapping[str, Any]] | None = None) -> Status:
        """Have it made of its outline: of these slides, as in `change_outline`, or as it was kept last.

        Raises as `change_outline`.
        """
        here = lectern()
        from presentations.library import slides_in_markdown

        kept = None if slides is None else slides_in_markdown(slides)
        return results.status(here.outlines.accept(self._bound(), job_id, kept), here)

    def get_job_status(self, job_id: str) -> Status:
        """How a presentation stands. Raises NotFound."""
        here = lectern()
        return results.status(here.library.get(self._bound(), job_id), here)

    def list_presentations(
        self,
        subject: str | None = None,
        *,
        status: str | None = None,
        text: str | None = None,
        limit: int | None = None,
    ) -> list[Status]:
        """Presentations, newest first: those of a subject ("default": not organised yet), or all.

        They can be narrowed down to a status, to those with `text` in their title, and to the newest `limit`.
        Raises InvalidRequest.
        """
        here = lectern()
        found = here.library.list(self._bound(), subject=subject, status=status, text=text, limit=limit)
        return results.statuses(found.items, here)

    def update_subject(self, job_id: str, subject: str) -> Status:
        """File a presentation under a subject. Raises InvalidRequest or NotFound."""
        here = lectern()
        here.organiser.move(self._bound(), [job_id], subject)
        return self.get_job_status(job_id)

    def list_subjects(self, user_id: str | None = None) -> list[Subject]:
        """A user's subjects: first "default", what is not organised yet, then the others by name.

        Raises InvalidRequest.
        """
        return [results.subject(counted) for counted in lectern().library.subjects(self._acting(user_id))]

    def cancel(self, job_id: str) -> Status:
        """Stop one that waits or is being made. One that is over stays as it is. Raises NotFound."""
        here = lectern()
        return results.status(here.library.cancel(self._bound(), job_id), here)

    def retry(self, job_id: str) -> Status:
        """Have one that failed or was cancelled made after all. Anything else stays as it is.

        Raises NotFound, or Conflicting where a file that it would be made from again is gone.
        """
        here = lectern()
        return results.status(here.library.retry(self._bound(), job_id), here)

    def get_slides(self, job_id: str, version: int | None = None) -> Slides:
        """What stands on the slides: of a version, or of the one that is shown.

        There are none until they are read, some seconds after the presentation is complete. Raises InvalidRequest or
        NotFound.
        """
        here = lectern()
        view = here.decks.shown(self._bound(), job_id, _checked_version(version))
        here.decks.want_current(self._bound(), job_id)
        return results.slides(view, here)

    def download(
        self,
        job_id: str,
        path: str | os.PathLike[str],
        format: str | None = None,  # noqa: A002 (as in the API)
        version: int | None = None,
    ) -> Path:
        """Write the file of a presentation to `path`: all of it, or nothing. Gives the path.

        `format` is "pptx" or "pdf" (None: what was asked for); `version` as in `get_slides`. It comes from where
        Lectern keeps files (FILES_URL), not from Presenton. What is at `path` already is not written over. Raises
        InvalidRequest, NotFound, NotThere where there is no such file (yet), or StoreError.
        """
        if format not in (None, "pptx", "pdf"):
            raise InvalidRequest("format", f"expected pptx or pdf, got {shown(format)}")
        decks = lectern().decks
        from presentations.files import deck_key

        of, file = decks.file(self._bound(), job_id, format, _checked_version(version))
        decks.want_current(self._bound(), job_id)
        return save(path, partial(store().fetch, deck_key(of.id, file.sha256), file.sha256, file.size))

    def finished_since(self, user_id: str | None, since: datetime | str) -> list[Status]:
        """What became complete, failed or was cancelled after `since`, in that order; about the first 100.

        How an agent keeps its "I'll let you know when it's done": ask every few seconds, with the `ended_at` of the
        last one as the next `since`, and none is left out. `since` is a time with an offset, or one in ISO 8601.
        For None it is everybody's, or those of the user that this tool is bound to. Raises InvalidRequest.
        """
        here = lectern()  # which imports all of it, one thread after another
        from presentations.library import finished_since

        owner = None if user_id is None and self._user_id is None else self._acting(user_id)
        ended = finished_since(here.library.database, owner, since)
        return results.statuses(ended, here)

    def news_since(self, user_id: str | None, since: datetime | str) -> News:
        """The same, together with the outlines that wait for their users and were proposed after `since`.

        `next_since` of the answer is the next `since`. Raises InvalidRequest.
        """
        here = lectern()
        from presentations.library import news_since

        owner = None if user_id is None and self._user_id is None else self._acting(user_id)
        return results.news(news_since(here.library.database, owner, since), since, here)

    def wait_for(self, job_id: str, timeout: float, told: Callable[[Status], object] | None = None) -> Status:
        """Wait until a presentation is over, or its outline waits for its user; how it stands then, or after `timeout`.

        `told` is called with how it stands after every look, which come a moment apart at first and then every two
        seconds; what it raises ends the wait. A database that is away for a while is waited for. Raises
        InvalidRequest, NotFound, or Unavailable when the first or the last look fails.
        """
        for now, pause in looks(partial(self.get_job_status, job_id), timeout):
            if told:
                told(now)
            time.sleep(pause)
        return now

    def _acting(self, user_id: str | None) -> str:
        """The user that is acted for, if they may still be. Raises InvalidRequest or NotAllowed."""
        acting = self._named(user_id)
        _check_active(acting)
        return acting

    def _named(self, user_id: str | None) -> str:
        if self._user_id is not None and user_id not in (None, self._user_id):
            raise InvalidRequest("user_id", f"expected the user that this tool is bound to, got {shown(user_id)}")
        return checked_user(self._user_id or user_id)

    def _bound(self) -> str | None:
        """The user that it is bound to, if they may still be acted for. Raises NotAllowed."""
        if self._user_id is not None:
            _check_active(self._user_id)
        return self._user_id


def _checked_version(version: object) -> int | None:
    is_number = isinstance(version, int) and not isinstance(version, bool)
    if version is not None and not (is_number and 1 <= version <= MAX_VERSION):  # type: ignore[operator]
        raise InvalidRequest("version", f"expected the number of a version, got {shown(version)}")
    return version  # type: ignore[return-value]


def _check_active(user_id: str) -> None:
    # First, since two threads that import the same rooms in another order get them half made.
    here = lectern()
    from presentations.accounts import check_active

    check_active(here.library.database, user_id)
