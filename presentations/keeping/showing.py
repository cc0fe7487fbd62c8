"""What makes a version visible: its words, its PDF, and a picture of each slide."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import update
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
from presentations.files import EDITED, GENERATED, OFFICE, Stored, add_file, deck_key, put_file, show_changes
from presentations.folders import passing_folder
from presentations.keeping.claimed import NOW, Claimed
from presentations.keeping.fetching import NotFetched
from presentations.keeping.looking import export
from presentations.presenton import PresentonError, UnknownDeck, has_same_slides

log = logging.getLogger(__name__)

_LATER = "The slide generator does not answer just now, so not all can be shown yet. Lectern asks again."
_CHANGED = "The slides were changed while they were fetched. Lectern looks again."
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
    with passing_folder() as name:
        folder = Path(name)
        powerpoint, words_later = _have(one, version, Kind.PPTX, folder)
        if powerpoint:
            _read(one, version, powerpoint)
        pdf, pictures_later = _have(one, version, Kind.PDF, folder)
        pdf = pdf or _by_office(one, version, powerpoint, folder)
        if pdf:
            _draw(one, version, pdf, folder / "pictures")
            pictures_later = None
    if later := (words_later or pictures_later):
        raise later
    problems = {} if powerpoint else {"words_problem": _NO_WORDS}
    problems |= {} if pdf else {"pdf_problem": _NO_PDF, "pictures_problem": _NO_PICTURES}
    _note(one, version, {"prepared_at": NOW, **problems})


def _have(one: Claimed, version: Version, kind: Kind, folder: Path) -> tuple[Path | None, NotFetched | None]:
    """A file of the version: from the store, or else exported by Presenton; or why it may be had later."""
    try:
        if kind not in one.files and not _export(one, version, kind):
            return None, None
    except NotFetched as error:
        log.info("presentation %s: its %s is not to be had just now: %s", one.id, kind, error)
        return None, error if error.may_pass and not one.is_last_attempt else None
    kept, file = one.files[kind], folder / f"deck.{kind}"
    one.context.store.fetch(deck_key(one.id, kept.sha256), kept.sha256, kept.size, file)
    return file, None


def _export(one: Claimed, version: Version, kind: Kind) -> bool:
    """Have Presenton make one more kind of file, of the same slides. Raises NotFetched or Stopped."""
    deck_id = one.presentation.presenton_id
    if not deck_id or version.origin not in (GENERATED, EDITED) or one.row.gone_at:
        return False
    try:
        file, state = export(one, deck_id, kind)
    except UnknownDeck:
        return False
    except PresentonError as error:
        log.info("presentation %s: Presenton exports no %s just now: %s", one.id, kind, error)
        raise NotFetched(_LATER, may_pass=True) from None
    if not has_same_slides(one.row.presenton_state or state, state):
        raise NotFetched(_CHANGED, may_pass=True)
    _add(one, version, file)
    one.save(presenton_state=state)
    return True


def _by_office(one: Claimed, version: Version, powerpoint: Path | None, folder: Path) -> Path | None:
    office = find_office()
    if not office or not powerpoint:
        return None
    try:
        pdf = office_to_pdf(office, powerpoint, folder)
        check_file(pdf, Kind.PDF, most_bytes=one.context.settings.max_file_bytes)
    except (RenderingFailed, BadFile) as error:
        log.warning("presentation %s: LibreOffice makes no PDF: %s", one.id, error)
        return None
    _add(one, version, _put(one, pdf, Kind.PDF))
    return pdf


def _add(one: Claimed, version: Version, file: Stored) -> None:
    with one.writing() as session:
        if session.get(Version, (one.id, version.number)):  # else newer ones have taken its place meanwhile
            add_file(session, one.id, version.number, file)
            show_changes(session, one.id)
    one.files[file.kind] = file


def _read(one: Claimed, version: Version, powerpoint: Path) -> None:
    try:
        deck = read_words(powerpoint)
    except RenderingFailed as error:
        log.warning("presentation %s: its words cannot be read: %s", one.id, error)
        _note(one, version, {"words_problem": _NO_WORDS})
        return
    words = [{"number": s.number, "title": s.title, "text": s.text, "notes": s.notes} for s in deck.slides]
    _note(one, version, {"slides": deck.count, "words_problem": None}, words)


def _draw(one: Claimed, version: Version, pdf: Path, folder: Path) -> None:
    folder.mkdir()
    try:
        pages = draw_pictures(pdf, folder)
    except RenderingFailed as error:
        log.warning("presentation %s: its slides cannot be drawn: %s", one.id, error)
        _note(one, version, {"pictures_problem": _NO_PICTURES})
        return
    drawn = [_kept(one, picture, picture.small, picture.large) for picture in pages.pictures if picture.small]
    problem = None if len(drawn) == len(pages.pictures) else _SOME_PICTURES if drawn else _NO_PICTURES
    _note(one, version, {"slides": pages.count, "pictures_problem": problem}, drawn)


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


def _note(one: Claimed, version: Version, values: dict[str, Any], rows: Sequence[dict[str, Any]] = ()) -> None:
    """Write to the version and to its slides, and have pages show it. Raises LeaseLost."""
    of_version = {"presentation_id": one.id, "version": version.number}
    with one.writing() as session:
        if not session.get(Version, (one.id, version.number)):
            return  # newer ones have taken its place meanwhile
        if rows:
            slides = insert(Slide).values([of_version | row for row in rows])
            said = {name: slides.excluded[name] for name in rows[0]}
            session.execute(slides.on_conflict_do_update(index_elements=[*of_version, "number"], set_=said))
        session.execute(update(Version).filter_by(presentation_id=one.id, number=version.number).values(**values))
        show_changes(session, one.id)
