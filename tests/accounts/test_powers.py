"""Power ends with its ground: being an admin, an active account, a token that acts for everybody."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from presentations.accounts import SCOPES, Accounts, Ended, Tokens
from presentations.database import Database
from presentations.database.models import ADMIN, TEACHER, Delivery, Webhook
from presentations.errors import Conflicting, InvalidRequest, NotFound
from presentations.library import Library
from presentations.webhooks import Webhooks

URL = "http://127.0.0.1:8123/hook"


@pytest.fixture
def accounts(accounts: Accounts) -> Accounts:
    """Rosa's, her colleague's, two admins' and the one of a service."""
    accounts.add("ann", "Ann", "ann@school.example", role=ADMIN)
    accounts.add("bea", "Bea", "bea@school.example", role=ADMIN)
    accounts.add("lms", "The LMS", "lms@school.example")
    return accounts


@pytest.fixture
def tokens(database: Database, accounts: Accounts) -> Tokens:
    return Tokens(database)


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, allow_private=True)


def reach(tokens: Tokens, secret: str) -> str | None:
    found = tokens.holder(secret)
    return found and found.reach


def told(library: Library, webhooks: Webhooks, webhook: Webhook) -> list[Delivery]:
    """What this webhook is told of one more end of Rosa's."""
    before = len(webhooks.deliveries(None, webhook.id).items)
    library.cancel("teacher", library.create("teacher", "Leaves").id)
    items = webhooks.deliveries(None, webhook.id).items
    return items[: len(items) - before]


@pytest.mark.parametrize("end", ["demoted", "deactivated"])
def test_what_stood_on_being_an_admin_ends_for_good(
    accounts: Accounts, tokens: Tokens, webhooks: Webhooks, library: Library, end: str
) -> None:
    for_all, service = tokens.make("ann", "LMS", SCOPES, acts_for_all=True)
    by_shell, other_service = tokens.make("ann", "LMS 2", SCOPES, acts_for_all=True, is_trusted=True)
    granted, colleagues = tokens.make("lms", "LMS", SCOPES, acts_for_all=True, made_by="ann")
    lent, teachers = tokens.make("teacher", "laptop", SCOPES, made_by="ann")
    _, own = tokens.make("ann", "laptop", SCOPES)
    link = accounts.make_link("bea", "ann")
    everybodys = webhooks.subscribe("ann", URL, all_users=True).webhook
    for_rosa = webhooks.subscribe("teacher", URL, made_by="ann").webhook
    rosas = webhooks.subscribe("teacher", f"{URL}/own").webhook
    assert len(told(library, webhooks, everybodys)) == len(told(library, webhooks, for_rosa)) == 1

    changed = accounts.set_role("ann", TEACHER) if end == "demoted" else accounts.deactivate("ann")
    assert set(changed.ended.tokens) == {for_all.id, by_shell.id, granted.id, lent.id}
    assert set(changed.ended.webhooks) == {everybodys.id, for_rosa.id}
    accounts.reactivate("ann")
    accounts.set_role("ann", ADMIN)
    assert [reach(tokens, one) for one in (service, other_service, colleagues, teachers)] == [None] * 4
    assert reach(tokens, own) == "own"
    with pytest.raises(NotFound):
        accounts.use_link(link)
    for gone in (everybodys, for_rosa):
        assert not webhooks.get(None, gone.id).is_active
        assert told(library, webhooks, gone) == []
    assert webhooks.get(None, for_rosa.id).switched_off_why == "Whoever had it made may no longer act for everybody."
    assert len(told(library, webhooks, rosas)) == 1


def test_it_is_asked_at_each_use_whoever_changed_the_row(
    accounts: Accounts, tokens: Tokens, webhooks: Webhooks, library: Library, database: Database
) -> None:
    _, service = tokens.make("ann", "LMS", SCOPES, acts_for_all=True)
    _, granted = tokens.make("lms", "LMS", SCOPES, acts_for_all=True, made_by="ann")
    link = accounts.make_link("bea", "ann")
    everybodys = webhooks.subscribe("ann", URL, all_users=True).webhook
    with database.begin() as session:
        session.execute(text("UPDATE presentation_users SET role = 'teacher' WHERE id = 'ann'"))
    assert (reach(tokens, service), reach(tokens, granted)) == ("own", None)
    assert told(library, webhooks, everybodys) == []
    for attempt in (accounts.link_holder, accounts.use_link):
        with pytest.raises(NotFound):
            attempt(link)
    with pytest.raises(Conflicting, match="cannot be switched on"):
        webhooks.update(None, everybodys.id, is_active=True)
    with pytest.raises(InvalidRequest, match="only an admin"):
        tokens.make("lms", "LMS", SCOPES, acts_for_all=True, made_by="ann")


def test_what_the_command_line_granted_stands_on_no_admin(accounts: Accounts, tokens: Tokens) -> None:
    _, service = tokens.make("lms", "LMS", SCOPES, acts_for_all=True, is_trusted=True)
    for admin in ("ann", "bea"):
        assert accounts.set_role(admin, TEACHER).ended == Ended()
    assert reach(tokens, service) == "all"


def test_webhooks_end_with_the_last_token_that_gave_them_ground(
    accounts: Accounts, tokens: Tokens, webhooks: Webhooks, library: Library
) -> None:
    first, second = (tokens.make("lms", name, SCOPES, acts_for_all=True, is_trusted=True)[0] for name in ("1", "2"))
    asked = library.create("teacher", "Leaves")
    made: list[UUID] = [
        webhooks.subscribe("lms", URL, all_users=True).webhook.id,
        webhooks.subscribe("teacher", URL, made_by="lms").webhook.id,
        webhooks.subscribe_once("teacher", asked.id, URL, made_by="lms").webhook.id,
    ]
    assert tokens.revoke("lms", first.id).ended == Ended()
    assert set(tokens.revoke(None, second.id).ended.webhooks) == set(made)
    for one in made:
        with pytest.raises(Conflicting, match="cannot be switched on"):
            webhooks.update(None, one, is_active=True)
        assert not webhooks.get(None, one).is_active
    tokens.make("lms", "3", SCOPES, acts_for_all=True, is_trusted=True)
    assert webhooks.update(None, made[0], is_active=True).is_active


def test_a_deactivated_accounts_webhook_is_switched_on_by_nobody(accounts: Accounts, webhooks: Webhooks) -> None:
    own = webhooks.subscribe("teacher", URL).webhook
    assert accounts.deactivate("teacher").ended == Ended(webhooks=(own.id,))
    with pytest.raises(Conflicting, match="cannot be switched on"):
        webhooks.update(None, own.id, is_active=True)
    accounts.reactivate("teacher")
    assert webhooks.update("teacher", own.id, is_active=True).is_active
