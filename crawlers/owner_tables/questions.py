"""What is asked of a table: how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawlers.recipe import Recipe


@dataclass(frozen=True, slots=True)
class TableQuestion:
    """How a table is to be read: by the recipe of its platform, with the fields chosen for columns of the first sheet by index
    ("" for none). `examples` are the names of the rows that our templates come with."""

    recipe: Recipe
    chosen: Mapping[int, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
