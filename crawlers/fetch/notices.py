"""JSON behind what a server prints before it by mistake: notices and warnings of PHP, comments and tags of plugins."""

from __future__ import annotations

import json
import re
from typing import Any

from crawlers.texts.foreign import JSON_NUMBERS, with_whole_pairs

MAX_NOTICE_CHARACTERS = 20_000
"""Of what stands before the JSON; and of what stands behind it."""
MAX_TRIES = 20
"""How many brackets are tried as the beginning of the JSON."""
_BEGINNING = re.compile(r"[\[{](?=\s{0,200}[\[{\"\]}\d-])")
_NOTICE = re.compile(r"<[a-z!/]|\b(?:notice|warning|deprecated|strict standards|error)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_DECODER = json.JSONDecoder(**JSON_NUMBERS)


def json_after_notice(text: str) -> Any:
    """The object or list that follows a notice and ends the text, or is followed by another notice; None without one.

    A page for people is no notice, whatever brackets are in it.
    """
    text = with_whole_pairs(text.strip())
    head = text[:MAX_NOTICE_CHARACTERS]
    if _PAGE.search(head):
        return None
    for tried, match in enumerate(_BEGINNING.finditer(head)):
        if tried == MAX_TRIES:
            return None
        if not _NOTICE.search(head, 0, match.start()):
            continue
        try:
            value, end = _DECODER.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        rest = text[end:].lstrip()
        if isinstance(value, dict | list) and len(rest) <= MAX_NOTICE_CHARACTERS and (not rest or _NOTICE.match(rest)):
            return value
    return None
