"""All that can be asked for of a presentation, said once.

An option is an entry here, a column in schema.sql and its line in database/models/presentations.py. The rest is made
from these: the form, what the API and the functions for models take, what Presenton is sent, the page of a
presentation and the table in docs/api.md, which `python -m docs.options` writes.
"""

from __future__ import annotations

from presentations.options.kinds import Choice, Flag, Number, OnForm, Option, Text
from presentations.options.languages import LANGUAGES

MAX_TOPIC = 500
MAX_SLIDES = 50
MAX_TEXT = 50_000
# Of an outline: the characters of a slide in Markdown, and its points.
MAX_SLIDE = 5000
MAX_POINTS = 100
# From how many files one may be made.
MAX_FILES = 5
MAX_GRADE = 60
DEFAULT_SLIDES = 5

OPTIONS: tuple[Option, ...] = (
    Text(
        name="topic",
        label="Topic",
        description="What it is about. It may be left out where there is `text` or a file.",
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
        description="How many slides; where that is left out, as is usual for the subject.",
        for_models=f"How many slides. Leave it out unless the user said how many: it is {DEFAULT_SLIDES} then, or as "
        "is usual for the subject.",
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
        on_form=OnForm(place="look", example="English"),
        longest=60,
        suggestions=tuple(LANGUAGES),
    ),
    Choice(
        name="tone",
        label="Tone",
        description="Tone of the text.",
        for_models="Tone of the text. Leave it out unless the user asked for one.",
        on_form=OnForm(place="look"),
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
        for_models="The id of one of the templates that list_templates gives. Leave it out unless the user asked for a "
        "certain look.",
        on_form=OnForm(place="look", example="general"),
        longest=200,
    ),
    Choice(
        name="verbosity",
        label="Text on each slide",
        description="How much text stands on a slide.",
        for_models="How much text stands on a slide.",
        on_form=OnForm(place="look"),
        words={"concise": "Little", "standard": "Some", "text-heavy": "A lot"},
    ),
    Text(
        name="instructions",
        label="What else should be known",
        description="What else to mind.",
        for_models="Further wishes that the topic does not hold, such as what to put in, leave out or end with.",
        on_form=OnForm(place="below", example="Begin with an everyday example; no formulas", is_remembered=False),
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
    Text(
        name="text",
        label="Your text",
        description="What it is to be made from, as plain text or Markdown.",
        for_models="A text of the user's own that it is to be made from, such as notes or a chapter, word for word. "
        "Leave it out when there is only a topic.",
        on_form=OnForm(place="material", is_remembered=False),
        longest=MAX_TEXT,
        has_lines=True,
        is_sent=False,
    ),
    Flag(
        name="keep_wording",
        label="What becomes of the text",
        description="Whether the text stands on the slides as it is: a slide for each part between lines of ---, or "
        "else for each paragraph. There are as many slides as parts, then, and `level`, `must_cover`, `ends_with` and "
        "`avoid`, which would change it, count for nothing.",
        for_models="True only if the user wants their text on the slides word for word: a slide for each part between "
        "lines of ---, or else for each paragraph.",
        on_form=OnForm(place="material", is_remembered=False),
        is_sent=False,
    ),
    Text(
        name="grade",
        label="Grade or age",
        description='For whom it is: grade or age, such as "Grade 9".',
        for_models="Grade or age of the pupils, if the user gave one. Example: 'Grade 9'.",
        on_form=OnForm(place="whom", example="Grade 9"),
        longest=MAX_GRADE,
        is_sent=False,
    ),
    Text(
        name="level",
        label="Language level",
        description='How well they know the language, such as "B1".',
        for_models="Language level of the pupils, if the user gave one. Example: 'B1'.",
        on_form=OnForm(place="whom", example="B1"),
        longest=40,
        suggestions=("A1", "A2", "B1", "B2", "C1", "C2"),
        is_sent=False,
    ),
    Number(
        name="minutes",
        label="Minutes of the lesson",
        description="How long the lesson is, in minutes.",
        for_models="How long the lesson is, in minutes, if the user said so.",
        on_form=OnForm(place="whom"),
        low=5,
        high=240,
        is_sent=False,
    ),
    Text(
        name="must_cover",
        label="Must cover",
        description="What has to be in it: points, or the words of a standard.",
        for_models="What has to be in it: points, or the words of a standard, as the user gave them.",
        on_form=OnForm(place="whom", example="Light and dark reactions; where they take place", is_remembered=False),
        longest=5000,
        has_lines=True,
        is_sent=False,
    ),
    Choice(
        name="ends_with",
        label="Ends with",
        description="What the last slide holds.",
        for_models="What it is to end with, if the user said so.",
        on_form=OnForm(place="whom"),
        words={
            "questions": "Questions",
            "exit_ticket": "Exit ticket",
            "homework": "Homework",
            "summary": "Summary",
        },
        is_sent=False,
    ),
    Text(
        name="avoid",
        label="Words to avoid",
        description="Words that are not to be used.",
        for_models="Words that are not to be used, if the user named some.",
        on_form=OnForm(place="whom", is_remembered=False),
        longest=1000,
        is_sent=False,
    ),
    Flag(
        name="table_of_contents",
        label="Slide with contents",
        description="Whether it has a slide with its contents; it needs at least 3 slides.",
        for_models="True if the user wants a slide with the contents; it needs at least 3 slides.",
        on_form=OnForm(place="look"),
        presenton_name="include_table_of_contents",
        is_switch=True,
    ),
    Flag(
        name="title_slide",
        label="Title slide",
        description="Whether it begins with a title slide. Presenton makes one unless this is false.",
        for_models="False if the user wants no title slide.",
        on_form=OnForm(place="look"),
        presenton_name="include_title_slide",
    ),
    Flag(
        name="web_search",
        label="Search the web",
        description="Whether the language model may search the web; refused where the admin has not allowed it.",
        for_models="True if the user asked for what is new, or for a search in the web; it may be refused.",
        on_form=OnForm(place="look", is_remembered=False),
        is_switch=True,
    ),
    Flag(
        name="outline_first",
        label="Outline first",
        description="Whether an outline is proposed first, which then waits for its teacher to change and accept it.",
        for_models="True if the user wants to see and change an outline before the slides are made.",
        on_form=OnForm(place="send", label="Outline first, to change before the slides are made"),
        is_switch=True,
        is_sent=False,
    ),
)
