"""Sites of website builders and content systems are found by their front page, with right titles, languages and websites."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawlers.discovery.discover import discover
from crawlers.errors import CrawlError
from crawlers.record import Record
from tests.crawlers.builders.classic import Pages, drupal, joomla, typo3, wordpress
from tests.crawlers.builders.content import ENTRIES, FRAME
from tests.crawlers.builders.visual import app, google_sites, mozello, squarespace, webflow, wix
from tests.crawlers.memory_site import BASE, MemorySite, crawled

LATVIAN, ENGLISH, BOTH = ("lv",), ("en",), ("lv", "en")
SITES: dict[str, tuple[Callable[..., Pages], tuple[str, ...]]] = {
    "Drupal": (drupal, BOTH),
    "Joomla": (joomla, LATVIAN),
    "TYPO3": (typo3, LATVIAN),
    "Polylang": (lambda **options: wordpress("polylang", **options), BOTH),
    "WPML": (lambda **options: wordpress("wpml", **options), BOTH),
    "Mozello": (mozello, LATVIAN),
    "Google Sites": (google_sites, LATVIAN),
    "Wix": (wix, LATVIAN),
    "Squarespace": (squarespace, ENGLISH),
    "Webflow": (webflow, ENGLISH),
    "Next": (lambda **options: app("next", **options), ENGLISH),
    "Nuxt": (lambda **options: app("nuxt", **options), ENGLISH),
}


def records_of(builder: str) -> list[Record]:
    """What a crawl by the proposed recipe of a builder's site gives."""
    pages = SITES[builder][0](has_list=True)
    _, state = crawled(discover(BASE, MemorySite(pages)).recipe, pages)
    return list(state.records.values())


def texts_of(record: Record) -> str:
    return "\n".join((*record.summary.values(), *record.description.values()))


@pytest.mark.parametrize("builder", SITES)
def test_the_members_of_a_builders_site_are_found_with_titles_languages_and_websites(builder: str) -> None:
    languages = SITES[builder][1]
    found = {record.website: {lang: record.title.get(lang) for lang in record.title} for record in records_of(builder)}
    assert found == {entry.website: {lang: entry.title(lang) for lang in languages} for entry in ENTRIES}


@pytest.mark.parametrize("builder", SITES)
def test_the_texts_of_members_hold_their_own_words_and_none_of_the_frame(builder: str) -> None:
    lang = SITES[builder][1][0]
    texts = {record.website: texts_of(record) for record in records_of(builder)}
    assert [entry.slug for entry in ENTRIES if entry.text(lang) not in texts.get(entry.website, "")] == []
    lines = {line.strip() for text in texts.values() for line in text.splitlines()}
    assert [words for words in FRAME if any(words in line for line in lines)] == []


@pytest.mark.parametrize("builder", SITES)
def test_a_builders_site_without_a_list_gets_no_proposal(builder: str) -> None:
    with pytest.raises(CrawlError):
        discover(BASE, MemorySite(SITES[builder][0](has_list=False)))


def test_a_list_is_joined_with_the_same_list_in_the_languages_that_its_page_declares() -> None:
    pages = wordpress("polylang", has_list=True)
    assert discover(BASE, MemorySite(pages)).recipe.addresses == (f"{BASE}biedri/", f"{BASE}en/members/")


def test_a_declared_page_that_is_gone_or_lists_nothing_is_not_joined() -> None:
    pages = wordpress("polylang", has_list=True)
    for other in ("", "<html lang=en><h1>Our members</h1><p>Soon.</p></html>"):
        changed = (
            {**pages, "en/members/": other} if other else {path: body for path, body in pages.items() if path != "en/members/"}
        )
        assert discover(BASE, MemorySite(changed)).recipe.addresses == (f"{BASE}biedri/",)
