"""How much is read of a deck."""

MOST_SLIDES = 200
# Characters, of a title, and of the text and of the notes of a slide each.
MOST_TITLE = 300
MOST_TEXT = 20_000
