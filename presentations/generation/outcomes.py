"""What a teacher is told while a presentation is being made, and of how it ended."""

from __future__ import annotations

WRITING = "Writing"
AGAIN = "Trying again"
LOOKING = "Looking for it in the slide generator"
STARTING_OVER = "Starting over"
NOT_ANSWERING = "The slide generator does not answer; trying again"

AGAIN_AND_AGAIN = "Making it failed again and again. Trying again may help."
LOST = "The slide generator lost it {} times. Trying again usually helps."
NOT_MADE = "The slide generator could not finish it. This is not your fault; trying again usually helps."
NOT_LET_IN = "The slide generator does not let Lectern in; an administrator has to look at this."
REFUSED = "The slide generator did not accept this. Another topic or other options may help."
TOO_LONG = "It took too long and was stopped. Trying again, or with fewer slides, may help."
NO_ANSWER = "The slide generator gave no answer for a long time. Trying again later usually helps."
