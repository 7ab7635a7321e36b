"""Hosts to which a crawl is led by redirects: leased while they are asked, over all platforms, and nobody waits for them."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from crawlers.fetch.session import HOST_BUSY
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.models import Crawl, CrawlProblem, CrawlState, Lease, Notice, Platform, PlatformState, Record
from platforma.catalogue.platforms import leases, platform_states
from platforma.worker.crawl_job import crawl_platform
from platforma.worker.due import MAX_PROPOSALS_PER_HOST, due_platforms
from platforma.worker.guest_hosts import ASKED_AGAIN_SECONDS, GuestHosts
from platforma.worker.lease_keeper import LeaseKeeper
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock

GUARD_SECONDS = 60


@pytest.fixture
def catalogue(catalogue: CatalogueFixture) -> CatalogueFixture:
    """The catalogue, whose crawls may reach this machine."""
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    return catalogue


def propose(catalogue: CatalogueFixture, platform_id: str, url: str, *, is_approved: bool = True, **recipe: object) -> None:
    data = {"platform": platform_id, "title": platform_id, "url": url, "adapter": "sitemap", "limits": {"delay_seconds": 0}}
    with catalogue.database.writing() as session:
        proposal = platform_states.Proposal(url=url, title=platform_id, recipe=data | recipe)
        platform_states.propose_platform(session, proposal, actor="t")
        if is_approved:
            platform_states.approve_platform(session, platform_id=platform_id, actor="t")


def elsewhere(url: str) -> str:
    """The same server by another host's name."""
    return url.replace("127.0.0.1", "localhost")


def site(url: str) -> str:
    return urlsplit(url).netloc


def crawl(catalogue: CatalogueFixture, platform_id: str = "p") -> CrawlReport:
    return crawl_platform(catalogue.services, platform_id, clock=QuickClock())


def lease_of_another(catalogue: CatalogueFixture, host: str) -> str:
    with catalogue.database.writing() as session:
        return leases.acquire(session, platform_id="another", hosts={host}, now=utc_now())


class Asked(dict[str, str]):
    """Pages of a site; `when_asked` is called before each answer."""

    def __init__(self, pages: dict[str, str], when_asked: object) -> None:
        super().__init__(pages)
        self.when_asked = when_asked

    def get(self, path: str, default: str | None = None) -> str:  # type: ignore[override]
        self.when_asked(path)  # type: ignore[operator]
        return super().get(path, default or "")


def test_a_host_to_which_a_redirect_leads_is_the_crawl_s_until_it_ends(catalogue: CatalogueFixture) -> None:
    seen: dict[str, bool] = {}

    def look(path: str) -> None:
        with catalogue.database.reading() as session:
            seen[path] = leases.is_free(session, "another", {site(elsewhere(url))}, utc_now())

    pages = Asked({"project/1": page_of("Vieta"), "sitemap.xml": sitemap("project/1", "project/2")}, look)
    with changing(pages) as (url, _):
        pages["project/2"] = f"-> {elsewhere(url)}moved/2"
        pages["moved/2"] = page_of("Cita")
        propose(catalogue, "p", url)
        assert crawl(catalogue).state == CrawlState.DONE
        look("afterwards")
        with catalogue.database.reading() as session:
            assert session.query(Crawl).one().hosts == [site(elsewhere(url))]
    assert (seen["project/1"], seen["moved/2"], seen["afterwards"]) == (True, False, True)


def test_a_site_that_leads_to_a_busy_host_is_crawled_later_and_has_not_failed(catalogue: CatalogueFixture) -> None:
    pages = {"there/": page_of("Portāls"), "there/project/1": page_of("Vieta"), "there/sitemap.xml": sitemap("there/project/1")}
    with changing(pages) as (url, asked):
        pages[""] = f"-> {elsewhere(url)}there/"
        pages["sitemap.xml"] = f"-> {elsewhere(url)}there/sitemap.xml"
        propose(catalogue, "p", url)
        holder = lease_of_another(catalogue, site(elsewhere(url)))
        report = crawl(catalogue)
        assert (report.state, report.reason) == (CrawlState.RUNNING, HOST_BUSY)
        assert not [path for path in asked if path.startswith("/there")]
        with catalogue.database.reading() as session:
            platform = session.get_one(Platform, "p")
            assert platform.next_crawl_at is not None
            assert platform.failures == session.query(Notice).count() == 0
            assert timedelta(minutes=55) < platform.next_crawl_at - utc_now() < timedelta(minutes=66)
        with catalogue.database.writing() as session:
            leases.release(session, holder)
        report = crawl(catalogue)
        assert (report.state, report.counts["new"]) == (CrawlState.DONE, 1)


def test_a_page_on_a_busy_host_costs_itself_and_is_not_gone(catalogue: CatalogueFixture) -> None:
    pages = {"project/1": page_of("Vieta"), "project/2": page_of("Cita"), "sitemap.xml": sitemap("project/1", "project/2")}
    with changing(pages) as (url, _):
        propose(catalogue, "p", url)
        assert crawl(catalogue).counts["new"] == 2
        pages["project/2"] = f"-> {elsewhere(url)}moved/2"
        lease_of_another(catalogue, site(elsewhere(url)))
        report = crawl(catalogue)
        with catalogue.database.reading() as session:
            reasons = [problem.reason for problem in session.query(CrawlProblem)]
            states = {record.state for record in session.query(Record)}
    assert (report.state, reasons, states) == (CrawlState.DONE, [HOST_BUSY], {"seen"})


def test_two_crawls_that_are_led_to_each_other_s_hosts_both_end(catalogue: CatalogueFixture) -> None:
    both_there = threading.Barrier(2)

    def meet(path: str) -> None:
        if path == "":
            both_there.wait(GUARD_SECONDS)

    pages_a, pages_b = (Asked({"x/": page_of("Vieta")}, meet) for _ in range(2))
    with changing(pages_a) as (url_a, asked_a), changing(pages_b) as (url_b, asked_b):
        pages_a[""], pages_b[""] = f"-> {url_b}x/", f"-> {url_a}x/"
        propose(catalogue, "a", url_a, adapter="html")
        propose(catalogue, "b", url_b, adapter="html")
        reports: list[CrawlReport] = []
        threads = [threading.Thread(target=lambda id=id: reports.append(crawl(catalogue, id))) for id in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(GUARD_SECONDS)
        assert [(report.state, report.reason) for report in reports] == [(CrawlState.RUNNING, HOST_BUSY)] * 2
        assert "/x/" not in asked_a + asked_b
        with catalogue.database.reading() as session:
            assert session.query(Lease).count() == 0


def guests(catalogue: CatalogueFixture, platform_id: str, clock: QuickClock) -> GuestHosts:
    """The hosts of a crawl that has begun; its keeper does not run."""
    with catalogue.database.writing() as session:
        holder = leases.acquire(session, platform_id=platform_id, hosts={f"{platform_id}.lv"}, now=utc_now())
    own = frozenset({f"{platform_id}.lv"})
    keeper = LeaseKeeper(catalogue.database, platform_id, holder, threading.Event(), clock, hosts=own, was_abandoned=False)
    return GuestHosts(catalogue.database, keeper, start_crawl(catalogue.database, platform_id).crawl_id, clock)


def test_a_host_is_taken_for_as_long_as_a_page_may_take(catalogue: CatalogueFixture) -> None:
    propose(catalogue, "p", "https://p.lv/")
    clock = QuickClock()
    hosts = guests(catalogue, "p", clock)
    assert hosts.may_ask("p.lv", 100) and hosts.may_ask("x.lv", 100)
    with catalogue.database.reading() as session:
        until = session.query(Lease).filter_by(key="host:x.lv").one().until
        assert timedelta(seconds=95) < until - utc_now() < timedelta(seconds=101 + ASKED_AGAIN_SECONDS)
        assert not leases.is_free(session, "q", {"x.lv"}, utc_now())
        assert leases.is_free(session, "q", {"x.lv"}, until + timedelta(seconds=1))
    with catalogue.database.writing() as session:
        assert leases.renew(session, hosts.keeper.holder, utc_now() + timedelta(hours=1))
        assert session.query(Lease).filter_by(key="host:x.lv").one().until == until, "only who asks again keeps it"
    clock.sleep(ASKED_AGAIN_SECONDS + 1)
    assert hosts.may_ask("x.lv", 200)
    with catalogue.database.reading() as session:
        assert session.query(Lease).filter_by(key="host:x.lv").one().until > until


def test_a_busy_host_is_looked_at_again_after_a_while(catalogue: CatalogueFixture) -> None:
    propose(catalogue, "p", "https://p.lv/")
    clock = QuickClock()
    hosts = guests(catalogue, "p", clock)
    holder = lease_of_another(catalogue, "x.lv")
    assert not hosts.may_ask("x.lv", 100)
    with catalogue.database.writing() as session:
        leases.release(session, holder)
    assert not hosts.may_ask("x.lv", 100)
    clock.sleep(ASKED_AGAIN_SECONDS + 1)
    assert hosts.may_ask("x.lv", 100)


def test_proposals_that_all_lead_to_one_host_read_it_for_three_of_them_a_day(catalogue: CatalogueFixture) -> None:
    allowed = []
    for number in range(MAX_PROPOSALS_PER_HOST + 1):
        propose(catalogue, f"p{number}", f"https://p{number}.lv/", is_approved=False)
        hosts = guests(catalogue, f"p{number}", QuickClock())
        allowed.append(hosts.may_ask("victim.lv", 100))
        with catalogue.database.writing() as session:
            leases.release(session, hosts.keeper.holder)
    assert allowed == [True] * MAX_PROPOSALS_PER_HOST + [False]
    propose(catalogue, "late", "https://victim.lv/", is_approved=False)
    assert "late" not in due_platforms(catalogue.database, "UTC")
    with catalogue.database.writing() as session:
        session.get_one(Platform, "late").state = PlatformState.TRUSTED
    assert "late" in due_platforms(catalogue.database, "UTC"), "what somebody has looked at does not wait"
