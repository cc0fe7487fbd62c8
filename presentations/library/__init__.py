"""The library: what can be done with presentations and subjects, by whoever may do it.

Imports jobs. Pages, API, agent and commands are thin faces over it. Search words are normalised in schema.sql, by
presentation_search_text().
"""

from presentations.library.feed import Place, ended, finished_since
from presentations.library.idempotency import FIELD, PATTERN, Answer, Repeats, UnderWay
from presentations.library.library import Library
from presentations.library.organiser import Change, Organiser
from presentations.library.queries import STATUSES, one_of
from presentations.library.sections import ATTENTION, FINISHED, IN_PROGRESS, KINDS, PUT_AWAY, Section, SubjectCount
from presentations.library.sorting import NEWEST, cursor_of
from presentations.library.subjects import MAX_NAME, key_of

__all__ = [
    "ATTENTION",
    "FIELD",
    "FINISHED",
    "IN_PROGRESS",
    "KINDS",
    "MAX_NAME",
    "NEWEST",
    "PATTERN",
    "PUT_AWAY",
    "STATUSES",
    "Answer",
    "Change",
    "Library",
    "Organiser",
    "Place",
    "Repeats",
    "Section",
    "SubjectCount",
    "UnderWay",
    "cursor_of",
    "ended",
    "finished_since",
    "key_of",
    "one_of",
]
