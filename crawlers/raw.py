"""The raw record: what a page says in its own words, before anything is understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


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

    def to_json(self) -> dict[str, Any]:
        """All of it as a JSON object, to be normalised again later; what JSON has no form for stands as its text."""
        return json.loads(json.dumps(asdict(self), ensure_ascii=False, default=str))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The raw record of to_json; keys of other versions are left out."""
        known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        return cls(**known | {"types": tuple(data.get("types", ()))})
