"""What must hold on a site where Icelandic has nothing but its line in LANGUAGES: no messages, labels or texts.

test_third_language.py runs check_all() in a process of its own, since modules read the table of languages when imported.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from click.testing import CliRunner
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.catalogue.models import Role
from platforma.cli.main import main
from platforma.worker.indexing import drain_outbox
from tests.people.desk import NO_TITLE, Desk

BAKERY = Record(
    "b1", url="https://v.example/b1", title={"is": "Bakari sólarinnar", "lv": "Saules kliņģeri"}, country="EE",
    countries=("EE",), themes=("circular_economy",),
)  # fmt: skip
CONCEPT = {"lv": "cepējs", "en": "baker", "is": "", "source": "use", "seen": "0"}
STARTS = (
    "/is/", "/is/sign-in", "/is/search", "/is/subscribe", "/is/kinds/event", "/is/desk/", "/is/desk/crawls", "/is/desk/listings", "/is/desk/next", "/is/desk/platforms",
    "/is/desk/mails/", "/is/desk/held-back", "/is/desk/stale", "/is/desk/reports", "/is/manifest.webmanifest", "/is/opensearch.xml", "/is/suggest.json?q=ba", "/is/map.json", "/is/desk/catalogue/changes",
    "/is/partner/", "/is/desk/claims", "/is/desk/searches/name?words=ba", "/is/desk/searches/result?words=ba", "/is/desk/sources/v",
    "/is/embed", "/is/embed.json", "/is/badge.svg",
)  # fmt: skip
"""The start page, pages to which no link leads while there is nothing to do, and what pages of other sites ask for."""
WITH_TOKEN = (
    "account.confirm", "members.invitation", "members.new_contact", "desk_mails.end", "desk_mails.end_urgent", "partner_mails.end", "partner.confirm", "partner.look", "reports.crawls", "reports.report", "reports.report_csv", "additions.confirm", "additions.status",
    "claims.confirm",
    "tables.confirm", "tables.copy", "tables.table",
    "corrections.confirm", "corrections.status", "letters.letter", "letters.end", "subscriptions.confirm", "subscriptions.end", "subscriptions.mine",
)  # fmt: skip
WITH_CONTENT = (
    "desk.claims_of",
    "desk.bulk",
    "desk.correction",
    "desk.one_held_back",
    "desk.versions",
    "desk.one_item",
    "removals.entry",
    "members.listing",
    "members.listing_proof",
    "members.ask_release",
    "members.platform",
    "members.leave",
    "members.mapping",
    "members.person",
    "members.proof",
    "members.visits",
    "members.visits_file",
    "members.own_table",
    "members.send_table",
    "members.table_copy",
    "take.calendar",
    "sharing.listing",
    "sharing.platform",
    "sharing.search",
    "sharing.site",
)
"""Pages of a message, of an item that waits, of an edit, of a removal, of a date and of a picture, which this directory has none of, or of which no link tells."""


def follow_links(client: FlaskClient, *starts: str) -> set[str]:
    """Read these pages and those that they lead to, one for each endpoint and set of parameters; returns the endpoints.

    An address that leads to another page does not stand for those of its endpoint.
    """
    addresses = client.application.url_map.bind("")
    waiting, read, leading_on = list(starts), set[tuple[str, ...]](), set[str]()
    while waiting:
        address = urlsplit(waiting.pop())
        if address.netloc or not address.path.startswith("/is/"):
            continue
        endpoint, arguments = addresses.match(address.path)
        key = (endpoint, arguments.get("name", ""), *sorted(parse_qs(address.query)))
        if key in read or address.path in leading_on:
            continue
        answer = client.get(address.geturl(), follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.history:
            leading_on.add(address.path)
        else:
            read.add(key)
        if answer.mimetype == "text/html":
            text = answer.get_data(as_text=True)
            assert '<html lang="is">' in text, address
            waiting += map(unescape, re.findall(r'<a [^>]*href="([^"#]+)', text))
    return {endpoint for endpoint, *_ in read} | {addresses.match(path)[0] for path in leading_on}


def check_pages(desk: Desk) -> None:
    client = desk.signed_in(Role.ADMIN)
    read = follow_links(client, *STARTS)
    pages = {
        rule.endpoint for rule in desk.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "lang" in rule.arguments
    }
    unread, named = pages - read, {*WITH_TOKEN, *WITH_CONTENT, "directory.suggest"}
    assert unread == named, f"say in STARTS how these are reached: {unread - named}; these are: {named - unread}"
    assert '<main id="main" tabindex="-1" lang="en">' in desk.text(client, "/is/about"), "a text in English says so"
    assert '<main id="main" tabindex="-1">' in desk.text(client, "/lv/about")
    start = desk.text(client, "/is/")
    assert 'lang="en">circular economy</a>' in start, "examples are in English"
    assert ">Eistland <span>" in start and ">Lettland <span>" in start, "names of countries are CLDR's"
    assert client.get("/", headers={"Accept-Language": "is"}).location == "/is/"
    assert desk.text(client, "/en/").count(' hreflang="is"') == 2, "the page names its translation, in the head and in the switch"
    for path in ("/sitemaps/pages.xml", "/robots.txt"):
        assert "/is/" in desk.text(client, path)


def check_search(desk: Desk) -> None:
    client = desk.app.test_client()
    for path in ("/is/search?q=bakara&sort=name", "/is/search?q=kliņģeru", "/is/search?q=bakari&country=EE&past=1"):
        assert "sólarinnar" in desk.text(client, path), path
    assert "kliņģeri" in desk.text(client, "/lv/search?q=bakara"), "a word of the third language is read as such on every page"
    item, *_ = client.get("/api/v1/initiatives?q=bakari&lang=is").get_json()["items"]
    assert (item["title"], item["title_lang"]) == ("Bakari sólarinnar", "is")
    facets = client.get("/api/v1/initiatives?lang=is").get_json()["facets"]
    assert {"value": "EE", "label": "Eistland", "count": 2} in facets["country"]
    assert {"value": "circular_economy", "label": "circular economy", "count": 1} in facets["theme"], (
        "labels fall back to English"
    )


def check_thesaurus(desk: Desk) -> None:
    """A concept may have Icelandic names, but need not."""
    client = desk.signed_in()
    assert 'name="is"' in desk.text(client, "/is/desk/concepts/new?is=bakari")
    assert client.post("/is/desk/concepts/new", data=CONCEPT).status_code == 302
    address = re.search(r'href="(/is/desk/concepts/own-\w+)"', desk.text(client, "/is/desk/concepts/?q=baker"))
    assert address
    changed = CONCEPT | {"is": "bakari\nbrauðgerð", "seen": "1"}
    assert client.post(address[1], data=changed).status_code == 302
    assert '<span lang="is">bakari · brauðgerð</span>' in desk.text(client, address[1])
    assert "kliņģeri" in desk.text(client, "/lv/search?q=cepējs"), "a listing is found by a concept's Icelandic name"


def check_command_line(desk: Desk) -> None:
    result = CliRunner().invoke(main, ["search", "bakari", "--lang", "is", "--data", str(desk.folder)])
    assert result.exit_code == 0 and "Bakari sólarinnar" in result.output, result.output


def check_all(folder: Path) -> None:
    """Make the site in a folder and check it. Raises AssertionError."""
    desk = Desk(folder)
    desk.crawl([BAKERY], NO_TITLE)
    drain_outbox(desk.services)
    for check in (check_pages, check_search, check_thesaurus, check_command_line):
        check(desk)
