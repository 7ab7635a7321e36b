"""A worker that is woken reads the site that somebody registers; a killed one leaves it to the next, once."""

from __future__ import annotations

import threading
from pathlib import Path

from platforma.catalogue.models import SiteReading
from tests.crawlers.server import hostile
from tests.people.site_fixture import SiteFixture
from tests.whole.processes import start, wait_until


def reading(site: SiteFixture) -> SiteReading:
    with site.database.reading() as session:
        return session.get_one(SiteReading, 1)


def test_a_killed_worker_leaves_a_site_to_the_next_one_and_the_second_time_it_has_failed(tmp_path: Path) -> None:
    site = SiteFixture(tmp_path, crawl_private_hosts=True)
    released = threading.Event()
    with hostile(released=released) as (base, asked):
        look = site.app.test_client().post("/en/register", data={"url": f"{base}/held/1"}).location
        for times in (1, 2):
            worker = start("worker", data=tmp_path)
            wait_until(lambda times=times: asked.count("/held/1") == times)  # type: ignore[misc]
            worker.kill()
            worker.wait(60)
            assert (reading(site).state, reading(site).tries) == ("reading", times)
        last = start("worker", data=tmp_path)
        try:
            wait_until(lambda: reading(site).state == "failed")
        finally:
            last.terminate()
            last.wait(60)
            released.set()
    assert "went wrong on our side" in site.app.test_client().get(look).get_data(as_text=True)
    assert asked.count("/held/1") == 2
