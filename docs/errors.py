"""The table in docs/errors.md: all that Lectern may refuse, as its code says it. `python -m docs.errors` writes it.

It looks at how what is in SPOKEN is called. What is only known when it happens is shown as "…".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from presentations.errors import AddressRefused, LimitReached, NotFound, TooManyDownloads, TooManyUploads
from presentations.files import Damaged, Missing, StoreAway
from presentations.web.errors import API_SENTENCES, SENTENCES

PAGE = Path(__file__).parent / "errors.md"
CODE = Path(__file__).parents[1] / "presentations"
# The demo plays Presenton, whose sentences are not ours.
FOREIGN = CODE / "demo"
# What refuses something, and which of its arguments is the sentence.
SPOKEN: dict[str, int | str] = {
    "InvalidRequest": 1,
    "NotFound": 0,
    "NotThere": 0,
    "BadFile": 0,
    "_Unfit": 0,
    "NotAllowed": 0,
    "Conflicting": 0,
    "TooLarge": 0,
    "UnsupportedMediaType": 0,
    "Unavailable": 0,
    "SettingsError": 0,
    "ValueError": 0,
    "LecternError": 0,
    "EmbeddedError": 0,
    "UnderWay": 0,
    "Unauthorised": 0,
    "_NotUnderstood": 0,
    "Unauthorized": 0,
    "Forbidden": 0,
    "Conflict": 0,
    "RequestedRangeNotSatisfiable": "description",
    "abort": 1,
    "_answer": 1,
    "problem": 1,
    "field": 1,
    "JSONResponse": 0,
    "ValidationError": 0,
    "page": "refusal",
}


class Refusal(NamedTuple):
    """One sentence, and in which module it is said."""

    module: str
    sentence: str


def refusals() -> list[Refusal]:
    """Every sentence by which something is refused, once for each module."""
    found = [refusal for path in sorted(CODE.rglob("*.py")) if FOREIGN not in path.parents for refusal in _of(path)]
    many = (TooManyDownloads(2, is_persons=True), TooManyDownloads(4, is_persons=False))
    many_sent = (TooManyUploads(1, is_persons=True), TooManyUploads(2, is_persons=False))
    errors = (NotFound(), AddressRefused(), LimitReached(2, 60), *many, *many_sent)
    made = [Refusal("errors.py", str(error)) for error in errors]
    kept = [Refusal("files/errors.py", error.sentence) for error in (StoreAway, Missing, Damaged)]
    pages = [Refusal("web/errors.py", said) for said in (*SENTENCES.values(), *API_SENTENCES.values())]
    return sorted({*found, *made, *kept, *pages})


def page() -> str:
    """The page as it should be."""
    head, rows = PAGE.read_text(encoding="utf-8").partition("| where |")[0], ["| where | what is said |", "|---|---|"]
    rows += [f"| `{refusal.module}` | {refusal.sentence.replace('|', chr(92) + '|')} |" for refusal in refusals()]
    return head + "\n".join(rows) + "\n"


def _of(path: Path) -> Iterator[Refusal]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    for call, function in _calls(module, None):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        # In other rooms a ValueError is caught, and what it says is never seen.
        if name not in SPOKEN or (name == "ValueError" and path.parent.name != "settings"):
            continue
        for text in _texts(_argument(call, SPOKEN[name]), module, function):
            if re.search("[a-z]", text):  # not only what another error says
                yield Refusal(path.relative_to(CODE).as_posix(), " ".join(text.split()))


def _calls(tree: ast.AST, function: ast.FunctionDef | None) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    """Every call, with the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield node, function
        yield from _calls(node, node if isinstance(node, ast.FunctionDef) else function)


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, int):
        return call.args[place] if place < len(call.args) else None
    return next((keyword.value for keyword in call.keywords if keyword.arg == place), None)


def _texts(said: ast.expr | None, module: ast.Module, function: ast.FunctionDef | None) -> list[str]:
    """What an expression may say: nothing where it only passes on what another error says."""
    match said:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)]
        case ast.IfExp(body=first, orelse=second):
            return [*_texts(first, module, function), *_texts(second, module, function)]
        case ast.BinOp(left=left, right=right):
            firsts, seconds = _texts(left, module, function), _texts(right, module, function)
            return [first + second for first in firsts or ["…"] for second in seconds or ["…"]]
        case ast.Name(id=name):
            return _named(name, module, function)
        case ast.Dict(values=values):
            return [text for value in values for text in _texts(value, module, function)]
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, other]):
            return [*_texts(table, module, function), *_texts(other, module, function)]
        case ast.Call(func=ast.Attribute(value=sentence, attr="format")):
            return [text.replace("{}", "…") for text in _texts(sentence, module, function)]
        case ast.Call(func=ast.Name(id=called)):
            return [text for node in _returns(called, module) for text in _texts(node.value, module, function)]
        case _:
            return []


def _named(name: str, module: ast.Module, function: ast.FunctionDef | None) -> list[str]:
    """What a name may say: what is assigned to it, or what is given for it where its function is called."""
    names = [argument.arg for argument in function.args.args] if function else []
    if function and name in names:
        calls = [(call, inside) for call, inside in _calls(module, None) if _calls_it(call, function)]
        arguments = ((_argument(call, names.index(name)), inside) for call, inside in calls)
        return [text for argument, inside in arguments for text in _texts(argument, module, inside)]
    for nodes in (ast.walk(function or module), module.body):
        given = [value for target, value in map(_assigned, nodes) if isinstance(target, ast.Name) and target.id == name]
        if given:
            return [text for value in given for text in _texts(value, module, function)]
    return []


def _assigned(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None]:
    match node:
        case ast.Assign(targets=[target], value=value) | ast.NamedExpr(target=target, value=value):
            return target, value
        case _:
            return None, None


def _returns(called: str, module: ast.Module) -> list[ast.Return]:
    """Every return of a function of the module."""
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == called]
    return [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Return)]


def _calls_it(call: ast.Call, function: ast.FunctionDef) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == function.name


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
