"""Webhooks that are in trouble."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from presentations.web.admin.blueprint import admin
from presentations.web.auditing import about
from presentations.web.current import webhooks as kept
from presentations.web.toasts import tell


@admin.get("/webhooks")
def webhooks() -> str:
    """Those that were switched off or fail, and what could not be delivered."""
    return render_template("admin/webhooks.html", troubled=kept().troubled(), failing=kept().failing())


@admin.post("/webhooks/<uuid:webhook_id>/on")
def switch_webhook_on(webhook_id: UUID) -> Response:
    webhook = kept().update(None, webhook_id, is_active=True)
    about(webhook.user_id, f"webhook {webhook.id}")
    tell("The webhook is on. What waited for it is sent now.")
    return redirect(url_for(".webhooks"), 303)
