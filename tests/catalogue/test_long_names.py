"""Addresses and ids longer than a database can index cost themselves."""

from __future__ import annotations

import json
import random

import pytest
from flask import Flask

from crawlers.fetch.session import TOO_LONG
from crawlers.record import MAX_ID_BYTES, RawRecord
from platforma.catalogue.models import CrawlProblem, CrawlState, Record
from platforma.catalogue.platforms import platform_states
from platforma.worker.crawl_job import crawl_platform
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock
from tests.crawlers.remembering import watched

LONG = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=7_000))
"""Letters that cannot be packed."""


def propose(catalogue: CatalogueFixture, url: str, adapter: str) -> None:
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    recipe = {"platform": "p", "title": "p", "url": url, "adapter": adapter, "limits": {"delay_seconds": 0}}
    with catalogue.database.writing() as session:
        platform_states.propose_platform(session, platform_states.Proposal(url=url, title="p", recipe=recipe), actor="t")
        platform_states.approve_platform(session, platform_id="p", actor="t")


def come_in(catalogue: CatalogueFixture, url: str, adapter: str) -> tuple[set[str], list[str]]:
    """The titles of what is crawled, and the reasons of refusals."""
    propose(catalogue, url, adapter)
    assert crawl_platform(catalogue.services, "p", clock=QuickClock()).state == CrawlState.DONE
    with catalogue.database.reading() as session:
        titles = {next(iter(record.payload["title"].values())) for record in session.query(Record)}
        return titles, [problem.reason for problem in session.query(CrawlProblem) if problem.severity == "refused"]


@pytest.mark.parametrize("second", ["{long}", "-> /{long}"], ids=["listed", "led to"])
def test_a_page_at_a_long_address_is_left_out(catalogue: CatalogueFixture, second: str) -> None:
    long = f"project/{LONG}"
    paths = ("project/1", "project/2" if second.startswith("->") else long)
    pages = {"project/1": page_of("Vieta"), "project/2": f"-> /{long}", long: page_of("Cita"), "sitemap.xml": sitemap(*paths)}
    with changing(pages) as (url, asked):
        assert come_in(catalogue, url, "sitemap") == ({"Vieta"}, [TOO_LONG])
    assert f"/{long}" not in asked


@pytest.mark.parametrize("key", ["id", "url", "website", "tags", "city", "registration", "email", "phone"])
def test_a_long_value_of_an_entry_takes_nothing_along(catalogue: CatalogueFixture, key: str) -> None:
    value = f"https://p.example/{LONG}" if key in ("url", "website") else LONG
    things = [{"id": "a", "name": "Vieta", "city": "Talsi"}, {"id": "b", "name": "Cita", "city": "Talsi", key: value}]
    app = Flask("long")
    app.add_url_rule("/", view_func=lambda: json.dumps(things))
    with watched(app) as (url, _):
        assert come_in(catalogue, url, "json") == ({"Vieta", "Cita"}, [])


def test_long_ids_that_begin_alike_are_two() -> None:
    first, second, same = (RawRecord(f"{LONG}{end}", None, {}).remote_id for end in "aba")
    assert first == same != second
    assert len(first.encode()) <= MAX_ID_BYTES
    assert RawRecord(first, None, {}).remote_id == first
    assert RawRecord("x" * MAX_ID_BYTES, None, {}).remote_id == "x" * MAX_ID_BYTES
