"""One answer of a server: its bytes, and how to read them as text or JSON."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawlers.errors import BadContent
from crawlers.fetch.charsets import guessed, wide
from crawlers.messages import N_
from crawlers.state import PageValidators

_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_FOR_PAGES = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Python's codecs that no page is written in; some take hours for a megabyte."""
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_NO_JSON = N_("this should be JSON and is not (%(error)s); tell the site's owner")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `url` is where it came from at last, `body` the decoded bytes; empty when not modified.

    `fetched_on` is the day in UTC on which it came; None where that is not known, as for a saved page.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes = b""
    fetched_on: date | None = None

    @property
    def is_not_modified(self) -> bool:
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def validators(self) -> PageValidators:
        """What to remember of it."""
        digest = hashlib.sha256(self.body).hexdigest()
        return PageValidators(self.headers.get("etag"), self.headers.get("last-modified"), digest)

    def text(self) -> str:
        """The body as text: byte order mark, header's charset, page's, UTF-8, else by its letters; never fails."""
        for label in self._charsets():
            try:
                return self.body.decode(label)
            except (LookupError, UnicodeError):
                continue
        return self.body.decode(guessed(self.body), "replace")

    def json(self) -> Any:
        """The body as JSON. Raises BadContent."""
        try:
            return json.loads(self.text())
        except (ValueError, RecursionError) as error:
            raise BadContent(self.url, _NO_JSON, values={"error": str(error)}) from error

    def _charsets(self) -> Iterator[str]:
        yield from (label for mark, label in _BOMS if self.body.startswith(mark))
        declared = re.findall(r"charset=[\"']?([\w-]+)", self.headers.get("content-type", ""))
        in_page = [label.decode("ascii", "replace") for label in _META_CHARSET.findall(self.body[:4096])]
        yield from _known((*declared, *in_page))
        yield from _known((wide(self.body), "utf-8"))  # looked for only where nothing declared fits


def _known(labels: Iterable[str]) -> Iterator[str]:
    """The names under which Python reads these labels as browsers do; unknown ones are left out."""
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):
            continue
        if name.replace("_", "-") not in _NOT_FOR_PAGES:
            yield _AS_BROWSERS_DO.get(name, name)
