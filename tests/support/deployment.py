"""What deploy/ holds."""

from __future__ import annotations

from tests.support.processes import ROOT

DEPLOY = ROOT / "deploy"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's last stage, a pair for each instruction."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    pairs = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    last = max(n for n, (word, _) in enumerate(pairs) if word == "FROM")
    return [(word, rest) for word, rest in pairs[last:]]
