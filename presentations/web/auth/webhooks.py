"""Webhooks, on the account page and on a page of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.database.models import WAITING
from presentations.errors import Conflicting, InvalidRequest
from presentations.web.auth import account
from presentations.web.auth.powers import found_webhook
from presentations.web.auth.sessions import user_id
from presentations.web.current import webhooks as kept
from presentations.web.toasts import tell
from presentations.web.wording import complaint
from presentations.webhooks import EVENTS

webhooks = Blueprint("webhooks", __name__, url_prefix="/account/webhooks")


@webhooks.post("")
def make() -> ResponseReturnValue:
    """The answer is a page that shows the secret, this once."""
    try:
        made = kept().subscribe(user_id(), request.form.get("url", ""), request.form.getlist("events"))
    except InvalidRequest as error:
        return account.page(error), 422
    except Conflicting as error:
        return account.page(InvalidRequest("url", str(error).rstrip("."))), 422
    return account.page(made_webhook=made)


@webhooks.get("/<uuid:webhook_id>")
def show(webhook_id: UUID) -> str:
    return _page(webhook_id)


@webhooks.post("/<uuid:webhook_id>")
def change(webhook_id: UUID) -> ResponseReturnValue:
    try:
        url, events = request.form.get("url", ""), request.form.getlist("events")
        kept().update(user_id(), found_webhook(webhook_id).id, url=url, events=events)
    except InvalidRequest as error:
        return _page(webhook_id, error), 422
    return _done(webhook_id, "The webhook is changed.")


@webhooks.post("/<uuid:webhook_id>/switch")
def switch(webhook_id: UUID) -> Response:
    switched = kept().update(user_id(), found_webhook(webhook_id).id, is_active=request.form.get("to") == "on")
    return _done(webhook_id, f"The webhook is {'on' if switched.is_active else 'off'}.")


@webhooks.post("/<uuid:webhook_id>/secret")
def rotate_secret(webhook_id: UUID) -> str:
    """The answer is a page that shows the secret, this once."""
    return _page(webhook_id, made_webhook=kept().rotate_secret(user_id(), found_webhook(webhook_id).id))


@webhooks.post("/<uuid:webhook_id>/test")
def send_test(webhook_id: UUID) -> Response:
    kept().send_test(user_id(), found_webhook(webhook_id).id)
    return _done(webhook_id, "A test is on its way.")


@webhooks.post("/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/again")
def send_again(webhook_id: UUID, delivery_id: UUID) -> Response:
    kept().send_again(user_id(), found_webhook(webhook_id).id, delivery_id)
    return _done(webhook_id, "It is on its way again.")


@webhooks.post("/<uuid:webhook_id>/delete")
def delete(webhook_id: UUID) -> Response:
    kept().unsubscribe(user_id(), found_webhook(webhook_id).id)
    tell("The webhook is deleted.")
    return redirect(url_for("account.show"), 303)


def _page(webhook_id: UUID, error: InvalidRequest | None = None, **shown_once: Any) -> str:
    webhook = found_webhook(webhook_id)
    part = kept().deliveries(user_id(), webhook_id, request.args.get("after"))
    return render_template(
        "webhook.html",
        webhook=webhook,
        form={"errors": {error.field: complaint(error)} if error else {}, "typed": request.form},
        log=part,
        is_busy=any(delivery.status == WAITING for delivery in part.items),
        events=EVENTS,
        **shown_once,
    )


def _done(webhook_id: UUID, said: str) -> Response:
    tell(said)
    return redirect(url_for(".show", webhook_id=webhook_id), 303)
