"""Requests to Lectern's web, as text that can be sent again and again: of a teacher's browser, and of an LMS."""

from __future__ import annotations

import json

from benchmarks.web import TEACHER, Web


class Visitor:
    """A teacher who has signed in, with twenty presentations, and the agent of an LMS, which acts for everybody."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._browser = web.signed_in()
        self._token = web.token()

    def page(self) -> str:
        """The library."""
        return self._get("/", f"Cookie: {self._cookies}", "Accept-Encoding: gzip")

    def look(self) -> str:
        """Whether the library has changed; it has not, until the next minute begins."""
        seen = self._browser.get(f"{self._web.url}/", timeout=30).headers["ETag"]
        return self._get("/", f"Cookie: {self._cookies}", f"If-None-Match: {seen}", "X-Lectern-Look: 1")

    def status(self) -> str:
        """How one presentation stands, by the API."""
        headers = {"Authorization": f"Bearer {self._token}", "X-Lectern-User": TEACHER}
        url = f"{self._web.url}/api/presentations?limit=1"
        (one,) = self._browser.get(url, headers=headers, timeout=30).json()["items"]
        return self._get(f"/api/presentations/{one['job_id']}", *(f"{name}: {said}" for name, said in headers.items()))

    def create(self, user_id: str) -> str:
        """Ask for a presentation, by the API."""
        body = json.dumps({"topic": "The history of a number", "n_slides": 8, "user_id": user_id})
        headers = [f"Authorization: Bearer {self._token}", "Content-Type: application/json"]
        return self._text("POST /api/presentations", *headers, f"Content-Length: {len(body)}") + body

    @property
    def _cookies(self) -> str:
        return "; ".join(f"{one.name}={one.value}" for one in self._browser.cookies)

    def _get(self, path: str, *headers: str) -> str:
        return self._text(f"GET {path}", *headers)

    def _text(self, what: str, *headers: str) -> str:
        lines = [f"{what} HTTP/1.1", f"Host: 127.0.0.1:{self._web.port}", *headers, "", ""]
        return "\r\n".join(lines)
