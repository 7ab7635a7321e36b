"""Schema.org data as pages write it: JSON-LD, microdata and RDFa, whole and slightly broken."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from crawlers.adapters.html_list import raw_records as html_raws
from crawlers.markup import Html
from crawlers.markup.entities import Entity, all_entities
from crawlers.markup.entities.microdata import MAX_ITEMS
from crawlers.normalise import Normaliser
from crawlers.reading.schema_org import entity_to_raw, initiatives, owner_of
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from tests.crawlers.memory_site import extracted, recipe_of
from vocabulary import fold


def entities(markup: str) -> list[Entity]:
    return Html("https://x.example/p/", markup).entities


def json_ld(text: str) -> list[Entity]:
    return entities(f'<script type="application/ld+json">{text}</script>')


NOTATIONS = {
    "JSON-LD": """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Event", "@id": "https://x.example/talka#e",
        "name": "Lielā talka", "startDate": "2026-04-25T10:00+03:00", "url": "https://x.example/talka", "isAccessibleForFree": true,
        "keywords": ["talka", "upe"], "location": {"@type": "Place", "name": "Gaujas krasts", "address": {"@type": "PostalAddress",
        "addressLocality": "Valmiera", "addressCountry": "LV"}, "geo": {"@type": "GeoCoordinates", "latitude": 57.54, "longitude": 25.42}},
        "organizer": [{"@type": "NGO", "name": "Upes draugi", "sameAs": "https://upe.example/"},
        {"@type": ["Organization", "LocalBusiness"], "name": "Laivu bāze", "email": "info@laivas.example"}]}</script>""",
    "microdata": """<article itemscope itemref="base" itemtype="https://schema.org/Event" itemid="https://x.example/talka#e"><h2 itemprop="name">Lielā
        talka</h2><time itemprop="startDate" datetime="2026-04-25T10:00+03:00">sestdien</time> <a itemprop="url" href="/talka">vairāk</a>
        <meta itemprop="isAccessibleForFree" content="true"><i itemprop="keywords">talka</i> <i itemprop="keywords">upe</i>
        <div itemprop="location" itemscope itemtype="https://schema.org/Place"><b itemprop="name">Gaujas krasts</b>
        <p itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">Valmiera</span>
        <meta itemprop="addressCountry" content="LV"></p><p itemprop="geo" itemscope itemtype="https://schema.org/GeoCoordinates">
        <data itemprop="latitude" value="57.54">57°</data><data itemprop="longitude" value="25.42">25°</data></p></div>
        <p itemprop="organizer" itemscope itemtype="https://schema.org/NGO"><span itemprop="name">Upes draugi</span>
        <link itemprop="sameAs" href="https://upe.example/"></p></article>
        <p id="base" itemprop="organizer" itemscope itemtype="https://schema.org/Organization https://schema.org/LocalBusiness">
        <span itemprop="name">Laivu bāze</span> <span itemprop="email">info@laivas.example</span></p>""",
    "RDFa": """<article vocab="https://schema.org/" typeof="Event" resource="/talka#e"><h2 property="name">Lielā talka</h2>
        <time property="startDate" datetime="2026-04-25T10:00+03:00">sestdien</time> <a property="url" href="/talka">vairāk</a>
        <meta property="isAccessibleForFree" content="true"><i property="keywords">talka</i> <i property="keywords">upe</i>
        <div property="location" typeof="Place"><b property="name">Gaujas krasts</b><p property="address" typeof="PostalAddress">
        <span property="addressLocality">Valmiera</span><meta property="addressCountry" content="LV"></p>
        <p property="geo" typeof="GeoCoordinates"><span property="latitude" content="57.54">57°</span><span property="longitude"
        content="25.42">25°</span></p></div><p property="organizer" typeof="NGO"><span property="name">Upes draugi</span>
        <link property="sameAs" href="https://upe.example/"></p><p property="organizer" typeof="Organization LocalBusiness">
        <span property="name">Laivu bāze</span> <span property="email">info@laivas.example</span></p></article>""",
}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_thing_is_the_same_in_every_notation(notation: str) -> None:
    (event,) = (thing for thing in entities(NOTATIONS[notation]) if "Event" in thing["@type"])
    place = event["location"]
    assert {name: plain(event[name]) for name in ("@id", "name", "startDate", "url", "isAccessibleForFree")} == {
        "@id": "https://x.example/talka#e", "name": "Lielā talka", "startDate": "2026-04-25T10:00+03:00", "url": "https://x.example/talka",
        "isAccessibleForFree": "true",
    }  # fmt: skip
    assert event["keywords"] == ["talka", "upe"]
    assert (place["name"], place["address"]["addressLocality"], place["address"]["addressCountry"]) == (
        "Gaujas krasts",
        "Valmiera",
        "LV",
    )
    assert (float(place["geo"]["latitude"]), float(place["geo"]["longitude"])) == (57.54, 25.42)
    assert [(thing["@type"], thing["name"], thing.get("sameAs"), thing.get("email")) for thing in event["organizer"]] == [
        (["NGO"], "Upes draugi", "https://upe.example/", None),
        (["Organization", "LocalBusiness"], "Laivu bāze", None, "info@laivas.example"),
    ]


@pytest.mark.parametrize(
    "markup",
    ['<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NGO", "@id": "#org", "name": "Viens"}</script>',
     '<p itemscope itemtype="https://schema.org/NGO" itemid="#org"><b itemprop="name">Viens</b></p>',
     '<p vocab="https://schema.org/" typeof="NGO" resource="#org"><b property="name">Viens</b></p>'],
)  # fmt: skip
def test_a_relative_id_is_another_thing_on_each_page(markup: str) -> None:
    pages = [Html(f"https://x.example/{name}", markup) for name in ("a", "b")]
    ids = [entity_to_raw(page.entities[0], page, is_alone=True).remote_id for page in pages]
    assert ids == ["https://x.example/a#org", "https://x.example/b#org"]


def plain(value: object) -> str:
    """A value with single blanks; a truth value as JSON writes it."""
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


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
    assert [(thing["@type"], thing["name"]) for thing in json_ld(text)] == [(["NGO"], "Viens")]


def test_another_vocabulary_is_not_taken_for_schema_org() -> None:
    (thing,) = json_ld('{"@context": {"@vocab": "http://xmlns.com/foaf/0.1/"}, "@type": "Group", "name": "Viens"}')
    assert thing["@type"] == ["http://xmlns.com/foaf/0.1/Group"]
    assert "name" not in thing


def test_references_are_joined_and_circles_end() -> None:
    page = json_ld(
        '{"@graph": [{"@id": "#a", "@type": "NGO", "name": "Viens", "member": {"@id": "#b"}},'
        '{"@id": "#b", "@type": "NGO", "name": "Divi", "memberOf": {"@id": "#a"}}, {"@id": "#a", "email": "a@x.example"}]}'
    )
    first = page[0]
    assert first["email"] == "a@x.example"
    assert first["member"]["name"] == "Divi"
    assert first["member"]["memberOf"] == {"@id": "#a", "@type": ["NGO"], "name": "Viens"}


def test_reversed_properties_and_languages() -> None:
    things = json_ld(
        '{"@type": "Place", "name": {"lv": "Osta", "en": "Port"}, "@reverse": {"location": {"@type": "Event", "name": "Svētki"}}}'
    )
    by_type = {thing["@type"][0]: thing for thing in things}
    assert by_type["Event"]["location"]["name"] == by_type["Place"]["name"]
    assert {"@language": "lv", "@value": "Osta"} in by_type["Place"]["name"]


def test_what_cannot_be_mended_is_told() -> None:
    page = Html("https://x.example/", '<script type="application/ld+json">{"broken": </script>')
    assert page.entities == []
    assert page.has_broken_json_ld


def test_rdfa_with_prefixes_content_and_inherited_vocabulary() -> None:
    (thing,) = entities(
        '<div prefix="s: http://schema.org/" vocab="http://schema.org/"><p typeof="s:NGO" resource="#viens"><b property="s:name">Viens</b>'
        '<span property="address" typeof="PostalAddress"><meta property="addressCountry" content="LV"></span>'
        '<a property="url" href="/viens">x</a> <span property="foaf:name">Cits</span></p></div>'
        '<p vocab="https://schema.org/" about="#viens"><time property="foundingDate" datetime="2001">senā</time></p>'
    )
    assert thing == {
        "@type": ["NGO"], "@id": "https://x.example/p/#viens", "name": "Viens", "url": "https://x.example/viens", "foundingDate": "2001",
        "address": {"@type": ["PostalAddress"], "addressCountry": "LV"},
    }  # fmt: skip


def test_a_thing_whose_address_is_its_own_id_stands_for_itself() -> None:
    (thing,) = entities(
        '<p vocab="https://schema.org/" typeof="NGO" resource="/a"><b property="name">Viens</b> <a property="url" href="/a">x</a></p>'
    )
    assert (thing["name"], thing["@id"], thing["url"]) == ("Viens", "https://x.example/a", "https://x.example/a")


def test_of_things_that_are_values_of_each_other_the_first_stands_for_itself() -> None:
    things = entities(
        '<div vocab="https://schema.org/"><p typeof="NGO" resource="/a"><b property="name">Viens</b> <a property="member" href="/b">x</a></p>'
        '<p typeof="NGO" resource="/b"><b property="name">Divi</b> <a property="memberOf" href="/a">x</a></p></div>'
    )
    assert [(thing["name"], thing["member"]["name"]) for thing in things] == [("Viens", "Divi")]


@pytest.mark.parametrize(
    "markup",
    ["".join(f"<div itemscope id=i{n} itemprop=a itemref='{' '.join(f'i{m}' for m in range(30))}'></div>" for n in range(30)),
     "<div itemscope itemprop=a typeof=a vocab='https://schema.org/' property=a>" * 3000,
     f'<script type="application/ld+json">{"[" * 100_000}</script>',
     '<script type="application/ld+json">' + '{"a":' * 50_000,
     '<script type="application/ld+json">{"@context": {"a": "b:a", "b": "a:b"}, "@type": "a:b", "a": {"@id": "x", "a": {"@id": "x"}}}</script>'],
)  # fmt: skip
def test_what_refers_to_itself_without_end_ends(markup: str) -> None:
    things = entities(f"<div itemscope itemref='i0 i1'></div>{markup}")
    assert sum(1 for _ in all_entities(things)) <= MAX_ITEMS + 2


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
    assert [raw.fields.get("country") for raw in html_raws(page, recipe, list_url=page.url)] == [None]


def node(number: int, **values: object) -> dict[str, object]:
    return {"@id": f"#o{number}", "@type": "NGO", "name": f"Viens {number}", **values}


def references(numbers: Iterable[int]) -> list[dict[str, str]]:
    return [{"@id": f"#o{number}"} for number in numbers]


ENTANGLED = {
    "10 that know each other": ([node(n, knows=references(m for m in range(10) if m != n)) for n in range(10)], 10),
    "12 with 4 references each": ([node(n, **{p: {"@id": f"#o{n + 1}"} for p in ("knows", "member", "sponsor", "funder")}) for n in range(12)], 12),
    "3,000 members of one": ([node(3000, member=references(range(3000))), *(node(n, memberOf={"@id": "#o3000"}) for n in range(3000))], 3001),
}  # fmt: skip


def size_of(value: object) -> int:
    """The number of objects, lists and texts in a value, those in several places counted in each."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(size_of, inner))


@pytest.mark.parametrize("name", ENTANGLED)
def test_what_is_made_of_a_page_grows_with_the_page(name: str) -> None:
    graph, count = ENTANGLED[name]
    things = json_ld(json.dumps({"@graph": graph}))
    assert len(things) == count
    assert size_of(things) <= 60 * size_of(graph)


def test_rdfa_that_refers_to_each_other_grows_with_the_page() -> None:
    links = ["".join(f'<link property="member" href="#r{(n + k) % 12}">' for k in range(1, 11)) for n in range(12)]
    page = "".join(f'<p typeof="NGO" resource="#r{n}"><b property="name">N{n}</b>{links[n]}</p>' for n in range(12))
    assert size_of(entities(f'<div vocab="https://schema.org/">{page}</div>')) <= 60 * 12 * 13


def test_a_thing_that_several_name_is_read_with_its_own_values_by_each() -> None:
    place = {
        "@id": "#p",
        "@type": "Place",
        "name": "Osta",
        "address": {"@id": "#a", "@type": "PostalAddress", "addressLocality": "Rīga", "addressCountry": "LV"},
    }
    events = [{"@id": f"#e{n}", "@type": "Event", "name": f"Svētki {n}", "location": {"@id": "#p"}} for n in range(3)]
    page = Html("https://x.example/", f'<script type="application/ld+json">{json.dumps({"@graph": [*events, place]})}</script>')
    raws = [entity_to_raw(entity, page, is_alone=False) for entity in page.entities[:3]]
    assert [(raw.fields["place"], raw.fields["country"]) for raw in raws] == [("Rīga", ["LV"])] * 3


def test_an_initiative_that_a_page_names_first_is_read_where_it_is_written_out() -> None:
    page = Html(
        "https://x.example/p",
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "mainEntity": {"@id": "#a"}}, {"@id": "#a", '
        f'"@type": "NGO", "name": "Viens", "sameAs": {json.dumps([f"https://s.example/{n}" for n in range(25)])}}}]}}</script>',
    )
    (thing,) = initiatives(page)
    assert len(thing["sameAs"]) == 25


BLOCK = (
    '<li itemscope itemtype="https://schema.org/NGO"><h3 itemprop="name">{0}</h3><p itemprop="description">We bake together.</p>'
    '<i itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><b itemprop="addressLocality">Tartu</b></i></li>'
)
PARTNER = '<li><h3>{0}</h3><p>With <i itemscope itemtype="https://schema.org/NGO"><b itemprop="name">Partner</b></i></p></li>'
TYPED = '<li vocab="https://schema.org/" typeof="Project"><h3 property="name">{0}</h3><p>We bake together.</p></li>'


@pytest.mark.parametrize(
    ("block", "kind", "sectors", "place"),
    [(BLOCK, "organisation", ("ngo",), "Tartu"), (TYPED, "project", (), None), (PARTNER, None, (), None)],
)
def test_a_block_of_a_list_is_what_its_only_thing_says_that_has_its_name(
    block: str, kind: str | None, sectors: tuple[str, ...], place: str | None
) -> None:
    names = ["Saule", "Upe", "Mežs"]
    body = f"<html lang=en><body><ul>{''.join(map(block.format, names))}</ul></body></html>"
    records, _ = extracted(recipe_of("html", html={"blocks": "li"}), body)
    assert [record.remote_id.rpartition("#")[2] for record in records] == [fold(name) for name in names]
    assert [list(record.title.values()) for record in records] == [[name] for name in names]
    assert {(record.kind, record.sectors, record.place) for record in records} == {(kind, sectors, place)}


@pytest.mark.parametrize(
    ("type_name", "default", "kind"),
    [
        ("Organization", "social_enterprise", "social_enterprise"), ("NGO", "network", "network"), ("Organization", "support_organisation", "support_organisation"),
        ("LocalBusiness", "platform", "platform"), ("Organization", None, "organisation"), ("Organization", "project", "organisation"), ("Event", "social_enterprise", "event"),
    ],
)  # fmt: skip
def test_the_type_organization_gives_way_to_a_kind_of_organisations_that_the_recipe_names(
    type_name: str, default: str | None, kind: str
) -> None:
    recipe = Recipe(platform="p", defaults={"kind": default} if default else {})
    record = Normaliser(recipe).record(RawRecord("1", None, {"title": "Saule"}, types=(type_name,)))
    assert record is not None
    assert (record.kind, record.derived.get("kind")) == (kind, None if kind == default else type_name)
