"""Two ingests at once: what both bring is one listing, and neither waits for the other for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from platforma.catalogue.ingest.reports import ImportReport
from platforma.catalogue.models import Initiative, InitiativeState
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

PLATFORMS = ("a", "b", "d", "e")
TIMEOUT_SECONDS = 60


def test_what_several_platforms_bring_at_once_is_one_listing(catalogue: CatalogueFixture) -> None:
    items = [record(str(n), f"Kopienas nams {n} Āgenskalnā", website=f"https://nams{n}.example/") for n in range(20)]
    for platform in PLATFORMS:
        catalogue.load([record("0", f"Cits {platform}")], platform)
    start = Barrier(len(PLATFORMS))

    def load(platform: str) -> ImportReport:
        start.wait(TIMEOUT_SECONDS)
        return catalogue.load(items, platform)

    with ThreadPoolExecutor(len(PLATFORMS)) as pool:
        reports = [future.result(TIMEOUT_SECONDS) for future in [pool.submit(load, platform) for platform in PLATFORMS]]
    assert [report.new for report in reports] == [19] * len(PLATFORMS), "one of the twenty was known under its id"
    with catalogue.database.reading() as session:
        states = list(session.scalars(select(Initiative.state)))
    assert states.count(InitiativeState.PUBLISHED) == 20
