"""The public statistics: what is counted, said in a sentence, drawn, and given as a table and a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crawlers.record import Record
from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import edits
from platforma.catalogue.models import Crawl, Initiative, Outbox, Platform, SearchDay, Website
from platforma.catalogue.websites.wanted import want_websites
from platforma.web.drawing.bars import WIDTH, draw_bars
from platforma.worker.indexing import ensure_index
from tests.people.site_fixture import SiteFixture

ITEMS = [
    Record(
        "a",
        title={"lv": "A"},
        summary={"lv": "x", "en": "y"},
        kind="project",
        country="LV",
        themes=("youth", "culture"),
        sectors=("ngo",),
    ),
    Record("b", title={"lv": "B"}, summary={"lv": "x"}, kind="project", country="EE", themes=("youth",)),
    Record("c", title={"lv": "C"}, kind="event", country="LV", end_date="2020-01-01"),
]


@pytest.fixture
def counted(tmp_path: Path) -> SiteFixture:
    """A site with ITEMS alone: two of 2025, one of 2026."""
    site = SiteFixture(tmp_path, database_url="")
    with site.database.writing() as session:
        for id in session.scalars(select(Initiative.public_id).where(Initiative.state == "published")).all():
            edits.refuse(session, public_id=id, actor="t", reason="Nē")
    import_records(site.database, "avots", ITEMS, actor="t", secret_key=site.services.secret_key)
    with site.database.writing() as session:
        rows = session.scalars(select(Initiative).where(Initiative.state == "published").order_by(Initiative.id)).all()
        own = {platform.initiative_id for platform in session.scalars(select(Platform))}
        listings = [row for row in rows if row.id not in own and not row.is_only_name]
        for row, at in zip(listings, ((2025, 3), (2025, 11), (2026, 2)), strict=True):
            row.published_at = datetime(*at, 5, tzinfo=UTC)
    ensure_index(site.services)
    return site


def rows(site: SiteFixture, name: str, query: str = "", lang: str = "en") -> list[list[str]]:
    """The lines of a table's file, without its head."""
    answer = site.app.test_client().get(f"/{lang}/statistics/{name}.csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))[1:]


def table(site: SiteFixture, name: str, query: str = "") -> list[list[str]]:
    """The cells of a table of the page, its head first."""
    page = site.app.test_client().get(f"/en/statistics{query}").get_data(as_text=True)
    section = page.split(f'<h2 id="{name}">')[1].split("</section>")[0]
    return [re.findall(r"<t[hd][^>]*>([^<]*)</t", row) for row in re.findall(r"<tr>.*?</tr>", section, re.DOTALL)]


def test_listings_are_counted_by_what_they_are_also_what_is_past(counted: SiteFixture) -> None:
    assert rows(counted, "kind") == [["project", "2"], ["event", "1"]]
    assert rows(counted, "country", lang="lv") == [["Latvija", "2"], ["Igaunija", "1"]]
    assert dict(rows(counted, "theme")) == {"youth": "2", "culture": "1", "unknown": "1"}


def test_growth_is_by_month_and_of_a_year_goes_on_from_the_years_before(counted: SiteFixture) -> None:
    assert rows(counted, "growth") == [["2025-03", "1", "1"], ["2025-11", "1", "2"], ["2026-02", "1", "3"]]
    assert rows(counted, "growth", "?year=2026") == [["2026-02", "1", "3"]]
    page = counted.app.test_client().get("/en/statistics?year=2025").get_data(as_text=True)
    assert "In this time 2 listings were published; at its end there were 2" in page and "<h1>Statistics of 2025</h1>" in page


def test_growth_by_what_listings_are_counts_each_value_in_its_month(counted: SiteFixture) -> None:
    assert rows(counted, "growth-theme") == [
        ["2025-03", "youth", "1"],
        ["2025-03", "culture", "1"],
        ["2025-11", "youth", "1"],
        ["2026-02", "unknown", "1"],
    ]
    assert rows(counted, "growth-kind", "?year=2025") == [["2025-03", "project", "1"], ["2025-11", "project", "1"]]
    cells = table(counted, "growth-country", "?year=2025")
    assert cells[0] == ["Country", *"Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(), "In all"]
    assert cells[1:] == [["Estonia", *"000000000010", "1"], ["Latvia", *"001000000000", "1"]]


def test_growth_over_more_than_twelve_months_is_by_year(counted: SiteFixture) -> None:
    assert table(counted, "growth-kind")[0] == [
        "Kind",
        *(f"2025-{month:02}" for month in range(3, 13)),
        "2026-01",
        "2026-02",
        "In all",
    ]
    with counted.database.writing() as session:
        first = session.scalars(select(Initiative).where(Initiative.published_at == datetime(2025, 3, 5, tzinfo=UTC))).one()
        first.published_at = datetime(2025, 2, 5, tzinfo=UTC)
        session.add(Outbox(initiative_id=first.id))
    ensure_index(counted.services)
    assert table(counted, "growth-kind") == [
        ["Kind", "2025", "2026", "In all"],
        ["project", "2", "0", "2"],
        ["event", "0", "1", "1"],
    ]


@pytest.mark.parametrize("year", ["x", "1999", "20251", "²", "-2025"])
def test_what_is_no_year_is_refused(counted: SiteFixture, year: str) -> None:
    assert counted.app.test_client().get(f"/en/statistics?year={year}").status_code == 400


def test_coverage_tells_where_the_directory_is_thin(counted: SiteFixture) -> None:
    answer = counted.app.test_client().get("/en/statistics/coverage.csv").get_data(as_text=True)
    table = list(csv.reader(io.StringIO(answer)))
    cell = {row[0]: dict(zip(table[0], row, strict=True)) for row in table[1:]}
    assert (cell["youth"]["Latvia"], cell["youth"]["Estonia"], cell["culture"]["Estonia"]) == ("1", "1", "0")


def test_quality_tells_the_share_of_listings_that_say_something(counted: SiteFixture) -> None:
    with counted.database.writing() as session:
        ids = session.scalars(select(Initiative.id).where(Initiative.state == "published").order_by(Initiative.id)).all()
        want_websites(session, {ids[0]: "https://a.example/", ids[1]: "https://b.example/"}, datetime(2026, 5, 4, tzinfo=UTC))
        session.execute(update(Website).where(Website.url == "https://a.example/").values(state=WebsiteState.ALIVE))
        session.execute(update(Website).where(Website.url == "https://b.example/").values(state=WebsiteState.DEAD))
    found = {row[0]: row[1:] for row in rows(counted, "quality")}
    assert found["Sector"] == ["1", "33"] and found["Country"] == ["3", "100"]
    assert found["Website that answers"] == ["1", "33"]
    assert found["Text: Latvian"] == ["2", "67"] and found["Text: English"] == ["1", "33"]


def test_sources_tell_when_they_were_read_and_whether_that_fails(counted: SiteFixture) -> None:
    at = datetime(2026, 5, 4, tzinfo=UTC)
    with counted.database.writing() as session:
        platform = session.scalars(select(Platform).where(Platform.state == "trusted").order_by(Platform.id)).first()
        assert platform is not None
        platform.url, platform.title = "https://x.example/", "Iksis"
        for state, counts in (("done", {"found": 8, "refused": 2}), ("failed", {})):
            session.add(
                Crawl(
                    platform_id=platform.id,
                    state=state,
                    recipe_version=1,
                    extractor_version=1,
                    counts=counts,
                    gone=[],
                    ended_at=at,
                )
            )
    (row,) = (row for row in rows(counted, "sources") if row[0] == "Iksis")
    assert row[1:] == [at.isoformat(), "8", "75", "1"]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_chart_has_its_words_its_table_and_its_file(counted: SiteFixture, lang: str) -> None:
    client = counted.app.test_client()
    page = client.get(f"/{lang}/statistics").get_data(as_text=True)
    sections = re.findall(r'<section class="statistics".*?</section>', page, re.DOTALL)
    assert len(sections) == 13
    for section in sections:
        for label in re.findall(r'<svg class="bars"[^>]*aria-label="([^"]+)"', section):
            assert f"<p>{label}</p>" in section
        if "<table>" in section:
            assert client.get(re.search(r'href="([^"]+\.csv)"', section)[1]).status_code == 200  # type: ignore[index]
    assert f'href="/{lang}/statistics"' in client.get(f"/{lang}/about").get_data(as_text=True), "in the footer"


def test_the_longest_bar_is_as_wide_as_the_picture_and_nothing_is_divided_by_nothing() -> None:
    drawn = draw_bars([("a", 4, "4"), ("b", 1, "1")], "says")
    assert [bar.width for bar in drawn.bars] == [WIDTH, WIDTH / 4]
    assert [bar.width for bar in draw_bars([("a", 0, "0")], "says").bars] == [0]
    assert draw_bars([], "says").height == 0


BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}


@pytest.mark.parametrize(
    ("address", "headers", "times"),
    [
        ("/lv/search?q=maize", BROWSER, 1),
        ("/lv/search?q=maize&page=2", BROWSER, 0),
        ("/lv/search?country=LV", BROWSER, 0),
        ("/lv/suggest.json?q=maize", BROWSER, 0),
        ("/lv/search.csv?q=maize", BROWSER, 0),
        ("/lv/search?q=maize", BROWSER | {"Sec-Purpose": "prefetch"}, 0),
        ("/lv/search?q=maize", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, 0),
        ("/lv/search?q=maize", {"User-Agent": ""}, 0),
    ],
)
def test_only_what_a_person_searches_for_on_the_page_is_counted(
    tmp_path: Path, address: str, headers: dict[str, str], times: int
) -> None:
    site = SiteFixture(tmp_path)
    site.app.test_client().get(address, headers=headers)
    site.services.searches.write()
    with site.database.reading() as session:
        assert [row.times for row in session.scalars(select(SearchDay))] == [1] * times


def test_searches_of_the_staff_are_not_counted(tmp_path: Path) -> None:
    site = SiteFixture(tmp_path)
    site.signed_in().get("/lv/search?q=maize", headers=BROWSER)
    site.services.searches.write()
    with site.database.reading() as session:
        assert session.scalars(select(SearchDay)).all() == []
