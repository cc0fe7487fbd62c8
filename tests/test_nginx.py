"""deploy/nginx.conf, run by a real nginx before the real web."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from presentations.accounts import Accounts
from presentations.library import Library
from tests.support.decks import a_pptx, with_part
from tests.support.forms import encoded
from tests.support.keeper import Keeper
from tests.support.proxies import CONFIGURATION, NAME, Nginx
from tests.support.proxies import nginx as served
from tests.support.signing import hidden
from tests.support.slow import LARGE, Teacher, request, say
from tests.support.waiting import eventually


@pytest.fixture
def nginx(tmp_path: Path, start_web: Callable[..., str]) -> Iterator[Nginx]:
    """deploy/nginx.conf in front of the web."""
    web = start_web(
        ALLOWED_HOSTS=NAME,
        TRUSTED_PROXIES="1",
        LOG_LEVEL="debug",
        DOWNLOADS_PER_PERSON="1",
    )
    with served(CONFIGURATION, web, tmp_path) as nginx:
        yield nginx


def test_nginx_brings_https_to_the_pages(nginx: Nginx, accounts: Accounts) -> None:
    plain, secure = nginx.plain_url, nginx.secure_url
    accounts.set_password("teacher", "correct horse battery")
    with requests.Session() as browser:
        browser.verify, browser.trust_env = str(nginx.authority), False
        browser.headers["Host"] = "lectern.example.org"
        away = requests.get(
            f"{plain}/x?y=1", headers={"Host": "lectern.example.org"}, allow_redirects=False, timeout=30
        )
        assert away.headers["Location"] == "https://lectern.example.org/x?y=1"
        in_the_clear = requests.get(f"{plain}/api/presentations", headers={"Host": NAME}, timeout=30)
        assert (in_the_clear.status_code, in_the_clear.history) == (403, [])
        browser.mount("https://", _Named("lectern.example.org"))
        page = browser.get(f"{secure}/sign-in", timeout=30)
        assert page.headers["Strict-Transport-Security"]
        sent = {"csrf_token": hidden(page.text, "csrf_token"), "email": "rosa@school.example"}
        answer = browser.post(
            f"{secure}/sign-in",
            data={**sent, "password": "correct horse battery"},
            headers={
                "Referer": "https://lectern.example.org/sign-in",
                "X-Forwarded-For": "6.6.6.6",
                "X-Forwarded-Prefix": "/evil",
            },
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"] == "/"
        assert "Secure" in answer.headers["Set-Cookie"]
        assert browser.get(f"{secure}/metrics", timeout=30).status_code == 404


def test_nginx_logs_no_sign_in_link(nginx: Nginx, tmp_path: Path) -> None:
    plain, secure, authority = nginx.plain_url, nginx.secure_url, nginx.authority
    secret = "a-secret-that-signs-in"
    links = [f"{path}{secret}" for path in ("/sign-in/", "//sign-in//", "/x?next=/sign-in/", "/x?next=%2Fsign-in%2f")]
    paths = [*links, *(f"{link}/?x=1" for link in links)]
    with requests.Session() as browser:
        browser.verify, browser.trust_env = str(authority), False
        browser.mount("https://", _Named("lectern.example.org"))
        headers = {"Host": "lectern.example.org", "Referer": f"https://lectern.example.org/sign-in/{secret}"}
        for address in (f"{server}{path}" for server in (secure, plain) for path in paths):
            browser.get(address, headers=headers, timeout=30, allow_redirects=False)
        browser.get(f"{secure}/healthz?last", headers=headers, timeout=30)
    log = tmp_path / "access.log"
    eventually(lambda: "/healthz?last" in log.read_text())
    assert log.read_text().count('"https://lectern.example.org/sign-in/..."') == 17
    assert secret not in log.read_text()


def test_nginx_keeps_slow_readers_away(nginx: Nginx, accounts: Accounts, library: Library, keeper: Keeper) -> None:
    secure, authority = nginx.secure_url, nginx.authority
    rosa = Teacher("teacher", library, keeper)
    large, small = rosa.path(bytes(LARGE)), rosa.path(b"abc")
    context = ssl.create_default_context(cafile=authority)
    host = "Host: lectern.example.org"
    with say(secure, "") as visitor, context.wrap_socket(visitor, server_hostname="lectern.example.org") as reader:
        reader.sendall(request(large, rosa.secret).replace("Host: 127.0.0.1", host).encode())
        assert reader.recv(12) == b"HTTP/1.1 200"
        with requests.Session() as browser:
            browser.verify, browser.trust_env = str(authority), False
            browser.headers.update({"Host": "lectern.example.org", "Authorization": f"Bearer {rosa.secret}"})
            browser.mount("https://", _Named("lectern.example.org"))
            eventually(lambda: browser.get(secure + small, timeout=30).content == b"abc")


def test_nginx_lets_large_files_through_where_they_are_taken(
    nginx: Nginx, accounts: Accounts, library: Library, keeper: Keeper, tmp_path: Path
) -> None:
    rosa = Teacher("teacher", library, keeper)
    path, deck = (
        rosa.path(b"abc"),
        with_part(a_pptx(tmp_path / "deck.pptx"), "ppt/media/film.bin", os.urandom(3_000_000)),
    )
    with requests.Session() as browser:
        browser.verify, browser.trust_env = str(nginx.authority), False
        browser.headers.update({"Host": NAME, "Authorization": f"Bearer {rosa.secret}"})
        browser.headers["Content-Type"] = "application/octet-stream"
        browser.mount("https://", _Named(NAME))
        sent = browser.put(nginx.secure_url + path, data=deck.read_bytes(), timeout=60)
        assert (sent.status_code, sent.text) == (200, '{"number":2}\n')
        assert browser.get(nginx.secure_url + path, timeout=60).content == deck.read_bytes()
        form, media_type = encoded([("a.txt", b"Cells divide. " * 120_000)], topic="Cells")
        for address in ("/api/files", "/api/presentations"):
            body, headers = (form, media_type) if "files" not in address else encoded([("a.txt", b"Cells. " * 200_000)])
            answer = browser.post(nginx.secure_url + address, data=body, headers={"Content-Type": headers}, timeout=60)
            assert answer.status_code in (201, 202), answer.text
        other = nginx.secure_url + path.removesuffix("/file")
        assert browser.patch(other, data=deck.read_bytes(), timeout=60).status_code == 413


class _Named(requests.adapters.HTTPAdapter):
    """Expects a certificate for this name, whatever the address."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, server_hostname=self._name, assert_hostname=self._name)
