"""The templates' environment: Jinja as it is, but for what it does hundreds of times a page."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import CondExpr, Const, Expr
from markupsafe import Markup, escape


MAX_CACHED_CHARACTERS = 100


def written(value: object) -> str:
    """A value as a page has it: escaped, but for what is markup already."""
    if type(value) is Markup:
        return value
    if type(value) is str:
        return value if value.isalnum() else _escaped(value) if len(value) <= MAX_CACHED_CHARACTERS else escape(value)
    return str(value) if type(value) is int else escape(value)


@lru_cache(maxsize=10_000)
def _escaped(text: str) -> Markup:
    """A short text escaped; labels and addresses come again on every page, and markup is dear to make."""
    return escape(text)


class Compiler(CodeGenerator):
    """Has templates write with `written`: Jinja's own function makes markup again out of what is markup.

    What stands for nothing, as in `{{ 'a' if b }}`, is an empty text and no object that tells where it is missing.
    """

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_CondExpr(self, node: CondExpr, frame: Frame) -> None:
        node.expr2 = node.expr2 or Const("", lineno=node.lineno)
        super().visit_CondExpr(node, frame)


class PageEnvironment(Environment):
    """The environment of the site's pages. Its globals are complete before the first template is loaded."""

    code_generator_class = Compiler
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template as a plain dictionary; Jinja's chain of two is copied and compared key by key in Python."""
        return {**self.globals, **(d or {})}
