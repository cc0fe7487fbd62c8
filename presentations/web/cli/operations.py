"""`lectern status`, `retry`, `cancel`, `purge`, `export`, `import` and `erase`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO
from zipfile import is_zipfile

import click

from presentations.database.models import CANCELLED, ERROR, Presentation
from presentations.errors import InvalidRequest, NotFound
from presentations.library import MaterialGone
from presentations.operations import (
    NotErased,
    erase_user,
    export_user,
    export_with_files,
    import_user,
    import_with_files,
    purge_old,
    space_used,
    standing,
    sweep_store,
    workers_of,
)
from presentations.web.auditing import with_ended
from presentations.web.cli.commands import Command, as_json, as_json_text, note, say, tell
from presentations.web.current import database, engine, library, redis, servers, store
from presentations.web.wording import switched_off

_TECHNICAL = ("error_detail", "attempts", "presenton_task_id", "asked_at", "changed_at", "fault_since", "request_id")


class _Done(NamedTuple):
    """A presentation after a command, and why that left it as it was, if it did."""

    after: Presentation
    left: str | None

    @property
    def line(self) -> str:
        said = f"{self.after.id}  {self.after.status}"
        return said if self.left is None else f"{said}: nothing was done, since {self.left}"


@click.command(cls=Command)
@click.argument("presentation_id", metavar="[PRESENTATION]", required=False)
@as_json
def status(presentation_id: str | None, as_json: bool) -> None:
    """Say how the line stands, or one presentation, given by its id."""
    found = _of_line() if presentation_id is None else _of_one(_found(presentation_id))
    tell([f"{name:18} {'-' if value is None else value}" for name, value in found.items()], found, as_json)


@click.command(cls=Command)
@click.argument("presentation_ids", metavar="PRESENTATION...", nargs=-1, required=True)
@as_json
def retry(presentation_ids: tuple[str, ...], as_json: bool) -> None:
    """Have presentations made after all that failed or were cancelled."""
    _each(presentation_ids, _retry, "asked for a presentation again", as_json)


@click.command(cls=Command)
@click.argument("presentation_ids", metavar="PRESENTATION...", nargs=-1, required=True)
@as_json
def cancel(presentation_ids: tuple[str, ...], as_json: bool) -> None:
    """Stop presentations that wait or are being made."""
    _each(presentation_ids, _cancel, "cancelled a presentation", as_json)


@click.command("purge", cls=Command)
@as_json
def purge_(as_json: bool) -> None:
    """Delete for good what is old enough; a worker does so every hour."""
    with_decks = servers().settings.presenton_delete
    count = purge_old(database(), store(), servers().presenton if with_decks else None)
    note("purged what was old")
    tell([f"{count} presentations that were deleted over 30 days ago are gone for good."], {"gone": count}, as_json)


@click.command("sweep", cls=Command)
@click.option("--force", is_flag=True, help="Also where most of what is there would go. Look twice before you do.")
@as_json
def sweep_(force: bool, as_json: bool) -> None:
    """Delete files that nothing names any more; a worker does so every day."""
    swept = sweep_store(database(), store(), forced=force)
    note("swept the store of files")
    size = f"{swept.size / 1e6:,.1f} MB"
    line = f"Of {swept.files:,} files, {swept.deleted:,} that nothing names any more are gone ({size})."
    tell([line], asdict(swept), as_json)


@click.command(cls=Command)
@click.argument("user_id", metavar="USER")
@click.option("--file", "target", type=click.File("w"), default="-", help="Where to write; else to the terminal.")
@click.option(
    "--with-files",
    "archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write a ZIP instead, of the same and of all files.",
)
def export(user_id: str, target: TextIO, archive: Path | None) -> None:
    """Give out all that is kept of a user, but secrets, as JSON; or as a ZIP with the files of their presentations."""
    if archive is None:
        found = export_user(database(), user_id)
        target.write(as_json_text(found, ascii_only=target.isatty()) + "\n")
    else:
        _export_with_files(user_id, archive)
    note("exported a user's data", user_id)


def _export_with_files(user_id: str, archive: Path) -> None:
    part = archive.with_name(f"{archive.name}.part")
    try:
        with part.open("wb") as file:
            written, lost = export_with_files(database(), store(), user_id, file)
        part.replace(archive)
    except OSError as error:
        raise InvalidRequest("--with-files", f"{archive} cannot be written ({error.strerror}): name another") from None
    finally:
        part.unlink(missing_ok=True)
    left = f" {lost} more are lost or damaged where files are kept, and left out." if lost else ""
    say(f"{archive} has {written} files.{left}")


@click.command("import", cls=Command)
@click.argument("source", metavar="FILE", type=click.File("rb"))
@as_json
def import_(source: BinaryIO, as_json: bool) -> None:
    """Add what export has given; what is there already stays as it is. `-` reads JSON from the standard input."""
    if source.seekable() and is_zipfile(source):
        user_id, counts = import_with_files(database(), store(), source, servers().settings.max_file_bytes)
    else:
        user_id, counts = import_user(database(), _json(source))
    note("imported a user's data", user_id)
    tell(["Added " + ", ".join(f"{count} {name}" for name, count in counts.items()) + "."], counts, as_json)


def _json(source: BinaryIO) -> object:
    try:
        if source.seekable():
            source.seek(0)
        return json.load(source)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("file", f"expected JSON, as `lectern export` writes it ({error})") from None


@click.command(cls=Command)
@click.argument("user_id", metavar="USER")
@click.confirmation_option(prompt="All of this user's data will be gone for good. Erase it?")
@as_json
def erase(user_id: str, as_json: bool) -> None:
    """Delete all that is kept of a user, for good, files as well. Decks in Presenton have to be deleted there."""
    counts, ended, files_problem = erase_user(database(), store(), engine(), user_id)
    note("erased a user", what=with_ended(None, ended))
    if files_problem:
        raise NotErased(files_problem)
    tell([f"Erased, with {counts['jobs']} presentations.{switched_off(ended)}"], counts, as_json)


def _of_line() -> dict[str, Any]:
    workers, line = workers_of(redis()), asdict(standing(database()))
    decks = {f"decks_{name}" if name != "oldest_unfetched" else name: n for name, n in line.pop("unfetched").items()}
    space = space_used(database())
    used = {"kept_bytes": space.all, **{f"{name}_bytes": size for name, size in asdict(space).items()}}
    return {**line, **decks, **used, "workers": None if workers is None else len(workers)}


def _of_one(presentation: Presentation) -> dict[str, Any]:
    return presentation.as_dict() | {name: getattr(presentation, name) for name in _TECHNICAL}


def _found(presentation_id: str) -> Presentation:
    try:
        return library().get(None, presentation_id)
    except NotFound as error:
        raise NotFound(f"{presentation_id}: {error}") from None


def _retry(before: Presentation) -> _Done:
    left = None if before.status in (ERROR, CANCELLED) else "only what failed or was cancelled is made after all"
    try:
        return _Done(library().retry(None, before.id), left)
    except MaterialGone as error:
        return _Done(before, f"it cannot be made as it was. {error}")


def _cancel(before: Presentation) -> _Done:
    after = library().cancel(None, before.id)
    is_over_already = before.status == CANCELLED or after.status != CANCELLED
    return _Done(after, "only what waits or is being made is stopped" if is_over_already else None)


def _each(presentation_ids: tuple[str, ...], do: Callable[[Presentation], _Done], action: str, as_json: bool) -> None:
    # A slip in the last id is said before anything is done.
    before = [_found(presentation_id) for presentation_id in presentation_ids]
    done = []
    for presentation in before:
        done.append(one := do(presentation))
        if one.left is None:
            note(action, one.after.user_id, f"presentation {one.after.id}")
    tell([one.line for one in done], [one.after.as_dict() for one in done], as_json)
