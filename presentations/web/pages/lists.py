"""Many presentations asked for at once: a list of topics, looked through as a table before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from presentations.database.models import UNORGANIZED
from presentations.errors import InvalidRequest
from presentations.library import MAX_ITEMS, Filled, ask_many, check_many
from presentations.options import DEFAULT_SLIDES, OPTIONS, Number, Option
from presentations.validation import shows_nothing
from presentations.web.auditing import about
from presentations.web.auth.sessions import user_id
from presentations.web.current import library
from presentations.web.pages.asking import choices
from presentations.web.pages.contents import contents_of_counts
from presentations.web.pages.forms import LONGEST, NewForm
from presentations.web.pages.rows import Row, read_list, rows_of
from presentations.web.pages.usual import Usual
from presentations.web.toasts import tell
from presentations.web.wording import complaint

lists = Blueprint("lists", __name__)

# What each topic has for itself.
_OF_EACH = ("topic", "text", "keep_wording")
_COMMON = tuple(
    replace(option, default=None) if isinstance(option, Number) else option
    for option in OPTIONS
    if option.on_form and option.name not in _OF_EACH
)
_SLIDES = next(option for option in _COMMON if option.name == "n_slides")
# What is wrong with these stands in the cell of its row.
_CELLS = {"topic": "topic", "n_slides": "slides", "subject": "subject"}


@dataclass(frozen=True)
class CommonForm(NewForm):
    """What is chosen for all presentations of a list; what is left empty is as usual for the subject of each."""

    def options(self, *places: str) -> list[Option]:
        """What is asked for in these places; in all, where none is named."""
        return [one for one in _COMMON if one.on_form and (not places or one.on_form.place in places)]

    def checked(self) -> CommonForm:
        """The form with what is wrong beside each of its fields."""
        wrong = {one.name: complaint(error) for one in _COMMON if (error := _error(one, self.typed[one.name]))}
        return replace(self, errors=wrong)

    def chosen_for_all(self) -> dict[str, Any]:
        """The options that are chosen, without those that make no sense."""
        kept = {one.name: one.read(self.typed[one.name]) for one in _COMMON if one.name not in self.errors}
        return {name: value for name, value in kept.items() if value not in (None, "")}


@dataclass(frozen=True)
class Line:
    """A row of the table: what was typed, what is asked for, also as is usual, and what is wrong, by its cell."""

    row: Row
    item: Mapping[str, Any]
    filled: Filled | None = None
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def usual(self) -> Usual:
        """What is usual for its subject, and was not said."""
        filled = self.filled
        return Usual(self.item["subject"], filled.applied, filled.left_out) if filled else Usual("", {})

    @property
    def n_slides(self) -> int:
        """How many slides it gets where none are typed."""
        return self.filled.request.n_slides if self.filled else self.item.get("n_slides", DEFAULT_SLIDES)


@lists.get("/new/list")
def begin() -> str:
    form = CommonForm.of(MultiDict({"subject": request.args.get("subject", "")}))
    return _page(form, topics="")


@lists.post("/new/list")
def check() -> ResponseReturnValue:
    """The list as a table; with `without`, without the row of this number."""
    form, topics = CommonForm.of(request.form).checked(), request.form.get("topics")
    if topics is None:
        return _table(form, _without(rows_of(request.form, MAX_ITEMS), request.form.get("without", "")))
    if problem := _problem_of(topics):
        return _page(replace(form, errors={**form.errors, "topics": problem}), topics=topics), 422
    listed = read_list(topics)
    return _table(form, listed.rows, listed.unused)


@lists.post("/new/list/ask")
def ask() -> ResponseReturnValue:
    """Ask for all of the table; what cannot be asked for now stays in it."""
    form = CommonForm.of(request.form).checked()
    lines = _lines(form, rows_of(request.form, MAX_ITEMS))
    wanted = [line for line in lines if not line.row.is_left_out]
    if not wanted or form.errors or any(line.problems for line in _checked(lines)[0]):
        return _table(form, [line.row for line in lines]), 422
    outcomes = ask_many(library(), user_id(), [line.item for line in wanted], form.idempotency_key)
    left = [line.row for line, outcome in zip(wanted, outcomes, strict=True) if isinstance(outcome, InvalidRequest)]
    number = len(wanted) - len(left)
    about(user_id(), f"{number} presentations")
    if number:
        tell(f"{_are(number)} asked for. You can leave this page.")
    if not left:
        return redirect(url_for("pages.index"), 303)
    # Of two rows alike, one may be left: it is not the one that was asked for.
    return _table(replace(form, idempotency_key=CommonForm.of(MultiDict()).idempotency_key), left)


def _problem_of(topics: str) -> str | None:
    if len(topics) > LONGEST["topics"]:
        return f"Expected at most {LONGEST['topics']:,} characters, got {len(topics):,}: ask for some of them first."
    if shows_nothing(topics):
        return "Please write something here: a topic on each line."
    number = len(read_list(topics).rows)
    if number == 0:
        return "Expected a topic on a line below the names of the columns, got none."
    if number > MAX_ITEMS:
        return f"Expected at most {MAX_ITEMS} topics at once, got {number:,}: take some out, and ask for those later."
    return None


def _without(rows: list[Row], number: str) -> list[Row]:
    return [row for place, row in enumerate(rows, 1) if str(place) != number]


def _lines(form: CommonForm, rows: Sequence[Row]) -> list[Line]:
    return [_line(form, row) for row in rows]


def _line(form: CommonForm, row: Row) -> Line:
    subject = next((one for one in (row.subject, form.typed["subject"]) if not shows_nothing(one)), UNORGANIZED)
    slides = {} if shows_nothing(row.slides) else {"n_slides": _SLIDES.read(row.slides)}
    return Line(row, {**form.chosen_for_all(), **slides, "topic": row.topic, "subject": subject})


def _checked(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines with what is wrong with each, and for how many of them there is room."""
    wanted = [line for line in lines if not line.row.is_left_out]
    if not wanted:
        return list(lines), 0
    checked = check_many(library(), user_id(), [line.item for line in wanted])
    known = {id(line): _known(line, item) for line, item in zip(wanted, checked.items, strict=True)}
    return [known.get(id(line), line) for line in lines], checked.room


def _known(line: Line, item: Filled | InvalidRequest) -> Line:
    if isinstance(item, InvalidRequest):
        return replace(line, problems=_beside(item))
    return replace(line, filled=item)


def _beside(error: InvalidRequest) -> dict[str, str]:
    cell = _CELLS.get(error.field)
    label = next((option.label for option in OPTIONS if option.name == error.field), error.field)
    return {cell: complaint(error)} if cell else {"topic": f"{label}: {error.problem}."}


def _error(option: Option, typed: str) -> InvalidRequest | None:
    try:
        option.checked(option.read(typed))
    except InvalidRequest as error:
        return error
    return None


def _are(number: int) -> str:
    return "1 is" if number == 1 else f"{number} are"


def _table(form: CommonForm, rows: Sequence[Row], unused: Sequence[str] = ()) -> str:
    lines, room = _checked(_lines(form, rows))
    number = len([line for line in lines if not line.row.is_left_out])
    wrong = [place for place, line in enumerate(lines, 1) if line.problems]
    return _page(form, lines=lines, wrong=wrong, number=number, room=room, unused=unused)


def _page(form: CommonForm, **shown: Any) -> str:
    subjects = contents_of_counts(*library().counts(user_id())).subjects
    return render_template("list.html", form=form, subjects=subjects, most=MAX_ITEMS, **choices(), **shown)
