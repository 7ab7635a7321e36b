"""A small invented catalogue in which each of the desk's queues has something, for the pictures of the curators' guide."""

from __future__ import annotations

from typing import Any

from crawlers.record import Problem, RawRecord, Record
from crawlers.state import CrawlResult
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.platforms.platform_states import Proposal
from platforma.catalogue.visitors import corrections
from platforma.catalogue.visitors.corrections import CorrectionRequest
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.worker.indexing import ensure_index
from tests.people.editing import Form
from tests.people.site_fixture import SiteFixture, public_id

CURATOR = "curator@sic.example"
LATVIA: dict[str, Any] = {"country": "LV", "countries": ("LV",)}
REGISTER = [
    Record("d1", url="https://registrs.example/dejas", kind="organisation", title={"lv": "Deju studija Vējš", "en": "Dance studio Vējš"}, place="Cēsis", lat=57.312, lon=25.271,
           website="https://vejs.example", email="info@vejs.example", phone="+371 26000002", region="Vidzeme", themes=("culture",), sectors=("ngo",), summary={"lv": "Dejas bērniem un jauniešiem Cēsīs.", "en": "Dance for children and young people in Cēsis."}, **LATVIA),
    Record("d2", kind="social_enterprise", title={"lv": "Otrā elpa Kuldīgā", "en": "Second Breath Kuldīga"}, place="Kuldīga", region="Kurzeme", themes=("circular_economy",), sectors=("private",), summary={"lv": "Apģērbu labošana un apmaiņa.", "en": "Clothes mended and swapped."}, **LATVIA),
    Record("d3", kind="project", title={"lv": "Zaļais pagalms", "en": "Green Yard"}, place="Liepāja", region="Kurzeme", start_date="2025-03", themes=("environment",), sectors=("ngo",), summary={"lv": "Kaimiņi kopj pagalmu."}, **LATVIA),
    Record("d4", kind="organisation", title={"lv": "Kalnu bites", "en": "Mountain Bees"}, place="Ogre", themes=("environment",), sectors=("ngo",), **LATVIA),
]  # fmt: skip
ALLIANCE = [
    Record("a1", url="https://tikls.example/dance", kind="organisation", title={"lv": "Studija „Vējš”", "en": "Studio Vējš"}, place="Valmiera", lat=57.541, lon=25.427,
           website="https://www.vejs.example/", email="info@vejs.example", phone="26000002", themes=("culture",), summary={"lv": "Dejas bērniem un pieaugušajiem Cēsīs.", "en": "Dance for children and adults in Cēsis."}, **LATVIA),
    Record("a4", kind="organisation", title={"lv": "Biedrība „Kalnu bites”", "en": "Mountain Bees"}, themes=("environment",), **LATVIA),
]  # fmt: skip
PROPOSED = [
    Record("p1", kind="project", title={"lv": "Pieturas bibliotēka", "en": "Bus Stop Library"}, place="Talsi", themes=("education",), summary={"lv": "Grāmatu plaukti autobusu pieturās.", "en": "Bookshelves at bus stops."}, **LATVIA),
    Record("p2", kind="event", title={"lv": "Labošanas sestdiena", "en": "Repair Saturday"}, place="Tukums", themes=("circular_economy",), summary={"lv": "Kopā salabojam, kas saplīsis.", "en": "Together we mend what broke."}, **LATVIA),
]  # fmt: skip
ON_PROBATION = [
    Record("n1", kind="social_enterprise", title={"lv": "Saulespuķu ceptuve", "en": "Sunflower Bakery"}, place="Alūksne", themes=("work_integration",), summary={"lv": "Maizi cep cilvēki ar invaliditāti.", "en": "Bread baked by people with disabilities."}, **LATVIA),
    Record("n2", kind="project", title={"lv": "Upes takas", "en": "River Paths"}, place="Līgatne", themes=("environment",), summary={"lv": "Brīvprātīgie kopj takas gar Gauju.", "en": "Volunteers keep the paths along the Gauja."}, **LATVIA),
]  # fmt: skip


def fill(site: SiteFixture) -> str:
    """Something for each queue; gives the public id of the listing that was edited and that a source contradicts."""
    _propose(site, "registrs", "Iniciatīvu reģistrs", [], approved="trusted")
    _propose(site, "tikls", "Reģiona tīkls", [], approved="trusted")
    _import(site, "registrs", REGISTER)
    _import(site, "tikls", ALLIANCE)
    edited = public_id(site, "d1")
    Form.open(site.signed_in(), edited).type(region="Rīga").send()
    _import(site, "registrs", [Record.from_json(REGISTER[0].to_json() | {"region": "Pierīga"})])
    _propose(site, "kopienas", "Kopienu karte", PROPOSED)
    _propose(site, "iespejas", "Iespēju tīkls", [], approved="probation")
    _crawl(site, "iespejas", ON_PROBATION)
    _held_crawl(site)
    _not_understood(site)
    with site.database.writing() as session:
        for topic, field, text in (
            ("mistake", "place", "Studija ir pārcēlusies uz Cēsu centru."),
            ("removal", "", "Biedrība ir likvidēta, lūdzu, izņemiet mūs no kataloga."),
        ):
            listing = edited if topic == "mistake" else public_id(site, "d4")
            corrections.enter(session, CorrectionRequest(listing, topic, field, text, "info@vejs.example", "lv"))
    for _ in range(3):
        site.services.failed_searches.note("pārtikas glābēji", "lv")
    site.services.failed_searches.write()
    ensure_index(site.services)
    return edited


def _import(site: SiteFixture, platform: str, records: list[Record]) -> None:
    import_records(site.database, platform, records, actor=CURATOR, secret_key=site.services.secret_key)


def _propose(site: SiteFixture, id: str, title: str, records: list[Record], approved: str = "") -> None:
    url = f"https://{id}.example/"
    recipe = {"platform": id, "title": title, "url": url, "adapter": "table"}
    with site.database.writing() as session:
        proposal = Proposal(url, title, recipe, contact_email=f"info@{id}.example", contact_lang="lv")
        platform_states.propose_platform(session, proposal, actor=CURATOR)
        if approved:
            platform_states.approve_platform(session, platform_id=id, actor=CURATOR, trusted=approved == "trusted")
    if records:
        _crawl(site, id, records)


def _crawl(
    site: SiteFixture, id: str, records: list[Record], problems: list[Problem] | None = None, raws: list[RawRecord] | None = None
) -> None:
    stored = start_crawl(site.database, id)
    for problem in problems or []:
        stored.problem(problem)
    for number, record in enumerate(records):
        stored.stage(record, None, raws[number] if raws else None)
    report = finish_crawl(site.database, stored, CrawlResult(True, len(records), 0), secret_key=site.services.secret_key)
    tell_of_crawl(site.services.settings, site.database, report, is_slowed=False)


def _held_crawl(site: SiteFixture) -> None:
    """A platform whose second crawl finds a quarter of what the first one found."""
    _propose(site, "darbnicas", "Darbnīcu saraksts", [], approved="trusted")
    names = ("Koka", "Māla", "Stikla", "Vilnas", "Papīra", "Ādas", "Metāla", "Pinumu")
    records = [Record(f"w{n}", kind="organisation", title={"lv": f"{name} darbnīca"}, **LATVIA) for n, name in enumerate(names)]
    _crawl(site, "darbnicas", records)
    _crawl(site, "darbnicas", records[:2])


def _not_understood(site: SiteFixture) -> None:
    """A platform with values of themes that are not in our lists."""
    _propose(site, "prasmes", "Prasmju birža", [], approved="trusted")
    raws = [RawRecord(f"v{n}", None, {"title": title, "themes": theme}, "lv", source={"nosaukums": title, "joma": theme})
            for n, (title, theme) in enumerate((("Galdnieku pulciņš", "kokapstrāde"), ("Jaunie meistari", "kokapstrāde"), ("Valodu kafejnīca", "valodu apguve")))]  # fmt: skip
    problems = [
        Problem("warning", "not in our list; map it", None, raw.remote_id, "themes", raw.fields["themes"]) for raw in raws
    ]
    records = [Record(raw.remote_id, kind="project", title={"lv": raw.fields["title"]}, raw=raw.source, **LATVIA) for raw in raws]
    _crawl(site, "prasmes", records, problems, raws)
