"""All that can be asked for of a presentation, said once.

An option is an entry here, a column in schema.sql and its line in database/models/presentations.py. The rest is made
from these: the form, what the API and the functions for models take, what Presenton is sent, the page of a
presentation and the table in docs/api.md, which `python -m docs.options` writes.
"""

from __future__ import annotations

from presentations.options.kinds import Choice, Number, OnForm, Option, Text

MAX_TOPIC = 500
MAX_SLIDES = 50
DEFAULT_SLIDES = 5

OPTIONS: tuple[Option, ...] = (
    Text(
        name="topic",
        label="Topic",
        description="What it is about.",
        for_models="What it is about, in the user's own words and language, with audience or level if they gave one; "
        f"at most {MAX_TOPIC} characters. Example: 'Photosynthesis for a 7th grade biology test'.",
        on_form=OnForm(
            place="top",
            label="What should it be about?",
            example="Photosynthesis for the biology test",
            is_remembered=False,
        ),
        presenton_name="content",
        longest=MAX_TOPIC,
        is_required=True,
        is_in_answers=True,
    ),
    Number(
        name="n_slides",
        label="Slides",
        description="How many slides.",
        for_models="How many slides. Leave it out unless the user said how many.",
        on_form=OnForm(place="row"),
        low=1,
        high=MAX_SLIDES,
        default=DEFAULT_SLIDES,
        is_in_answers=True,
    ),
    Text(
        name="language",
        label="Language",
        description='Language of the slides, such as "English".',
        for_models="Language of the slides, by its English name, if not that of the topic. Ex.: 'German'.",
        on_form=OnForm(place="row", example="English"),
        longest=60,
        suggestions=(
            "English",
            "Deutsch",
            "Español",
            "Français",
            "Italiano",
            "Nederlands",
            "Polski",
            "Português",
            "Türkçe",
            "Русский",
            "Українська",
            "العربية",
            "中文",
            "日本語",
        ),
    ),
    Choice(
        name="tone",
        label="Tone",
        description="Tone of the text.",
        for_models="Tone of the text. Leave it out unless the user asked for one.",
        words={
            "default": None,
            "casual": "Casual",
            "professional": "Professional",
            "funny": "Funny",
            "educational": "Educational",
            "sales_pitch": "Convincing",
        },
    ),
    Text(
        name="template",
        label="Template",
        description="The id of one of Presenton's templates; another than it lists is refused.",
        on_form=OnForm(example="general"),
        longest=200,
    ),
    Choice(
        name="verbosity",
        label="Text on each slide",
        description="How much text stands on a slide.",
        for_models="How much text stands on a slide.",
        words={"concise": "Little", "standard": "Some", "text-heavy": "A lot"},
    ),
    Text(
        name="instructions",
        label="What else should be known",
        description="What else to mind.",
        for_models="Further wishes that the topic does not hold, such as what to put in, leave out or end with.",
        on_form=OnForm(place="below", example="Grade 6; end with three questions", is_remembered=False),
        longest=5000,
        has_lines=True,
    ),
    Choice(
        name="export_as",
        label="Kind of file",
        description="Kind of file.",
        for_models="Kind of file. Leave it out unless the user asked for one.",
        words={"pptx": "PowerPoint", "pdf": "PDF"},
    ),
)
