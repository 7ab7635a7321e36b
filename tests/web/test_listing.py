"""The page of a listing in each of its states: what it is, where its facts lead, where they are from, what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crawlers.record import Record
from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import edits, listing_queries, removal
from platforma.catalogue.models import Initiative, Platform, Role, Website
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_states
from platforma.services import Services
from platforma.web.app import create_app
from platforma.worker.indexing import drain_outbox
from tests.servers.process import free_port
from tests.web.listing_records import RECORDS, YARD
from tests.web.site import HOSTILE, make_site, settings_in
from vocabulary.languages import LANGUAGES


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = make_site(Path(tmp_path_factory.mktemp("listing")), RECORDS)
    services = app.extensions["platforma"]
    with services.database.writing() as session:
        recipe = {"platform": "otra", "title": "Otrā platforma", "url": "https://otra.example/"}
        proposal = platform_states.Proposal(url=recipe["url"], title=recipe["title"], recipe=recipe)
        platform_states.propose_platform(session, proposal, actor="t")
        platform_states.approve_platform(session, platform_id="otra", actor="t")
        own = listing_queries.listing_of_platform(session, "otra")
        assert own is not None
        edits.set_value(session, edits.Edit(own.public_id, "description", "lv", "t", own.version), "Par visu.")
    same = Record("o1", url="https://otra.example/1", title=dict(YARD.title), website=YARD.website, region="Vidzeme")
    import_records(services.database, "otra", [same], actor="t", secret_key=services.secret_key)
    drain_outbox(services)
    return app


def path(app: Flask, title: str, lang: str = "lv") -> str:
    """The path of the listing that has this title in any language."""
    with app.extensions["platforma"].database.reading() as session:
        for row in session.scalars(select(Initiative).order_by(Initiative.id)):
            if title in row.composed.get("texts", {}).get("title", {}).values():
                return f"/{lang}/initiatives/{row.public_id}/{row.composed['slug']}"
    raise LookupError(title)


def parsed(client: FlaskClient, address: str) -> Any:
    return html5lib.parse(client.get(address).get_data(as_text=True), namespaceHTMLElements=False)


def said(client: FlaskClient, address: str) -> str:
    """What the main part of a page says, with single blanks."""
    return " ".join("".join(parsed(client, address).find(".//main").itertext()).split())


def section(client: FlaskClient, address: str, heading_id: str) -> list[str]:
    """The titles of the rows of a section; empty where the section is absent."""
    found = parsed(client, address).find(f".//section[@aria-labelledby='{heading_id}']")
    return [] if found is None else ["".join(title.itertext()) for title in found.findall(".//h3")]


def fact_links(client: FlaskClient, address: str) -> list[str]:
    root = parsed(client, address)
    groups = [root.find(".//dl"), *root.findall(".//header[@class='listing-head']"), *root.findall(".//ul[@class='themes']")]
    return [link.get("href") for group in groups if group is not None for link in group.iter("a")]


TITLES = ["Zaļais pagalms", "Komposts", "Talka", "Aizgājušā talka", "Slēgtais konkurss", "Atvērtais konkurss", "Rokasgrāmata"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("title", TITLES)
def test_searches_of_facts_find_the_listing(app: Flask, client: FlaskClient, title: str, lang: str) -> None:
    address = path(app, title, lang)
    searches = [link for link in fact_links(client, address) if "/search?" in link]
    assert searches
    for search in searches:
        assert f'href="{address}"' in client.get(search).get_data(as_text=True), search


def test_facts_lead_to_the_register_the_mailbox_the_telephone_and_other_sites(app: Flask, client: FlaskClient) -> None:
    address = path(app, "Zaļais pagalms")
    links, text = fact_links(client, address), said(client, address)
    for link in (
        "https://info.ur.gov.lv/#/legal-entity/40008000001", "mailto:info@zalais-pagalms.example", "tel:+371-67-000-000",
        "https://facebook.example/zalais",
    ):  # fmt: skip
        assert link in links
    assert "+371 67 000 000" in text and "40008000001 Latvijas Republikas Uzņēmumu reģistrs" in text
    assert "zalais-pagalms.example" in text and "facebook.example" in text


def test_the_head_says_kind_name_place_and_the_summary_once(app: Flask, client: FlaskClient) -> None:
    text = said(client, path(app, "Zaļais pagalms"))
    assert text.count("Dārzi pagalmos.") == 1 and "Un kopiena ap tiem." in text
    english = said(client, path(app, "Zaļais pagalms", "en"))
    assert english.count("Gardens in yards.") == 1 and "Text in Latvian" not in english, "the page shows it already"


@pytest.mark.parametrize(("lang", "says"), [
    ("lv", ("(pēc juridiskās formas: biedrība)", "(pēc avota datiem)", "(pēc pilsētas: Cēsis)")),
    ("en", ("(by the legal form biedrība)", "(by the source's data)", "(by the town Cēsis)")),
])  # fmt: skip
def test_concluded_values_say_so_in_words_and_name_no_type_of_a_schema(
    app: Flask, client: FlaskClient, lang: str, says: Sequence[str]
) -> None:
    text = said(client, path(app, "Zaļais pagalms", lang))
    assert all(part in text for part in says) and "schema.org" not in text and "NGO" not in text


def test_each_value_has_its_source_and_the_first_are_told_in_two_lines(app: Flask, client: FlaskClient) -> None:
    root = parsed(client, path(app, "Zaļais pagalms"))
    lines = [" ".join("".join(line.itertext()).split()) for line in root.findall(".//p[@class='origin']")]
    assert len(lines) == 2 and lines[0].startswith("Nosaukums, kopsavilkums, apraksts u. c.: avots, pēdējo reizi tur redzēta 20")
    assert re.search(r"Reģions: Otrā platforma, .* \d\d?\. [a-zāēīūšž]+[īā]$", lines[1]), lines[1]
    rows = [
        ["".join(cell.itertext()) for cell in row.findall("td")] for row in root.findall(".//table[@class='origins']/tbody/tr")
    ]
    assert [row[1] for row in rows] == ["avots", "Otrā platforma"]
    assert "Sektors (pēc juridiskās formas: biedrība)" in rows[0][0]


def test_what_is_all_from_one_source_says_so_in_one_line(app: Flask, client: FlaskClient) -> None:
    assert "Visa informācija: avots, pēdējo reizi tur redzēta" in said(client, path(app, "Komposts"))


def test_an_organisation_shows_what_it_runs_and_each_of_these_who_runs_it(app: Flask, client: FlaskClient) -> None:
    assert set(section(client, path(app, "Zaļais pagalms"), "work")) == {"Komposts", "Talka"}, "no past events"
    for title in ("Komposts", "Talka", "Aizgājušā talka"):
        assert section(client, path(app, title), "runs-it") == ["Zaļais pagalms"], title
    assert section(client, path(app, "Zaļais pagalms"), "runs-it") == []


def test_an_organisation_without_a_listing_is_a_link_to_a_search(app: Flask, client: FlaskClient) -> None:
    address = path(app, "Alien Project")
    runs_it = parsed(client, address).find(".//section[@aria-labelledby='runs-it']")
    link = runs_it.find("p/a")
    assert link.text == "Nobody we know"
    assert "Alien Project" in client.get(link.get("href")).get_data(as_text=True)


def test_similar_ones_share_themes_and_kind_and_are_neither_past_nor_itself(app: Flask, client: FlaskClient) -> None:
    similar = section(client, path(app, "Zaļais pagalms"), "similar")
    assert similar[0] == "Zaļā sēta"
    for title in TITLES:
        beside = section(client, path(app, title), "similar")
        assert not {title, "Aizgājušā talka", "Slēgtais konkurss"} & set(beside), title
        assert len(beside) <= 6


def test_more_of_the_platform_leads_to_all_of_it(app: Flask, client: FlaskClient) -> None:
    address = path(app, "Čiekurs")
    more = parsed(client, address).find(".//section[@aria-labelledby='of-platform']")
    assert len(more.findall(".//h3")) == 3
    last = more.findall(".//a")[-1]
    assert last.get("href") == "/lv/search?platform=avots"
    shown = int(re.findall(r"\d+", last.text)[0])
    total = client.get("/api/v1/initiatives?platform=avots").get_json()["total"]
    assert shown == total


def test_without_the_engine_the_page_is_there_without_its_neighbours(tmp_path: Path) -> None:
    make_site(tmp_path, [YARD, RECORDS[1]])
    app = create_app(Services.open(settings_in(tmp_path, search_url=f"http://127.0.0.1:{free_port()}")))
    answer = app.test_client().get(path(app, "Zaļais pagalms"))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "Dārzi pagalmos." in text
    assert not any(f'id="{name}"' in text for name in ("similar", "work", "of-platform"))


def test_a_listing_with_a_title_alone_has_no_empty_parts(app: Flask, client: FlaskClient) -> None:
    root = parsed(client, path(app, "Čiekurs"))
    assert root.find(".//h1").attrib == {} and root.find(".//h1").text == "Čiekurs"
    assert root.find(".//dl") is None and root.find(".//ul[@class='themes']") is None
    for heading in root.iter("h2"):
        assert "".join(heading.itertext()).strip()
    assert not section(client, path(app, "Čiekurs"), "similar")


@pytest.mark.parametrize(("title", "lang", "says"), [
    ("Alien Project", "lv", "Šis teksts ir pieejams tikai angļu valodā"),
    ("Eesti asi", "lv", "Šis teksts ir pieejams tikai igauņu valodā"),
    ("Eesti asi", "en", "This text is available only in Estonian"),
])  # fmt: skip
def test_a_text_in_another_language_says_so_and_is_marked(
    app: Flask, client: FlaskClient, title: str, lang: str, says: str
) -> None:
    address = path(app, title, lang)
    assert says in said(client, address)
    assert parsed(client, address).find(".//h1").get("lang") == ("et" if "Eesti" in title else "en")


def test_further_languages_are_folded_with_their_titles(app: Flask, client: FlaskClient) -> None:
    root = parsed(client, path(app, "Rokasgrāmata"))
    folded = root.findall(".//details[@class='translation']")
    assert [one.find("summary").text for one in folded] == ["Teksts angļu valodā", "Teksts vācu valodā"]
    assert [one.find("div").get("lang") for one in folded] == ["en", "de"]
    assert folded[1].find(".//strong").text == "Handbuch"
    assert "Nezināmā valodā" not in "".join(root.find(".//main").itertext())


def test_a_long_text_is_whole_with_a_licence_and_else_cut_with_a_way_to_all_of_it(app: Flask, client: FlaskClient) -> None:
    assert said(client, path(app, "Rokasgrāmata")).count("Volunteers repair") >= 180, "three languages of 60 sentences"
    cut = said(client, path(app, "Alien Project"))
    assert cut.count("Volunteers repair") < 10 and "Lasīt pilnu tekstu vietnē avots.example" in cut


@pytest.mark.parametrize(("title", "says", "leads"), [
    ("Aizgājušā talka", "Pasākums jau ir noticis.", "/lv/search?kind=event&when=upcoming"),
    ("Slēgtais konkurss", "Pieteikšanās ir noslēgusies.", "/lv/search?kind=funding&when=open"),
])  # fmt: skip
def test_what_is_over_says_so_and_leads_to_what_is_not(
    app: Flask, client: FlaskClient, title: str, says: str, leads: str
) -> None:
    notice = parsed(client, path(app, title)).find(".//p[@class='notice']")
    assert says in "".join(notice.itertext()) and notice.find("a").get("href") == leads
    assert client.get(leads).status_code == 200


def test_what_has_a_day_can_be_put_into_a_calendar(app: Flask, client: FlaskClient) -> None:
    for title, has_file in (("Talka", True), ("Atvērtais konkurss", True), ("Komposts", False), ("Zaļais pagalms", False)):
        links = [link.get("href") for link in parsed(client, path(app, title)).iter("a")]
        files = [link for link in links if link.endswith(".ics") and "/initiatives/" in link]
        assert bool(files) == has_file, title
        assert all(client.get(file).mimetype == "text/calendar" for file in files)


def test_days_are_written_for_people(app: Flask, client: FlaskClient) -> None:
    assert "Kad 2999. gada 4. maijs, 10:00–17:30" in said(client, path(app, "Talka"))
    assert "Pieteikšanās līdz 2999. gada 31. decembrim" in said(client, path(app, "Atvērtais konkurss"))
    assert "Darbības laiks 2024 – 2999. gada maijs" in said(client, path(app, "Komposts"))


def test_the_listing_of_a_platform_leads_to_the_platforms_page(app: Flask, client: FlaskClient) -> None:
    address = path(app, "Otrā platforma")
    notice = parsed(client, address).find(".//p[@class='notice']/a")
    assert notice.text == "Atvērt platformas lapu" and client.get(notice.get("href")).status_code == 200
    assert section(client, address, "of-platform") == ["Zaļais pagalms"]


def test_hostile_values_are_text_and_lead_nowhere_else(app: Flask, client: FlaskClient) -> None:
    address = path(app, f"Ļauns {HOSTILE}")
    text = client.get(address).get_data(as_text=True)
    assert "<script>alert" not in text and HOSTILE in said(client, address)
    assert all(link.startswith(("/lv/", "mailto:a@b.example")) for link in fact_links(client, address))


def test_what_can_be_done_by_those_it_is_about(app: Flask, client: FlaskClient) -> None:
    root = parsed(client, path(app, "Zaļais pagalms"))
    card = root.find(".//section[@aria-labelledby='report']")
    assert [link.text for link in card.iter("a")] == [
        "Uzturēt šo lapu pašiem",
        "Labot vai papildināt",
        "Lūgt dzēst",
        "Emblēma Jūsu vietnei",
        "Ziņot par kļūdu",
    ]
    assert all(link.get("href") for link in card.iter("a"))


def test_only_curators_see_the_way_to_edit(app: Flask) -> None:
    address = path(app, "Komposts")
    assert "/desk/" not in app.test_client().get(address).get_data(as_text=True)
    with app.extensions["platforma"].database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="t")
        token = accounts.issue_sign_in(session, user_id=user.id)
    app.config["WTF_CSRF_ENABLED"] = False
    curator = app.test_client()
    curator.post(f"/lv/sign-in/{token}")
    assert f"/lv/desk/initiatives/{address.split('/')[3]}" in curator.get(address).get_data(as_text=True)
    app.config["WTF_CSRF_ENABLED"] = True


def test_one_address_leads_on_where_listings_were_joined_and_ends_where_one_was_removed(tmp_path: Path) -> None:
    app = make_site(tmp_path, [YARD, Record("gone", title={"lv": "Dzēšamā"})])
    client, services = app.test_client(), app.extensions["platforma"]
    kept, other = path(app, "Zaļais pagalms"), path(app, "Dzēšamā")
    with services.database.writing() as session:
        removal.suppress(session, public_id=other.split("/")[3], actor="t", reason="lūgums", key=services.secret_key)
    assert client.get(other).status_code == 410
    with services.database.writing() as session:
        rows = {row.public_id: row for row in session.scalars(select(Initiative))}
        joined = Initiative(public_id="aaaaaaaaaa", state="merged", composed={}, merged_into_id=rows[kept.split("/")[3]].id)
        session.add(joined)
    answer = client.get("/lv/initiatives/aaaaaaaaaa/x")
    assert (answer.status_code, answer.location) == (301, kept)


def test_a_listing_that_its_source_dropped_says_so_and_is_not_to_be_indexed(tmp_path: Path) -> None:
    app = make_site(tmp_path, [YARD])
    client = app.test_client()
    with app.extensions["platforma"].database.writing() as session:
        platform = session.scalars(select(Platform).where(Platform.id == "avots")).one()
        row = session.scalars(select(Initiative).where(Initiative.id != platform.initiative_id)).one()
        row.records[0].state = "gone"
    text = client.get(path(app, "Zaļais pagalms")).get_data(as_text=True)
    assert re.search(r"Avots šo ierakstu vairs nepublicē\. Pēdējo reizi tas tur redzēts \d{4}\. gada \d+\. \w+[īā]\.", text)
    assert '<meta name="robots" content="noindex">' in text


def test_a_dead_website_keeps_its_link_and_says_when_it_was_tried(app: Flask, client: FlaskClient) -> None:
    database, address = app.extensions["platforma"].database, path(app, YARD.title["lv"])
    note = "neatbildēja, kad to pēdējoreiz pārbaudīja 2031. gada 3. martā."
    assert note not in client.get(address).get_data(as_text=True)
    tried: dict[str, Any] = {"state": WebsiteState.DEAD, "fetched_at": datetime(2031, 3, 3, 9, tzinfo=UTC)}
    with database.writing() as session:
        session.execute(update(Website).where(Website.url == YARD.website).values(tried))
    page = client.get(address).get_data(as_text=True)
    assert note in page
    assert f'href="{YARD.website}"' in page
    with database.writing() as session:
        session.execute(update(Website).values(state=WebsiteState.WAITING, fetched_at=None))
