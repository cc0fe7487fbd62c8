"""A real nginx in front of the real web, configured as in deploy/."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from grp import getgrgid
from pathlib import Path
from pwd import getpwuid

import trustme

from tests.support.installed import program
from tests.support.processes import ROOT, free_port
from tests.support.waiting import eventually

NAME = "lectern.example.org"
CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text()


@dataclass(frozen=True)
class Nginx:
    """Its ports for http and https, and the certificate of its authority."""

    plain: int
    secure: int
    authority: Path

    @property
    def plain_url(self) -> str:
        return f"http://127.0.0.1:{self.plain}"

    @property
    def secure_url(self) -> str:
        return f"https://127.0.0.1:{self.secure}"


@contextmanager
def nginx(configuration: str, web: str, folder: Path) -> Iterator[Nginx]:
    """An nginx by such a configuration as deploy/nginx.conf, before the web at this address, on free ports."""
    binary = program("nginx")
    authority = trustme.CA()
    served = Nginx(free_port(), free_port(), folder / "authority.pem")
    authority.cert_pem.write_to_path(served.authority)
    authority.issue_cert(NAME).private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    here = {
        "listen 80;": f"listen 127.0.0.1:{served.plain};",
        "listen 443 ": f"listen 127.0.0.1:{served.secure} ",
        "/var/log/nginx/lectern.log": str(folder / "access.log"),
        "127.0.0.1:8000": web.removeprefix("http://"),
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(folder / "server.pem"),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(folder / "server.pem"),
    }
    text = changed(re.sub(r" *listen \[::\].*\n", "", configuration), here)
    folders = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root it would work as somebody who may not write into its folders.
    user = f"user {getpwuid(os.getuid()).pw_name} {getgrgid(os.getgid()).gr_name};\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\nport_in_redirect off;\n{folders}{text}}}\n"
    )
    with (folder / "nginx.log").open("wb") as log:
        server = subprocess.Popen([binary, "-c", str(folder / "nginx.conf"), "-e", "stderr"], stderr=log)
    try:
        eventually(lambda: (folder / "nginx.pid").exists() or server.poll() is not None)
        yield served
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(30)
        print((folder / "nginx.log").read_text())


def changed(text: str, changes: dict[str, str]) -> str:
    """The text with other words for these, each of which it has."""
    for theirs, ours in changes.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    return text
