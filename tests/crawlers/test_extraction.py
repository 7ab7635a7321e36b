"""Extraction and normalising: pure functions over pages, files and words."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crawlers.adapters.sitemaps import read_sitemap
from crawlers.errors import RecipeError
from crawlers.files import read_file
from crawlers.html import Html
from crawlers.labels import is_initiative_page
from crawlers.normalise import Normaliser, parse_date
from crawlers.raw import Raw
from crawlers.recipe import Recipe, load_recipe, parse_recipe, seed_recipes
from crawlers.record import Problem, Record
from crawlers.text import language_of, plain

RECIPE = Recipe(platform="x")


def normalised(**fields: object) -> tuple[Record | None, list[tuple[str | None, str | None]]]:
    normaliser = Normaliser(RECIPE)
    record = normaliser.record(Raw("1", "https://x.example/1", {"title": "Nosaukums", **fields}))
    return record, [(problem.field, problem.value) for problem in normaliser.problems]


@pytest.mark.parametrize(
    ("text", "iso"),
    [("31.12.2023.", "2023-12-31"), ("1.12.2017", "2017-12-01"), ("2024-05", "2024-05"), ("2024", "2024"),
     ("2016. gada 18. septembrī", "2016-09-18"), ("October 23, 2024", "2024-10-23"), ("23 November 2026", "2026-11-23"),
     ("31.02.2024", None), ("drīz", None), ("2024-13-01", None), ("12/13/2024", None)],
)  # fmt: skip
def test_dates_as_the_region_writes_them(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    ("text", "email"),
    [("info@vieta.lv", "info@vieta.lv"), ("info [at] vieta.lv", "info@vieta.lv"), ("mailto:Info@Vieta.lv", "info@vieta.lv"),
     ("[email protected]", None), ("anna.kalna@vieta.lv", None), ("nav", None)],
)  # fmt: skip
def test_only_an_organisations_address_is_taken(text: str, email: str | None) -> None:
    record, _ = normalised(email=text)
    assert record
    assert record.email == email


@pytest.mark.parametrize(
    ("text", "website"),
    [("https://Vieta.LV/", "https://vieta.lv/"), ("www.vieta.lv", "https://www.vieta.lv"), ("htp:/vieta.lv", None),
     ("javascript:alert(1)", None), ("nav", None), ("http://vieta.lv/lapa?x=1", "http://vieta.lv/lapa?x=1")],
)  # fmt: skip
def test_broken_websites_are_reported(text: str, website: str | None) -> None:
    record, problems = normalised(website=text)
    assert record
    assert record.website == website
    assert problems == ([] if website else [("website", text)])


@pytest.mark.parametrize(
    ("lat", "lon", "is_taken"),
    [("56,95", "24.1", True), ("24.1", "56.95", False), ("0", "0", False), ("95", "24", False), ("x", "y", False)],
)
def test_coordinates_that_lie_elsewhere_are_reported(lat: str, lon: str, is_taken: bool) -> None:
    record, problems = normalised(lat=lat, lon=lon)
    assert record
    assert (record.lat is not None) == is_taken
    assert bool(problems) != is_taken


def test_countries_and_unknown_values_are_never_guessed() -> None:
    record, problems = normalised(country="Latvija, Igaunija", themes="jaunatne; kosmoss")
    assert record
    assert (record.country, record.countries, record.themes) == (None, ("LV", "EE"), ("youth",))
    assert problems == [("themes", "kosmoss")]
    assert normalised(country="Baltija")[1] == [("country", "Baltija")]


def test_an_item_without_a_title_is_refused() -> None:
    record, problems = normalised(title=" ")
    assert record is None
    assert problems == [("title", "")]


def test_builder_codes_cookies_and_menus_never_reach_a_text() -> None:
    text = plain(
        "[vc_row][vc_column_text css=&#8221;.a&#8221;]<p>Pirmā&nbsp;rinda</p><p>Otrā</p>[/vc_column_text]<a>Read more</a><p>We use cookies on this site</p><script>x</script>"
    )
    assert text == "Pirmā rinda\nOtrā"


def test_languages_are_told_by_the_text(shared_data: Path) -> None:
    rows = [json.loads(line) for line in (shared_data / "langid_dev.jsonl").open(encoding="utf-8")]
    told = [(row, language_of(row["text"])) for row in rows]
    right = {id(row) for row, tag in told if tag == ("nb" if row["lang"] == "no" else row["lang"])}
    sentences = [row for row in rows if row["kind"] == "sentences"]
    answered = [row for row, tag in told if tag != "und"]
    assert sum(id(row) in right for row in sentences) / len(sentences) > 0.97
    assert sum(id(row) in right for row in answered) / len(answered) > 0.99
    assert language_of("Mēs", "lv") == "lv"
    assert language_of("Mēs cepam maizi kopā ar jauniešiem no Vidzemes", "en") == "lv"


def test_microdata_and_json_ld_are_read_alike() -> None:
    page = Html("https://x.example/", """
        <div itemscope itemtype="https://schema.org/NGO" itemref="more"><span itemprop="name">Viens</span>
        <div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><b itemprop="addressCountry">LV</b></div></div>
        <p id="more"><a itemprop="url" href="/viens">x</a></p>
        <script type="application/ld+json">{"@graph": [{"@type": "NGO", "name": "Divi"}, [{"@type": "schema:Event", "name": "Trīs"}]]}</script>
        <script type="application/ld+json">{"broken": </script>""")  # fmt: skip
    found = {entity["name"]: entity for entity in page.entities}
    assert found["Viens"]["address"] == {"@type": ["PostalAddress"], "addressCountry": "LV"}
    assert found["Viens"]["url"] == "https://x.example/viens"
    assert found["Trīs"]["@type"] == ["Event"]
    assert len(page.problems) == 1


def test_labelled_facts_of_all_forms() -> None:
    page = Html(
        "https://x.example/",
        "<dl><dt>Valsts:</dt><dd>Latvija</dd></dl><table><tr><th>Joma</th><td>vide</td></tr></table><p>Vieta: Cēsis<br>Tālrunis: 123</p>",
    )
    assert page.facts == {"Valsts": "Latvija", "Joma": "vide", "Vieta": "Cēsis", "Tālrunis": "123"}


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("https://x.lv/project/a/", True), ("https://x.lv/?p=3", True), ("https://x.lv/", False), ("https://x.lv/en/", False),
     ("https://x.lv/par-mums/", False), ("https://x.lv/category/a/", False), ("https://x.lv/a.pdf", False)],
)  # fmt: skip
def test_pages_that_are_no_initiatives(url: str, is_one: bool) -> None:
    assert is_initiative_page(url) == is_one


def test_sitemaps_of_all_forms() -> None:
    page = b"<urlset><url><loc>https://x.lv/a?x=1&y=2</loc><lastmod>2026-01-02</lastmod></url></urlset>"
    assert read_sitemap(page) == ([], [("https://x.lv/a?x=1&y=2", "2026-01-02")])
    index = b"<sitemapindex><sitemap><loc>https://x.lv/1.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(gzip.compress(index)) == (["https://x.lv/1.xml"], [])
    assert read_sitemap(b"https://x.lv/1\nhttps://x.lv/2\n")[1] == [("https://x.lv/1", None), ("https://x.lv/2", None)]
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url></urlset>'
    assert read_sitemap(evil) == ([], [])
    assert read_sitemap(b"\x1f\x8bnot gzip") == ([], [])


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
    found = list(read_file(path, None))
    assert [item.remote_id for item in found if isinstance(item, Record)] == ["1"]
    told = {(item.remote_id, item.field) for item in found if isinstance(item, Problem)}
    assert told == {
        ("line 2", None),
        ("line 3", "title"),
        ("line 5", "country"),
        ("line 6", "nope"),
        ("line 7", "start_date"),
        ("line 8", None),
    }


def test_a_record_survives_json() -> None:
    record, _ = normalised(country="Latvija", registration="40003900011", tags=["a"])
    assert record
    assert Record.from_json(json.loads(json.dumps(record.to_json()))) == record
    assert record.identifiers[0].scheme == "LV-RE"
