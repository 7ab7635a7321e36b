"""The raw record: what a page says in its own words, before anything is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Raw:
    """Fields as the source has them.

    `fields` maps our field names to text, HTML (title, summary, description) or lists of text; `types` are schema.org
    or WordPress type names; `lang` is a hint from address or markup. `translations` holds further languages that the
    source itself declares: tag to {title, summary, description}. `source` is what is kept for later questions.
    `alternates` are the addresses at which the source declares the same in further languages (hreflang), by tag.
    """

    remote_id: str
    url: str | None
    fields: dict[str, Any]
    lang: str | None = None
    types: tuple[str, ...] = ()
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    changed_at: str | None = None
    source: dict[str, Any] = field(default_factory=dict)
    alternates: dict[str, str] = field(default_factory=dict)
