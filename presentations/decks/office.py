"""A PDF of a deck that no slide generator makes one of, by LibreOffice, where it is installed, in the sandbox."""

from __future__ import annotations

import logging
import os
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
    opt = sorted(map(str, Path("/opt").glob("libreoffice*/program")), reverse=True)
    folders = os.pathsep.join([os.environ.get("PATH", ""), *_PLACES, *opt])
    found = next(filter(None, (shutil.which(name, path=folders) for name in _NAMES)), None)
    return Path(found).absolute() if found else None


def office_to_pdf(soffice: Path, deck: Path, folder: Path) -> Path:
    """A PDF of a .pptx file, made in `folder`, with a page for each of its slides.

    Raises Crashed where LibreOffice cannot read it, and TooLong after three minutes.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix="office-") as made_in:
        here = Path(made_in).resolve()
        copy = here / "deck.pptx"  # a name that means nothing to it
        shutil.copyfile(deck, copy)
        settings = here / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        done = sandbox.run(
            [
                *(str(soffice), "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
                f"-env:UserInstallation={(here / 'profile').as_uri()}",
                *("--convert-to", _FILTER, "--outdir", str(here), str(copy)),
            ],
            seconds=_SECONDS,
            memory_mb=_MEMORY_MB,
            folder=here,
            reads=[soffice.resolve().parents[1]],
            sockets=_SOCKETS,
        )
        pdf = here / "deck.pdf"
        if not _is_pdf(pdf):
            raise Crashed(f"LibreOffice made no PDF: {done.output.decode(errors='replace').strip()[-500:]}")
        log.info("LibreOffice took %d MB of memory for %s", done.peak_memory // 1024**2, deck.name)
        return pdf.replace(folder / "deck.pdf")


def _is_pdf(file: Path) -> bool:
    if not sandbox.is_plain(file, most_bytes=sandbox.MOST_FILE_MB * 1024**2):
        return False
    with file.open("rb") as opened:
        return opened.read(5) == b"%PDF-"
