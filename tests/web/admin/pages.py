"""The pages for admins, and what they say."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient

PAGES = ["", "/presentations", "/users", "/users/one?id=teacher", "/webhooks", "/audit", "/limits"]


def found_on(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())
