"""What whoever asks may do with webhooks: the same on the pages as by the API."""

from __future__ import annotations

from uuid import UUID

from flask import g

from presentations.accounts import Powers
from presentations.database.models import Webhook
from presentations.web.auth.sessions import me
from presentations.web.current import webhooks


def powers() -> Powers:
    """What this request may do. Made of what its account and its token are now."""
    return me().powers


def found_webhook(webhook_id: UUID) -> Webhook:
    """One that this request may see and change. Raises NotFound or NotAllowed."""
    found = webhooks().get(g.get("acting", me().id), webhook_id)
    powers().check_reaching(found)
    return found
