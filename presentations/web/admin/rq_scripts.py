"""rq-dashboard's script, which stands in its pages, as a file of its own.

So nothing that stands in a page is run, whoever wrote it. The script makes its templates by eval, and most of them
print as HTML whatever a job says; here they come as functions that escape it.
"""

from __future__ import annotations

import json
import re

_SCRIPT = re.compile(r'<script type="text/javascript">(.*?)</script>', re.DOTALL)
_TEMPLATE = re.compile(r'(<script name="([a-z-]+)" type="text/template">)(.*?)(?=</script>)', re.DOTALL)
# Underscore's: what is between is printed, or run if no sign says so.
_CODE = re.compile(r"<%([-=]?)(.*?)%>", re.DOTALL)


def page_of(page: str) -> str:
    """The page with its script beside it, and names in the place of its templates."""
    named = _TEMPLATE.sub(lambda found: found[1] + (found[2] if _CODE.search(found[3]) else found[3]), page)
    return _SCRIPT.sub('<script src="?script"></script>', named)


def script_of(page: str) -> str:
    """The script of a page, before which its templates are made functions of underscore's names."""
    made = [f"made[{json.dumps(name)}] = {_function(text)};" for _, name, text in _TEMPLATE.findall(page)]
    begin = ["var made = {};", *made, "_.template = function (name) { return made[name]; };"]
    return "\n".join([*begin, *_SCRIPT.findall(page)])


def _function(template: str) -> str:
    """A template as JavaScript."""
    first, *rest = _CODE.split(template)
    said = [_say(json.dumps(first))]
    for sign, code, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        said += [_say(_escaped(code.strip())) if sign else code, _say(json.dumps(text))]
    return "\n".join(['function (given) { var said = ""; with (given) {', *said, "} return said; }"])


def _say(expression: str) -> str:
    return f"said += {expression};"


def _escaped(expression: str) -> str:
    return expression if expression.endswith(".html()") else f"_.escape({expression})"
