"""The mapped rows, by subject matter. schema.sql makes the tables, and says what the columns mean.

A test holds the two together.
"""

from presentations.database.models.accounts import ADMIN, TEACHER, BrowserSession, SignInLink, Token, User
from presentations.database.models.answers import FirstAnswer
from presentations.database.models.base import Base
from presentations.database.models.decks import Deck, KeptFile, Slide, Version
from presentations.database.models.material import Material, Upload
from presentations.database.models.operations import (
    AuditEntry,
    Control,
    OfferedTemplates,
    SchemaStep,
    TemplatePicture,
)
from presentations.database.models.presentations import (
    CANCELLED,
    COMPLETE,
    DELETED,
    ERROR,
    PENDING,
    PROCESSING,
    Event,
    Presentation,
)
from presentations.database.models.subjects import UNORGANIZED, Subject, Undo
from presentations.database.models.webhooks import DELIVERED, FAILED, WAITING, Delivery, Webhook

__all__ = [
    "ADMIN",
    "CANCELLED",
    "COMPLETE",
    "DELETED",
    "DELIVERED",
    "ERROR",
    "FAILED",
    "PENDING",
    "PROCESSING",
    "TEACHER",
    "UNORGANIZED",
    "WAITING",
    "AuditEntry",
    "Base",
    "BrowserSession",
    "Control",
    "Deck",
    "Delivery",
    "Event",
    "FirstAnswer",
    "KeptFile",
    "Material",
    "OfferedTemplates",
    "Presentation",
    "SchemaStep",
    "SignInLink",
    "Slide",
    "Subject",
    "TemplatePicture",
    "Token",
    "Undo",
    "Upload",
    "User",
    "Version",
    "Webhook",
]
