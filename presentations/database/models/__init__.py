"""The mapped rows. schema.sql makes the tables; a test holds the two together."""

from presentations.database.models.presentations import *  # noqa: F403
