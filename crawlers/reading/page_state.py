"""The state that frameworks leave in a page for their own scripts, in notations of their own: decoded without running it.

Next (`self.__next_f.push`), Nuxt (`__NUXT_DATA__`, `window.__NUXT__`), Astro (`props` of islands), SvelteKit (answers as text).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pyjson5

from crawlers.texts.foreign import JSON_NUMBERS

MAX_DEPTH = 50
"""What is nested more deeply is left out."""
MAX_VALUES = 100_000
"""How many values one state may unfold to, since references can repeat the same value again and again."""
MAX_STATE_CHARACTERS = 2_000_000
"""Of a longer state only the beginning is read; so long may a function become once its arguments stand in it."""
FLIGHT_CALL = "self.__next_f.push("
NUXT_CALL = "__NUXT__=(function("
_FLIGHT_ROW = re.compile(r"([0-9a-f]{0,8}):")
_FLIGHT_TEXT = re.compile(r"T([0-9a-f]{1,8}),")
_REFERENCE = re.compile(r"\$[LQWF@]?([0-9a-f]{1,8})")
_PARAMETERS = re.compile(r"([\w$, ]{0,200000}+)\)\s*\{\s*return\s*(?=[{(\[])")
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|void 0|![01]|[A-Za-z_$][\w$]*+|\s++|.""", re.DOTALL)
_CONSTANTS = {"void 0": "null", "undefined": "null", "!0": "true", "!1": "false", "NaN": "null", "Infinity": "null"}
_JSON = json.JSONDecoder(strict=False, **JSON_NUMBERS)


def flight_state(chunks: Iterable[str]) -> dict[str, Any]:
    """The rows that Next's server components send, by their ids, with the rows that they refer to in their place.

    In the place of an element stand its properties.
    """
    rows = _flight_rows("".join(chunks)[:MAX_STATE_CHARACTERS])
    unfolding = _Unfolding()
    return {id: unfolding.row(id, rows) for id, value in rows.items() if isinstance(value, dict | list)}


def flat_state(values: Any) -> Any:
    """The value of a list in which every value stands once and the others name it by its place, as Nuxt and SvelteKit write it.

    None for any other list.
    """
    if not isinstance(values, list) or not values or not isinstance(values[0], dict | list):
        return None
    return _Unfolding().flat(values, 0)


def function_state(text: str) -> Any:
    """What the function of `window.__NUXT__` returns, with its arguments in their places; None where there is none."""
    start = text.find(NUXT_CALL)
    match = _PARAMETERS.match(text, start + len(NUXT_CALL)) if start >= 0 else None
    if match is None:
        return None
    tokens = _TOKEN.findall(text[match.end() : match.end() + MAX_STATE_CHARACTERS])
    body, rest = _balanced(tokens)
    given = _arguments(rest[rest.index("(") :]) if "(" in rest else []
    names = [name.strip() for name in match[1].split(",")]
    values = dict(zip(names, given, strict=False))
    return _decoded(_with_values(body, values))


def island_state(props: str) -> Any:
    """The properties of an island of Astro, in which each value stands behind the number of its kind."""
    try:
        value = _JSON.decode(props)
    except (ValueError, RecursionError):
        return None
    return {name: _island_value(inner) for name, inner in value.items()} if isinstance(value, dict) else None


def kept_answer(value: Any) -> Any:
    """The JSON in an answer that a page keeps as text under `body`; any other value unchanged."""
    body = value.get("body") if isinstance(value, dict) else None
    if not isinstance(body, str):
        return value
    try:
        return _JSON.decode(body)
    except (ValueError, RecursionError):
        return value


def _flight_rows(text: str) -> dict[str, Any]:
    """The rows by id: text, or JSON. Rows of modules and hints are left out."""
    rows: dict[str, Any] = {}
    place = 0
    while match := _FLIGHT_ROW.match(text, place):
        if long_text := _FLIGHT_TEXT.match(text, match.end()):
            length = int(long_text[1], 16)
            rows[match[1]] = _first_bytes(text, long_text.end(), length)
            place = long_text.end() + len(rows[match[1]])
            continue
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        with suppress(ValueError, RecursionError):
            rows[match[1]] = _JSON.decode(text[match.end() : end])
        place = end + 1
    return rows


def _first_bytes(text: str, start: int, length: int) -> str:
    """As many characters from `start` on as take up so many bytes."""
    return text[start : start + length].encode("utf-8", "replace")[:length].decode("utf-8", "ignore")


@dataclass(slots=True)
class _Unfolding:
    """Puts values in the place of what refers to them: at most MAX_VALUES of them, at most MAX_DEPTH deep."""

    left: int = MAX_VALUES
    path: set[int | str] = field(default_factory=set)

    def row(self, id: str, rows: dict[str, Any], depth: int = 0) -> Any:
        """The value of a row with the rows that it refers to; None where there is none, or it contains itself."""
        if id not in rows or id in self.path:
            return None
        self.path.add(id)
        unfolded = self.flight(rows[id], rows, depth)
        self.path.discard(id)
        return unfolded

    def flight(self, value: Any, rows: dict[str, Any], depth: int = 0) -> Any:
        """The value with the rows that it refers to."""
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return None
        if isinstance(value, list):
            is_element = len(value) > 3 and value[0] == "$" and isinstance(value[3], dict)
            return self.flight(value[3], rows, depth) if is_element else [self.flight(inner, rows, depth + 1) for inner in value]
        if isinstance(value, dict):
            return {name: self.flight(inner, rows, depth + 1) for name, inner in value.items()}
        if not isinstance(value, str) or not value.startswith("$") or value == "$":
            return value
        reference = _REFERENCE.fullmatch(value)
        if reference is None:
            return value[1:] if value.startswith("$$") else value[2:] if value.startswith("$D") else None
        return self.row(reference[1], rows, depth + 1)

    def flat(self, values: list[Any], place: Any, depth: int = 0) -> Any:
        """The value at a place of the list; None where there is none, or it contains itself."""
        self.left -= 1
        if not isinstance(place, int) or not 0 <= place < len(values) or place in self.path or self.left < 0 or depth > MAX_DEPTH:
            return None
        value = values[place]
        if not isinstance(value, dict | list):
            return value
        self.path.add(place)
        if isinstance(value, dict):
            unfolded: Any = {name: self.flat(values, inner, depth + 1) for name, inner in value.items()}
        elif value and isinstance(value[0], str):
            unfolded = self._flat_of_kind(values, value, depth)
        else:
            unfolded = [self.flat(values, inner, depth + 1) for inner in value]
        self.path.discard(place)
        return unfolded

    def _flat_of_kind(self, values: list[Any], value: list[Any], depth: int) -> Any:
        """A value whose kind is named: a date, a set, a map, or a wrapper around another value."""
        kind, *places = value
        if kind == "Date":
            return places[0] if places else None
        if kind == "Set":
            return [self.flat(values, place, depth + 1) for place in places]
        if kind in ("Map", "null"):
            names = [place if kind == "null" else self.flat(values, place, depth + 1) for place in places[::2]]
            return {str(name): self.flat(values, place, depth + 1) for name, place in zip(names, places[1::2], strict=False)}
        return self.flat(values, places[0], depth + 1) if places else None


def _balanced(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The tokens of the first bracketed value, and those that follow it."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token in ("{", "[", "(")) - (token in ("}", "]", ")"))
        if depth == 0 and token.strip():
            return tokens[: place + 1], tokens[place + 1 :]
    return tokens, []


def _arguments(tokens: list[str]) -> list[str]:
    """The arguments of a call as JSON, `null` for those that are none."""
    inside, _ = _balanced(tokens)
    arguments: list[list[str]] = [[]]
    depth = 0
    for part in inside[1:-1]:
        depth += (part in ("{", "[", "(")) - (part in ("}", "]", ")"))
        if part == "," and depth == 0:
            arguments.append([])
        else:
            arguments[-1].append(part)
    return [json.dumps(_decoded(_with_values(argument, {}))) for argument in arguments]


def _with_values(tokens: list[str], values: dict[str, str]) -> str:
    """The tokens as one text, with values in the place of names that are no keys; "" where it would become too long."""
    parts: list[str] = []
    size = 0
    for place, token in enumerate(tokens):
        following = next((later for later in tokens[place + 1 : place + 3] if later.strip()), "")
        part = token if following == ":" else values.get(token, _CONSTANTS.get(token, token))
        size += len(part)
        if size > MAX_STATE_CHARACTERS:
            return ""
        parts.append(part)
    return "".join(parts)


def _decoded(text: str) -> Any:
    """The value of a literal of JavaScript; None where it is none."""
    try:
        return pyjson5.decode(text.strip("() \n") if text.startswith("(") else text, maxdepth=MAX_DEPTH)
    except (pyjson5.Json5Exception, ValueError):
        return None


def _island_value(value: Any, depth: int = 0) -> Any:
    """The value of a pair of kind and value."""
    if depth > MAX_DEPTH or not isinstance(value, list) or len(value) != 2:
        return None
    kind, inner = value
    if isinstance(inner, list) and kind in (1, 5):
        return [_island_value(one, depth + 1) for one in inner]
    if isinstance(inner, dict):
        return {name: _island_value(one, depth + 1) for name, one in inner.items()}
    return inner
