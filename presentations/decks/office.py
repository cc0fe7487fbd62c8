"""A PDF of a deck that no slide generator makes one of, by LibreOffice, where it is installed, in the sandbox."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tempfile
from pathlib import Path

from presentations.decks import sandbox
from presentations.decks.errors import Crashed

_SECONDS = 180.0
_MEMORY_MB = 2048
_NAMES = ("soffice", "libreoffice", "loffice")
_PLACES = (
    *("/usr/bin", "/usr/local/bin", "/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program"),
    "/Applications/LibreOffice.app/Contents/MacOS",
)
_OPT = Path("/opt")  # where the packages from libreoffice.org are, by version
# LibreOffice has a socket there, whatever TMPDIR says (sal/osl/unx/pipe.cxx).
_SOCKETS = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108
# Hidden slides as well: pages and slides have the same numbers.
_FILTER = 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
log = logging.getLogger(__name__)


def find_office() -> Path | None:
    """Where LibreOffice is, on the PATH or where it is usually; None where it is not installed."""
    packages = sorted(_OPT.glob("libreoffice*/program"), key=_version, reverse=True)
    folders = os.pathsep.join([os.environ.get("PATH", ""), *_PLACES, *map(str, packages)])
    found = next(filter(None, (shutil.which(name, path=folders) for name in _NAMES)), None)
    return Path(found).absolute() if found else None


def _version(program: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", program.parent.name)]


def office_to_pdf(soffice: Path, deck: Path, folder: Path) -> Path:
    """A PDF of a .pptx file, made in `folder`, with a page for each of its slides.

    Raises Crashed where LibreOffice cannot read it, and TooLong after three minutes.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix="office-") as made_in:
        here = Path(made_in).resolve()
        shutil.copyfile(deck, here / "deck.pptx")  # a name that means nothing to it
        said = _convert(soffice, here)
        pdf = here / "deck.pdf"
        if not _is_pdf(pdf):
            raise Crashed(f"LibreOffice made no PDF: {said[-500:]}")
        return pdf.replace(folder / "deck.pdf")


def _convert(soffice: Path, here: Path) -> str:
    """What LibreOffice says of it."""
    profile = here / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    command = [
        *(str(soffice), "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--convert-to", _FILTER, "--outdir", str(here), str(here / "deck.pptx")),
    ]
    own = [soffice.resolve().parents[1]]
    try:
        done = sandbox.run(command, seconds=_SECONDS, memory_mb=_MEMORY_MB, folder=here, reads=own, sockets=_SOCKETS)
    finally:
        _remove_socket(profile)
    log.info("LibreOffice took %d MB of memory for a deck", done.peak_memory // 1024**2)
    return done.output.decode(errors="replace").strip()


def _remove_socket(profile: Path) -> None:
    """One that was ended leaves its socket behind, which has its name from the profile (RequestHandler in desktop/)."""
    digest = hashlib.md5(profile.as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    name = "".join(f"{byte:x}" for byte in digest)
    for folder in _SOCKETS:
        for left in folder.glob(f"OSL_PIPE_*_SingleOfficeIPC_{name}"):
            left.unlink(missing_ok=True)


def _is_pdf(file: Path) -> bool:
    if not sandbox.is_plain(file, most_bytes=sandbox.MOST_FILE_MB * 1024**2):
        return False
    with file.open("rb") as opened:
        return opened.read(5) == b"%PDF-"
