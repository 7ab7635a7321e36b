"""Messages for invalid recipes: Pydantic's errors in words for people who write recipes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from pydantic_core import ErrorDetails, PydanticCustomError

from crawlers.errors import Fault
from vocabulary.messages import N_

NO_KEY = N_("there is no such key; known: %(known)s")
NEAR_KEY = N_("there is no such key; did you mean %(near)s?")
_OWN_ERROR = "recipe"
"""The type of the errors that our own validators raise."""
_TEXT = N_("this is a text; write it in quotation marks")
_NUMBER = N_("this is a number")
_INTEGER = N_("this is a whole number")
_LIST = N_("this is a list, such as [a, b]")
_KEYS = N_("this holds keys and values, such as {title: h1}")
_KEY = N_("a key is a text; write it in quotation marks")
_TYPES = {
    "string": _TEXT, "int": _INTEGER, "float": _NUMBER, "bool": N_("this is true or false"), "tuple": _LIST, "list": _LIST,
    "dict": _KEYS, "model": _KEYS, "mapping": _KEYS,
}  # fmt: skip
"""Message by the first word of the type of Pydantic's error."""
_REASONS = {
    "missing": N_("this is needed"),
    "invalid_key": _KEY,
    "literal_error": N_("this is one of: %(expected)s"),
    "string_pattern_mismatch": N_("this is written in small letters, digits and hyphens alone"),
    "string_too_long": N_("this is longer than %(max_length)s characters"),
    "too_long": N_("these are more than %(max_length)s"),
    "greater_than_equal": N_("this is %(ge)s or more"),
    "greater_than": N_("this is more than %(gt)s"),
    "less_than_equal": N_("this is %(le)s or less"),
}
"""Message by the type of Pydantic's error, whose context fills the placeholders."""


def invalid_value(reason: str, **values: str) -> PydanticCustomError:
    """Return the error that a validator raises: a message id and the values that fill its placeholders."""
    return PydanticCustomError(_OWN_ERROR, reason, values)


def to_fault(error: ErrorDetails, known_keys: Iterable[str]) -> Fault:
    """Return the fault of one of Pydantic's errors. `known_keys` are those that exist at its location."""
    key, kind, context = ".".join(str(part) for part in error["loc"]), error["type"], error.get("ctx", {})
    values = {name: str(value) for name, value in context.items()}
    if kind == "extra_forbidden":
        return _unknown_key(key, str(error["loc"][-1]), list(known_keys))
    if kind == _OWN_ERROR:
        return Fault(key, error["msg"], values)
    if kind == "literal_error":
        values["expected"] = ", ".join(re.findall(r"'([^']*)'", values["expected"]))
    reason = _REASONS.get(kind) or _TYPES.get(kind.split("_")[0])
    return Fault(key, reason, values) if reason else Fault(key, "%(reason)s", {"reason": error["msg"]})


def _unknown_key(key: str, name: str, known_keys: list[str]) -> Fault:
    near = difflib.get_close_matches(name, known_keys, 1)
    return Fault(key, NEAR_KEY, {"near": near[0]}) if near else Fault(key, NO_KEY, {"known": ", ".join(known_keys)})
