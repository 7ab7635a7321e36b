"""Coverage: which fields of a record count as filled."""

from __future__ import annotations

import pytest

from platforma.catalogue.platforms.field_coverage import settled_fields


@pytest.mark.parametrize("kind", ["event", "funding"])
def test_events_and_funding_need_no_sector(kind: str) -> None:
    assert list(settled_fields({"kind": kind, "sectors": []})) == ["kind", "sectors"]


@pytest.mark.parametrize("kind", ["organisation", "project", None])
def test_other_kinds_have_a_sector_where_the_record_names_one(kind: str | None) -> None:
    assert "sectors" not in settled_fields({"kind": kind, "sectors": [], "place": "", "themes": {}})
    assert "sectors" in settled_fields({"kind": kind, "sectors": ["ngo"]})
