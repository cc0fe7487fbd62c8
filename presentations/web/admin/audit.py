"""Who did what to whose thing."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request

from presentations.web.addresses import words_of
from presentations.web.admin.blueprint import admin
from presentations.web.current import audit as kept


@admin.get("/audit")
def audit() -> str:
    text = words_of(request.args)
    part = kept().search(text, request.args.get("after"))
    return render_template("admin/audit.html", part=part, text=text, query=urlencode({"q": text}))
