"""Schema.org data as pages write it: JSON-LD, microdata and RDFa, whole and slightly broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.structured import measure
from crawlers.adapters.html import raws as html_raws
from crawlers.html import Html
from crawlers.html.entities import Entity, every_entity
from crawlers.html.entities.microdata import MOST_ITEMS
from crawlers.reading.things import owner_of
from crawlers.recipe import Recipe


def entities(markup: str) -> list[Entity]:
    return Html("https://x.example/p/", markup).entities


def json_ld(text: str) -> list[Entity]:
    return entities(f'<script type="application/ld+json">{text}</script>')


def test_the_examples_of_schema_org_are_read(shared_data: Path) -> None:
    shares = {notation: count.share for notation, count in measure(shared_data).items()}
    assert shares == {"jsonld": 1.0, "microdata": 1.0, "rdfa": 1.0}


@pytest.mark.parametrize(
    "text",
    ['{"@context": "https://schema.org", "@type": "NGO", "name": "Viens",}',
     '// <![CDATA[\n{"@type": "NGO", /* name */ "name": "Viens"}\n// ]]>',
     '<!-- {"@type": "NGO", "name": "Viens"} -->',
     "{&quot;@type&quot;: &quot;NGO&quot;, &quot;name&quot;: &quot;Viens&quot;}",
     '{"@type": "NGO", "name": "Viens"};',
     '{"@type": "NGO", "url": "https://x.example/a", // comment\n "name": "Viens"}',
     '{"@type": "NGO", "description": "line\nbreak\tand tab", "name": "Viens",}',
     '{"@context": {"schema": "http://schema.org/"}, "@type": "schema:NGO", "schema:name": "Viens"}',
     '{"@context": {"s": "https://schema.org/", "nom": "s:name"}, "@type": "s:NGO", "nom": "Viens"}',
     '{"@type": "https://schema.org/NGO", "http://schema.org/name": "Viens"}',
     '{"@context": {"@vocab": "https://schema.org/", "type": "@type"}, "type": "NGO", "name": {"@value": "Viens"}}',
     '[[{"@graph": [{"@type": ["NGO"], "name": ["Viens"]}]}]]'],
)  # fmt: skip
def test_json_ld_of_all_forms(text: str) -> None:
    assert [(one["@type"], one["name"]) for one in json_ld(text)] == [(["NGO"], "Viens")]


def test_another_vocabulary_is_not_taken_for_schema_org() -> None:
    (one,) = json_ld('{"@context": {"@vocab": "http://xmlns.com/foaf/0.1/"}, "@type": "Group", "name": "Viens"}')
    assert one["@type"] == ["http://xmlns.com/foaf/0.1/Group"]
    assert "name" not in one


def test_references_are_joined_and_circles_end() -> None:
    page = json_ld(
        '{"@graph": [{"@id": "#a", "@type": "NGO", "name": "Viens", "member": {"@id": "#b"}},'
        '{"@id": "#b", "@type": "NGO", "name": "Divi", "memberOf": {"@id": "#a"}}, {"@id": "#a", "email": "a@x.example"}]}'
    )
    first = page[0]
    assert first["email"] == "a@x.example"
    assert first["member"]["name"] == "Divi"
    assert first["member"]["memberOf"] == {"@id": "#a"}


def test_reversed_properties_and_languages() -> None:
    found = json_ld(
        '{"@type": "Place", "name": {"lv": "Osta", "en": "Port"}, "@reverse": {"location": {"@type": "Event", "name": "Svētki"}}}'
    )
    by_type = {one["@type"][0]: one for one in found}
    assert by_type["Event"]["location"]["name"] == by_type["Place"]["name"]
    assert {"@language": "lv", "@value": "Osta"} in by_type["Place"]["name"]


def test_what_cannot_be_mended_is_told() -> None:
    page = Html("https://x.example/", '<script type="application/ld+json">{"broken": </script>')
    assert page.entities == []
    assert len(page.problems) == 1


def test_rdfa_with_prefixes_content_and_inherited_vocabulary() -> None:
    (one,) = entities(
        '<div prefix="s: http://schema.org/" vocab="http://schema.org/"><p typeof="s:NGO" resource="#viens"><b property="s:name">Viens</b>'
        '<span property="address" typeof="PostalAddress"><meta property="addressCountry" content="LV"></span>'
        '<a property="url" href="/viens">x</a> <span property="foaf:name">Cits</span></p></div>'
        '<p vocab="https://schema.org/" about="#viens"><time property="foundingDate" datetime="2001">senā</time></p>'
    )
    assert one == {
        "@type": ["NGO"], "@id": "https://x.example/p/#viens", "name": "Viens", "url": "https://x.example/viens", "foundingDate": "2001",
        "address": {"@type": ["PostalAddress"], "addressCountry": "LV"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "markup",
    ["".join(f"<div itemscope id=i{n} itemprop=a itemref='{' '.join(f'i{m}' for m in range(30))}'></div>" for n in range(30)),
     "<div itemscope itemprop=a typeof=a vocab='https://schema.org/' property=a>" * 3000,
     f'<script type="application/ld+json">{"[" * 100_000}</script>',
     '<script type="application/ld+json">' + '{"a":' * 50_000,
     '<script type="application/ld+json">{"@context": {"a": "b:a", "b": "a:b"}, "@type": "a:b", "a": {"@id": "x", "a": {"@id": "x"}}}</script>'],
)  # fmt: skip
def test_what_refers_to_itself_without_end_ends(markup: str) -> None:
    found = entities(f"<div itemscope itemref='i0 i1'></div>{markup}")
    assert sum(1 for _ in every_entity(found)) <= MOST_ITEMS + 2


FOOT = (
    '<div itemscope itemtype="https://schema.org/Organization"><span itemprop="name">Network of Good</span><div itemprop="address" '
    'itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="addressCountry">Latvia</span></div></div>'
)


def test_a_thing_that_a_part_of_the_front_pages_title_names_runs_the_site() -> None:
    def named(path: str, title: str) -> str | None:
        return owner_of(Html(f"https://a.example{path}", f"<title>{title}</title><h1>Home</h1>{FOOT}"))

    assert named("/", "Home | Network of Good") == "Network of Good"
    assert named("/en/", "Network of Good :: Home") == "Network of Good"
    assert named("/", "Home | Somebody") is None
    assert named("/org/network-of-good", "Network of Good | Directory") is None


def test_the_country_of_whoever_runs_the_site_is_no_initiatives() -> None:
    page = Html("https://a.example/org/1", f"<title>Good Bread</title><h1>Good Bread</h1><p>We bake.</p>{FOOT}")
    recipe = Recipe.for_address("https://a.example/").model_copy(update={"title": "Network of Good"})
    assert [raw.fields.get("country") for raw in html_raws(page, recipe, at=page.url)] == [None]
