"""Accounts: users and their passwords, sessions, bearer tokens, and who is who at a school's identity provider.

Imports the database and settings.
"""

from presentations.accounts.emails import checked_email
from presentations.accounts.identities import joined, metadata_url, of_claims, sign_in, wanted_claims
from presentations.accounts.sessions import Sessions, purge_sessions
from presentations.accounts.tokens import READ, SCOPES, WRITE, Tokens
from presentations.accounts.users import ROLES, Accounts

__all__ = [
    "READ",
    "ROLES",
    "SCOPES",
    "WRITE",
    "Accounts",
    "Sessions",
    "Tokens",
    "checked_email",
    "joined",
    "metadata_url",
    "of_claims",
    "purge_sessions",
    "sign_in",
    "wanted_claims",
]
