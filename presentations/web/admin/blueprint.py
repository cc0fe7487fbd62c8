"""The pages for admins."""

from __future__ import annotations

from apiflask import APIBlueprint

from presentations.web.admin.guard import admins_only

admin = APIBlueprint("admin", __name__, url_prefix="/admin", enable_openapi=False)
admin.before_request(admins_only)
