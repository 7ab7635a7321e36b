"""The basis of a concluded value: what it was concluded from, and its text in `derived` of the record format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class BasisKind(StrEnum):
    """The kinds of bases. FIELD is another field of the record as a whole, TERM a word of the source as it stands."""

    LEGAL_FORM = "legal form"
    SCHEMA_TYPE = "schema.org type"
    TOWN = "town"
    FIELD = "field"
    TERM = "term"


PREFIXED_KINDS = (BasisKind.LEGAL_FORM, BasisKind.SCHEMA_TYPE, BasisKind.TOWN)
"""The kinds whose name stands before the value, such as "town Cēsis"; the others are written as the value alone."""
BASIS_FIELDS = (
    "title", "legal_name", "address", "place", "region", "coordinates", "postcode", "phone", "registration", "year",
)  # fmt: skip
"""The values of FIELD."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a value was concluded from, such as the legal form SIA or the town Cēsis."""

    kind: BasisKind
    value: str

    def __str__(self) -> str:
        """The text in the record format."""
        return f"{self.kind} {self.value}" if self.kind in PREFIXED_KINDS else self.value

    @classmethod
    def parse(cls, text: str) -> Self:
        """The basis of a text in the record format; `str` gives the same text again."""
        for kind in PREFIXED_KINDS:
            if text.startswith(f"{kind} "):
                return cls(kind, text.removeprefix(f"{kind} "))
        return cls(BasisKind.FIELD if text in BASIS_FIELDS else BasisKind.TERM, text)
