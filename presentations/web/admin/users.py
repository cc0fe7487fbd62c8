"""Accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.accounts import READ, ROLES, SCOPES
from presentations.database.models import User
from presentations.errors import Conflicting, InvalidRequest
from presentations.web.addresses import sign_in_link
from presentations.web.admin.blueprint import admin
from presentations.web.auditing import about
from presentations.web.auth.sessions import user_id
from presentations.web.current import accounts, library, note_ended, tokens
from presentations.web.toasts import tell
from presentations.web.wording import complaint, quoted, switched_off


@admin.get("/users")
def users() -> str:
    return _users()


@admin.post("/users")
def add_user() -> ResponseReturnValue:
    given = [request.form.get(name, "") for name in ("user_id", "name", "email")]
    try:
        added = accounts().add(*given, role=request.form.get("role", ""))
    except InvalidRequest as error:
        return _users(error), 422
    about(added.id)
    tell(f"Added {quoted(added.name, '')}. A sign-in link or a password lets them in.")
    return _to(added)


@admin.get("/users/one")
def user() -> str:
    """One account, by its id, which may be any text."""
    return _user()


@admin.post("/users/one/link")
def make_link() -> str:
    """The answer is a page that shows the link, this once."""
    of = _named()
    return _user(link=sign_in_link(accounts().make_link(of.id, user_id())))


@admin.post("/users/one/role")
def set_role() -> ResponseReturnValue:
    of = _other("Ask another admin to do this: you would lock yourself out.")
    try:
        changed, ended = accounts().set_role(of.id, request.form.get("role", ""))
    except InvalidRequest as error:
        return _user(error), 422
    note_ended(ended)
    tell(f"{'An admin' if changed.role == 'admin' else 'A teacher'} now: {quoted(of.name, '')}.{switched_off(ended)}")
    return _to(of)


@admin.post("/users/one/deactivate")
def deactivate() -> Response:
    of = _other("Ask another admin to do this: you would lock yourself out.")
    _, ended = accounts().deactivate(of.id)
    note_ended(ended)
    tell(f"No longer let in: {quoted(of.name, '')}. The presentations stay.{switched_off(ended)}")
    return _to(of)


@admin.post("/users/one/reactivate")
def reactivate() -> Response:
    of = _named()
    accounts().reactivate(of.id)
    tell(f"Let in again: {quoted(of.name, '')}.")
    return _to(of)


@admin.post("/users/one/tokens")
def make_token() -> ResponseReturnValue:
    """The answer is a page that shows the secret, this once."""
    of = _named()
    scopes = SCOPES if "write" in request.form else (READ,)
    acts_for_all = "acts_for_all" in request.form
    try:
        made = tokens().make(of.id, request.form.get("name", ""), scopes, acts_for_all, made_by=user_id())
    except InvalidRequest as error:
        return _user(error), 422
    return _user(made_token=made)


@admin.post("/users/one/tokens/<uuid:token_id>/revoke")
def revoke_token(token_id: UUID) -> Response:
    of = _named()
    revoked, ended = tokens().revoke(of.id, token_id)
    note_ended(ended)
    tell(f"The token {quoted(revoked.name)} works no longer.{switched_off(ended)}")
    return _to(of)


def _named() -> User:
    """Whom the address names. Raises NotFound."""
    of = accounts().get(request.args.get("id", ""))
    about(of.id)
    return of


def _other(otherwise: str) -> User:
    """The same, if it is not oneself. Raises NotFound or Conflicting."""
    of = _named()
    if of.id == user_id():
        raise Conflicting(otherwise)
    return of


def _users(error: InvalidRequest | None = None) -> str:
    return render_template("admin/users.html", users=accounts().list(), roles=ROLES, form=_form(error))


def _user(error: InvalidRequest | None = None, **shown_once: Any) -> str:
    of = _named()
    return render_template(
        "admin/user.html",
        of=of,
        roles=ROLES,
        tokens=tokens().list(of.id),
        count=library().count_matching(of.id),
        form=_form(error),
        **shown_once,
    )


def _form(error: InvalidRequest | None) -> dict[str, Any]:
    return {"errors": {error.field: complaint(error)} if error else {}, "typed": request.form}


def _to(of: User) -> Response:
    return redirect(url_for(".user", id=of.id), 303)
