"""What admins see and do."""

from presentations.web.admin import audit, limits, overview, presentations, users, webhooks
from presentations.web.admin.blueprint import admin

__all__ = ["admin", "audit", "limits", "overview", "presentations", "users", "webhooks"]
