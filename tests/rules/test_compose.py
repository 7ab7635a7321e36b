"""Composing a listing: which record stands over which, what people say over all of them, and the coordinates of towns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import groups
from platforma.catalogue.listings.compose import compose, public_records, recompose, sources_of
from platforma.catalogue.listings.layers import LAYERS, author_of
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, PlatformState, Record, RecordState, Value
from platforma.catalogue.shapes import TextField
from tests.rules.rows import START, add_listing, record, value

OWN: dict[str, Any] = {"url": "https://www.saule.example/par", "website": "https://saule.example"}
TOWN: dict[str, Any] = {
    "place": "Cēsis",
    "country": "LV",
    "lat": 57.31,
    "lon": 25.27,
    "derived": {"lat": "town Cēsis", "lon": "town Cēsis"},
}
EXACT: dict[str, Any] = {"place": "Cēsis", "country": "LV", "lat": 57.3, "lon": 25.2}


def composed(*records: Record, values: Sequence[Value] = ()) -> dict[str, Any]:
    """The listing, which must not depend on the order of records or values."""
    first, *others = [
        compose(some_records, some_values) for some_records in permutations(records) for some_values in permutations(values)
    ]
    assert all(other == first for other in others)
    return cast(dict[str, Any], first)


def composed_as_dict(records: Sequence[Record], values: Sequence[Value]) -> dict[str, Any]:
    """The composed JSON, of which any field may be looked up by name."""
    return cast(dict[str, Any], compose(records, values))


BETTER: dict[str, tuple[Callable[..., Record], Callable[..., Record]]] = {
    "seen": (lambda *a, **k: record(*a, **k), lambda *a, **k: record(*a, state=RecordState.GONE, **k)),
    "seen, not archived": (lambda *a, **k: record(*a, **k), lambda *a, **k: record(*a, state=RecordState.ARCHIVED, **k)),
    "own site": (lambda *a, **k: record(*a, **(OWN | k)), lambda *a, **k: record(*a, **k)),
    "platform's rank": (lambda *a, **k: record(*a, rank=1, **k), lambda *a, **k: record(*a, rank=2, **k)),
    "known longer": (lambda *a, **k: record(*a, day=1, **k), lambda *a, **k: record(*a, day=2, **k)),
    "lower id": (lambda *a, **k: record(*a, id=1, **k), lambda *a, **k: record(*a, id=2, **k)),
}


@pytest.mark.parametrize("key", BETTER)
@pytest.mark.parametrize("is_first", [True, False])
def test_each_rule_of_the_order_decides_where_all_else_is_alike(key: str, is_first: bool) -> None:
    better, worse = BETTER[key]
    names = ("a", "z") if is_first else ("z", "a")
    listing = composed(better(names[0], place="Cēsis"), worse(names[1], place="Rīga"))
    assert (listing["fields"]["place"], listing["origins"]["place"]) == ("Cēsis", names[0])


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(record("a", place="Cēsis", rank=9, day=9, id=9), record("b", place="Rīga", state=RecordState.GONE, **OWN), id="seen>own"),
        pytest.param(record("a", place="Cēsis", rank=2, day=9, id=9, **OWN), record("b", place="Rīga", rank=1), id="own>rank"),
        pytest.param(record("a", place="Cēsis", rank=1, day=9, id=9), record("b", place="Rīga", rank=2), id="rank>known"),
        pytest.param(record("a", place="Cēsis", day=1, id=9), record("b", place="Rīga", day=2), id="known>id"),
    ],
)  # fmt: skip
def test_each_rule_of_the_order_stands_over_all_that_follow(better: Record, worse: Record) -> None:
    assert composed(better, worse)["fields"]["place"] == "Cēsis"


def test_the_crawl_that_came_last_decides_nothing() -> None:
    older, newer = record("a", id=1, place="Cēsis", day=1), record("b", id=2, place="Rīga", day=2)
    for later, sooner in ((older, newer), (newer, older)):
        later.last_seen_at, sooner.last_seen_at = START + timedelta(days=9), START + timedelta(days=8)
        assert composed(older, newer)["fields"]["place"] == "Cēsis"


@pytest.mark.parametrize(
    ("url", "website", "is_own"),
    [
        ("https://www.saule.example/par", "https://saule.example", True),
        ("https://saule.example/par", "https://www.saule.example", True),
        ("https://saule.example/par", "https://SAULE.example/", True),
        ("https://register.example/saule.example", "https://saule.example", False),
        ("https://saule.example", "https://saule.example.org", False),
        ("https://awww.saule.example", "https://saule.example", False),
        ("https://saule.example", None, False),
        (None, "https://saule.example", False),
        (None, None, False),
    ],
)
def test_a_site_is_its_own_where_the_page_stands_on_the_website(url: str | None, website: str | None, is_own: bool) -> None:
    maybe_own = record("z", id=2, place="Cēsis", url=url, website=website)
    other = record("a", id=1, place="Rīga")
    assert composed(maybe_own, other)["fields"]["place"] == ("Cēsis" if is_own else "Rīga")


SAID: dict[str, Any] = {
    **dict.fromkeys(PLAIN_FIELDS, "x"), **{name: ["x"] for name in LIST_FIELDS}, "lat": 1.5, "lon": 2.5,
    "identifiers": [{"scheme": "LV-RE", "value": "1"}],
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_field_is_of_the_first_layer_that_says_it(name: str) -> None:
    both = {"lat": 1.0, "lon": 2.0} if name in ("lat", "lon") else {name: SAID[name]}
    bare, source = record("a", id=1), record("b", id=2)
    cast(dict[str, Any], source.payload).update(both)
    owners, curators = (["owner's"], ["curator's"]) if name in LIST_FIELDS else ("owner's", "curator's")
    owner, curator = value(name, owners, layer="owner"), value(name, curators)
    assert (composed(bare)["fields"].get(name), composed(bare)["origins"].get(name)) == (None, None)
    for records, values, shown, origin in [
        ((bare, source), (), both[name], "b"),
        ((bare, source), (owner,), owners, "owner"),
        ((bare, source), (owner, curator), curators, "curator"),
        ((bare, source), (curator,), curators, "curator"),
        ((bare,), (owner,), owners, "owner"),
    ]:
        listing = composed(*records, values=values)
        assert (listing["fields"][name], listing["origins"][name]) == (shown, origin)


@pytest.mark.parametrize("name", TEXT_FIELDS)
def test_a_text_is_of_the_first_layer_that_says_it_in_that_language(name: TextField) -> None:
    best, weaker = record("a", id=1), record("b", id=2)
    best.payload[name], weaker.payload[name] = {"lv": "a lv"}, {"lv": "b lv", "en": "b en", "et": "b et"}
    values = [
        value(name, "o en", lang="en", layer="owner"),
        value(name, "o de", lang="de", layer="owner"),
        value(name, "c de", lang="de"),
    ]
    listing = composed(best, weaker, values=values)
    assert listing["texts"][name] == {"lv": "a lv", "en": "o en", "et": "b et", "de": "c de"}
    origins = {lang: listing["origins"][f"{name}/{lang}"] for lang in ("lv", "en", "et", "de")}
    assert origins == {"lv": "a", "en": "owner", "et": "b", "de": "curator"}


@pytest.mark.parametrize("empty", ["", None, [], {}])
@pytest.mark.parametrize("layer", ["owner", "curator"])
def test_an_emptied_value_takes_the_field_away_and_says_nothing_of_its_origin(empty: object, layer: str) -> None:
    source = record(
        "a", place="Cēsis", summary={"lv": "Ceptuve", "en": "A bakery"}, sectors=("private",), derived={"sectors": "SIA"}
    )
    emptied = [
        value("place", empty, layer=layer),
        value("summary", empty, lang="en", layer=layer),
        value("sectors", empty, layer=layer),
    ]
    emptied += [value("description", empty, lang="lv", layer=layer), value("phone", empty, layer=layer)]
    listing = composed(source, values=emptied)
    assert listing["fields"] == {}
    assert listing["texts"] == {"title": {"lv": "Saules maize"}, "summary": {"lv": "Ceptuve"}}
    assert listing["origins"] == {"title/lv": "a", "summary/lv": "a"}
    assert listing["derived"] == {}


def test_a_curator_gives_back_what_the_owner_emptied_and_the_other_way_round() -> None:
    emptied, given_back = value("place", "", layer="owner"), value("place", "Ogre")
    assert composed(record(), values=[emptied, given_back])["fields"]["place"] == "Ogre"
    owners, emptied_again = value("place", "Ogre", layer="owner"), value("place", "")
    assert "place" not in composed(record(), values=[owners, emptied_again])["fields"]


def test_a_record_that_says_nothing_hides_nothing() -> None:
    best = record("a", id=1, place="", tags=(), summary={"lv": ""}, phone=None)
    weaker = record("b", id=2, place="Cēsis", tags=("maize",), summary={"lv": "Ceptuve"}, phone="+371 20000000")
    listing = composed(best, weaker)
    assert listing["fields"] == {"place": "Cēsis", "tags": ["maize"], "phone": "+371 20000000"}
    assert listing["texts"]["summary"] == {"lv": "Ceptuve"}


@pytest.mark.parametrize(
    ("best", "weaker", "mark"),
    [
        ({"sectors": ("ngo",), "derived": {"sectors": "biedrība"}}, {"sectors": ("private",)}, "biedrība"),
        ({"sectors": ("ngo",)}, {"sectors": ("private",), "derived": {"sectors": "SIA"}}, None),
        ({"derived": {"sectors": "nothing"}}, {"sectors": ("private",), "derived": {"sectors": "SIA"}}, "SIA"),
        ({"derived": {"sectors": "nothing"}}, {}, None),
    ],
)
def test_a_mark_of_deriving_is_that_of_the_value_shown(best: dict[str, Any], weaker: dict[str, Any], mark: str | None) -> None:
    listing = composed(record("a", id=1, **best), record("b", id=2, **weaker))
    assert listing["derived"].get("sectors") == mark
    by_hand = composed(record("a", id=1, **best), values=[value("sectors", ["public"])])
    assert "sectors" not in by_hand["derived"]


@pytest.mark.parametrize(
    ("best", "weaker", "point", "is_derived"),
    [
        pytest.param(EXACT, TOWN, (57.3, 25.2), False, id="exact over town"),
        pytest.param(TOWN, EXACT, (57.3, 25.2), False, id="town never over exact"),
        pytest.param(TOWN, {"lat": 1.0, "lon": 2.0}, (1.0, 2.0), False, id="town never over a bare point"),
        pytest.param(TOWN, {}, (57.31, 25.27), True, id="town alone"),
        pytest.param({}, TOWN, (57.31, 25.27), True, id="town of the weaker"),
        pytest.param({**TOWN, "lat": 57.32}, TOWN, (57.32, 25.27), True, id="the better one's town"),
        pytest.param({**EXACT, "lat": 57.4}, EXACT, (57.4, 25.2), False, id="the better one's own"),
        pytest.param({"lat": 1.0}, EXACT, (57.3, 25.2), False, id="half a point is none: lat"),
        pytest.param({"lon": 1.0}, EXACT, (57.3, 25.2), False, id="half a point is none: lon"),
        pytest.param({"lat": 0.0, "lon": 0.0}, TOWN, (0.0, 0.0), False, id="zero is a number"),
        pytest.param({"place": "Valmiera"}, TOWN, (None, None), False, id="another town"),
        pytest.param({"country": "EE"}, TOWN, (None, None), False, id="another country"),
        pytest.param({"place": "CESIS", "country": "LV"}, TOWN, (57.31, 25.27), True, id="the same town, spelt otherwise"),
        pytest.param({"address": "Rīgas iela 1"}, TOWN, (57.31, 25.27), True, id="an address in it"),
        pytest.param({"place": "Valmiera"}, EXACT, (57.3, 25.2), False, id="exact stays"),
        pytest.param(
            {"place": "Valmiera"}, {**TOWN, "place": None, "country": None}, (57.31, 25.27), True, id="a town not named"
        ),
    ],
)
def test_a_point_is_one_thing_and_the_exact_one_counts(
    best: dict[str, Any], weaker: dict[str, Any], point: tuple[float | None, float | None], is_derived: bool
) -> None:
    listing = composed(record("a", id=1, **best), record("b", id=2, **weaker))
    assert (listing["fields"].get("lat"), listing["fields"].get("lon")) == point
    assert [name in listing["derived"] for name in ("lat", "lon")] == [is_derived, is_derived]
    assert [name in listing["origins"] for name in ("lat", "lon")] == [point[0] is not None] * 2


@pytest.mark.parametrize("layer", ["owner", "curator"])
@pytest.mark.parametrize("name", ["place", "address", "country"])
@pytest.mark.parametrize("text", ["Valmiera", ""])
def test_where_a_person_puts_it_the_towns_point_goes_and_an_exact_one_stays(name: str, text: str, layer: str) -> None:
    town = composed(record(**TOWN), values=[value(name, text, layer=layer)])
    assert not {"lat", "lon"} & (town["fields"].keys() | town["origins"].keys() | town["derived"].keys())
    exact = composed(record(**EXACT), values=[value(name, text, layer=layer)])
    assert (exact["fields"]["lat"], exact["fields"]["lon"]) == (57.3, 25.2)


def test_a_point_that_a_person_gives_stays_with_the_place_they_give() -> None:
    values = [value("lat", 1.0), value("lon", 2.0), value("place", "Valmiera")]
    listing = composed(record(**TOWN), values=values)
    assert (listing["fields"]["lat"], listing["fields"]["lon"], listing["derived"]) == (1.0, 2.0, {})
    listing = composed(record(**TOWN), values=[value("summary", "Ceptuve", lang="lv")])
    assert listing["derived"].keys() == {"lat", "lon"}


@pytest.mark.parametrize(
    ("records", "values", "is_licensed"),
    [
        ([{}], [], False),
        ([{"licence": "CC-BY-4.0"}], [], True),
        ([{}, {"licence": "CC-BY-4.0"}], [], True),
        ([{"licence": "CC-BY-4.0"}], [value("licence", "")], False),
        ([{}], [value("licence", "CC0")], True),
        ([{}], [value("place", "Ogre", layer="owner")], True),
        ([{}], [value("place", "Ogre", layer="curator")], False),
        ([{}], [value("summary", "Mēs", lang="lv", layer="owner")], True),
        ([{}], [value("place", "Ogre", layer="owner"), value("place", "Ikšķile")], False),
        ([{}], [value("place", "", layer="owner")], False),
        ([{}], [value("place", "Ogre", layer="claim")], False),
        ([{}], [value("description", "Mēs", lang="lv", layer="claim")], True),
    ],
)  # fmt: skip
def test_the_whole_text_may_be_shown_with_a_licence_or_the_owners_word(
    records: list[dict[str, Any]], values: list[Value], is_licensed: bool
) -> None:
    assert composed(*(record(id=n, **fields) for n, fields in enumerate(records)), values=values)["licensed"] is is_licensed


@pytest.mark.parametrize(
    ("best", "weaker", "values", "original", "slug"),
    [
        ({"lv": "Saules maize"}, {"en": "Sun Bread"}, [], "lv", "saules-maize"),
        ({"en": "Sun Bread"}, {"lv": "Saules maize"}, [], "en", "sun-bread"),
        ({"de": "Sonne", "lv": "Saule"}, {"en": "Sun"}, [], "de", "sonne"),
        ({"de": "Sonne"}, {"en": "Sun"}, [value("title", "", lang="de")], "de", "sun"),
        ({"de": "Sonne"}, {"en": "Sun", "lv": "Saule"}, [value("title", "", lang="de")], "de", "saule"),
        ({"de": "Sonne"}, {"pl": "Słońce", "et": "Päike"}, [value("title", "", lang="de")], "de", "paike"),
        ({"lv": "Saules maize"}, {}, [value("title", "Mēness", lang="lv")], "lv", "meness"),
        ({"lv": "Saules maize"}, {}, [value("title", "", lang="lv")], "lv", "-"),
    ],
)
def test_the_slug_is_of_the_title_in_the_original_language(
    best: dict[str, str], weaker: dict[str, str], values: list[Value], original: str, slug: str
) -> None:
    listing = composed(record("a", id=1, title=best), record("b", id=2, title=weaker), values=values)
    assert (listing["original_lang"], listing["slug"]) == (original, slug)


def test_a_record_without_a_title_has_no_original_language() -> None:
    assert compose([record(title={})], [])["original_lang"] is None


def test_a_listing_without_records_is_what_people_say() -> None:
    assert compose([], []) == {
        "texts": {}, "fields": {}, "origins": {}, "derived": {}, "original_lang": None, "licensed": False, "slug": "-",
    }  # fmt: skip
    listing = compose([], [value("title", "Biedrība", lang="lv"), value("country", "LV")])
    assert (listing["texts"], listing["fields"], listing["slug"]) == (
        {"title": {"lv": "Biedrība"}},
        {"country": "LV", "countries": ["LV"]},
        "biedriba",
    )


def test_what_the_records_alone_say() -> None:
    records = [record("a", id=1, summary={"lv": "Ceptuve"}), record("b", id=2, place="Cēsis")]
    said = sources_of(records).said
    assert (said("place", ""), said("summary", "lv")) == ({"b": "Cēsis"}, {"a": "Ceptuve"})
    assert [said(*field) for field in (("summary", "en"), ("description", "lv"), ("phone", ""))] == [{}] * 3


WORDS = st.sampled_from(["", "Cēsis", "Rīga", "Ogre"])
TEXTS = st.dictionaries(st.sampled_from(["lv", "en", "und"]), WORDS, max_size=2)
POINTS = st.sampled_from(
    [{}, {"lat": 57.0}, {"lat": 57.0, "lon": 25.0}, {"lat": 56.0, "lon": 24.0, "derived": {"lat": "town", "lon": "town"}}]
)
RECORDS = st.lists(
    st.builds(
        lambda platform, state, rank, day, title, place, country, point: record(
            platform, state=state, rank=rank, day=day, title={"lv": "Saule"} | title, place=place, country=country, **point
        ),
        st.sampled_from("abc"), st.sampled_from(RecordState), st.integers(1, 2), st.integers(0, 1), TEXTS, WORDS,
        st.sampled_from([None, "LV", "EE"]), POINTS,
    ),
    max_size=4,
)  # fmt: skip
VALUES = st.lists(
    st.one_of(
        st.builds(value, st.sampled_from(["place", "country", "lat", "lon"]), st.sampled_from(["", "Talsi", "LT"]), layer=st.sampled_from(["owner", "curator"])),
        st.builds(value, st.just("title"), st.sampled_from(["", "Mēness"]), lang=st.sampled_from(["lv", "et"]), layer=st.sampled_from(["owner", "curator"])),
    ),
    unique_by=lambda row: (row.field, row.lang, row.layer), max_size=4,
)  # fmt: skip


@given(RECORDS, VALUES, st.randoms(use_true_random=False))
def test_order_counts_for_nothing_and_nothing_is_invented(records: list[Record], values: list[Value], rng: Any) -> None:
    for number, row in enumerate(records):
        row.id = number
    listing = composed_as_dict(records, values)
    assert composed_as_dict(records, values) == listing
    shuffled_records, shuffled_values = list(records), list(values)
    rng.shuffle(shuffled_records)
    rng.shuffle(shuffled_values)
    assert composed_as_dict(shuffled_records, shuffled_values) == listing
    for key, origin in listing["origins"].items():
        field, _, lang = key.partition("/")
        shown = listing["texts"][field][lang] if lang else listing["fields"][field]
        if field == "countries":  # the seats, one in the other's place
            assert set(shown) <= {row.payload["country"] for row in records} | {row.value for row in values}
        elif origin in LAYERS:
            assert shown in [row.value for row in values if (row.field, row.lang, row.layer) == (field, lang, origin)]
        else:
            payloads = [cast(dict[str, Any], row.payload) for row in records if row.platform_id == origin]
            held = [payload[field].get(lang) if lang else payload[field] for payload in payloads]
            assert shown in held
    shown_keys = set(listing["fields"]) | {f"{name}/{lang}" for name, texts in listing["texts"].items() for lang in texts}
    assert shown_keys == set(listing["origins"])
    assert set(listing["derived"]) <= set(listing["fields"])
    assert listing["fields"].get("country") in [None, *listing["fields"].get("countries", [])]


def test_recomposing_writes_what_changed_and_tells_the_index_each_time(session: Session) -> None:
    first, second = add_listing(session, "a", place="Cēsis"), add_listing(session, "b", place="Rīga")
    later = START + timedelta(days=1)
    recompose(session, [first.id], later)
    assert (first.composed["fields"]["place"], first.changed_at, second.composed) == ("Cēsis", later, {})
    assert list(session.scalars(select(Outbox.initiative_id))) == [first.id]
    recompose(session, [first.id, second.id], later + timedelta(days=1))
    assert (first.changed_at, second.changed_at) == (later, later + timedelta(days=1))
    assert sorted(session.scalars(select(Outbox.initiative_id))) == [first.id, first.id, second.id]


def test_a_merged_listing_is_composed_into_the_one_that_stands(session: Session) -> None:
    target = add_listing(session, "a", place="Cēsis")
    merged = add_listing(session, "b", merged_into=target, phone="+371 20000000")
    other = add_listing(session, "c", phone="1")
    recompose(session, [merged.id], START)
    assert target.composed["fields"] == {"place": "Cēsis", "phone": "+371 20000000"}
    assert merged.composed == {}
    behind = groups.records_behind(session, [target.id, other.id])
    assert {id: [row.platform_id for row in rows] for id, rows in behind.items()} == {target.id: ["a", "b"], other.id: ["c"]}


def test_people_stand_over_the_records_of_a_merged_listing_too(session: Session) -> None:
    target = add_listing(session, "a")
    add_listing(session, "b", merged_into=target, place="Cēsis")
    target.values.append(Value(field="place", lang="", value="Ogre", layer="curator", by="c"))
    session.flush()
    recompose(session, [target.id], START)
    assert target.composed["fields"]["place"] == "Ogre"


@pytest.mark.parametrize("count", [groups.BATCH, groups.BATCH + 1])
def test_many_are_composed_in_batches_and_none_is_left_out(session: Session, count: int) -> None:
    session.add_all(Initiative(public_id=f"i{n}", state=InitiativeState.NEW, composed={}, changed_at=START) for n in range(count))
    session.flush()
    recompose(session, list(session.scalars(select(Initiative.id))), START)
    assert all(session.scalars(select(Initiative.composed)))


def test_only_public_platforms_tell_while_any_has_the_listing() -> None:
    public, refused = record("a", id=2, place="Cēsis"), record("b", id=1, place="Rīga")
    public.platform.state, refused.platform.state = PlatformState.TRUSTED, PlatformState.REFUSED
    assert public_records([refused, public]) == [public]
    assert public_records([refused]) == [refused], "a listing that is hidden still has its texts at the desk"
    assert composed(refused, public)["fields"]["place"] == "Cēsis"


@pytest.mark.parametrize(
    ("by", "layer", "word"),
    [("import: desk", "owner", "curator"), ("info@x.example", "owner", "owner"), ("a", "curator", "curator")],
)
def test_a_curators_word_that_came_with_an_export_is_no_owners(by: str, layer: str, word: str) -> None:
    row = value("place", "Ogre", layer=layer)
    row.by = by
    assert author_of(row) == word


@pytest.mark.parametrize(
    ("best", "weaker", "place", "mark"),
    [
        ({"place": "Cēsis", "derived": {"place": "address"}}, {"place": "Priekuļi"}, "Priekuļi", None),
        ({"place": "Cēsis", "derived": {"place": "address"}}, {}, "Cēsis", "address"),
        (
            {"place": "Cēsis", "derived": {"place": "address"}},
            {"place": "Rīga", "derived": {"place": "address"}},
            "Cēsis",
            "address",
        ),
        ({"place": "Cēsis"}, {"place": "Rīga", "derived": {"place": "address"}}, "Cēsis", None),
        ({}, {"place": "Rīga", "derived": {"place": "address"}}, "Rīga", "address"),
    ],
)
def test_a_place_that_only_an_address_names_gives_way_to_a_stated_one(
    best: dict[str, Any], weaker: dict[str, Any], place: str, mark: str | None
) -> None:
    listing = composed(record("a", id=1, rank=1, **best), record("b", id=2, rank=2, **weaker))
    assert (listing["fields"]["place"], listing["derived"].get("place")) == (place, mark)


def test_a_place_from_an_address_does_not_take_the_point_of_a_stated_town_away() -> None:
    guess = record("a", id=1, rank=1, place="Priekuļi", country="LV", derived={"place": "address"})
    listing = composed(guess, record("b", id=2, rank=2, **TOWN))
    assert (listing["fields"]["place"], listing["fields"]["lat"]) == ("Cēsis", 57.31)
