"""Style sheets: those of the desk are in one bundle with those of visitors, so their names must not be the same."""

from __future__ import annotations

import re
from pathlib import Path

from platforma.web.assets import STYLES

CSS = Path(__file__).parents[2] / "platform/platforma/static/css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
OWN_CLASS = re.compile(r"(?:^|[}{\n,])\s*\.([\w-]+)\s*(?=[,{])")
"""A class that a rule is about as a whole, not within something else."""


def classes_of(sheet: str) -> set[str]:
    return set(OWN_CLASS.findall(COMMENT.sub("", (CSS / f"{sheet}.css").read_text(encoding="utf-8"))))


def test_no_rule_of_the_desk_is_about_a_class_of_the_pages_of_visitors() -> None:
    visitors = {sheet for sheets in STYLES.values() for sheet in sheets} - {"desk", "print"}
    assert {"results", "rows", "frame"} <= visitors and len(classes_of("desk")) > 10
    assert {sheet: both for sheet in sorted(visitors) if (both := classes_of("desk") & classes_of(sheet))} == {}
