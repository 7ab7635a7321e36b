"""The version of an index, derived from all that decides what stands in it, so that nobody has to raise a number.

An index of another version is never read; the next rebuild makes a new one. The version covers the engine's mapping,
the fields, the code that fills them (this folder), and the analysis (search.analysis.version). Boosts are left out, as
they count only when a query runs.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from search.analysis.version import analysis_version, digest_of_files
from search.index import fields
from search.port import UNKNOWN

SOURCES = tuple(path for path in sorted(Path(__file__).parent.glob("*.py")) if path.name != "boosts.py")
VERSION_DIGITS = 12


def index_version(mapping: object) -> str:
    """`v` and twelve hexadecimal digits. `mapping` is how an engine declares the fields, as something that JSON can hold."""
    declared = [mapping, [(field.name, field.kind) for field in fields.FIELDS], UNKNOWN]
    text = json.dumps([declared, digest_of_files(SOURCES), analysis_version()], sort_keys=True)
    return f"v{hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]}"
