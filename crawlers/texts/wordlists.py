"""Lists of words: written in code as one text, or in a YAML file beside the module that reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def word_set(text: str) -> frozenset[str]:
    """The words of a text, separated by white space, as a set."""
    return frozenset(text.split())


def data_beside(module: str, name: str = "") -> Any:
    """What the YAML file beside a module (its `__file__`) holds: the one with the module's name, or that of this name.

    The file is read at each call.
    """
    path = Path(module).with_name(name) if name else Path(module).with_suffix(".yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))
