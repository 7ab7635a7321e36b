"""The templates' environment: Jinja as it is, but for what it does hundreds of times a page."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from types import FunctionType
from typing import Any

from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Call, CondExpr, Const, Expr, Name
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from platforma.i18n import markup_message

MAX_CACHED_CHARACTERS = 100
"""Of longer texts, such as what a listing says, the escaped form is not kept."""


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

    def visit_Call(self, node: Call, frame: Frame, forward_caller: bool = False) -> None:
        """A message without placeholders is asked for at once, not through the context."""
        match node:
            case Call(node=Name(name="_"), args=[Const(value=str(message))], kwargs=[]) if frame.eval_ctx.autoescape:
                self.write(f"environment.message({message!r})")
            case _:
                super().visit_Call(node, frame, forward_caller=forward_caller)

    def visit_CondExpr(self, node: CondExpr, frame: Frame) -> None:
        node.expr2 = node.expr2 or Const("", lineno=node.lineno)
        super().visit_CondExpr(node, frame)


class PageContext(Context):
    """Calls macros and plain functions without asking what else they may be; a page does so two hundred times."""

    def call(self, what: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """See Context.call."""
        if type(what) is not Macro and (type(what) is not FunctionType or hasattr(what, "jinja_pass_arg")):
            return super().call(what, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return what(self.eval_ctx, *args, **kwargs) if type(what) is Macro else what(*args, **kwargs)


class PageEnvironment(Environment):
    """The environment of the site's pages. Its globals are complete before the first template is loaded."""

    code_generator_class = Compiler
    context_class = PageContext
    written = staticmethod(written)
    message = staticmethod(markup_message)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template as a plain dictionary; Jinja's chain of two is copied and compared key by key in Python."""
        return {**self.globals, **(d or {})}
