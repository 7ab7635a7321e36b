"""Extraction and normalising: pure functions over pages, files and words."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crawlers.adapters import ADAPTERS
from crawlers.adapters.sitemap.reader import Sitemap, read_sitemap
from crawlers.errors import RecipeError
from crawlers.fetch import Page
from crawlers.importing.reading import read_file
from crawlers.markup import Html
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe, load_recipe, parse_recipe, seed_recipes
from crawlers.record import Problem, RawRecord, Record
from crawlers.values.labels import is_initiative_page

RECIPE = Recipe(platform="x")


def normalised(**fields: object) -> tuple[Record | None, list[tuple[str | None, str | None]]]:
    normaliser = Normaliser(RECIPE)
    record = normaliser.record(RawRecord("1", "https://x.example/1", {"title": "Nosaukums", **fields}))
    return record, [(problem.field, problem.value) for problem in normaliser.problems]


def test_broken_websites_are_reported() -> None:
    for text in ("htp:/vieta.lv", "javascript:alert(1)", "nav"):
        record, problems = normalised(website=text)
        assert record
        assert (record.website, problems) == (None, [("website", text)])


def test_a_period_in_either_field_gives_both_dates() -> None:
    record, problems = normalised(start_date="01.09.2013. – 31.03.2014.")
    assert record
    assert ((record.start_date, record.end_date), problems) == (("2013-09-01", "2014-03-31"), [])
    record, problems = normalised(start_date="2. maijs 2024", end_date="no 3. līdz 5. maijam 2024")
    assert record
    assert ((record.start_date, record.end_date), problems) == (("2024-05-02", "2024-05-05"), [])


def test_dates_that_cannot_be_are_left_out_and_told() -> None:
    record, problems = normalised(start_date="03/04/2015", end_date="drīz")
    assert record
    assert (record.start_date, record.end_date) == (None, None)
    assert problems == [("start_date", "03/04/2015"), ("end_date", "drīz")]
    record, problems = normalised(start_date="5.5.2024", end_date="2024-05-01")
    assert record
    assert (record.start_date, record.end_date) == (None, None)
    assert problems == [("end_date", "2024-05-05 – 2024-05-01")]


def test_countries_and_unknown_values_are_never_guessed() -> None:
    record, problems = normalised(country="Latvija, Igaunija", themes="jaunatne; kosmoss")
    assert record
    assert (record.country, record.countries, record.themes) == (None, ("LV", "EE"), ("youth",))
    assert problems == [("themes", "kosmoss")]
    assert normalised(country="Baltija")[1] == [("country", "Baltija")]


def test_a_country_at_the_end_of_an_address_is_derived() -> None:
    record, problems = normalised(address="Brīvības iela 1, Rīga, LV-1010, Latvija")
    assert record
    assert (record.country, record.derived, problems) == (
        "LV",
        dict.fromkeys(("country", "place"), "address") | dict.fromkeys(("lat", "lon"), "town Riga"),
        [],
    )
    record, _ = normalised(address="Georgia", place="Rīga")
    assert record
    assert record.country is None


def test_the_recipes_own_words_for_countries_come_first() -> None:
    recipe = Recipe(platform="x", values={"country": {"Baltija": None, "Ziemeļi": "NO"}})
    for text, codes in (("Baltija", ()), ("Ziemeļi; Latvija", ("NO", "LV")), ("Latvija", ("LV",))):
        normaliser = Normaliser(recipe)
        record = normaliser.record(RawRecord("1", None, {"title": "x", "country": text}))
        assert record
        assert (record.countries, normaliser.problems) == (codes, [])


def test_an_item_without_a_title_is_refused() -> None:
    record, problems = normalised(title=" ")
    assert record is None
    assert problems == [("title", "")]


def test_microdata_and_json_ld_are_read_alike() -> None:
    page = Html("https://x.example/", """
        <div itemscope itemtype="https://schema.org/NGO" itemref="more"><span itemprop="name">Viens</span>
        <div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><b itemprop="addressCountry">LV</b></div></div>
        <p id="more"><a itemprop="url" href="/viens">x</a></p>
        <script type="application/ld+json">{"@graph": [{"@type": "NGO", "name": "Divi"}, [{"@type": "schema:Event", "name": "Trīs"}]]}</script>
        <script type="application/ld+json">{"broken": </script>""")  # fmt: skip
    entities = {entity["name"]: entity for entity in page.entities}
    assert entities["Viens"]["address"] == {"@type": ["PostalAddress"], "addressCountry": "LV"}
    assert entities["Viens"]["url"] == "https://x.example/viens"
    assert entities["Trīs"]["@type"] == ["Event"]
    assert page.has_broken_json_ld


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("https://x.lv/project/a/", True), ("https://x.lv/?p=3", True), ("https://x.lv/", False), ("https://x.lv/en/", False),
     ("https://x.lv/par-mums/", False), ("https://x.lv/category/a/", False), ("https://x.lv/a.pdf", False)],
)  # fmt: skip
def test_pages_that_are_no_initiatives(url: str, is_one: bool) -> None:
    assert is_initiative_page(url) == is_one


def test_patterns_to_include_leave_out_all_else() -> None:
    patterns = (r"/project/", r"/news/n\d")
    assert is_initiative_page("https://x.lv/project/a/", patterns)
    assert is_initiative_page("https://x.lv/news/n1", patterns), "what a person includes counts more than our guess"
    assert not is_initiative_page("https://x.lv/people/a/", patterns)
    assert not is_initiative_page("https://x.lv/project/a/", patterns, (r"/a/$",))


@pytest.mark.parametrize("address", ["http://www.x.lv/vieta/a/", "https://x.lv/vieta/a?utm_source=y", "https://x.lv/vieta//a/"])
@pytest.mark.parametrize("adapter", ["sitemap", "html", "structured"])
def test_one_page_is_one_record_however_its_address_is_written(adapter: str, address: str) -> None:
    body = (
        '<h1>Vieta</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><script type="application/ld+json">'
        '{"@type": "NGO", "name": "Vieta"}</script>'
    )
    page = Page(address, 200, {"content-type": "text/html"}, body.encode())
    (raw,) = ADAPTERS[adapter].extract(page, Recipe(platform="x", url="https://x.lv/"))
    assert raw.remote_id == "https://x.lv/vieta/a"


def test_sitemaps_of_all_forms() -> None:
    page = b"<urlset><url><loc>https://x.lv/a?x=1&y=2</loc><lastmod>2026-01-02</lastmod></url></urlset>"
    assert read_sitemap(page) == Sitemap(pages=[("https://x.lv/a?x=1&y=2", "2026-01-02")])
    index = b"<sitemapindex><sitemap><loc>https://x.lv/1.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(gzip.compress(index)) == Sitemap(["https://x.lv/1.xml"])
    assert read_sitemap(b"https://x.lv/1\nhttps://x.lv/2\n").pages == [("https://x.lv/1", None), ("https://x.lv/2", None)]
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url></urlset>'
    assert read_sitemap(evil) == Sitemap(is_sitemap=False)
    assert read_sitemap(b"\x1f\x8bnot gzip") == Sitemap(is_sitemap=False, is_whole=False)


def test_a_recipe_error_names_the_key_and_the_near_one() -> None:
    with pytest.raises(RecipeError, match=r"adaptor: there is no such key; did you mean adapter\?"):
        parse_recipe({"platform": "x", "adaptor": "auto"})
    with pytest.raises(RecipeError, match=r"limits\.page: .*pages"):
        parse_recipe({"platform": "x", "limits": {"page": 1}})
    with pytest.raises(RecipeError, match=r"include: .*regular expression"):
        parse_recipe({"platform": "x", "include": ["("]})


def test_seed_recipes_load_and_survive_a_round_trip(tmp_path: Path) -> None:
    seeds = seed_recipes()
    assert {seed["platform"] for seed in seeds} == {"socialenterprisebsr", "socialinnovation", "sua"}
    for seed in seeds:
        path = tmp_path / "recipe.yaml"
        path.write_text(parse_recipe(seed).to_yaml(), encoding="utf-8")
        assert load_recipe(path).model_dump(mode="json", exclude_defaults=True) == seed


def test_refused_lines_are_named_with_number_field_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lines = ['{"remote_id": "1", "title": {"lv": "Labs"}}', "{", '{"remote_id": "3"}', "", '{"remote_id": "5", "title": {"lv": "x"}, "country": "XX"}',
             '{"remote_id": "6", "title": {"lv": "x"}, "nope": 1}', '{"remote_id": "7", "title": {"lv": "x"}, "start_date": "31.12.2024"}', "[]"]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    items = list(read_file(path, None))
    assert [item.remote_id for item in items if isinstance(item, Record)] == ["1"]
    refused = {(item.remote_id, item.field) for item in items if isinstance(item, Problem)}
    assert refused == {
        ("line 2", None),
        ("line 3", "title"),
        ("line 5", "country"),
        ("line 6", "nope"),
        ("line 7", "start_date"),
        ("line 8", None),
    }


def test_what_is_refused_of_a_file_can_be_said_in_any_language(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{\n{"remote_id": "2", "title": {"lv": "x"}, "themes": ["nope", "youth", "no"]}', encoding="utf-8")
    broken, unlisted = (item for item in read_file(path, None) if isinstance(item, Problem))
    assert (broken.reason, list(broken.values)) == ("this is no JSON (%(error)s)", ["error"])
    assert (unlisted.reason, unlisted.values) == ("not in our list: %(ids)s", {"ids": "no, nope"})
    assert unlisted.message() == "not in our list: no, nope"


def test_a_record_survives_json() -> None:
    record, _ = normalised(country="Latvija", registration="40003900011", tags=["a"])
    assert record
    assert Record.from_json(json.loads(json.dumps(record.to_json()))) == record
    assert record.identifiers[0].scheme == "LV-RE"
