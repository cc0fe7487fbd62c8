"""deploy/nginx.conf, run by a real nginx before the real web."""

from __future__ import annotations

import re
import signal
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.library import Library
from tests.support.installed import program
from tests.support.processes import ROOT, free_port
from tests.support.signing import hidden
from tests.support.slow import Teacher, request, say, slow_presenton
from tests.support.waiting import eventually


@pytest.fixture
def presenton() -> Iterator[str]:
    with slow_presenton() as url:
        yield url


@pytest.fixture
def nginx(tmp_path: Path, start_web: Callable[..., str], presenton: str) -> Iterator[tuple[str, str, Path]]:
    """deploy/nginx.conf in front of the web, on other ports: its addresses for http and https, and its authority."""
    binary = program("nginx")
    web = start_web(
        ALLOWED_HOSTS="lectern.example.org",
        TRUSTED_PROXIES="1",
        LOG_LEVEL="debug",
        PRESENTON_URL=presenton,
        DOWNLOADS_PER_PERSON="1",
    )
    authority, plain, secure = trustme.CA(), free_port(), free_port()
    certificate = authority.issue_cert("lectern.example.org")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    text = re.sub(r" *listen \[::\].*\n", "", (ROOT / "deploy" / "nginx.conf").read_text())
    for theirs, ours in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "/var/log/nginx/lectern.log": str(tmp_path / "access.log"),
        "127.0.0.1:8000": web.removeprefix("http://"),
        "/etc/letsencrypt/live/lectern.example.org/fullchain.pem": str(tmp_path / "server.pem"),
        "/etc/letsencrypt/live/lectern.example.org/privkey.pem": str(tmp_path / "server.pem"),
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    folders = "".join(
        f"{kind}_temp_path {tmp_path / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"daemon off;\npid {tmp_path}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{folders}{text}}}\n"
    )
    with (tmp_path / "nginx.log").open("wb") as log:
        server = subprocess.Popen([binary, "-c", str(main), "-e", "stderr"], stderr=log)
    try:
        eventually(lambda: (tmp_path / "nginx.pid").exists() or server.poll() is not None)
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}", tmp_path / "authority.pem"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(30)
        print((tmp_path / "nginx.log").read_text())


def test_nginx_brings_https_to_the_pages(nginx: tuple[str, str, Path], accounts: Accounts) -> None:
    plain, secure, authority = nginx
    accounts.set_password("teacher", "correct horse battery")
    with requests.Session() as browser:
        browser.verify, browser.trust_env = str(authority), False
        browser.headers["Host"] = "lectern.example.org"
        away = requests.get(
            f"{plain}/x?y=1", headers={"Host": "lectern.example.org"}, allow_redirects=False, timeout=30
        )
        assert away.headers["Location"] == "https://lectern.example.org/x?y=1"
        browser.mount("https://", _Named("lectern.example.org"))
        page = browser.get(f"{secure}/sign-in", timeout=30)
        assert page.headers["Strict-Transport-Security"]
        sent = {"csrf_token": hidden(page.text, "csrf_token"), "email": "rosa@school.example"}
        answer = browser.post(
            f"{secure}/sign-in",
            data={**sent, "password": "correct horse battery"},
            headers={"Referer": "https://lectern.example.org/sign-in", "X-Forwarded-For": "6.6.6.6"},
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 303, answer.text
        assert "Secure" in answer.headers["Set-Cookie"]
        assert browser.get(f"{secure}/metrics", timeout=30).status_code == 404


def test_nginx_logs_no_sign_in_link(nginx: tuple[str, str, Path], tmp_path: Path) -> None:
    plain, secure, authority = nginx
    secret = "a-secret-that-signs-in"
    links = [f"{path}{secret}" for path in ("/sign-in/", "//sign-in//", "/x?next=/sign-in/", "/x?next=%2Fsign-in%2f")]
    paths = [*links, *(f"{link}/?x=1" for link in links)]
    with requests.Session() as browser:
        browser.verify, browser.trust_env = str(authority), False
        browser.mount("https://", _Named("lectern.example.org"))
        headers = {"Host": "lectern.example.org", "Referer": f"https://lectern.example.org/sign-in/{secret}"}
        for address in (f"{server}{path}" for server in (secure, plain) for path in paths):
            browser.get(address, headers=headers, timeout=5, allow_redirects=False)
        browser.get(f"{secure}/healthz?last", headers=headers, timeout=5)
    log = tmp_path / "access.log"
    eventually(lambda: "/healthz?last" in log.read_text())
    assert log.read_text().count('"https://lectern.example.org/sign-in/..."') == 17
    assert secret not in log.read_text()


def test_nginx_keeps_slow_readers_away(
    nginx: tuple[str, str, Path], accounts: Accounts, library: Library, database: Database
) -> None:
    _, secure, authority = nginx
    rosa = Teacher("teacher", library, database)
    large, small = rosa.path("large"), rosa.path("small")
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


class _Named(requests.adapters.HTTPAdapter):
    """Expects a certificate for this name, whatever the address."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, server_hostname=self._name, assert_hostname=self._name)
