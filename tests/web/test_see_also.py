"""The page of results leads to searches for what is near what was searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from crawlers.record import Record
from platforma.web.public.search_frame import MAX_SEE_ALSO
from search.query.concepts import ThesaurusEntry, draft_thesaurus
from tests.web.site import make_site

ENTRIES = [
    ThesaurusEntry("baking", {"lv": ["cepšana"], "en": ["baking"]}, [], ["milling", "oven"]),
    ThesaurusEntry("milling", {"lv": ["graudu malšana"], "en": ["milling"]}),
    ThesaurusEntry("oven", {"lv": ["krāsns"], "en": ["oven"]}),
    ThesaurusEntry("roofless", {"lv": ["bezpajumtniecība"], "en": ["homelessness"]}, [], ["homes"]),
    ThesaurusEntry("homes", {"lv": ["mājokļi"], "en": ["housing"]}),
    *(ThesaurusEntry(f"part{n}", {"lv": [f"milti {n}"], "en": [f"flour {n}"]}, ["milling"]) for n in range(6)),
]
RECORDS = [
    Record("1", title={"lv": "Cepšana mājās", "en": "Baking at home"}),
    Record("2", title={"lv": "Graudu malšana", "en": "Milling"}),
    *(Record(f"f{n}", title={"lv": f"Milti {n}"}) for n in range(6)),
    Record("h", title={"lv": "Mājokļi visiem"}, themes=("housing",)),
]


@pytest.fixture(scope="module")
def near_site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("near")), RECORDS)


@pytest.fixture(autouse=True)
def _thesaurus() -> Iterator[None]:
    with draft_thesaurus(ENTRIES):
        yield


def near(site: Flask, address: str) -> list[tuple[str, str]]:
    """The addresses and the texts of the links to what is near."""
    text = site.test_client().get(address).get_data(as_text=True)
    said = re.search(r"<p>(?:Skatīt arī|See also): (.*?)</p>", text)
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', said[1]) if said else []


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/lv/search?q=cepšana", ("/lv/search?q=graudu+mal%C5%A1ana", "graudu malšana")),
        ("/lv/search?q=cepšanai", ("/lv/search?q=graudu+mal%C5%A1ana", "graudu malšana")),
        ("/en/search?q=baking", ("/en/search?q=milling", "milling")),
        ("/lv/map?q=cepšana", ("/lv/map?q=graudu+mal%C5%A1ana", "graudu malšana")),
    ],
    ids=["in Latvian", "another form", "in English", "on the map"],
)
def test_what_is_near_is_asked_for_in_the_readers_language_where_it_finds_something(
    near_site: Flask, address: str, link: tuple[str, str]
) -> None:
    assert near(near_site, address) == [link], "nothing is found for an oven"
    assert link[1] in near_site.test_client().get(link[0]).get_data(as_text=True)


def test_only_a_few_links_are_shown(near_site: Flask) -> None:
    links = near(near_site, "/lv/search?q=graudu+malšana")
    assert len(links) == MAX_SEE_ALSO == 4 and links[0][1] == "cepšana", "what is related first"


@pytest.mark.parametrize("more", ["&country=LV", "&exact=1", "&page=2"])
def test_who_has_narrowed_the_search_or_reads_on_is_led_nowhere_else(near_site: Flask, more: str) -> None:
    assert near(near_site, f"/lv/search?q=cepšana{more}") == []


def test_what_is_offered_as_a_filter_is_not_offered_twice(near_site: Flask) -> None:
    address = "/lv/search?q=bezpajumtniecība"
    page = near_site.test_client().get(address).get_data(as_text=True)
    assert 'href="/lv/search?theme=housing"' in page
    assert near(near_site, address) == []
