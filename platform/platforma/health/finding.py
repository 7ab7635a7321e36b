"""A finding: what was seen of one part of an installation, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Health(StrEnum):
    """How well a part is: `well`; `weak`: it works, but something will be missed; `ill`: it does not work."""

    WELL = "well"
    WEAK = "weak"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of a part. `seen` and `advice` are message ids with the placeholders of `values`; a part that is well has no
    advice. No value is a secret."""

    part: str
    health: Health
    seen: str
    advice: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
