"""The desk's statistics: each number leads to a list of exactly as many listings, and what fails comes first."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from platforma.catalogue.models import Crawl, Platform
from tests.people.desk import Desk, records

LINK = re.compile(r'<a href="([^"]+/desk/catalogue\?[^"]+)">([^<]+)</a> <span class="quiet">(\d+)</span>')


def links(page: str) -> list[tuple[str, str, int]]:
    return [(unescape(address), label, int(number)) for address, label, number in LINK.findall(page)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk over a platform of three listings, besides those of the site: one with a sector and a place, none with a theme."""
    desk = Desk(tmp_path)
    desk.crawl(
        [
            *records(2, country="LV", countries=("LV",)),
            *records(3, sectors=("ngo",), place="Cēsis", country="EE", countries=("EE",))[2:],
        ]
    )
    return desk


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_each_number_leads_to_a_list_of_exactly_as_many(desk: Desk, lang: str) -> None:
    client = desk.signed_in()
    found = links(client.get(f"/{lang}/desk/statistics").get_data(as_text=True))
    assert len(found) > 10
    for address, label, number in found:
        table = client.get(address.replace("/desk/catalogue", "/desk/catalogue.csv")).get_data(as_text=True)
        assert len(table.splitlines()) - 1 == number > 0, label


def test_each_platform_tells_what_its_listings_lack(desk: Desk) -> None:
    page = desk.signed_in().get("/en/desk/statistics").get_data(as_text=True)
    own = page.split(">Vietne</a>")[1].split("</li>\n<li>\n<h3>")[0]
    assert {label: number for _address, label, number in links(own)} == {
        "Public listings": 3, "without a kind": 3, "without a sector": 2, "without a theme": 3, "without a place": 2, "no title: English": 3,
    }  # fmt: skip


def test_sources_that_fail_come_first(desk: Desk) -> None:
    titles = re.findall(r'<h3><a href="[^"]+">([^<]+)', desk.signed_in().get("/lv/desk/statistics").get_data(as_text=True))
    last = titles[-1]
    assert titles[0] != last
    with desk.database.writing() as session:
        platform = session.scalars(select(Platform).where(Platform.title == last)).one()
        platform.url = platform.url or "https://x.example/"
        session.add(
            Crawl(
                platform_id=platform.id,
                state="failed",
                recipe_version=1,
                extractor_version=1,
                counts={},
                gone=[],
                ended_at=datetime.now(UTC),
            )
        )
    page = desk.signed_in().get("/lv/desk/statistics").get_data(as_text=True)
    assert re.findall(r'<h3><a href="[^"]+">([^<]+)', page)[0] == last
