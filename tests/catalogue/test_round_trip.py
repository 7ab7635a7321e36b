"""What export writes, import takes: the same directory elsewhere, and nothing new where it came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from platforma.catalogue import formats
from tests.catalogue.directory import export, load, picture, settle
from tests.catalogue.place import Place

EVERY_SUFFIX = pytest.mark.parametrize("suffix", formats.FORMATS)
UNTOLD = {".csv": ("raw",)}
"""What a form of file leaves out of records."""


@EVERY_SUFFIX
def test_an_export_in_an_empty_directory_is_the_same_directory(
    place: Place, another: Callable[[], Place], tmp_path: Path, suffix: str
) -> None:
    settle(place, 40)
    first = export(place, tmp_path / f"a{suffix}")
    copy = another()
    report = load(copy, first)
    assert (report.problems, report.changed, report.unchanged) == ([], 0, 0)
    before, after = picture(place, UNTOLD.get(suffix, ())), picture(copy, UNTOLD.get(suffix, ()))
    for part in before:
        assert after[part] == before[part], part
    assert export(copy, tmp_path / f"b{suffix}").read_bytes() == first.read_bytes()
