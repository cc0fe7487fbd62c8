"""Webhooks: who is told, without asking, what becomes of presentations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from presentations.web.api import webhook_schemas as schemas
from presentations.web.api.bearer import acted_by, acting
from presentations.web.api.blueprint import api
from presentations.web.api.schemas import Located
from presentations.web.auth.powers import found_webhook, powers
from presentations.web.current import webhooks
from presentations.webhooks import Revealed

_TAGS = ["Webhooks"]
_USER = {"query.user_id": "$response.body#/user_id"}
# What can be done with the one just made.
_LINKS = {
    name: {"operationId": name, "parameters": {"path.webhook_id": "$response.body#/id"} | _USER}
    for name in ("getWebhook", "changeWebhook", "deleteWebhook", "rotateWebhookSecret", "testWebhook", "listDeliveries")
}
_OF_DELIVERY = {"path.webhook_id": "$response.body#/webhook_id", "path.delivery_id": "$response.body#/id"}
_AGAIN = {"sendAgain": {"operationId": "sendAgain", "parameters": _OF_DELIVERY | _USER}}


@api.get("/webhooks")
@api.output(schemas.Webhooks)
@api.doc(tags=_TAGS, operation_id="listWebhooks")
def list_webhooks() -> dict[str, Any]:
    """List the webhooks

    Without those that were asked for together with a single presentation.
    """
    return {"items": [webhook.as_dict() for webhook in webhooks().list(acting())]}


@api.post("/webhooks")
@api.input(schemas.NewWebhook)
@api.output(schemas.RevealedWebhook, 201, "It will be told of what ends from now on.", headers=Located, links=_LINKS)
@api.doc(tags=_TAGS, operation_id="createWebhook")
def create_webhook(json_data: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make a webhook

    Its secret is in this answer and in no other one.
    """
    json_data.pop("user_id", None)
    if json_data["all_users"]:
        powers().check_telling_all(acting())
    made = webhooks().subscribe(acting(), **json_data, made_by=acted_by())
    return _revealed(made), 201, {"Location": url_for(".webhook", webhook_id=made.webhook.id)}


@api.get("/webhooks/<uuid:webhook_id>")
@api.output(schemas.Webhook)
@api.doc(tags=_TAGS, operation_id="getWebhook")
def webhook(webhook_id: UUID) -> dict[str, Any]:
    """See how a webhook stands"""
    return found_webhook(webhook_id).as_dict()


@api.patch("/webhooks/<uuid:webhook_id>")
@api.input(schemas.ChangedWebhook)
@api.output(schemas.Webhook)
@api.doc(tags=_TAGS, operation_id="changeWebhook")
def change_webhook(webhook_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Change a webhook, or switch it off or on"""
    return webhooks().update(acting(), found_webhook(webhook_id).id, **json_data).as_dict()


@api.delete("/webhooks/<uuid:webhook_id>")
@api.output({}, 204, "It is deleted, with its log.")
@api.doc(tags=_TAGS, operation_id="deleteWebhook")
def delete_webhook(webhook_id: UUID) -> str:
    """Delete a webhook"""
    webhooks().unsubscribe(acting(), found_webhook(webhook_id).id)
    return ""


@api.post("/webhooks/<uuid:webhook_id>/secret")
@api.output(schemas.RevealedWebhook, 200, "The secret before signs as well, for 24 hours.")
@api.doc(tags=_TAGS, operation_id="rotateWebhookSecret")
def rotate_webhook_secret(webhook_id: UUID) -> dict[str, Any]:
    """Give a webhook a new secret"""
    return _revealed(webhooks().rotate_secret(acting(), found_webhook(webhook_id).id))


@api.post("/webhooks/<uuid:webhook_id>/test")
@api.output(schemas.Delivery, 202, "It will be sent.", links=_AGAIN)
@api.doc(tags=_TAGS, operation_id="testWebhook")
def test_webhook(webhook_id: UUID) -> tuple[dict[str, Any], int]:
    """Have a webhook sent a test"""
    return webhooks().send_test(acting(), found_webhook(webhook_id).id).as_dict(), 202


@api.get("/webhooks/<uuid:webhook_id>/deliveries")
@api.input(schemas.Part, location="query")
@api.output(schemas.Deliveries, description="A page of them, newest first.")
@api.doc(tags=_TAGS, operation_id="listDeliveries")
def list_deliveries(webhook_id: UUID, query_data: dict[str, Any]) -> dict[str, Any]:
    """See what a webhook was sent, and what was answered

    The log of the last 30 days.
    """
    part = webhooks().deliveries(acting(), found_webhook(webhook_id).id, **query_data)
    return {"items": [delivery.as_dict() for delivery in part.items], "next": part.next}


@api.post("/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/again")
@api.output(schemas.Delivery, 202, "It will be sent, with the same id.")
@api.doc(tags=_TAGS, operation_id="sendAgain")
def send_again(webhook_id: UUID, delivery_id: UUID) -> tuple[dict[str, Any], int]:
    """Send something again"""
    return webhooks().send_again(acting(), found_webhook(webhook_id).id, delivery_id).as_dict(), 202


def _revealed(revealed: Revealed) -> dict[str, Any]:
    return revealed.webhook.as_dict() | {"secret": revealed.secret}
