"""Who may come in by which route: decided for each, told by docs/security.md, and tried by test_routes.py."""

from __future__ import annotations

from enum import Enum


class Decision(Enum):
    """Who may come in by a route: in a word, and in a sentence for readers of docs/security.md."""

    EVERYBODY = "everybody", "also somebody who is not signed in. A form needs the token of its page all the same."
    WITH_OIDC = "everybody, with OIDC", "the same, where `OIDC_ISSUER` is set; else there is no such page (404)."
    SIGNED_IN = "signed in", "any teacher, who sees and makes what is theirs; by the API, any token, for its scopes."
    OWNER = "owner", "whom the thing belongs to. For others, admins among them, it is as if it were not there (404)."
    ADMIN = "admin", "a session of somebody who is an admin now. Teachers get 403, and no token gets in."
    METRICS = "metrics", "who shows `METRICS_TOKEN`, and a session of an admin. Without the setting only that."

    def __init__(self, word: str, sentence: str) -> None:
        self.word, self.sentence = word, sentence


DECISIONS = {
    "static": Decision.EVERYBODY,
    "signin.ask": Decision.EVERYBODY,
    "signin.enter": Decision.EVERYBODY,
    "signin.link": Decision.EVERYBODY,
    "signin.use_link": Decision.EVERYBODY,
    "oidc.go": Decision.WITH_OIDC,
    "oidc.come_back": Decision.WITH_OIDC,
    "pages.index": Decision.SIGNED_IN,
    "pages.search": Decision.SIGNED_IN,
    "pages.new": Decision.SIGNED_IN,
    "pages.keys": Decision.SIGNED_IN,
    "pages.presentation": Decision.OWNER,
    "pages.edit": Decision.OWNER,
    "pages.ask_again": Decision.OWNER,
    "pages.shelf": Decision.SIGNED_IN,
    "pages.create": Decision.SIGNED_IN,
    "lists.begin": Decision.SIGNED_IN,
    "lists.check": Decision.SIGNED_IN,
    "lists.ask": Decision.SIGNED_IN,
    "usual.tell_usual": Decision.SIGNED_IN,
    "usual.keep": Decision.SIGNED_IN,
    "drafts.keep": Decision.SIGNED_IN,
    "drafts.start_over": Decision.SIGNED_IN,
    "drafts.preview": Decision.SIGNED_IN,
    "outlines.answer": Decision.OWNER,
    "actions.rename": Decision.OWNER,
    "actions.retry": Decision.OWNER,
    "actions.cancel": Decision.OWNER,
    "actions.move": Decision.OWNER,
    "actions.delete": Decision.OWNER,
    "actions.create_subject": Decision.SIGNED_IN,
    "actions.rename_subject": Decision.SIGNED_IN,
    "actions.delete_subject": Decision.SIGNED_IN,
    "actions.undo": Decision.OWNER,
    "material.add": Decision.SIGNED_IN,
    "material.download": Decision.OWNER,
    "material.keep_with_deck": Decision.OWNER,
    "material.remove": Decision.OWNER,
    "looks.picture": Decision.SIGNED_IN,
    "viewer.show": Decision.OWNER,
    "viewer.speaker": Decision.OWNER,
    "viewer.handout": Decision.OWNER,
    "viewer.handout_for_word": Decision.OWNER,
    "versions.upload": Decision.OWNER,
    "versions.bring_back": Decision.OWNER,
    "files.open_": Decision.OWNER,
    "files.download": Decision.OWNER,
    "files.picture": Decision.OWNER,
    "metering.metrics": Decision.METRICS,
    "health.alive": Decision.EVERYBODY,
    "health.ready": Decision.EVERYBODY,
    "docs.openapi": Decision.EVERYBODY,
    "docs.page": Decision.EVERYBODY,
    "docs.asset": Decision.EVERYBODY,
    "api.create_presentation": Decision.SIGNED_IN,
    "api.create_presentations": Decision.SIGNED_IN,
    "api.outline": Decision.OWNER,
    "api.change_outline": Decision.OWNER,
    "api.make_presentation": Decision.OWNER,
    "api.list_templates": Decision.SIGNED_IN,
    "api.template_picture": Decision.SIGNED_IN,
    "api.list_presentations": Decision.SIGNED_IN,
    "api.presentation": Decision.OWNER,
    "api.change_presentation": Decision.OWNER,
    "api.delete_presentation": Decision.OWNER,
    "api.retry_presentation": Decision.OWNER,
    "api.cancel_presentation": Decision.OWNER,
    "api.move_presentations": Decision.SIGNED_IN,
    "api.undo": Decision.OWNER,
    "api.add_file": Decision.SIGNED_IN,
    "api.list_files": Decision.SIGNED_IN,
    "api.file": Decision.OWNER,
    "api.change_file": Decision.OWNER,
    "api.remove_file": Decision.OWNER,
    "api.list_subjects": Decision.SIGNED_IN,
    "api.create_subject": Decision.SIGNED_IN,
    "api.rename_subject": Decision.OWNER,
    "api.delete_subject": Decision.OWNER,
    "api.put_file": Decision.OWNER,
    "api.presentation_file": Decision.OWNER,
    "api.presentation_slides": Decision.OWNER,
    "api.presentation_picture": Decision.OWNER,
    "api.list_versions": Decision.OWNER,
    "api.bring_back": Decision.OWNER,
    "api.list_events": Decision.SIGNED_IN,
    "api.list_webhooks": Decision.SIGNED_IN,
    "api.create_webhook": Decision.SIGNED_IN,
    "api.webhook": Decision.OWNER,
    "api.change_webhook": Decision.OWNER,
    "api.delete_webhook": Decision.OWNER,
    "api.rotate_webhook_secret": Decision.OWNER,
    "api.test_webhook": Decision.OWNER,
    "api.list_deliveries": Decision.OWNER,
    "api.send_again": Decision.OWNER,
    "account.show": Decision.SIGNED_IN,
    "account.change_password": Decision.SIGNED_IN,
    "account.sign_out": Decision.SIGNED_IN,
    "account.sign_out_everywhere": Decision.SIGNED_IN,
    "tokens.make": Decision.SIGNED_IN,
    "tokens.revoke": Decision.OWNER,
    "webhooks.make": Decision.SIGNED_IN,
    "webhooks.show": Decision.OWNER,
    "webhooks.change": Decision.OWNER,
    "webhooks.switch": Decision.OWNER,
    "webhooks.rotate_secret": Decision.OWNER,
    "webhooks.send_test": Decision.OWNER,
    "webhooks.send_again": Decision.OWNER,
    "webhooks.delete": Decision.OWNER,
}


def decision_on(endpoint: str) -> Decision | None:
    """Who may come in by the routes of an endpoint; None: nobody has decided. All of admins' pages are for admins."""
    if endpoint.startswith(("admin.", "rq_dashboard.")):
        return Decision.ADMIN
    return DECISIONS.get(endpoint)
