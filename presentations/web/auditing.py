"""What somebody did on a page or by the API, written down once it is done."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, request

from presentations.accounts import Ended
from presentations.database import API, PAGE
from presentations.errors import Unavailable
from presentations.web.current import audit

log = logging.getLogger(__name__)

# What each route does that changes something; None: nothing that anybody has to account for.
ACTIONS: dict[str, str | None] = {
    "signin.enter": "signed in",
    "signin.use_link": "signed in by link",
    "oidc.come_back": "signed in by OpenID Connect",
    "account.sign_out": "signed out",
    "account.sign_out_everywhere": "signed out everywhere",
    "account.change_password": "changed the password",
    "pages.create": "asked for a presentation",
    "pages.ask_again": "asked for a presentation again, changed",
    "lists.ask": "asked for presentations",
    "lists.check": None,
    "usual.keep": "changed what is usual for a subject",
    "drafts.keep": None,
    "drafts.start_over": None,
    "drafts.preview": None,
    "outlines.answer": "answered an outline",
    "material.add": "gave files",
    "material.keep_with_deck": "said how long a file stays",
    "material.remove": "removed a file",
    "actions.retry": "asked for a presentation again",
    "actions.cancel": "cancelled a presentation",
    "actions.rename": "renamed a presentation",
    "actions.move": "moved presentations",
    "actions.delete": "deleted presentations",
    "actions.create_subject": "made a subject",
    "actions.rename_subject": "renamed a subject",
    "actions.delete_subject": "deleted a subject",
    "actions.undo": "took a change back",
    "versions.upload": "uploaded a version of a presentation",
    "versions.bring_back": "brought back a version of a presentation",
    "tokens.make": "made a token",
    "tokens.revoke": "revoked a token",
    "webhooks.make": "made a webhook",
    "webhooks.change": "changed a webhook",
    "webhooks.switch": "switched a webhook",
    "webhooks.rotate_secret": "gave a webhook a new secret",
    "webhooks.send_test": None,
    "webhooks.send_again": "sent a webhook's message again",
    "webhooks.delete": "deleted a webhook",
    "api.create_presentation": "asked for a presentation",
    "api.create_presentations": "asked for presentations",
    "api.change_outline": "changed an outline",
    "api.make_presentation": "had a presentation made of its outline",
    "api.change_presentation": "changed a presentation",
    "api.put_file": "uploaded a version of a presentation",
    "api.delete_presentation": "deleted a presentation",
    "api.retry_presentation": "asked for a presentation again",
    "api.cancel_presentation": "cancelled a presentation",
    "api.bring_back": "brought back a version",
    "api.add_file": "gave a file",
    "api.change_file": "said how long a file stays",
    "api.remove_file": "removed a file",
    "api.move_presentations": "moved presentations",
    "api.create_subject": "made a subject",
    "api.rename_subject": "renamed a subject",
    "api.delete_subject": "deleted a subject",
    "api.undo": "undid a change",
    "api.create_webhook": "made a webhook",
    "api.change_webhook": "changed a webhook",
    "api.delete_webhook": "deleted a webhook",
    "api.rotate_webhook_secret": "gave a webhook a new secret",
    "api.test_webhook": None,
    "api.send_again": "sent a webhook's message again",
    "admin.retry": "asked for a presentation again",
    "admin.cancel": "cancelled a presentation",
    "admin.add_user": "added an account",
    "admin.make_link": "made a sign-in link",
    "admin.set_role": "changed a role",
    "admin.deactivate": "deactivated an account",
    "admin.reactivate": "reactivated an account",
    "admin.make_token": "made a token",
    "admin.revoke_token": "revoked a token",
    "admin.switch_webhook_on": "switched a webhook on",
    "admin.set_max_waiting": "changed how many may wait",
    "admin.pause": "paused the line",
    "admin.resume": "let the line go on",
    "admin.announce": "changed the notice",
    "admin.allow_web_search": "changed whether the web may be searched",
    "rq_dashboard.requeue_job_view": "requeued a job",
    "rq_dashboard.requeue_all": "requeued all failed jobs",
    "rq_dashboard.delete_job_view": "deleted a job",
    "rq_dashboard.empty_queue": "emptied a queue",
    "rq_dashboard.compact_queue": None,
}
# Those that sign somebody in though they are only looked at.
_BY_ADDRESS = {"signin.link": "signin.use_link", "oidc.come_back": "oidc.come_back"}
_MOST_IDS = 20
_READING = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    app.after_request(_note)


def about(whose: str | None, what: str | None = None) -> None:
    """What this request is about, where that is not the caller's own or not in the address."""
    g.audited = whose, what


def with_ended(what: str | None, ended: Ended) -> str | None:
    """A thing, and what was switched off with it."""
    named = ended.named()
    if not named:
        return what
    more = f" and {len(named) - _MOST_IDS} more" if len(named) > _MOST_IDS else ""
    return "; ".join([*([what] if what else []), f"switched off: {', '.join(named[:_MOST_IDS])}{more}"])


def _note(response: Response) -> Response:
    by_address = _BY_ADDRESS.get(request.endpoint or "") if response.status_code == 303 else None
    action = ACTIONS.get(by_address or request.endpoint or "")
    me = g.get("me")
    if action is None or me is None or response.status_code >= 400 or (request.method in _READING and not by_address):
        return response
    whose, what = g.get("audited", (g.get("acting", me.id), _thing()))
    if "ended" in g:
        what = with_ended(what, g.ended)
    try:
        audit().note(me.id, API if request.blueprint == "api" else PAGE, action, whose=whose, what=what)
    except Unavailable as error:
        log.error("not in the audit log: %r %s (%s): %s", me.id, action, what, error)
    return response


def _thing() -> str | None:
    """The ids in the address, or of those that were ticked; names that teachers gave are nobody's business."""
    named = [f"{name.removesuffix('_id')} {value}" for name, value in _ids().items()]
    ticked = request.form.getlist("ids")
    return ", ".join([*named, *(f"presentation {one}" for one in ticked[:_MOST_IDS])])[:1000] or None


def _ids() -> dict[str, str]:
    given = request.view_args or {}
    return {name: str(value) for name, value in given.items() if name.endswith("_id") or name == "queue_name"}
