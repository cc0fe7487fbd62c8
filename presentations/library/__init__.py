"""The library: what can be done with presentations and subjects, by whoever may do it.

Imports jobs. Pages, API, agent and commands are thin faces over it. Search words are normalised in schema.sql, by
presentation_search_text().
"""

from presentations.library.batch import MAX_ITEMS, Checked, ask_many, check_many
from presentations.library.cursors import TIME_CURSOR
from presentations.library.decks import Decks, DeckView, Kept, KeptVersion, Picture
from presentations.library.defaults import DEFAULTED, Defaults, Filled, Requested
from presentations.library.feed import finished_since, news_after, news_at, news_since
from presentations.library.idempotency import KEY_HEADER, KEY_PATTERN, Idempotency, KeptAnswer, UnderWay
from presentations.library.kept_until import IS_NAMED, KEPT_UNTIL
from presentations.library.library import Library
from presentations.library.material import MaterialGone, lacking, material_of
from presentations.library.organiser import Change, Organiser
from presentations.library.outline_text import read_points, read_slide, write_points, write_slide
from presentations.library.outlined import Outline, OutlineSlide, as_outline, outline_of, slides_in_markdown
from presentations.library.outlines import Outlines, checked_slides
from presentations.library.queries import STATUSES, one_of
from presentations.library.quota import QuotaReached
from presentations.library.sections import (
    ATTENTION,
    FINISHED,
    IN_PROGRESS,
    KINDS,
    PUT_AWAY,
    Section,
    SubjectCount,
    by_section,
)
from presentations.library.steps import Did, Part, Why
from presentations.library.subjects import MAX_NAME, checked_name, key_of
from presentations.library.template_pictures import (
    Thumbnail,
    keep_thumbnail,
    thumbnail,
    thumbnails,
    thumbnails_wanted,
)
from presentations.library.templates import keep_templates
from presentations.library.undo import Undone
from presentations.library.uploads import Uploads
from presentations.options import MAX_FILES, MAX_SLIDE

__all__ = [
    "ATTENTION",
    "DEFAULTED",
    "FINISHED",
    "IN_PROGRESS",
    "IS_NAMED",
    "KEPT_UNTIL",
    "KEY_HEADER",
    "KEY_PATTERN",
    "KINDS",
    "MAX_FILES",
    "MAX_ITEMS",
    "MAX_NAME",
    "MAX_SLIDE",
    "PUT_AWAY",
    "STATUSES",
    "TIME_CURSOR",
    "Change",
    "Checked",
    "DeckView",
    "Decks",
    "Defaults",
    "Did",
    "Filled",
    "Idempotency",
    "Kept",
    "KeptAnswer",
    "KeptVersion",
    "Library",
    "MaterialGone",
    "Organiser",
    "Outline",
    "OutlineSlide",
    "Outlines",
    "Part",
    "Picture",
    "QuotaReached",
    "Requested",
    "Section",
    "SubjectCount",
    "Thumbnail",
    "UnderWay",
    "Undone",
    "Uploads",
    "Why",
    "as_outline",
    "ask_many",
    "by_section",
    "check_many",
    "checked_name",
    "checked_slides",
    "finished_since",
    "keep_templates",
    "keep_thumbnail",
    "key_of",
    "lacking",
    "material_of",
    "news_after",
    "news_at",
    "news_since",
    "one_of",
    "outline_of",
    "read_points",
    "read_slide",
    "slides_in_markdown",
    "thumbnail",
    "thumbnails",
    "thumbnails_wanted",
    "write_points",
    "write_slide",
]
