"""Sites without a list of initiatives get no proposal; lists whose entries have nothing but a name and a text still do."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from crawlers.adapters.html_look import look
from crawlers.discovery.discover import _sampled, discover
from crawlers.errors import BadContent
from crawlers.fetch.probe import SiteProbe
from tests.crawlers.memory_site import BASE, Body, MemorySite, crawled, recipe_of

TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā."
NAMES = {
    "saule": "Saules māja",
    "egle": "Eglaines pamatne",
    "upe": "Upes ļaudis",
    "mezs": "Meža skola",
    "ezers": "Ezera darbnīca",
}


def document(title: str, body: str, lang: str = "lv") -> Body:
    return f"<html lang={lang}><title>{title}</title><body><main><h1>{title}</h1>{body}</main></body></html>"


def proposed(pages: Mapping[str, Body], path: str = "") -> list[str]:
    """The titles that a crawl of what is proposed finds."""
    _, state = crawled(discover(BASE + path, MemorySite(dict(pages))).recipe, dict(pages))
    return sorted(next(iter(record.title.values())) for record in state.records.values())


def is_nothing_proposed(pages: Mapping[str, Body]) -> bool:
    with pytest.raises(BadContent):
        discover(BASE, MemorySite(dict(pages)))
    return True


def sections(*headings: str) -> str:
    return "".join(f"<h2>{heading}</h2><p>{TEXT} {heading}</p>" for heading in headings)


@pytest.mark.parametrize(
    ("path", "title"),
    [("sikdatnu-politika", "Sīkdatņu politika"), ("privacy", "Privacy policy"), ("tos", "Terms of Service"), ("regulamin", "Regulamin projektu"),
     ("lapa-7", "Lietošanas noteikumi"), ("villkor", "Villkor"), ("tietosuoja", "Tietosuojaseloste")],
)  # fmt: skip
def test_sections_of_a_legal_page_are_no_initiatives(path: str, title: str) -> None:
    legal = document(title, sections("Mūsu projekti un dati", "Biedru sīkdatnes", "Analītika", "Trešās puses", "Jūsu tiesības"))
    assert is_nothing_proposed({"": document("Kopiena", f'<p>{TEXT}</p><a href="{path}">{title}</a>'), path: legal})


@pytest.mark.parametrize("path", ["", "yhdistys", "projekti/saule", "musu-darbs"])
def test_sections_of_an_article_are_no_initiatives(path: str) -> None:
    article = document("Biedrība Saule", sections("Nosaukums un mērķi", "Jumta remonts", "Darba kārtība", "Naudas līdzekļi"))
    front = document("Kopiena", f'<p>{TEXT}</p><a href="{path}">Biedrība</a>')
    assert is_nothing_proposed({"": front, path: article})


def test_questions_are_no_initiatives_also_below_a_heading_that_names_a_list() -> None:
    page = document("Projekti", sections("Kādi projekti?", "Ko mēs vērtējam?", "Kā palīdzam projektiem?"))
    assert is_nothing_proposed({"": document("Kopiena", '<a href="projekti">Projekti</a>'), "projekti": page})


def test_a_sites_own_pages_on_its_front_page_are_no_initiatives() -> None:
    own = {"projekty": "Nasze Projekty", "glos": "Dołącz do Głosu", "czas": "Czas młodych", "wizja": "Wizja jutra"}
    cards = "".join(
        f'<div class="card"><h3><a href="{path}">{title}</a></h3><p>{TEXT} {path}</p></div>' for path, title in own.items()
    )
    pages: dict[str, Body] = {path: document(title, f"<p>{TEXT} {title}</p>", "pl") for path, title in own.items()}
    pages[""] = document("Głos", cards, "pl")
    assert is_nothing_proposed(pages)


def test_posts_are_no_initiatives() -> None:
    posts = {f"calendrier-{year}": f"Calendrier {year}/{year + 1}" for year in range(2022, 2027)}
    links = "".join(
        f'<article><h2><a href="{path}">{title}</a></h2><p>{TEXT} {title}</p></article>' for path, title in posts.items()
    )
    pages: dict[str, Body] = {path: document(title, f"<p>{TEXT} {title}</p>", "fr") for path, title in posts.items()}
    pages[""] = document("AMAP", links, "fr")
    assert is_nothing_proposed(pages)


def test_issues_of_a_tracker_are_no_initiatives() -> None:
    repositories = ("kopa", "kopa.lv")
    issues = "".join(
        f'<div class="issue"><h3><a href="https://github.com/org/{repositories[n % 2]}">{repositories[n % 2]}</a> {name}</h3><p>{TEXT} {name}'
        f' <a href="https://github.com/org/x/issues/{n}">#{n}</a></p></div>'
        for n, name in enumerate(NAMES.values())
    )
    assert is_nothing_proposed(
        {"": document("Kopiena", '<a href="iesaisties">Iesaisties</a>'), "iesaisties": document("Iesaisties", issues)}
    )


def test_records_that_lead_to_a_tracker_are_no_initiatives() -> None:
    items = ",".join(
        f'{{"name": "{name}", "url": "https://github.com/org/x/issues/{n}"}}' for n, name in enumerate(NAMES.values())
    )
    assert is_nothing_proposed({"": f"[{items}]"})


def entries(folder: str) -> dict[str, Body]:
    return {f"{folder}{slug}": document(name, f"<p>{TEXT} {name}</p>") for slug, name in NAMES.items()}


def cards(folder: str) -> str:
    return "".join(
        f'<article class="card"><h3><a href="/{folder}{slug}">{name}</a></h3></article>' for slug, name in NAMES.items()
    )


@pytest.mark.parametrize(
    ("folder", "title"),
    [("prototype/", "Sākums"), ("projekti/", "Kopiena"), ("x/", "Prototyper"), ("x/", "Mūsu biedri"), ("x/y/", "Jäsenjärjestöt")],
)  # fmt: skip
def test_a_list_without_facts_is_proposed_where_its_name_or_folder_says_what_it_lists(folder: str, title: str) -> None:
    assert proposed({"": document(title, cards(folder))} | entries(folder)) == sorted(NAMES.values())


def test_pages_at_the_top_of_a_site_are_a_list_where_a_page_names_it() -> None:
    pages: dict[str, Body] = {
        "": document("Kopiena", '<a href="/biedri">Mūsu biedri</a>'),
        "biedri": document("Mūsu biedri", cards("")),
    }
    assert proposed(pages | entries("")) == sorted(NAMES.values())


def test_organisations_with_their_own_sites_are_preferred_to_more_pages_without_facts() -> None:
    topics = ("Names", "Words", "Books", "Titles", "Clinics", "Family", "Local")
    links = "".join(f'<li><a href="/{topic.lower()}">{topic}</a></li>' for topic in topics)
    listed = "".join(f'<li><h3><a href="https://{slug}.example">{name}</a></h3></li>' for slug, name in NAMES.items())
    pages: dict[str, Body] = {topic.lower(): document(topic, f"<p>Text about {topic}.</p>", "en") for topic in topics}
    pages["local"] = document("Local organisations", f'<ul id="organisations">{listed}</ul>', "en")
    assert proposed({"": document("Guide to projects", f"<ul>{links}</ul>", "en")} | pages) == sorted(NAMES.values())


def test_events_that_share_one_title_are_a_list_by_their_dates() -> None:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{day}\r\nSUMMARY:Repair café\r\nDTSTART:202705{day:02}T170000Z\r\nEND:VEVENT\r\n"
        for day in range(1, 6)
    )
    recipe = discover(BASE, MemorySite({"": f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"})).recipe
    assert recipe.adapter == "calendar"


def test_posts_in_folders_of_their_months_are_no_initiatives_also_with_links_and_mail_addresses() -> None:
    names = {f"2025/0{number}/{slug}": name for number, (slug, name) in enumerate(NAMES.items(), start=1)}
    links = "".join(f'<h2><a href="/{path}/">{name}</a></h2><p>{TEXT}</p>' for path, name in names.items())
    posts = {
        f"{path}/": document(name, f'<p>{TEXT}</p><p><a href="https://{path[-4:]}.example/">Mājaslapa</a></p>')
        for path, name in names.items()
    }
    assert is_nothing_proposed({"": document("Mūsu projekti", f"<p>{TEXT}</p>{links}"), **posts})


def test_entries_in_folders_of_their_months_are_a_list_where_their_seats_are_told() -> None:
    names = {f"2025/0{number}/{slug}/": name for number, (slug, name) in enumerate(NAMES.items(), start=1)}
    links = "".join(f'<h2><a href="/{path}">{name}</a></h2><p>{TEXT}</p>' for path, name in names.items())
    pages = {path: document(name, f"<p>{TEXT}</p><dl><dt>Pilsēta</dt><dd>Cēsis</dd></dl>") for path, name in names.items()}
    front = document("Kopiena", f'<p>{TEXT}</p><a href="/projekti/">Projekti</a>')
    assert proposed({"": front, "projekti/": document("Projekti", links), **pages}) == sorted(NAMES.values())


def reports(year: int, more: str = "") -> str:
    return "".join(
        f"<section class=card><h3>{name}</h3><p>{TEXT}</p><p><strong>Datums: 0{number}.05.{year}.</strong></p>{more}</section>"
        for number, name in enumerate(NAMES.values(), start=1)
    )


@pytest.mark.parametrize(
    ("year", "more", "is_list"),
    [
        (2024, "", False),
        (2024, '<p>Vieta: Rīga</p><p><a href="https://saule.example/">Mājaslapa</a></p>', True),
        (2031, "", True),
    ],
)
def test_reports_of_past_events_are_no_initiatives(year: int, more: str, is_list: bool) -> None:
    page = document("Pasākumi", reports(year, more))
    pages = {"": document("Kopiena", f'<p>{TEXT}</p><a href="/pasakumi/">Pasākumi</a>'), "pasakumi/": page}
    if is_list:
        assert proposed(pages) == sorted(NAMES.values())
    else:
        assert is_nothing_proposed(pages)


@pytest.mark.parametrize(
    "months", [("Maijs", "Jūnijs", "Jūlijs", "Augusts"), ("Září 2031", "Říjen 2031", "Listopad 2031", "Prosinec 2031")]
)
def test_months_are_no_names_of_events(months: tuple[str, ...]) -> None:
    listed = "".join(f"<h3>{month}</h3><p>1{number}.09.2031 18:00 Rīga</p>" for number, month in enumerate(months))
    assert is_nothing_proposed({"": document("Kopiena", f"<p>{TEXT}</p>{listed}")})


def test_one_name_beside_a_sites_own_pages_is_that_of_the_site() -> None:
    titles = {"": "Biedrība Saule", "jaunumi/": "Biedrība Saule | Aktualitātes", "pasakumi/": "Biedrība Saule | Pasākumi"}
    titles |= {"kopa/": "Biedrība Saule"}
    links = "".join(f'<p><a href="/{path}">{title}</a></p>' for path, title in titles.items() if path)
    pages = {
        path: document(title, f"<p>{TEXT}</p><dl><dt>Juridiskā forma</dt><dd>biedrība</dd></dl>{links}")
        for path, title in titles.items()
    }
    assert is_nothing_proposed(dict(pages))


def places_on_map(heading: str) -> Body:
    places = [{"name": name, "lat": 56.9 + number / 100, "lng": 24.1} for number, name in enumerate(NAMES.values())]
    return document(heading, f"<p>{TEXT}</p><script type=application/json>{json.dumps({'places': places})}</script>")


def test_bare_places_on_the_map_of_a_page_are_initiatives_only_where_the_page_says_so() -> None:
    front = document("Kopiena", f'<p>{TEXT}</p><a href="/karte/">Karte</a>')
    assert is_nothing_proposed({"": front, "karte/": places_on_map("Nodarbības skolās")})
    assert proposed({"": front, "karte/": places_on_map("Projekti Vidzemē")}) == sorted(NAMES.values())


def services(linked: int) -> str:
    return "".join(
        f"<div class=card><h2>{name}</h2><p>{TEXT}</p>"
        + (f'<p><a href="https://{slug}.example/">Mājaslapa</a></p>' if number < linked else "")
        + "</div>"
        for number, (slug, name) in enumerate(NAMES.items())
    )


@pytest.mark.parametrize(("linked", "is_list"), [(1, False), (2, False), (3, True), (5, True)])
def test_cards_of_which_few_have_a_fact_are_no_list_unless_the_page_names_it(linked: int, is_list: bool) -> None:
    if is_list:
        assert proposed({"": document("Kopiena", services(linked))}) == sorted(NAMES.values())
    else:
        assert is_nothing_proposed({"": document("Kopiena", services(linked))})
    front = document("Kopiena", f'<p>{TEXT}</p><a href="/projekti/">Projekti</a>')
    assert proposed({"": front, "projekti/": document("Projekti", services(linked))}) == sorted(NAMES.values())


def test_the_list_on_the_page_whose_address_was_given_is_preferred_to_one_with_facts_elsewhere() -> None:
    front = document("Kopiena", '<a href="/biedri/">Biedri</a> <a href="/darbi/">Darbi</a>')
    plain = "".join(f"<div class=member><h3>{name} Nr. 2</h3><p>{TEXT}</p></div>" for name in NAMES.values())
    pages = {
        "": front,
        "biedri/": document("Biedri", f'<a href="/darbi/">Darbi</a>{plain}'),
        "darbi/": document("Darbi", services(5)),
    }
    assert proposed(pages, "biedri/") == sorted(f"{name} Nr. 2" for name in NAMES.values())
    assert proposed(pages) == sorted(NAMES.values())


@pytest.mark.parametrize("address", ["/kopa/medlemmar/", "/kopa/biedri.html", "/nariai", "/kopa/projekti/"])
def test_a_list_two_clicks_away_is_found_by_its_address_whatever_the_link_says(address: str) -> None:
    front = document("Kopiena", f'<p>{TEXT}</p><a href="/darbs/">Ko mēs darām</a>')
    between = document("Ko mēs darām", f'<p>{TEXT}</p><p><a href="{address}">Šeit</a> var redzēt, kas mūs atbalsta.</p>')
    pages = {"": front, "darbs/": between, address.lstrip("/"): document("Biedri", services(5))}
    assert proposed(pages) == sorted(NAMES.values())


def test_one_page_under_many_addresses_is_one_record() -> None:
    data = '<link rel="canonical" href="https://partner.example/dati/">' + str(document("Dati", f"<p>{TEXT}</p>"))
    links = "".join(f'<li><a class="d" href="/dati/?kas={n}">Kopa {n}</a></li>' for n in range(20))
    site = MemorySite({"": document("Dati", f"<ul>{links}</ul>")} | {f"dati/?kas={n}": data for n in range(20)})
    recipe = recipe_of("html", addresses=[BASE], html={"entries": "a.d"})
    assert _sampled(SiteProbe(site, recipe), recipe, 4).expected == 1


def test_half_of_the_requests_are_kept_to_read_entries_however_many_pages_may_hold_lists() -> None:
    def page(n: int) -> Body:
        links = "".join(f'<li><a href="/projekti/{n}/{name}/">{name}</a></li>' for name in NAMES)
        return document(f"Projekti {n}", f"<nav>{menu}</nav><ul>{links}</ul><a href='/projekti/visi-{n}/'>Visi projekti</a>")

    menu = "".join(f'<a href="/projekti/{n}/">Projekti {n}</a> ' for n in range(60))
    pages = {"": page(0)} | {f"projekti/{n}/": page(n) for n in range(60)} | {f"projekti/visi-{n}/": page(n) for n in range(60)}
    site = SiteProbe(MemorySite(pages), recipe_of("html"))
    site.budget.requests = 12
    assert next(look(site)).html.entries
    assert site.budget.requests >= 6


def test_a_table_of_one_name_is_not_told_to_be_no_feed() -> None:
    table = "Nosaukums;Gads\nTirgus;2024\nTirgus;2025\nTirgus;2026\n"
    with pytest.raises(BadContent, match="no initiatives were recognised"):
        discover(f"{BASE}dati.csv", MemorySite({"dati.csv": table}, content_type="text/csv"))


@pytest.mark.parametrize(
    ("path", "title", "names"),
    [("credits/", "Credits", ["Action", "Agile", "Avatar", "Error"]), ("join", "Join us", ["Advise Us", "Share With Us", "Build With Us", "Help Us Grow"])],
)  # fmt: skip
def test_pictures_that_are_credited_and_ways_to_join_are_no_initiatives(path: str, title: str, names: list[str]) -> None:
    cards = "".join(
        f'<div class="card"><h2>{name}</h2><p>{TEXT}</p><a href="https://icons{n}.example/">{name}</a></div>'
        for n, name in enumerate(names)
    )
    pages = {"": document("Hack", f'<p>{TEXT}</p><a href="/{path}">{title}</a>', "en"), path: document(title, cards, "en")}
    assert is_nothing_proposed(pages)


@pytest.mark.parametrize("folder", ["mika-on-oi", "oi-yhdistys"])
def test_pages_about_the_subject_of_an_association_are_no_initiatives(folder: str) -> None:
    site = "Suomen Oireyhtymä -yhdistys"
    names = {"luokitus": "Luokitus", "oireet": "Oireet ja hoito", "perinto": "Perinnöllisyys", "ryhma": "Asiantuntijaryhmä"}
    links = "".join(f'<li><a href="/{folder}/{path}.html">{name}</a></li>' for path, name in names.items())
    pages = {f"{folder}/{path}.html": document(f"{name} | {site}", f"<p>{TEXT}</p>", "fi") for path, name in names.items()}
    pages[f"{folder}/"] = document(f"Yleisesti | {site}", f"<ul>{links}</ul>", "fi")
    pages[""] = document(site, f'<p>{TEXT}</p><a href="/{folder}/">Lue lisää</a>', "fi")
    assert is_nothing_proposed(pages)


@pytest.mark.parametrize(("title", "is_list"), [("Mācāmies programmēt", False), ("Mūsu biedri", True)])
def test_names_that_are_links_and_nothing_else_need_the_name_of_a_list(title: str, is_list: bool) -> None:
    items = "".join(f'<li><a href="https://{path}.example/lv/pamati/ievads.html">{name}</a></li>' for path, name in NAMES.items())
    pages = {
        "": document("Kods", f'<p>{TEXT}</p><a href="/sakums/">{title}</a>'),
        "sakums/": document(title, f"<div class=saites><ul>{items}</ul></div>"),
    }
    assert (proposed(pages) == sorted(NAMES.values())) if is_list else is_nothing_proposed(pages)
