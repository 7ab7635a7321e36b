"""The fields of a record that take ids of a closed list, and the dimension (the closed list) of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Dimension = Literal["kind", "sector", "theme", "country"]
DIMENSIONS: tuple[Dimension, ...] = ("kind", "sector", "theme", "country")
FIELD_DIMENSIONS: Mapping[str, Dimension] = {
    "kind": "kind",
    "country": "country",
    "countries": "country",
    "sectors": "sector",
    "themes": "theme",
}
FIELD_OF_DIMENSION: Mapping[Dimension, str] = {
    dimension: next(field for field, name in FIELD_DIMENSIONS.items() if name == dimension) for dimension in DIMENSIONS
}
"""The first field of each dimension: the one in which adapters put what a source writes for it."""
