"""JSON in a page for its own scripts, such as the data of maps and single-page applications, in scripts and attributes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyjson5

from crawlers.markup import Html
from crawlers.markup.elements import Element
from crawlers.reading.json_objects import ADDRESS_KEYS
from crawlers.reading.page_state import (
    FLIGHT_CALL,
    NUXT_CALL,
    flat_state,
    flight_state,
    function_state,
    island_state,
    kept_answer,
)
from crawlers.texts.foreign import JSON_NUMBERS, with_whole_pairs
from crawlers.values.addresses import absolute_address

MAX_SCRIPT_CHARACTERS = 2_000_000
"""Longer scripts and attributes are cut."""
MAX_CHARACTERS_TRIED = 5 * MAX_SCRIPT_CHARACTERS
"""How many characters of a page are decoded at most; a failed attempt costs all characters up to the end of its script."""
MAX_DEPTH = 50
_OTHER_TYPES = ("ld+json", "importmap", "speculationrules")
_BEGINNINGS = re.compile(
    r"[=(:,]\s*(?=\[\s*\{)"  # a list of objects, wherever a value may stand
    r"|[=(]\s*(?=\{\s*[\"'\w])"  # an object that is assigned or handed on
    r"|JSON\.parse\(\s*(?=[\"'])"
)
_DATA_BEGINNING = re.compile(r"\s*(\[\s*\{|\{\s*\")")
_NAME = re.compile(r"([\w$]+)[\"'\])]*\s*$")
_MAX_NAME_CHARACTERS = 60
_JSON = json.JSONDecoder(strict=False, **JSON_NUMBERS)


def json_in(page: Html) -> dict[str, Any]:
    """The JSON objects and arrays in a page's scripts and `data-` attributes, by the id, variable or attribute that holds them.

    JavaScript literals (names without quotes, trailing commas) are read too; no script is run. JSON-LD is left out. Relative
    addresses in objects are made absolute.
    """
    values: dict[str, Any] = {}
    budget = _DecodingBudget()
    for name, value in (*_in_scripts(page, budget), *_in_attributes(page, budget)):
        if isinstance(value, dict | list) and value:
            key = name if name not in values else f"{name}{len(values)}"
            values[key] = _with_addresses(value, page.url)
    return values


@dataclass(slots=True)
class _DecodingBudget:
    """How many characters of a page may still be decoded."""

    remaining: int = MAX_CHARACTERS_TRIED

    def decode(self, text: str, start: int = 0) -> tuple[Any, int]:
        """The value that begins at `start`, None where there is none, and its end if it is strict JSON, else `start`."""
        value, end = _decode(text, start) if self.remaining > 0 else (None, start)
        self.remaining -= (end if end > start else len(text)) - start
        return value, end


def _in_scripts(page: Html, budget: _DecodingBudget) -> Iterator[tuple[str, Any]]:
    """Name and value of the data in the inline scripts of a page."""
    flight_chunks: list[str] = []
    for node in page.root.iter("script"):
        kind, text = (node.get("type") or "").lower(), with_whole_pairs((node.text or "")[:MAX_SCRIPT_CHARACTERS])
        if any(other in kind for other in _OTHER_TYPES):
            continue
        name = node.get("id") or "script"
        if "json" in kind:
            yield name, _plain_state(node, budget.decode(text.strip())[0])
        elif FLIGHT_CALL in text:
            flight_chunks += _flight_chunks(text, budget)
        elif NUXT_CALL in text and budget.remaining > 0:
            budget.remaining -= len(text)
            yield name, function_state(text)
        else:
            yield from _in_code(text, name, budget)
    if flight_chunks:
        yield "flight", flight_state(flight_chunks)


def _plain_state(node: Element, value: Any) -> Any:
    """The value of a script of JSON, out of the notation in which a framework wrote it."""
    if node.get("id") == "__NUXT_DATA__" or node.get("data-nuxt-data"):
        return flat_state(value)
    return kept_answer(value) if node.get("data-sveltekit-fetched") is not None else value


def _flight_chunks(text: str, budget: _DecodingBudget) -> Iterator[str]:
    """The texts that a script hands to Next's client."""
    place = text.find(FLIGHT_CALL)
    while place >= 0 and budget.remaining > 0:
        value, _ = budget.decode(text, place + len(FLIGHT_CALL))
        if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
            yield value[1]
        place = text.find(FLIGHT_CALL, place + len(FLIGHT_CALL))


def _in_attributes(page: Html, budget: _DecodingBudget) -> Iterator[tuple[str, Any]]:
    """Name and value of the data in the `data-` attributes of a page."""
    for node in page.root.iter():
        if node.tag == "astro-island" and budget.remaining > 0:
            props = with_whole_pairs((node.get("props") or "")[:MAX_SCRIPT_CHARACTERS])
            budget.remaining -= len(props)
            yield "island", island_state(props)
        for name, text in node.attrib.items():
            if name.startswith("data-") and _DATA_BEGINNING.match(text):
                yield name, budget.decode(with_whole_pairs(text[:MAX_SCRIPT_CHARACTERS].strip()))[0]


def _in_code(text: str, name: str, budget: _DecodingBudget) -> Iterator[tuple[str, Any]]:
    """Name and value of the data in JavaScript, wherever data may begin outside the strict JSON already read."""
    end = 0
    for match in _BEGINNINGS.finditer(text):
        if budget.remaining <= 0:
            return
        if match.start() >= end:
            value, end = budget.decode(text, match.end())
            named = _NAME.search(text[max(0, match.start() - _MAX_NAME_CHARACTERS) : match.start()])
            yield (named[1] if named else name), budget.decode(value)[0] if isinstance(value, str) else value


def _decode(text: str, start: int) -> tuple[Any, int]:
    """As _DecodingBudget.decode, without counting."""
    try:
        value, end = _JSON.raw_decode(text, start)
    except (ValueError, RecursionError):
        try:
            return pyjson5.decode(text[start:], maxdepth=MAX_DEPTH, some=True), start
        except (pyjson5.Json5Exception, ValueError):
            return None, start
    return (None if isinstance(value, dict | list) and _is_deep(value) else value), end


def _is_deep(value: Any) -> bool:
    """Whether a value is nested more than MAX_DEPTH levels deep."""
    level = [value]
    for _ in range(MAX_DEPTH):
        opened = (container.values() if isinstance(container, dict) else container for container in level)
        level = [inner for values in opened for inner in values if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _with_addresses(value: Any, url: str) -> Any:
    """The value with the relative addresses under ADDRESS_KEYS made absolute."""
    if isinstance(value, list):
        return [_with_addresses(inner, url) for inner in value]
    if not isinstance(value, dict):
        return value
    return {key: _absolute(inner, url) if key in ADDRESS_KEYS else _with_addresses(inner, url) for key, inner in value.items()}


def _absolute(value: Any, url: str) -> Any:
    return absolute_address(url, value) or value if isinstance(value, str) and value.startswith("/") else value
