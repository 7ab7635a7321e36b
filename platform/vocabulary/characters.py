"""Characters that pages and files cannot hold, and texts without them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLANES = range(1, 17)
CONTROLS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in _PLANES for last in (0xFFFE, 0xFFFF))
)  # fmt: skip
"""Control characters, half surrogates and noncharacters, for a class of a regular expression: what HTML does not allow, which
is more than what XML 1.0 and PostgreSQL cannot hold. The line end NEL (U+0085) is one too, and has a blank in its place."""
NEXT_LINE = "\x85"
_CONTROL = re.compile(f"[{CONTROLS}]")


def without_controls(text: str) -> str:
    """The text without CONTROLS; tabs, line feeds and carriage returns stay."""
    if text.isprintable():  # as most are; no such character is
        return str(text)
    return _CONTROL.sub("", text.replace(NEXT_LINE, " "))


def single_line(text: str) -> str:
    """The text without CONTROLS on one line, each run of blanks as one."""
    return " ".join(without_controls(text).split())


def storable(value: Any) -> Any:
    """The JSON value with each of its texts, and each name in an object, without CONTROLS."""
    if isinstance(value, str):
        return without_controls(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {without_controls(name): storable(part) for name, part in value.items()}
    return [storable(part) for part in value] if isinstance(value, list | tuple) else value
