"""Platforms that are proposed, with what was read of them; and what became of them."""

from __future__ import annotations

from flask.testing import FlaskClient

from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.models import Platform
from platforma.catalogue.platforms import platform_states
from platforma.secret_key import secret_key
from tests.people.site_fixture import SiteFixture


def propose(
    site: SiteFixture,
    *records: Record,
    id: str = "partneris",
    email: str | None = "info@partneris.lv",
    is_on_probation: bool = False,
) -> None:
    """A platform that is proposed, or on probation, and these records of it."""
    url = f"https://{id}.lv/"
    recipe = {"platform": id, "title": id.title(), "url": url}
    with site.database.writing() as session:
        platform_states.propose_platform(
            session, platform_states.Proposal(url=url, title=id.title(), recipe=recipe, contact_email=email), actor="t"
        )
        if is_on_probation:
            platform_states.approve_platform(session, platform_id=id, actor="t", trusted=False)
    stored = start_crawl(site.database, id)
    for record in records:
        stored.stage(record, None)
    finish_crawl(site.database, stored, CrawlResult(True, len(records), 0), secret_key=secret_key(site.services.settings))


def state(site: SiteFixture, id: str = "partneris") -> str:
    with site.database.reading() as session:
        return session.get_one(Platform, id).state


def total(client: FlaskClient) -> int:
    return int(client.get("/api/v1/initiatives?per_page=1").get_json()["total"])
