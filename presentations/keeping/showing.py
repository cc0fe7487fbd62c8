"""What makes a version visible: its words, its PDF, and a picture of each slide."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from presentations.database.models import Slide, Version
from presentations.decks import (
    BadFile,
    Kind,
    Picture,
    RenderingFailed,
    check_file,
    draw_pictures,
    find_office,
    office_to_pdf,
    read_words,
)
from presentations.files import EDITED, GENERATED, OFFICE, Stored, add_file, deck_key, put_file, show
from presentations.keeping.claimed import Claimed
from presentations.keeping.fetching import NotFetched
from presentations.keeping.looking import export
from presentations.presenton import PresentonError

log = logging.getLogger(__name__)

_NO_WORDS = "The words on these slides cannot be read. Download the file to see them."
_NO_PDF = "No PDF can be made of these slides here. Download the PowerPoint file."
_NO_PICTURES = "No pictures can be made of these slides. Download the file to see them."
_SOME_PICTURES = "Of some slides no picture can be made. Download the file to see them."


def make_visible(one: Claimed) -> None:
    """Make what is missing of the version that is shown; what cannot be made is said in its row.

    Raises NotFetched where it may be had later, StoreAway, LeaseLost or Stopped.
    """
    version = one.version
    if version is None or version.prepared_at:
        return
    with TemporaryDirectory(prefix="lectern-") as name:
        folder = Path(name)
        powerpoint = _have(one, Kind.PPTX, folder)
        if powerpoint:
            _read(one, version, powerpoint)
        pdf = _have(one, Kind.PDF, folder) or _by_office(one, powerpoint, folder)
        if pdf:
            _draw(one, version, pdf, folder)
    problems = {} if pdf else {"pdf_problem": _NO_PDF, "pictures_problem": _NO_PICTURES}
    _note(one, version, {"prepared_at": func.now(), **problems})


def _have(one: Claimed, kind: Kind, folder: Path) -> Path | None:
    """A file of the version: from the store, or else exported by Presenton. Raises NotFetched."""
    if kind not in one.files and not _export(one, kind):
        return None
    kept, file = one.files[kind], folder / f"deck.{kind}"
    one.context.store.fetch(deck_key(one.id, kept.sha256), kept.sha256, kept.size, file)
    return file


def _export(one: Claimed, kind: Kind) -> bool:
    deck_id, version = one.presentation.presenton_id, one.version
    if not deck_id or version is None or version.origin not in (GENERATED, EDITED) or one.row.gone_at:
        return False
    try:
        _add(one, export(one, deck_id, kind))
    except (PresentonError, NotFetched) as error:
        may_pass = isinstance(error, NotFetched) and error.may_pass
        log.info("presentation %s: Presenton exports no %s: %s", one.id, kind, error)
        if may_pass and not find_office():
            raise
        return False
    return True


def _by_office(one: Claimed, powerpoint: Path | None, folder: Path) -> Path | None:
    office = find_office()
    if not office or not powerpoint:
        return None
    try:
        pdf = office_to_pdf(office, powerpoint, folder)
        check_file(pdf, Kind.PDF, most_bytes=one.context.settings.max_file_bytes)
    except (RenderingFailed, BadFile) as error:
        log.warning("presentation %s: LibreOffice makes no PDF: %s", one.id, error)
        return None
    _add(one, _put(one, pdf, Kind.PDF))
    return pdf


def _add(one: Claimed, file: Stored) -> None:
    assert one.version  # noqa: S101 (nothing is made visible without one)
    with one.writing() as session:
        add_file(session, one.id, one.version.number, file)
        show(session, one.id, one.version.number)
    one.read()


def _read(one: Claimed, version: Version, powerpoint: Path) -> None:
    try:
        slides = read_words(powerpoint)
    except RenderingFailed as error:
        log.warning("presentation %s: its words cannot be read: %s", one.id, error)
        _note(one, version, {"words_problem": _NO_WORDS})
        return
    words = [{"number": s.number, "title": s.title, "text": s.text, "notes": s.notes} for s in slides]
    _note(one, version, {"slides": len(slides), "words_problem": None}, words)


def _draw(one: Claimed, version: Version, pdf: Path, folder: Path) -> None:
    try:
        pictures = draw_pictures(pdf, folder)
    except RenderingFailed as error:
        log.warning("presentation %s: its slides cannot be drawn: %s", one.id, error)
        _note(one, version, {"pictures_problem": _NO_PICTURES})
        return
    drawn = [_kept(one, picture, picture.small, picture.large) for picture in pictures if picture.small]
    problem = None if len(drawn) == len(pictures) else _SOME_PICTURES
    _note(one, version, {"slides": len(pictures), "pictures_problem": problem}, drawn)


def _kept(one: Claimed, picture: Picture, small: Path, large: Path | None) -> dict[str, Any]:
    """The pictures of a slide put in the store, as columns of its row."""
    of_small, of_large = (_put(one, file, "picture") for file in (small, large or small))
    return {
        "number": picture.number,
        "small_sha256": of_small.sha256,
        "small_size": of_small.size,
        "large_sha256": of_large.sha256,
        "large_size": of_large.size,
        "width": picture.width,
        "height": picture.height,
    }


def _put(one: Claimed, file: Path, kind: str) -> Stored:
    return put_file(one.context.store, one.presentation, file, kind, OFFICE)


def _note(one: Claimed, version: Version, values: dict[str, Any], rows: Iterable[dict[str, Any]] = ()) -> None:
    """Write to the version and to its slides, and have pages show it. Raises LeaseLost."""
    with one.writing() as session:
        of_version = {"presentation_id": one.id, "version": version.number}
        for row in rows:
            slide = insert(Slide).values(**of_version, **row)
            session.execute(slide.on_conflict_do_update(index_elements=[*of_version, "number"], set_=row))
        session.execute(update(Version).filter_by(presentation_id=one.id, number=version.number).values(**values))
        show(session, one.id, version.number)
