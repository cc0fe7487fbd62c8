"""Webhooks: who wants to be told, and telling them.

Imports the library and jobs. What is told, the payload, is made in schema.sql, by presentation_tell().
"""

from presentations.webhooks.addresses import MAX_URL, Target
from presentations.webhooks.delivery import deliver
from presentations.webhooks.outbox import WEBHOOKS, purge_deliveries
from presentations.webhooks.sender import within
from presentations.webhooks.subscriptions import (
    CANCELLED_EVENT,
    COMPLETED_EVENT,
    EVENTS,
    FAILED_EVENT,
    OUTLINED_EVENT,
    TEST_EVENT,
    Revealed,
    Webhooks,
)

__all__ = [
    "CANCELLED_EVENT",
    "COMPLETED_EVENT",
    "EVENTS",
    "FAILED_EVENT",
    "MAX_URL",
    "OUTLINED_EVENT",
    "TEST_EVENT",
    "WEBHOOKS",
    "Revealed",
    "Target",
    "Webhooks",
    "deliver",
    "purge_deliveries",
    "within",
]
