"""What clients send, checked: batches of names to be matched, and ids whose properties are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard, TypeVar

from crawlers.record_checks import InvalidRecord, parse
from platforma.web.public.parameters import BadRequest
from platforma.web.public.reconciliation.properties import PROPERTIES

T = TypeVar("T")
MAX_QUESTIONS, MAX_CANDIDATES, MAX_IDS = 50, 25, 500
MAX_TYPED, MAX_PROPERTIES, MAX_VALUES = 300, 20, 20
DEFAULT_CANDIDATES = 5
_SIGNS = re.compile(r"[^\w\s.]|(?<!\w)\.|\.(?!\w)|_")
"""What a search would read as an operator, and a name never needs."""


@dataclass(frozen=True, slots=True)
class Question:
    """A name to be matched: `text` without signs for searching, `name` as it was sent; `kinds` are wanted, all where empty.

    `properties` are further values by property id, as texts.
    """

    name: str
    text: str
    kinds: tuple[str, ...]
    limit: int
    properties: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Extension:
    """Listings whose properties are asked for, both by id."""

    ids: Sequence[str]
    properties: Sequence[str]


def read_questions(text: str, kinds: frozenset[str]) -> dict[str, Question]:
    """The questions of a batch by the client's own keys; `kinds` are those that there are. Raises BadRequest."""
    batch = _object(text, "queries")
    if len(batch) > MAX_QUESTIONS:
        raise BadRequest(f"a batch has at most {MAX_QUESTIONS} queries")
    return {key: _question(one, kinds) for key, one in batch.items()}


def read_extension(text: str) -> Extension:
    """The ids and properties that are asked for. Raises BadRequest."""
    asked = _object(text, "extend")
    ids, properties = asked.get("ids"), asked.get("properties")
    if not _is_list_of(ids, str) or len(ids) > MAX_IDS:
        raise BadRequest(f"ids is a list of at most {MAX_IDS} texts")
    if not _is_list_of(properties, dict) or len(properties) > MAX_PROPERTIES:
        raise BadRequest(f"properties is a list of at most {MAX_PROPERTIES} objects with an id")
    wanted = [str(one.get("id")) for one in properties]
    if unknown := sorted(set(wanted) - set(PROPERTIES)):
        raise BadRequest(f"there is no property {', '.join(unknown)}; there are {', '.join(PROPERTIES)}")
    return Extension(list(dict.fromkeys(ids)), list(dict.fromkeys(wanted)))


def words_of(name: str) -> str:
    """The words of a name as a search takes them: without quotation marks, hyphens and colons, which are operators there."""
    return " ".join(_SIGNS.sub(" ", name[:MAX_TYPED]).split())


def _question(sent: object, kinds: frozenset[str]) -> Question:
    if not isinstance(sent, dict):
        raise BadRequest("each query is an object")
    name, properties = sent.get("query", ""), _properties(sent.get("properties", []))
    if not isinstance(name, str) or not (name.strip() or properties):
        raise BadRequest("each query has a text in `query`, or `properties`")
    return Question(name[:MAX_TYPED], words_of(name), _kinds(sent.get("type", []), kinds), _limit(sent.get("limit")), properties)


def _kinds(sent: object, kinds: frozenset[str]) -> tuple[str, ...]:
    """The kinds that are wanted; a type that is none of ours is left out, as clients keep those of other services."""
    wanted = [sent] if isinstance(sent, str) else sent
    if not _is_list_of(wanted, str):
        raise BadRequest("type is a text, or a list of texts")
    return tuple(id for id in dict.fromkeys(wanted) if id in kinds)


def _limit(sent: object) -> int:
    if sent is None:
        return DEFAULT_CANDIDATES
    if isinstance(sent, bool) or not isinstance(sent, int | float) or sent < 1:
        raise BadRequest("limit is a number from 1")
    return min(int(sent), MAX_CANDIDATES)


def _properties(sent: object) -> dict[str, list[str]]:
    """The values by property; those of properties that we do not have are left out."""
    if not _is_list_of(sent, dict) or len(sent) > MAX_PROPERTIES:
        raise BadRequest(f"properties is a list of at most {MAX_PROPERTIES} objects with pid and v")
    found: dict[str, list[str]] = {}
    for one in sent:
        if not isinstance(one.get("pid"), str) or "v" not in one:
            raise BadRequest("each property has pid and v")
        values = [_value(value) for value in (one["v"] if isinstance(one["v"], list) else [one["v"]])[:MAX_VALUES]]
        if one["pid"] in PROPERTIES and any(values):
            found.setdefault(one["pid"], []).extend(filter(None, values))
    return found


def _value(sent: object) -> str:
    """A value as text; of another entity its name, else its id."""
    if isinstance(sent, dict):
        sent = sent.get("name") or sent.get("id") or ""
    return str(sent).strip()[:MAX_TYPED] if isinstance(sent, str | int | float) else ""


def _object(text: str, name: str) -> dict[str, Any]:
    """The object of a JSON text, without characters that no database can hold. Raises BadRequest."""
    try:
        sent = parse(text)
    except InvalidRecord as error:
        raise BadRequest(f"{name} is not JSON") from error
    if not isinstance(sent, dict):
        raise BadRequest(f"{name} is a JSON object")
    return sent


def _is_list_of(sent: object, type_: type[T]) -> TypeGuard[list[T]]:
    return isinstance(sent, list) and all(isinstance(one, type_) for one in sent)
