"""What a teacher is told while a presentation is being made, and of how it ended."""

from __future__ import annotations

from presentations.database.models import Presentation
from presentations.presenton import Cause

WRITING = "Writing"
OUTLINING = "Writing the outline"
AGAIN = "Trying again"
LOOKING = "Looking for it in the slide generator"
STARTING_OVER = "Starting over"
NOT_ANSWERING = "The slide generator does not answer; trying again"
FILES_AWAY = "The files it is made from cannot be reached; trying again"
NOT_LET_IN = "Waiting for the slide generator; your admin has been told"

AGAIN_AND_AGAIN = "Making it failed again and again. Trying again may help."
LOST = "The slide generator lost it {} times. Trying again usually helps."
NOT_MADE = "The slide generator could not finish it. This is not your fault; trying again usually helps."
NO_OUTLINE = "The slide generator wrote an outline without any slides. Trying again usually helps."
NOT_ACCEPTED = "The slide generator did not accept this. Another topic or other options may help."
TOO_LONG = "It took too long and was stopped. Trying again, or with fewer slides, may help."
NO_ANSWER = "The slide generator gave no answer for a long time. Trying again later usually helps."
NO_FILES = "The files it is made from could not be reached for a long time. Trying again later usually helps."
FILE_DELETED = "The file “{name}” it is made from is no longer kept. Give it again, or make it without, and try again."
FILE_DAMAGED = "The file “{name}” it is made from was damaged where it is kept. Give it again, and try again."

_ADMIN_KNOWS = "This is not your fault; your admin has been told."
_WHEN_MENDED = f"{_ADMIN_KNOWS} Try again when that is mended."
_LATER = f"{_ADMIN_KNOWS} Trying again later usually helps."

_OF_CAUSE = {
    Cause.CONTENT_REFUSED: "The school's language model refuses to write about this. Please put it in other words.",
    Cause.TEXT_TOO_LONG: "This is too long for the school's language model. Shorten what you typed, and try again.",
    Cause.TEMPLATE: "The slide generator has no template “{template}”. Choose another one, and try again.",
    Cause.FILE: "The slide generator could not read the file. Give it again, or another one, and try again.",
    Cause.FILE_LOST: "The slide generator lost the files it was given. This is not your fault; trying again usually "
    "helps.",
    Cause.REQUEST: NOT_ACCEPTED,
    Cause.MODEL_KEY: f"The school's language model does not let the slide generator in. {_WHEN_MENDED}",
    Cause.MODEL_CREDIT: f"The school's credit for its language model is used up. {_WHEN_MENDED}",
    Cause.MODEL_UNKNOWN: f"The school's language model is not set up as it should be. {_WHEN_MENDED}",
    Cause.MODEL_BUSY: f"The school's language model is too busy, or out of order. {_LATER}",
    Cause.MODEL_UNREACHABLE: f"The slide generator cannot reach the school's language model. {_LATER}",
    Cause.MODEL_ANSWER: "The school's language model gave no slides that could be used. Trying again usually helps.",
    Cause.EXPORT: "The slides were written, but no file could be made of them. Trying again usually helps.",
}


def sentence_for(cause: Cause, row: Presentation) -> str:
    """Why it was not made, and what its teacher can do."""
    return _OF_CAUSE.get(cause, NOT_MADE).format(template=row.template or "default")
