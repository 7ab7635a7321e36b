"""A page: one HTTP response, its bytes, and how to read them as text or JSON."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crawlers.errors import BadContent
from crawlers.fetch.charsets import guessed, wide
from crawlers.fetch.notices import json_after_notice
from crawlers.state import PageValidators
from crawlers.texts.foreign import parse_json
from vocabulary.messages import N_

_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNUSABLE_CODECS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Codecs of Python in which no page is written; some take hours for a megabyte."""
_BROWSER_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""Encodings that browsers read as another (WHATWG Encoding)."""
VALIDATOR_HEADERS = ("etag", "last-modified")
_NO_JSON = N_("this should be JSON and is not (%(error)s); the site's owner can correct it")


@dataclass(frozen=True, slots=True)
class Page:
    """One HTTP response. `headers` have lower-case names; `body` is decompressed, and empty if the page is not modified.

    `url` is the address after redirects. `fetched_on` is the day in UTC; None if unknown, as for a saved page.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes = b""
    fetched_on: date | None = None

    @property
    def is_not_modified(self) -> bool:
        """Whether the server answered that the page is the one that the request's validators name (304)."""
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty if the server sends none."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def validators(self) -> PageValidators:
        """The validators to remember, with the SHA-256 of the body."""
        digest = hashlib.sha256(self.body).hexdigest()
        etag, last_modified = map(self.headers.get, VALIDATOR_HEADERS)
        return PageValidators(etag, last_modified, digest)

    def without_validators(self) -> Page:
        """Return the page without the headers by which it could be asked for again."""
        return replace(self, headers={name: value for name, value in self.headers.items() if name not in VALIDATOR_HEADERS})

    def text(self) -> str:
        """Return the body as text; never fails.

        The encoding is that of the byte order mark, the header, the page itself or UTF-8, else it is guessed.
        """
        for label in self._charsets():
            try:
                return self.body.decode(label)
            except (LookupError, UnicodeError):
                continue
        return self.body.decode(guessed(self.body), "replace")

    def json(self) -> Any:
        """Return the body as a JSON value, also where the server prints notices around it. Raises BadContent."""
        text = self.text()
        try:
            return parse_json(text)
        except (ValueError, RecursionError) as error:
            if (value := json_after_notice(text)) is not None:
                return value
            raise BadContent(self.url, _NO_JSON, values={"error": str(error)}) from error

    @property
    def has_notice(self) -> bool:
        """Whether the body is JSON with something printed around it, such as a notice of PHP."""
        try:
            parse_json(self.text())
        except (ValueError, RecursionError):
            return json_after_notice(self.text()) is not None
        return False

    def _charsets(self) -> Iterator[str]:
        yield from (label for mark, label in _BOMS if self.body.startswith(mark))
        declared = re.findall(r"charset=[\"']?([\w-]+)", self.headers.get("content-type", ""))
        in_page = [label.decode("ascii", "replace") for label in _META_CHARSET.findall(self.body[:4096])]
        yield from _codec_names((*declared, *in_page))
        yield from _codec_names((wide(self.body), "utf-8"))  # a separate step, because `wide` reads the body


def _codec_names(labels: Iterable[str]) -> Iterator[str]:
    """Yield the Python codec for each label of an encoding, as browsers read it; unknown labels are left out."""
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):
            continue
        if name.replace("_", "-") not in _UNUSABLE_CODECS:
            yield _BROWSER_ALIASES.get(name, name)
