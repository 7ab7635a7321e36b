"""What a look at a website found, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a look found: a page; nothing where it was (404, 410); no such host; no answer for now; or nothing that we may or
    can tell, since the site does not want to be asked by programs."""

    PAGE = "page"
    GONE = "gone"
    NO_HOST = "no_host"
    SILENT = "silent"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found. `reason` is a message id that `values` fill, None for a page. `title`, `lang` (a code, "" unknown)
    and `host` are those of the page at the end of redirects; `parked` is what shows that it is a parked domain, else ""."""

    outcome: Outcome
    title: str = ""
    lang: str = ""
    host: str = ""
    parked: str = ""
    reason: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
