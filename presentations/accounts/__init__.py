"""Accounts: users, their passwords and sessions, tokens, what each may do, and who is who at an identity provider.

Imports the database and settings.
"""

from presentations.accounts.emails import checked_email
from presentations.accounts.identities import joined, metadata_url, of_claims, sign_in, wanted_claims
from presentations.accounts.powers import Ended, Powers, check_active, end_powers, may_be_told
from presentations.accounts.sessions import Holder, Sessions, purge_sessions
from presentations.accounts.tokens import READ, SCOPES, WRITE, Tokens
from presentations.accounts.users import ROLES, Accounts

__all__ = [
    "READ",
    "ROLES",
    "SCOPES",
    "WRITE",
    "Accounts",
    "Ended",
    "Holder",
    "Powers",
    "Sessions",
    "Tokens",
    "check_active",
    "checked_email",
    "end_powers",
    "joined",
    "may_be_told",
    "metadata_url",
    "of_claims",
    "purge_sessions",
    "sign_in",
    "wanted_claims",
]
