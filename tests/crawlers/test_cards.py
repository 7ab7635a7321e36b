"""One initiative in a part of a page: its name, its place and country, and nothing that is told of another."""

from __future__ import annotations

import pytest

from crawlers.markup import Html
from crawlers.normalise import Normaliser
from crawlers.reading.cards import breadcrumb_country, read_card
from crawlers.reading.lines import country_in
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.values.labels import field_of

URL = "https://a.example/list"


def card(markup: str) -> dict[str, object]:
    return read_card(markup, URL, {})[0]


@pytest.mark.parametrize(
    ("brackets", "country", "place"),
    [("(London, uk)", "uk", "London"), ("(HITCHIN,, uk)", "uk", "HITCHIN"), ("(Zollino (LE), Italy)", "Italy", "Zollino (LE)"),
     ("(12 Market St, Old Town, Bristol, UK)", "UK", None), ("(Old Town, Bristol, England)", "England", None),
     ("(Manfredonia (Fg), Italy). www", "Italy", "Manfredonia (Fg)")],
)  # fmt: skip
def test_brackets_at_the_end_hold_place_and_country(brackets: str, country: str, place: str | None) -> None:
    fields = card(f"<dt>Good Bread</dt><dd>We bake for the whole street, together with our neighbours. {brackets}</dd>")
    assert (fields.get("country"), fields.get("place")) == (country, place)


@pytest.mark.parametrize(
    "text",
    [
        "Education, IT",
        "GAS; Farmer's market; SGP; Homemade productions",
        "for uk",
        "made by us, uk",
        "uk",
        "a, b, c, d, Latvia",
        "IT",
    ],
)
def test_what_only_looks_like_a_place_tells_no_country(text: str) -> None:
    assert country_in(text) is None


def test_in_brackets_a_list_of_themes_tells_no_country() -> None:
    assert "country" not in card("<h3>Code Club</h3><p>Children learn to write programs of their own (education, IT)</p>")


@pytest.mark.parametrize("tag", ["dt", "h3", "summary", "h2"])
@pytest.mark.parametrize("name", ["Locality", "Region", "Telefons"])
def test_a_heading_like_a_label_is_a_name_where_it_opens_its_part(tag: str, name: str) -> None:
    fields = card(f"<{tag}>{name}</{tag}><dd>A network of community organisations in towns.</dd><p>Country: Latvia</p>")
    assert (fields["title"], fields.get("place"), fields.get("region"), fields.get("website")) == (name, None, None, None)
    assert "network of community" in str(fields["description"])
    assert fields["country"] == "Latvia"


def test_headings_that_are_labels_stay_labels() -> None:
    fields = card("<h4>Country</h4><p>Latvia</p><h4>City</h4><p>Ogre</p><p><strong>Kalna dārzs</strong></p>")
    assert (fields["title"], fields["country"], fields["place"]) == ("Kalna dārzs", "Latvia", "Ogre")


@pytest.mark.parametrize("name", ["Antartide", "Malta", "Cuba"])
def test_an_initiative_called_like_a_country_does_not_lie_there(name: str) -> None:
    others = f"<div class='more'><h4><a href='/o'>{name}</a></h4></div>"
    assert "country" not in card(f"<h3><a href='/x'>{name}</a></h3><p>A centre of studies in Bologna.</p>")
    assert "country" not in card(f"<h3>Another one</h3><p>A centre of studies in Bologna.</p>{others}")
    crumbs = f"<ol class='breadcrumb'><li>Home</li><li>Members</li><li>{name}</li></ol>"
    assert breadcrumb_country(Html(URL, f"<title>{name} | Net</title>{crumbs}<h1>{name}</h1><p>A centre.</p>")) is None


def test_a_breadcrumb_tells_the_country_above_the_page() -> None:
    crumbs = "<ol class='breadcrumb'><li>Home</li><li>Latvia</li><li>Good Bread</li></ol>"
    assert breadcrumb_country(Html(URL, f"<title>Good Bread</title>{crumbs}<h1>Good Bread</h1>")) == "Latvia"


def test_a_country_beside_the_name_in_its_heading_counts() -> None:
    assert card("<h3>Good Bread <small>Latvia</small></h3><p>We bake for the whole street.</p>")["country"] == "Latvia"


@pytest.mark.parametrize(
    ("label", "field"), [("label", None), ("Link", None), ("Tags", "tags"), ("Atslēgvārdi", "tags"), ("Website", "website")]
)
def test_a_loose_word_is_no_field(label: str, field: str | None) -> None:
    assert field_of(label) == field


def test_tags_of_one_text_are_parted_and_kept() -> None:
    record = Normaliser(Recipe.for_address(URL)).record(
        RawRecord("1", URL, {"title": "Good Bread", "tags": "bread, youth; town"})
    )
    assert record is not None
    assert record.tags == ("bread", "youth", "town")
    assert record.themes == ("youth",)


ACRONYMS = ["Named-Entity-Recognition-(NER)-Bibliothek", "Community Action Network (CAN)", "(A. Holm, HU)", "in Singapore, Ireland and now in Norway at",
            "Latvia, a small country", "Chad Smith (TCD)", "Andrej Holm (HU)", "Work and leisure, ireland"]  # fmt: skip


@pytest.mark.parametrize("text", ACRONYMS)
def test_neither_acronyms_nor_prose_are_a_country(text: str) -> None:
    assert country_in(text) is None
    for is_page in (True, False):
        fields = read_card(f"<h3>Code Club</h3><p>{text}</p><p>Children learn here.</p>", URL, {}, is_page=is_page)[0]
        assert ("country" in fields, "place" in fields) == (False, False)


@pytest.mark.parametrize(
    ("line", "country", "place"),
    [
        ("Ireland · Co. Waterford", "Ireland", ""), ("Latvija | Cēsis", "Latvija", "Cēsis"), ("Latvija, Kurzeme", "Latvija", ""),
        ("Cēsis (Latvija)", "Latvija", "Cēsis"), ("Cēsis, LV", "LV", "Cēsis"), ("Cēsis, LV-4101, Latvija", None, None), ("Ireland · Rīga", None, None),
        ("Georgia, Atlanta", None, None), ("Latvia, Estonia", None, None), ("Luxembourg, Luxembourg", "Luxembourg", "Luxembourg"), ("IE · Waterford", None, None), ("Old Farm, LV", "LV", "Old Farm"), ("A. Farm, LV", None, None), ("Old Farm, LVA", None, None), ("Cēsis, LVA", "LVA", "Cēsis"), ("Old Farm (LV)", None, None),
    ],
)  # fmt: skip
def test_a_line_of_country_and_place_has_the_country_at_its_end_or_in_front_of_its_own_town(
    line: str, country: str | None, place: str | None
) -> None:
    assert country_in(line) == ((country, place) if country else None)


@pytest.mark.parametrize(
    ("markup", "on_page", "in_card"),
    [
        ("<p>Cēsis, Latvija</p>", "Latvija", "Latvija"), ("<p>Latvija</p>", "Latvija", "Latvija"), ("<p>Old Farm, Latvija</p>", None, "Latvija"),
        ("<p>We bake for all (Cēsis, Latvija)</p>", None, "Latvija"), ("<p>Farm (Latvija)</p>", None, "Latvija"),
        ("<blockquote><p>Cēsis, Latvija</p></blockquote>", None, None), ("<figure><figcaption>Latvija</figcaption></figure>", None, None),
    ],
)  # fmt: skip
def test_of_a_page_only_a_line_of_a_known_place_tells_the_country(markup: str, on_page: str | None, in_card: str | None) -> None:
    for is_page, country in ((True, on_page), (False, in_card)):
        fields = read_card(f"<h3>Code Club</h3>{markup}<p>Children learn here.</p>", URL, {}, is_page=is_page)[0]
        assert fields.get("country") == country
