"""JSON that a page carries for its own scripts: data of maps and single-page applications, in scripts and attributes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyjson5

from crawlers.markup import Html
from crawlers.reading.json_objects import ADDRESSES
from crawlers.values.addresses import joined

MAX_CHARACTERS = 2_000_000
"""So much of one script or attribute is looked at."""
MAX_CHARACTERS_TRIED = 5 * MAX_CHARACTERS
"""So many characters of a page are tried: those after a place where no data begins are tried again from the next place."""
MAX_DEPTH = 50
_OTHER_TYPES = ("ld+json", "importmap", "speculationrules")
_BEGINNINGS = re.compile(
    r"[=(:,]\s*(?=\[\s*\{)"  # a list of objects, wherever a value may stand
    r"|[=(]\s*(?=\{\s*[\"'\w])"  # an object that is assigned or handed on
    r"|JSON\.parse\(\s*(?=[\"'])"
)
_DATA = re.compile(r"\s*(\[\s*\{|\{\s*\")")
_NAME = re.compile(r"([\w$]+)[\"'\])]*\s*$")
_MAX_NAME_CHARACTERS = 60
_STRICT = json.JSONDecoder(strict=False)


def json_in(page: Html) -> dict[str, Any]:
    """The JSON values that a page's scripts and `data-` attributes hold, by the id, variable or attribute that names them.

    JavaScript that is nothing but data (names without quotes, commas at an end) is read too; no script is run. JSON-LD is
    left out. Relative addresses of objects are made absolute.
    """
    values: dict[str, Any] = {}
    tried = _Tried()
    for name, value in (*_in_scripts(page, tried), *_in_attributes(page, tried)):
        if isinstance(value, dict | list) and value:
            key = name if name not in values else f"{name}{len(values)}"
            values[key] = _with_addresses(value, page.url)
    return values


@dataclass(slots=True)
class _Tried:
    """How many characters of a page may still be tried."""

    left: int = MAX_CHARACTERS_TRIED

    def decode(self, text: str, start: int = 0) -> tuple[Any, int]:
        """The value that begins there in a text (None where none does) and, where it is strict JSON, where it ends."""
        value, end = _decoded(text, start) if self.left > 0 else (None, start)
        self.left -= (end if end > start else len(text)) - start
        return value, end


def _in_scripts(page: Html, tried: _Tried) -> Iterator[tuple[str, Any]]:
    """What the scripts that stand in the page itself hold."""
    for node in page.root.iter("script"):
        kind, text = (node.get("type") or "").lower(), (node.text or "")[:MAX_CHARACTERS]
        if any(other in kind for other in _OTHER_TYPES):
            continue
        name = node.get("id") or "script"
        if "json" in kind:
            yield name, tried.decode(text.strip())[0]
        else:
            yield from _in_code(text, name, tried)


def _in_attributes(page: Html, tried: _Tried) -> Iterator[tuple[str, Any]]:
    for node in page.root.iter():
        for name, text in node.attrib.items():
            if name.startswith("data-") and _DATA.match(text):
                yield name, tried.decode(text[:MAX_CHARACTERS].strip())[0]


def _in_code(text: str, name: str, tried: _Tried) -> Iterator[tuple[str, Any]]:
    """What is read at each place where data may begin; what lies within strict JSON that was read is passed by."""
    end = 0
    for match in _BEGINNINGS.finditer(text):
        if tried.left <= 0:
            return
        if match.start() >= end:
            value, end = tried.decode(text, match.end())
            named = _NAME.search(text[max(0, match.start() - _MAX_NAME_CHARACTERS) : match.start()])
            yield (named[1] if named else name), tried.decode(value)[0] if isinstance(value, str) else value


def _decoded(text: str, start: int) -> tuple[Any, int]:
    try:
        value, end = _STRICT.raw_decode(text, start)
    except (ValueError, RecursionError):
        try:
            return pyjson5.decode(text[start:], maxdepth=MAX_DEPTH, some=True), start
        except (pyjson5.Json5Exception, ValueError):
            return None, start
    return (None if isinstance(value, dict | list) and _is_deep(value) else value), end


def _is_deep(value: Any) -> bool:
    """Whether a value has more than MAX_DEPTH levels."""
    level = [value]
    for _ in range(MAX_DEPTH):
        opened = (container.values() if isinstance(container, dict) else container for container in level)
        level = [inner for values in opened for inner in values if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _with_addresses(value: Any, url: str) -> Any:
    """The value with the relative addresses in it made absolute."""
    if isinstance(value, list):
        return [_with_addresses(inner, url) for inner in value]
    if not isinstance(value, dict):
        return value
    return {key: _absolute(inner, url) if key in ADDRESSES else _with_addresses(inner, url) for key, inner in value.items()}


def _absolute(value: Any, url: str) -> Any:
    return joined(url, value) or value if isinstance(value, str) and value.startswith("/") else value
