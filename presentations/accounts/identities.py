"""Who an OpenID Connect provider says somebody is, and whose account that is."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, update

from presentations.accounts.emails import has_email
from presentations.accounts.powers import end_powers
from presentations.accounts.users import Accounts, Changed
from presentations.database.models import ADMIN, TEACHER, User
from presentations.errors import InvalidRequest, NotFound
from presentations.settings import Settings
from presentations.validation import shows_nothing

log = logging.getLogger(__name__)

_EMAIL = ("email", "email_verified")


@dataclass(frozen=True)
class Identity:
    """`subject` says issuer and subject; `email` is None unless it is verified; `role` is None when none is said."""

    subject: str
    user_id: str
    name: str
    email: str | None
    role: str | None


def metadata_url(issuer: str) -> str:
    """Where a provider describes itself, by OpenID Connect Discovery 1.0, section 4."""
    return f"{issuer}/.well-known/openid-configuration"


def wanted_claims(settings: Settings) -> set[str]:
    """What of_claims() looks for, besides names."""
    admins = {settings.oidc_admins[0]} if settings.oidc_admins else set()
    return {"sub", "email", settings.oidc_user_id_claim, *admins}


def joined(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """What both say; the ID token counts for more.

    An e-mail goes with what the same of the two says of it: that one's is verified says nothing about the other's.
    """
    vouched = [said for said in (id_token, userinfo) if set(_EMAIL) <= said.keys()]
    of_email = vouched[0] if vouched else id_token if "email" in id_token else userinfo
    both = {claim: value for claim, value in {**userinfo, **id_token}.items() if claim not in _EMAIL}
    return both | {claim: of_email[claim] for claim in _EMAIL if claim in of_email}


def of_claims(settings: Settings, claims: Mapping[str, Any]) -> Identity:
    """Read what a provider says, in the claims of OpenID Connect Core 1.0, section 5.1. Raises InvalidRequest."""
    email = _text(claims, "email") if claims.get("email") and _is_verified(settings, claims) else None
    user_id = _text(claims, settings.oidc_user_id_claim)
    names = (str(claims.get(claim) or "") for claim in ("name", "preferred_username"))
    named = next((name for name in names if not shows_nothing(name)), email or user_id)
    return Identity(
        subject=f"{settings.oidc_issuer} {_text(claims, 'sub')}",
        user_id=user_id,
        name=named[:200],
        email=email,
        role=_role(settings, claims),
    )


def sign_in(accounts: Accounts, who: Identity, *, adds: bool) -> Changed:
    """The account of somebody: the one with this subject, or else the one with this e-mail, which is theirs from then.

    If `adds`, one is added where neither is there. What stood on a role that they no longer have ends. Raises NotFound
    when nobody may be let in, and InvalidRequest.
    """
    values: dict[str, Any] = {"signed_in_at": func.now(), **({"role": who.role} if who.role else {})}
    signed_in = update(User).where(User.is_active).values(**values).returning(User)
    with accounts.database.begin() as session:
        user = session.scalar(signed_in.where(User.oidc_subject == who.subject))
        if user is None and who.email:
            theirs = signed_in.where(has_email(who.email), User.oidc_subject.is_(None))
            user = session.scalar(theirs.values(oidc_subject=who.subject))
        ended = end_powers(session)
    if user is not None:
        return Changed(user, ended)
    if not who.email:
        raise NotFound(
            "Your account there has no verified e-mail address, so Lectern cannot tell who you are. "
            "Have it verified there, or ask whoever runs Lectern."
        )
    if not adds:
        raise _nobody(who.email)
    try:
        added = accounts.add(who.user_id, who.name, who.email, role=who.role or TEACHER, oidc_subject=who.subject)
    except InvalidRequest as error:  # one is there, but deactivated or somebody else's
        log.warning("no account was added for %s: %s", who.subject, error)
        raise _nobody(who.email) from None
    return Changed(added, ended)


def _nobody(email: str) -> NotFound:
    return NotFound(f"There is no active account for {email} here. Ask whoever runs Lectern for one.")


def _text(claims: Mapping[str, Any], claim: str) -> str:
    value = claims.get(claim)
    if not isinstance(value, str) or not value:
        raise InvalidRequest(claim, f"expected text in this claim, got {type(value).__name__}")
    return value


def _is_verified(settings: Settings, claims: Mapping[str, Any]) -> bool:
    # Some providers write it as text.
    said = claims.get("email_verified", settings.oidc_trust_email)
    return said is True or said == "true"


def _role(settings: Settings, claims: Mapping[str, Any]) -> str | None:
    if settings.oidc_admins is None:
        return None
    claim, wanted = settings.oidc_admins
    value = claims.get(claim)
    return ADMIN if wanted == value or (isinstance(value, list) and wanted in value) else TEACHER
