"""Material: what somebody's files are by their content, which are taken to make slides of, and what they are called.

Imports decks and the foundations; no database, no Flask, no network.
"""

from presentations.material.checking import MAX_PAGES, Material, check_material, megabytes
from presentations.material.errors import BadMaterial
from presentations.material.kinds import Kind
from presentations.material.names import clean_name, title_of
from presentations.material.texts import in_utf8

__all__ = [
    "MAX_PAGES",
    "BadMaterial",
    "Kind",
    "Material",
    "check_material",
    "clean_name",
    "in_utf8",
    "megabytes",
    "title_of",
]
