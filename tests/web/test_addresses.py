"""Addresses that mails and commands give away are those of the site's own pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, url_for

from crawlers.record import Record
from platforma.addresses import RULES, SITE, Addresses
from platforma.catalogue.ids import RESERVED_SLUGS
from platforma.mail.mail_queue import PLACEHOLDER
from platforma.web.public.rows import listing_address
from tests.web.site import make_site
from vocabulary.languages import LANGUAGES

BASE = "https://platforma.example"


def test_every_rule_is_that_of_the_page_of_this_name(app: Flask) -> None:
    assert {endpoint: [rule.rule for rule in app.url_map.iter_rules(endpoint)] for endpoint in RULES} == {
        endpoint: [rule] for endpoint, rule in RULES.items()
    }


def test_a_link_leads_to_the_configured_address() -> None:
    assert Addresses(BASE).sign_in_link("en", "abc") == "https://platforma.example/en/sign-in/abc"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("token", ["abc_-09", PLACEHOLDER, f"k3v9-{PLACEHOLDER}"])
def test_they_are_those_that_pages_link_to(app: Flask, lang: str, token: str) -> None:
    addresses = Addresses(BASE)
    with app.test_request_context("/"):
        pages = {
            addresses.sign_in_link(lang, token): url_for("account.confirm", lang=lang, token=token),
            addresses.proposed_platforms(lang): url_for("desk.platforms", lang=lang),
            addresses.crawl(lang, 7): url_for("crawls.report", lang=lang, crawl_id=7),
            addresses.report(lang, token, 7): url_for("reports.report", lang=lang, token=token, crawl_id=7),
            addresses.subscriptions(lang, token): url_for("subscriptions.mine", lang=lang, token=token),
            addresses.end_subscriptions(lang, token): url_for("subscriptions.end", lang=lang, token=token),
            addresses.search(lang, "q=maize&kind=event"): url_for("directory.search", lang=lang, q="maize", kind="event"),
            addresses.search(lang, ""): url_for("directory.search", lang=lang),
            addresses.listing(lang, "k3v9x2m1qa", "s-2"): url_for(
                "directory.listing", lang=lang, public_id="k3v9x2m1qa", slug="s-2"
            ),
        }
    assert list(pages) == [BASE + path for path in pages.values()]
    assert token in addresses.report(lang, token, 7), "the secret of a mailed link is written over its placeholder"


def test_a_listing_has_the_address_that_its_page_is_linked_by(app: Flask) -> None:
    with app.test_request_context("/"):
        for lang in LANGUAGES:
            linked = url_for("directory.listing", lang=lang, public_id="k3v9x2m1qa", slug="saules-maize-2")
            assert listing_address(url_for("directory.start", lang=lang), "k3v9x2m1qa", "saules-maize-2") == linked


def test_no_slug_is_a_page_of_its_own(app: Flask) -> None:
    beside_slugs = re.compile(re.escape(SITE) + r"/(initiatives|platforms)/<public_id>/(?P<last>[^</.]+)")
    fixed = {match["last"] for rule in app.url_map.iter_rules() if (match := beside_slugs.fullmatch(rule.rule))}
    assert fixed == RESERVED_SLUGS


@pytest.mark.parametrize("title", ["Report", "„Report!”"])
def test_a_listing_is_found_at_its_address_whatever_its_name(tmp_path: Path, title: str) -> None:
    client = make_site(tmp_path, [Record("1", title={"en": title}, summary={"en": "Tells of deeds"})]).test_client()
    (item,) = client.get("/api/v1/initiatives?lang=en").get_json()["items"]
    page = client.get(item["url"].removeprefix("http://127.0.0.1:8000"))
    assert (page.status_code, item["slug"]) == (200, "report-1")
    assert "Tells of deeds" in page.get_data(as_text=True)
    assert client.get(f"/en/initiatives/{item['id']}/anything").status_code == 301
