"""A running site answers whatever its description lets ask for, and whoever sends it anything, as it says and without harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from platforma.catalogue.models import Role
from tests.scanning.api import scan_api
from tests.scanning.demonstration import Demonstration, demonstration
from tests.scanning.hostile_visit import Visit

EXAMPLES_EACH = 5
PAGES_EACH = 50


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstration(tmp_path_factory.mktemp("demonstration")) as running:
        yield running


def test_the_api_answers_all_that_its_description_lets_make(site: Demonstration, tmp_path: Path) -> None:
    scan = scan_api(site.base_url, tmp_path, seed=1, examples=EXAMPLES_EACH)
    assert scan.is_clean, scan.output
    assert scan.operations == scan.described and scan.cases > 1_000, scan.output


def test_whoever_sends_anything_does_no_harm(site: Demonstration) -> None:
    visit = Visit(site, Random(1), pages_each=PAGES_EACH)
    visit.run(1, 1)
    assert not visit.finds, "\n\n".join(map(str, visit.finds.values()))
    roles = ("visitor", *(str(role) for role in (Role.PARTNER, Role.CURATOR, Role.ADMIN)))
    assert all(visit.counts[f"forms as {role}"] for role in roles), visit.counts
    assert visit.counts["forms taken"] and visit.counts["forms that had to be refused"], visit.counts
