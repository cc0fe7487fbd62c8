"""The web: the teacher's pages, the API, sign-in, pages for admins, and commands; thin faces over the rooms below.

Imports operations, webhooks, the library and accounts. What every request goes through stands here at the top.
"""

from presentations.web.app import create_app, db, from_environment

__all__ = ["create_app", "db", "from_environment"]
