"""What the API takes and gives of decks: their files, versions and slides."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from apiflask.validators import OneOf
from marshmallow import EXCLUDE, RAISE

from presentations.files import EDITED, GENERATED, MEDIA_TYPES, RESTORED, UPLOADED
from presentations.web.api.fields import version

_ORIGINS = [GENERATED, EDITED, UPLOADED, RESTORED]
_OF_VERSION = "The number of a version; left out: the one that is shown."


class WhichVersion(Schema):
    """Of which version."""

    class Meta:
        unknown = RAISE

    version = version(_OF_VERSION)


class WhichFile(WhichVersion):
    """Which file."""

    format = String(
        validate=OneOf(list(MEDIA_TYPES)),
        metadata={"description": "The kind of file; left out: the one that was asked for."},
    )


class _Given(Schema):
    """What we answer. There may be more in it one day."""

    class Meta:
        unknown = EXCLUDE


class Pictures(_Given):
    """Where the pictures of a slide are: WebP, about 480 and 1600 points wide."""

    small = String(required=True)
    large = String(required=True)


class Slide(_Given):
    """What stands on a slide, in reading order; empty where nothing does, or nothing could be read."""

    number = Integer(required=True)
    title = String(required=True)
    text = String(required=True, metadata={"description": "Paragraphs, rows of tables, and what pictures show."})
    notes = String(required=True, metadata={"description": "The notes of the speaker."})
    picture = Nested(
        Pictures, required=True, allow_none=True, metadata={"description": "null: not made yet, or cannot be made."}
    )


class Slides(_Given):
    """The first 200 slides of a version, in their order; none until they were read."""

    version = Integer(required=True, allow_none=True, metadata={"description": "null: nothing is kept yet."})
    slides = List(Nested(Slide), required=True)


class KeptFile(_Given):
    """A file of a version."""

    format = String(required=True, validate=OneOf(list(MEDIA_TYPES)))
    size = Integer(required=True, metadata={"description": "In bytes."})
    sha256 = String(required=True, metadata={"description": "Of its bytes, in hexadecimal; its ETag as well."})
    url = String(required=True, metadata={"description": "Where a GET gives it."})


class Version(_Given):
    """A state of a deck."""

    number = Integer(required=True)
    origin = String(required=True, validate=OneOf(_ORIGINS), metadata={"description": "How it came about."})
    restored_from = Integer(
        required=True, allow_none=True, metadata={"description": "The number of the version that it is again."}
    )
    made_at = String(required=True, metadata={"format": "date-time"})
    slides = Integer(required=True, allow_none=True, metadata={"description": "How many; null: not counted yet."})
    is_current = Boolean(required=True, metadata={"description": "Whether it is the one that is shown."})
    files = List(Nested(KeptFile), required=True)


class ListedVersion(Version):
    """A version in a list."""


class Versions(_Given):
    """The versions that are kept, newest first: ten at most."""

    items = List(Nested(ListedVersion), required=True)


class FileHeaders(_Given):
    """What is said of a file."""

    etag = String(required=True, data_key="ETag", metadata={"description": "Of its bytes: the SHA-256."})
    accept_ranges = String(required=True, data_key="Accept-Ranges", metadata={"description": "bytes"})


class PartHeaders(FileHeaders):
    """What is said of a part of a file."""

    content_range = String(required=True, data_key="Content-Range", metadata={"description": "Which part it is."})
