"""What each app makes anew though it is the same in all of them; here one process of the tests makes it once.

A process of Lectern has one app, but most tests have one each. Two thirds of what it takes to make an app, and to show
its first page, are compiling the builders of addresses, and the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """Compiled templates, by their file; one that has changed is compiled again."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    templates, builders = _Templates(), dict[tuple[object, ...], Any]()
    make_environment: Callable[[Flask], Environment] = Flask.create_jinja_environment
    compile_builder = Rule._compile_builder

    def kept_environment(app: Flask) -> Environment:
        environment = make_environment(app)
        environment.bytecode_cache = templates
        return environment

    def kept_builder(rule: Rule, append_unknown: bool = True) -> Any:
        # All that the builder is made of. What a default becomes in an address is up to its converter.
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "create_jinja_environment", kept_environment)
        patch.setattr(Rule, "_compile_builder", kept_builder)
        yield
