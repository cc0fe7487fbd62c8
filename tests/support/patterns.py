"""Every regular expression of Lectern, and the worst that somebody can give it.

As a program, it gives one use after the other its worst, in one process that may use little of the processor:
`python -m tests.support.patterns`. What takes steps without end is killed, and was the last that was named.
"""

from __future__ import annotations

import ast
import importlib
import json
import math
import re
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex

from presentations.presenton.answers import Answer, read_task
from presentations.presenton.failures import is_own_refusal

ROOT = Path(__file__).parents[2]
MEGABYTE = 1024 * 1024

# Seconds of the processor for each worst input: a hundred times what a megabyte takes when every character is looked at
# a few times, and a thousandth of what it takes when each is looked at for each.
_MOST_SECONDS = 20


@dataclass(frozen=True)
class Use:
    """Where a pattern stands, its text or the name that it has there, and how it is asked (`fullmatch`, `sub`, ...)."""

    module: str
    pattern: str
    is_name: bool
    methods: frozenset[str]

    @property
    def key(self) -> tuple[str, str]:
        """What a decision about it is found by."""
        return self.module, self.pattern


@dataclass(frozen=True)
class Worst:
    """What takes longest: `begin`, then `again` until it is a megabyte, then `end`."""

    again: str
    end: str = ""
    begin: str = ""

    @property
    def text(self) -> str:
        return self.begin + self.again * (MEGABYTE // len(self.again)) + self.end


def python_uses() -> Iterator[Use]:
    """All uses of `re` and of validators that take a pattern."""
    for path in sorted([*ROOT.glob("presentations/**/*.py"), *ROOT.glob("*.py"), *ROOT.glob("examples/*.py")]):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in ("re", "fnmatch", "regex"):
                raise AssertionError(f"{path}:{node.lineno}: write `import re` and `re.{node.names[0].name}`")
            if isinstance(node, ast.Call) and (how := _how(node)):
                methods = _asked(tree, node) if how == "compile" else frozenset({how})
                yield _use(path, node.args[0], methods)


def _use(path: Path, given: ast.expr, methods: frozenset[str]) -> Use:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    if isinstance(given, ast.Constant):
        return Use(module, str(given.value), False, methods)
    return Use(module, ast.unparse(given), True, methods)


def _how(node: ast.Call) -> str | None:
    """What is done with the pattern that is given here, if there is one."""
    called = node.func
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in ("re", "regex"):
        return None if called.attr == "escape" else called.attr
    return "match" if isinstance(called, ast.Name) and called.id == "Regexp" else None


def _asked(tree: ast.Module, compiled: ast.Call) -> frozenset[str]:
    """How the name that a compiled pattern has is used in its module."""
    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.value is compiled
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
        if node.attr != "pattern"
    )


def script_patterns() -> set[tuple[str, str]]:
    """All regular expressions in the scripts of the pages, by file."""
    literal = re.compile(
        r"(?:^|[(,=:?&|!{;]|return)\s*(/(?![/*])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\])+/[a-z]*)", re.MULTILINE
    )
    return {
        (path.name, found)
        for path in (ROOT / "static").glob("*.js")
        for found in [*literal.findall(path.read_text()), *re.findall(r"RegExp\(.*?\)", path.read_text())]
    }


# What no stranger writes.
OURS = {
    ("examples.chat", r"file_id ([0-9a-f-]{36})"): "an example's own words",
    ("examples.chat", r"(\d+) slides about (.+)"): "an example's own words",
    ("presentations.settings.parsers", r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:\d+)?"): "the environment",
    ("presentations.settings.parsers", r"[+-]?[0-9]{1,18}(\.[0-9]*)?|\.[0-9]+"): "the environment",
    ("presentations.settings.parsers", r"[@/?#\[\]]|%(?![0-9A-Fa-f]{2})"): "the environment",
    ("presentations.settings.parsers", "/?[0-9]{0,9}"): "the environment",
    (
        "presentations.settings.parsers",
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?",
    ): "the environment",
    (
        "presentations.settings.parsers",
        "f'[a-z0-9+]+://(?:{_AS_WRITTEN}@)?{_SERVER}(?:/[^@?#]*)?(?:\\\\?(?:[^=&@#]+=[^#]*)?)?'",
    ): "the environment",
    ("presentations.demo.failures", r"\[\[fail=(\d{1,2})(?::([45]\d\d))?( once)?\]\]"): "the demo Presenton",
    ("presentations.demo.filenames", "[^A-Za-z0-9]+"): "the demo Presenton",
    ("presentations.demo.filenames", r'[/\\:*?"<>|.]'): "the demo Presenton",
    ("presentations.demo.markdown", r"[|:\- ]+"): "the demo Presenton",
    ("presentations.demo.markdown", r"(?:[-*+]|\d+[.)]) +"): "the demo Presenton",
    ("presentations.demo.identifiers", r"[^0-9a-fA-F-]"): "the demo Presenton",
    ("presentations.web.admin.rq", "_PARTS.get(name, '')"): "strangers, but nothing in it goes on for ever",
    **dict.fromkeys(
        [
            ("presentations.web.admin.rq_scripts", '<script type="text/javascript">(.*?)</script>'),
            (
                "presentations.web.admin.rq_scripts",
                '(<script name="([a-z-]+)" type="text/template">)(.*?)(?=</script>)',
            ),
            ("presentations.web.admin.rq_scripts", "<%([-=]?)(.*?)%>"),
        ],
        "rq-dashboard's pages, in which whatever a stranger wrote is escaped",
    ),
    ("presentations.decks.office", r"\d+"): "the names of this system's folders",
    ("presentations.demo.fonts", "bold|italic|oblique|black|light|thin|medium|condensed|mono"): "this system's fonts",
    (
        "presentations.files.keys",
        "(decks|uploads)/[0-9a-f]{2}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{64}"
        "|(incoming|checks)/[0-9a-f]{32}",
    ): "Lectern itself; a store's names have at most 1,024 bytes",
    ("turning.js", "/^[0-9]$/"): "one key",
    ("viewer.js", r"/^#slide-(\d+)$/"): "the page's own addresses",
    ("words.js", r"/[\u202a-\u202e\u2066-\u2069]/g"): "one character at a time",
    ("menus.js", "/:id|%3Aid/"): "the page's own addresses",
    ("root.js", r"/static\/([^/]+\/)?root\.js$/"): "the script's own address",
}

_OWN_REFUSALS = (
    "Unauthorized|Forbidden|Not authenticated|Login setup is required|Invalid (credentials|authentication.*)"
    "|Admin (browser session|access) required"
)

# What is only asked of text that was cut short: by the functions of READERS, or as a title.
CUT = {
    ("presentations.presenton.failures", "'|'.join(words)"),
    ("presentations.presenton.failures", _OWN_REFUSALS),
    ("presentations.presenton.failures", r"Error code: ([45]\d\d)\b|\b([45]\d\d) [A-Z][A-Z_]{4,}\b"),
}

_OF_FILENAMES = (
    r"(?V1)[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\p{Variation_Selector}\U000e0020-\U000e007f]]"
    r"|\p{Bidi_Control}",
    r'[\p{Cc}\p{Cs}\p{Co}\p{Cn}<>:"/\\|?*]',
    r"^[\s.\u2800\p{Default_Ignorable_Code_Point}]+|[\s.\u2800\u200c\u200d]+$",
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?",
    r"\X",
    "[A-Za-z0-9]+",
)
CUT |= {("presentations.filenames", pattern) for pattern in _OF_FILENAMES}

CUT |= {
    ("presentations.material.names", r"[\s_]+"),
}

_UNSEEN = (
    r"(?V1)[[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]"
    r"--[\n\u200c-\u200f\u061c\p{Variation_Selector}\U000e0020-\U000e007f]]"
)

# What strangers write, and the worst of it.
FOREIGN = {
    ("presentations.arrivals", r"b'\\r\\n\\r\\n|(?<!\\r)\\n'"): [Worst("\r\n"), Worst("a"), Worst("\r")],
    ("presentations.arrivals", r"b'[0-9A-Fa-f]{1,15}[ \\t]*(;.*)?'"): [
        Worst("0"),
        Worst(" ", "a", "0"),
        Worst(";", begin="0"),
    ],
    (
        "presentations.arrivals",
        "POST .*/presentations/[0-9a-f-]{36}/versions|PUT .*/presentations/[0-9a-f-]{36}/file|POST .*/files",
    ): [
        *(Worst("/presentations/", begin="POST "), Worst("0", begin="PUT /presentations/")),
        Worst("/files", "a", "POST "),
    ],
    ("presentations.arrivals", "POST .*/api/presentations"): [Worst("/api/presentations", "a", "POST ")],
    ("presentations.decks.kinds", r"b'/Encrypt\\s*[<\\d]'"): [Worst("/Encrypt"), Worst(" ", begin="/Encrypt")],
    ("presentations.decks.packages", r"b'application/vnd\\.[\\w.+-]{1,200}'"): [
        *(Worst("application/vnd."), Worst("a", begin="application/vnd."))
    ],
    ("presentations.decks.words", "_x00[01][0-9A-Fa-f]_"): [Worst("_x00"), Worst("_x000B_")],
    ("presentations.library.cursors", "TIME_CURSOR"): [Worst("1"), Worst("a", "\n", "1-")],
    ("presentations.library.idempotency", "KEY_PATTERN"): [Worst("a"), Worst("a", "\n\n")],
    ("presentations.material.names", r"[/\\]"): [Worst("/"), Worst("a")],
    ("presentations.material.texts", r"[\xb9\xb3][a-z]"): [Worst("\xb3"), Worst("a")],
    ("presentations.mcp.resources", "lectern://presentations/([^/]+)/slides"): [
        Worst("a", begin="lectern://presentations/")
    ],
    (
        "presentations.operations.archive",
        r"data\.json|files/[0-9a-f-]{36}/[0-9a-f]{64}\.(pptx|pdf|webp)"
        r"|uploads/[0-9a-f-]{36}/[0-9a-f]{64}\.(pdf|docx|pptx|txt|md)",
    ): [Worst("files/", "0"), Worst("uploads/", "0")],
    ("presentations.operations.erasing", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"): [Worst("0")],
    ("presentations.presenton.places", r"[\\\x00-\x1f]"): [Worst("/a"), Worst(" ")],
    ("presentations.presenton.answers", "<[^<>]*>"): [Worst("<"), Worst("a", begin="<"), Worst("<a "), Worst("<>")],
    ("presentations.presenton.transport", "[0-9]{1,15}"): [Worst("0")],
    ("presentations.printable", r"[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"): [Worst("a"), Worst("\t")],
    ("presentations.printable", _UNSEEN): [Worst("a"), Worst("\u200b"), Worst("\u200c")],
    ("presentations.settings.parsers", "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+"): [Worst("/a"), Worst("a", "/", "/")],
    ("presentations.telemetry.logs", r"\bpresentation ([0-9a-f]{8}-[0-9a-f-]{27})\b"): [
        *(Worst("presentation 01234567-"), Worst("presentation "), Worst("-", begin="presentation 01234567-"))
    ],
    ("presentations.telemetry.masking", r"(/sign-in/+)(?!oidc(?:/callback)?\Z).+"): [
        *(Worst("/sign-in/"), Worst("/", begin="/sign-in/"), Worst("/sign-in/oidc"))
    ],
    ("presentations.telemetry.masking", r"""(/sign-in/+)(?!oidc(?:/callback)?(?![\w/-]))[^\s"'\\]+"""): [
        *(Worst("/sign-in/"), Worst("/", " ", "/sign-in/"), Worst("/sign-in/oidc "), Worst("/sign-in/ "))
    ],
    ("presentations.validation", "[+-]?[0-9]{1,18}"): [Worst("0")],
    ("presentations.validation", "_SEEN"): [Worst(" "), Worst(" ", "a"), Worst("\u2800", "\ud800")],
    ("presentations.validation", "_DROPPED"): [Worst("a"), Worst("\x01")],
    ("presentations.validation", "_PARTING"): [Worst("a"), Worst("\x0b")],
    ("presentations.validation", "_NEVER_IN_IDS"): [Worst("a", "\x01")],
    ("presentations.worker.line", "JOB_ID"): [Worst("0"), Worst("0", begin="01234567-0123-0123-0123-0123")],
    ("presentations.library.outline_text", r"\r\n|\r|\n"): [Worst("\r"), Worst("\r\n")],
    ("presentations.library.outline_text", r"#{1,6}[ \t]+([^ \t].*)"): [Worst(" ", begin="# "), Worst("a", begin="# ")],
    ("presentations.library.outline_text", r"[-*+][ \t]+([^ \t].*)"): [Worst(" ", "\n", "- "), Worst("a ", "\n", "- ")],
    ("presentations.library.outline_text", "[ \\t]*(`{3,}|~{3,})"): [Worst(" "), Worst("`")],
    (
        "presentations.library.outline_text",
        r"\s|\||>|</?[a-zA-Z!]|#{1,6}(\s|$)|\d+[.)]\s|[-*+](\s|$)|`{3}|~{3}|([-*_=]\s*){3,}$",
    ): [Worst("1"), Worst("_", "a"), Worst("_ ", "a"), Worst(" ", "a", "___")],
    ("presentations.web.addresses", "[?#]"): [Worst("a"), Worst("?")],
    ("presentations.web.addresses", r"/(?![/\\])[^\\\x00-\x20\x7f]*"): [Worst("/"), Worst("a", " ", "/")],
    ("presentations.web.admin.rq_records", "JOB_ID"): [Worst("0"), Worst("0", begin="01234567-0123-0123-0123-0123")],
    ("presentations.web.api.bearer", "HEADER_PATTERN"): [Worst("a"), Worst(" ", begin="a")],
    ("presentations.web.api.fields", "-?[0-9]{1,9}"): [Worst("0"), Worst("-")],
    ("presentations.web.api.fields", "_NO_NUL"): [Worst("a", "\0")],
    ("presentations.web.api.fields", "URL_PATTERN"): [Worst("a", " ", "https://"), Worst("http://")],
    ("presentations.web.api.schemas", "TIME_CURSOR"): [Worst("1"), Worst("a", "\n", "1-")],
    ("presentations.web.api.webhook_schemas", "^[0-9]{1,18}$"): [Worst("1")],
    ("presentations.web.guard", r":\d+$"): [Worst(":"), Worst("1", "a", ":"), Worst(":1")],
    ("presentations.web.limits", r"\[([^]]+)\](?::\d+)?|([^:]+):\d+"): [
        *(Worst("["), Worst("a", begin="["), Worst("a"), Worst("1", "a", "a:"), Worst("a", "]", "["))
    ],
    ("presentations.web.metering", r"[\w.-]{1,100}"): [Worst("a")],
    ("presentations.web.pages.outline_form", "(?:title|points)-([1-9][0-9]{0,2})"): [Worst("1", begin="title-")],
    ("presentations.web.pages.outline_form", "(add|delete|up|down)-([0-9]{1,3})"): [Worst("1", begin="up-")],
    ("presentations.webhooks.addresses", "(?!-)[a-z0-9_-]{1,63}(?<!-)"): [Worst("a"), Worst("-")],
    ("presentations.webhooks.addresses", "0x[0-9a-f]*"): [Worst("0", "x", "0x")],
}

# What reads Presenton's errors, or those of a proxy.
READERS: dict[str, Callable[[str], object]] = {
    "an error as JSON": lambda text: Answer(500, json.dumps({"detail": text}).encode()).failure,
    "an error as HTML": lambda text: Answer(502, text.encode()).failure,
    "a refusal": lambda text: is_own_refusal(401, Answer(401, text.encode()).words),
    "a task that failed": lambda text: read_task({"id": "1", "status": "error", "error": {"detail": text}}, None),
    "a task that failed, in a word": lambda text: read_task({"id": "1", "status": "error", "error": text}, None),
}
_WORST_ERRORS = [
    *(Worst("<"), Worst("a", begin="<"), Worst("&#"), Worst("9", begin="&#"), Worst("&a"), Worst("model ")),
    *(Worst("a", begin="model "), Worst("Error code: "), Worst("A", begin="500 "), Worst("500 A"), Worst("invalid ")),
]


def _ask(use: Use, text: str) -> None:
    text_of_it = getattr(importlib.import_module(use.module), use.pattern) if use.is_name else use.pattern
    of_bytes = text_of_it.startswith("b'")
    pattern: Any = (regex if text_of_it.startswith("(?V1)") else re).compile(
        ast.literal_eval(text_of_it) if of_bytes else text_of_it
    )
    asked = text.encode() if of_bytes else text
    for method in sorted(use.methods):
        given = (" ", asked) if method == "sub" else (asked,)
        getattr(pattern, method)(*given)


def _begin(name: str) -> None:
    """Name what comes next, which may take _MOST_SECONDS of the processor."""
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime) + _MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main() -> None:
    """Give all their worst."""
    for use in python_uses():
        for worst in FOREIGN.get(use.key, ()):
            _begin(f"{use.module}: {use.pattern}: {worst}")
            _ask(use, worst.text)
    for name, read in READERS.items():
        for worst in _WORST_ERRORS:
            _begin(f"{name}: {worst}")
            read(worst.text)


if __name__ == "__main__":
    main()
