"""Markup and JSON of others made fit for parsers: without what makes them fail, or take time in the square of the length."""

from __future__ import annotations

import html
import json
import math
import re
from typing import Any

MAX_ATTRIBUTES = 300
"""Of one tag; parsers compare each attribute with all others."""
MAX_NUMBER_DIGITS = 18
"""Longer whole numbers in JSON stay the text that they are, since no database holds them."""
MAX_TEXT_DIGITS = 300
_REPLACEMENT = "\ufffd"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")
_REFERENCE_BYTES = re.compile(_REFERENCE.pattern.encode())
_ATTRIBUTE = r"(?>[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?|[\s/]++|=)"
_TAG = re.compile(rf"<[A-Za-z][^\s/>]*+{_ATTRIBUTE}*+")
_HEAD = re.compile(rf"<[A-Za-z][^\s/>]*+{_ATTRIBUTE}{{0,{MAX_ATTRIBUTES}}}+")
_ESCAPE = re.compile(r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_MIN_LONG = 2 * MAX_ATTRIBUTES
_ENDS = {"script": re.compile("</script", re.IGNORECASE), "style": re.compile("</style", re.IGNORECASE), "!--": re.compile("-->")}
"""The ends of what holds no tags, by the name at its beginning."""
_BEGINNING = re.compile(rf"{_TAG.pattern}|<!--")
_NAME = re.compile(r"<([A-Za-z]+|!--)")


def fit_markup(text: str) -> str:
    """HTML or XML without control characters, and with at most MAX_ATTRIBUTES attributes in a tag.

    A character reference to what is no character becomes U+FFFD, one to a control character nothing.
    """
    text = _SURROGATE.sub(_REPLACEMENT, _UNFIT.sub("", text))
    return _with_short_tags(_REFERENCE.sub(_character, text) if "&#" in text else text)


def fit_markup_bytes(body: bytes, codec: str) -> bytes:
    """As fit_markup, for bytes; `codec` is one in which the tags can be read, and Latin-1 keeps all other bytes."""
    text = body.decode(codec, "replace")
    references = _REFERENCE.sub(_reference_to_character, text) if "&#" in text else text
    return _with_short_tags(_UNFIT.sub("", references)).encode(codec, "replace")


def fit_references(body: bytes, codec: str) -> bytes:
    """The bytes with only such character references as stand for a character; `codec` as in fit_markup_bytes."""
    if codec != "latin-1":
        return _REFERENCE.sub(_reference_to_character, body.decode(codec, "replace")).encode(codec, "replace")
    return _REFERENCE_BYTES.sub(_bytes_of_character, body) if b"&#" in body else body


def unescaped(text: str) -> str:
    """The text with its character references undone, whatever numbers they have."""
    return html.unescape(_REFERENCE.sub(_character, text) if "&#" in text else text)


def parse_json(text: str, *, strict: bool = True) -> Any:
    """The JSON value of a text. A half of a surrogate pair is U+FFFD, NaN and an infinite number are null.

    `strict`: control characters in texts are not allowed. Raises ValueError and RecursionError.
    """
    return json.loads(with_whole_pairs(text), strict=strict, **JSON_NUMBERS)


def with_whole_pairs(text: str) -> str:
    r"""JSON or JavaScript with U+FFFD for each escape of half a surrogate pair (`\ud83d`), which no text may hold alone."""
    return _ESCAPE.sub(lambda match: match[1] or r"\ufffd", text) if "\\u" in text else text


def _character(match: re.Match[str], replacement: str = _REPLACEMENT) -> str:
    """What stands for a character reference: itself, "" where it is a control character, the replacement where it is none."""
    digits = match[1] or match[2]
    number = int(digits, 16 if match[1] else 10) if len(digits) <= 8 else 0x110000
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        return replacement
    return "" if _UNFIT.match(chr(number)) else match[0]


def _reference_to_character(match: re.Match[str]) -> str:
    return _character(match, "&#xFFFD;")


def _bytes_of_character(match: re.Match[bytes]) -> bytes:
    return _REFERENCE.sub(_reference_to_character, match[0].decode("latin-1")).encode("latin-1")


def _with_short_tags(text: str) -> str:
    """The text with only the first attributes of each tag."""
    if "<" not in text or all(tag.end() - tag.start() < _MIN_LONG for tag in _TAG.finditer(text)):
        return text
    parts, end = [], 0
    while match := _BEGINNING.search(text, end):
        parts += [text[end : match.start()], _short_tag(match[0])]
        end = _end_of_contents(text, match)
        parts.append(text[match.end() : end])
    return "".join([*parts, text[end:]])


def _short_tag(tag: str) -> str:
    head = _HEAD.match(tag) if len(tag) >= _MIN_LONG else None
    return head[0] if head else tag


def _end_of_contents(text: str, beginning: re.Match[str]) -> int:
    """Where a script, a style or a comment ends, the text's end where it does not; for other tags the end of the tag."""
    name = _NAME.match(beginning[0])
    end_pattern = _ENDS.get(name[1].lower()) if name else None
    if end_pattern is None:
        return beginning.end()
    end = end_pattern.search(text, beginning.end())
    return end.start() if end else len(text)


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_NUMBER_DIGITS else digits[:MAX_TEXT_DIGITS]


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


JSON_NUMBERS: dict[str, Any] = {"parse_int": _whole_number, "parse_float": _finite, "parse_constant": lambda _: None}
"""How numbers of JSON are read, for json.loads and json.JSONDecoder."""
