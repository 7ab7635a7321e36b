"""What every engine promises (search.port): one suite over both, no skip, never a raw score."""

from __future__ import annotations

import random
import secrets
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from search.analysis import version as analysis_version
from search.engines import relaxation
from search.factory import open_engine
from search.index import fields
from search.index.fields import Field
from search.port import (
    BadQuery,
    Document,
    EngineUnavailable,
    Filter,
    IndexNotReady,
    Query,
    SearchEngine,
    SearchError,
    Sort,
)
from search.query.highlighting import Highlighter
from tests.contract.corpus import CORPUS, CROSSING, WHEN, changed, document, fill, ids
from tests.samples.hostile import HOSTILE
from tests.samples.initiatives import rows
from vocabulary import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iniciatīva", {"a1", "a2"}), ("iniciatīvām", {"a1", "a2"}), ("iniciativu", {"a1", "a2"}),
        ("INICIATĪVAS", {"a1", "a2"}), ("jaunatne", {"a1"}), ("volunteer", {"a3"}), ("repaired", {"a3"}),
        ("cafe", {"a3"}), ("kekavas ciekuri", {"a5"}), ('"repair café"', {"a3"}), ('"café repair"', set()),
        ("iniciatīvas -labdarība", {"a1"}), ("-iniciatīva -repair -konference", {"a4", "a5"}),
        ("iniciatīva nekas", set()), ("!!!", set()), ('"', set()), ("-", set()),
    ],
)  # fmt: skip
def test_words_phrases_and_exclusions(engine: SearchEngine, text: str, expected: set[str]) -> None:
    assert set(ids(engine, text, relax=False)) == expected
    assert engine.search(Query(text=text, relax=False)).total == len(expected)


@pytest.mark.parametrize(
    ("text", "expected", "relaxation"),
    [
        ("iniciatīfa", ["a1", "a2"], "similar"), ("inciatīvām", ["a1", "a2"], "similar"), ("konfernece", ["a6"], "similar"),
        ("Jaunatnes inic", ["a1", "a2"], "some"), ("čiek", ["a5"], "similar"), ("reparing", ["a3"], "similar"),
        ("konference nekasnav", ["a6"], "some"), ("rep air", ["a3"], "similar"), ("netw", ["a3"], "similar"),
        ("xyzzy", [], None), ("Xāboliņš", [], None), ("brokenthings", ["a3"], "similar"),
    ],
)  # fmt: skip
def test_relaxation(engine: SearchEngine, text: str, expected: list[str], relaxation: str | None) -> None:
    page = engine.search(Query(text=text, expand=False))
    assert [hit.id for hit in page.hits] == expected
    assert (page.total, page.relaxation) == (len(expected), relaxation)
    assert sum(entry.count for entry in page.facets["kind"]) == len(expected)


def test_a_better_match_stands_above_a_relaxed_one_on_every_page(empty: SearchEngine) -> None:
    exact = [document(f"e{n}", f"Pavisam cita saulainīte un vēl kaut kas {n}") for n in range(2)]
    near = [document(f"n{n}", "Saulainota") for n in range(9)]
    engine = fill(empty, exact + near)
    pages = [engine.search(Query(text="saulainīte", page=page, per_page=2)) for page in range(1, 7)]
    expected = ["e0", "e1", *(f"n{n}" for n in range(9))]
    assert [hit.id for page in pages for hit in page.hits] == expected
    assert {(page.total, page.relaxation) for page in pages} == {(11, "similar")}
    by_name = engine.search(Query(text="saulainīte", sort="name", per_page=16))
    assert [hit.id for hit in by_name.hits] == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("jaunatnes inicatīvu", "jaunatnes iniciatīvu"),
        ("repiar", "repair"),
        ("iniciatīva", None),
        ("čiekurss -cafe", "čiekurs -cafe"),
        ("cave", None),  # a word of its own, one letter from cafe
    ],
)
def test_did_you_mean(engine: SearchEngine, text: str, meant: str | None) -> None:
    assert engine.search(Query(text=text)).did_you_mean == meant


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("pārtikas bankām", "lv", ["c2", "c1"]), ("food banks", "en", ["c1", "c2"]), ("aprites ekonomika", "lv", ["c3"]),
        ("labošanas darbnīca", "lv", ["c5"]), ("Igaunijā", "lv", ["c3"]), ("Estonia", "lv", ["c3"]), ("recycling", "en", ["c4"]),
    ],
)  # fmt: skip
def test_a_question_in_one_language_finds_the_other(empty: SearchEngine, text: str, lang: str, expected: list[str]) -> None:
    engine = fill(empty, CROSSING)
    page = engine.search(Query(text=text, lang=lang, relax=False))
    assert [hit.id for hit in page.hits][: len(expected)] == expected
    assert page.also_called
    without = engine.search(Query(text=text, lang=lang, relax=False, expand=False))
    assert without.total < page.total and without.also_called == ()


def test_what_is_filed_under_a_wider_theme_follows_where_little_is_found(empty: SearchEngine) -> None:
    assert ids(fill(empty, CROSSING), "recycling", lang="en") == ["c4", "c3"]


def test_a_phrase_crosses_by_everyday_words_below_what_was_typed_and_not_by_those_of_long_texts(empty: SearchEngine) -> None:
    typed = Document("typed", {"lv": "Bērni"}, body={"lv": "Te ir darbnīca."})
    buried = Document("buried", {"en": "Children"}, body={"en": "There was a workshop, too."})
    paired = Document("paired", {"en": "Workshop for children"})
    engine = fill(empty, [paired, typed, buried, Document("other", {"en": "A farm for children"})])
    page = engine.search(Query(text="darbnīca bērniem", relax=False))
    assert [hit.id for hit in page.hits] == ["typed", "paired"]
    assert "workshop" not in page.also_called and ("keys", "en:workshop") in page.highlight_tokens
    assert [hit.id for hit in engine.search(Query(text="darbnīca bērniem", relax=False, expand=False)).hits] == ["typed"]


@pytest.mark.parametrize(
    ("lang", "title", "typed"),
    [
        ("et", "Raamatukogu maja", "raamatukogud"), ("lt", "Kaimui ir miestui", "kaimuose"), ("pl", "Dom rodziny", "rodzinom"),
        ("sv", "Hus för ungdomar", "ungdomarna"), ("de", "Haus der Vereine", "vereinen"), ("fi", "Nuorten talo", "nuoret"),
    ],
)  # fmt: skip
def test_a_word_of_another_language_is_found_in_other_forms(empty: SearchEngine, lang: str, title: str, typed: str) -> None:
    engine = fill(empty, [document("form", title, lang), document("other", "Pavisam kas cits")])
    page = engine.search(Query(text=typed, lang="en"))
    assert [hit.id for hit in page.hits] == ["form"] and page.relaxation == "similar"
    assert ids(engine, typed, relax=False) == []


def test_where_nothing_has_a_concept_by_any_name_its_words_are_looked_for(empty: SearchEngine) -> None:
    engine = fill(
        empty, [document("half", "Banka ziedo skolai"), document("both", "Banka, kurā glabā pārtiku"), document("none", "Skola")]
    )
    page = engine.search(Query(text="pārtikas banka"))
    assert [hit.id for hit in page.hits] == ["both", "half"] and page.also_called
    assert (page.relaxation, page.complete) == ("some", 1), "what has one of the words follows below what has both"
    engine = fill(engine, [document("half", "Banka ziedo skolai"), document("none", "Skola")])
    page = engine.search(Query(text="pārtikas banka"))
    assert [hit.id for hit in page.hits] == ["half"] and page.relaxation == "some"


def test_a_name_in_the_other_language_need_not_stand_together(empty: SearchEngine) -> None:
    engine = fill(
        empty,
        [
            document("near", "Seafood bank", "en"),
            document("apart", "A bank of good food", "en"),
            document("together", "Food bank", "en"),
        ],
    )
    assert ids(engine, "pārtikas banka", relax=False) == ["together", "apart"]
    engine = fill(engine, [document("word", "Fresh food", "en"), document("none", "Shoes", "en")])
    page = engine.search(Query(text="pārtikas banka"))
    assert [hit.id for hit in page.hits] == ["word"] and page.relaxation == "some"


def test_of_two_other_names_the_rare_one_counts_no_more_than_the_common_one(empty: SearchEngine) -> None:
    common = [document(f"c{n}", "Garden", "en") for n in range(6)]
    engine = fill(empty, [*common, document("rare", "Horticulture 7 8 9", "en"), document("none", "Shoes", "en")])
    assert ids(engine, "dārzkopība", relax=False) == [*(one.id for one in common), "rare"]


def test_what_has_some_words_in_the_place_stands_above_what_has_more_elsewhere(empty: SearchEngine) -> None:
    engine = fill(empty, [
        document("there", "Bioloģiskās pārtikas veikals", facets={"country": ["LV"]}),
        document("here", "Veikals", facets={"country": ["EE"]}), document("other", "Skola", facets={"country": ["EE"]}),
    ])  # fmt: skip
    query = Query(text="bioloģiskās pārtikas veikals Igaunijā")
    orders: dict[Sort, list[str]] = {"relevance": ["here", "there"], "name": ["there", "here"]}
    for sort, expected in orders.items():
        page = engine.search(replace(query, sort=sort))
        assert ([hit.id for hit in page.hits], page.complete, page.elsewhere) == (expected, 0, 1)
    assert list(engine.scan(query)) == ["here", "there"] and engine.totals([query]) == [2]


def test_what_lacks_words_and_fits_far_less_than_the_best_is_not_shown_beside_it(
    empty: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaxation, "WORTHWHILE_SHARE", 0.9)
    good = [document(f"g{n}", "Ābols bumbieris plūme", facets={"country": ["LV"]}) for n in range(9)]
    poor = [
        document(f"p{n}", "Cits", body={"lv": "Viens ābols " + "un vēl kaut kas cits " * 40}, facets={"country": ["EE"]})
        for n in range(4)
    ]
    others = [document(f"o{n}", "Pavisam kas cits") for n in range(20)]
    engine = fill(empty, [*good, *poor, *others])
    query = Query(text="ābols nekasnav", expand=False)
    sorts: tuple[Sort, ...] = ("relevance", "name", "newest")
    for sort in sorts:
        page = engine.search(replace(query, sort=sort))
        assert ({hit.id for hit in page.hits}, page.total) == ({one.id for one in good}, 9)
        assert [(one.value, one.count) for one in page.facets["country"]] == [("LV", 9)]
    assert engine.search(replace(query, filters={"country": Filter(("EE",))})).total == 4, "the best there are"
    assert engine.totals([query]) == [9] and len(list(engine.scan(query))) == 9


def test_a_tag_of_no_known_language_is_found_in_another_language(empty: SearchEngine) -> None:
    engine = fill(empty, [document("tagged", "Sinine maja", "et", names=("food banks",)), document("other", "Kauplus", "et")])
    page = engine.search(Query(text="pārtikas banka", relax=False))
    assert [hit.id for hit in page.hits] == ["tagged"]
    assert ("keys", "en:food") in page.highlight_tokens


def test_a_pasted_page_costs_few_questions(empty: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"{first}{second}ubrixo" for first in "bdgkl" for second in "aeiou"]
    engine = fill(empty, [document("most", " ".join(words[:12])), document("few", " ".join(words[:3]))])
    execute = Mock(wraps=engine.execute)  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "execute", execute)
    page = engine.search(Query(text=" ".join(words)))
    assert ([hit.id for hit in page.hits], page.relaxation) == (["most", "few"], "some")
    assert execute.call_count <= 7, "strictly, with similar words, and by halves to the most words that any listing has"


def test_legal_forms_and_hyphens_and_quotes_do_not_matter(engine: SearchEngine) -> None:
    for text in (
        'SIA "Ķekavas čiekurs"',
        "„Ķekavas čiekurs”, SIA",
        "Ķekavas čiekurs OÜ",
        "kekavas-ciekurs",
        "biedrība Ķekavas čiekurs",
    ):
        assert ids(engine, text, relax=False) == ["a5"], text
    assert ids(engine, "SIA", relax=False) == ["a5"], "alone it is a word like any other"


def test_fields_can_be_typed(engine: SearchEngine) -> None:
    assert set(ids(engine, "country:LV")) == {"a1", "a2", "a3"}
    assert set(ids(engine, "country:LV -theme:youth")) == {"a2", "a3"}
    assert ids(engine, "iniciatīvas theme:youth") == ["a1"]
    assert ids(engine, "nofield:LV iniciatīvas", relax=False) == []


REACHED = [
    document("bees", "Medus pļava", contacts=("Info@Bites.example.lv", "+37126123456", "bites.example.lv", "40008217203")),
    document("site", "Rehabilitācijas centrs", contacts=("www.sua.lv",)),
    document("text", "Avīze", body={"lv": "Rakstiet info@bites.example.lv, zvaniet 26123456."}),
    document("start", "Start-up skola"), document("started", "Startup akadēmija"), document("up", "Up to the start", "en"),
    document("e", "Pašvaldības e-pakalpojumi"), document("epak", "Epakalpojumi visiem"), document("rehab", "Rehabilitēšana"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("info@bites.example.lv", {"bees", "text"}),
        ("cits@bites.example.lv", {"bees"}),
        ("https://www.bites.example.lv/kontakti?a=1", {"bees", "text"}),
        ("sua.lv", {"site"}),
        ("+371 26 123 456", {"bees"}),
        ("26 123 456", {"bees", "text"}),
        ("0037126123456", {"bees"}),
        ("LV40008217203", {"bees"}),
        ("medus OR rehabilitācija", {"bees", "site"}),
        ("medus | avīze | skola", {"bees", "text", "start"}),
        ("medus VAI avīze", {"bees", "text"}),
        ("centrs NOT rehabilitācija", set()),
        ("rehab*", {"site", "rehab"}),
        ("-rehab* centrs", set()),
        ("start-up", {"start", "started", "up"}),
        ("startup", {"start", "started"}),
        ("e-pakalpojums", {"e", "epak"}),
        ("epakalpojumi", {"e", "epak"}),
    ],
)
def test_what_a_question_writes_is_meant_as_it_is_written(empty: SearchEngine, text: str, expected: set[str]) -> None:
    engine = fill(empty, REACHED)
    assert set(ids(engine, text, relax=False, expand=False)) == expected


@pytest.mark.parametrize("text", ["SIC", "LSUA", "lsūa", "VRG", "BSK", "VRG biedrība"])
def test_an_organisation_is_found_by_its_initials(empty: SearchEngine, text: str) -> None:
    named = {
        "sic": "Sociālās inovācijas centrs", "lsua": "Latvijas Sociālās uzņēmējdarbības asociācija", "bsk": "Biedrība „Bites, stropi un kāpas”",
        "vrg": "Biedrība Vidzemes Rotu Grupa",
    }  # fmt: skip
    engine = fill(empty, [document(id, title) for id, title in named.items()])
    assert ids(engine, text, relax=False) == [fold(text.split()[0]).lower()]


def test_a_word_in_small_letters_is_no_initials(empty: SearchEngine) -> None:
    engine = fill(empty, [document("art", "Apgāda radošais tīkls"), document("mark", "Mākslas nams", "lv")])
    assert ids(engine, "art", relax=False, expand=False) == []
    assert ids(engine, "ART", relax=False, expand=False) == ["art"]


def test_a_word_in_small_letters_may_be_initials_below_what_has_the_word(empty: SearchEngine) -> None:
    long = document("word", "Teksts", "en", body={"en": "One may write sic here. " + "Nothing else is to be told. " * 60})
    engine = fill(empty, [document("named", "Sociālās inovācijas centrs"), long, document("other", "Pavisam kas cits")])
    assert ids(engine, "sic", relax=False) == ["word", "named"]
    assert ids(engine, "SIC", relax=False) == ["named", "word"]
    assert ids(engine, "sic", relax=False, expand=False) == ["word"] == ids(engine, '"sic"', relax=False)


def test_the_very_address_stands_above_others_of_its_site(empty: SearchEngine) -> None:
    engine = fill(
        empty, [document("a", "Viens", contacts=("a.example.lv",)), document("b", "Divi", contacts=("b@a.example.lv",))]
    )
    assert ids(engine, "b@a.example.lv") == ["b", "a"]


def test_an_address_that_nobody_has_finds_nothing_like_it(empty: SearchEngine) -> None:
    page = fill(empty, REACHED).search(Query(text="info@nekur.lv"))
    assert (page.total, page.did_you_mean) == (0, None)


def test_the_beginning_of_a_word_is_marked_in_what_has_it(empty: SearchEngine) -> None:
    page = fill(empty, REACHED).search(Query(text="rehab*"))
    assert Highlighter(page.highlight_tokens).segments("Labs rehabilitācijas centrs", "lv")[1] == ("rehabilitācijas", True)


def test_a_whole_name_comes_first(empty: SearchEngine) -> None:
    longer = [document(f"l{n}", "Zaļais nams un zaļais nams, zaļais nams", body={"lv": "zaļais nams " * 30}) for n in range(5)]
    engine = fill(empty, [*longer, document("whole", "Zaļais nams", "en")])
    assert ids(engine, "zaļais nams")[0] == "whole"


def test_what_comes_next_stands_first(empty: SearchEngine) -> None:
    engine = fill(empty, [
        document("plain", "Saieta nams"), document("late", "Saieta diena", ends_on=date(2026, 9, 1), facets={"kind": ["event"]}),
        document("soon", "Saieta diena", ends_on=date(2026, 3, 1), facets={"kind": ["event"]}),
        document("over", "Saieta diena", ends_on=date(2025, 3, 1), facets={"kind": ["event"]}),
        document("call", "Konkurss", ends_on=date(2026, 5, 1), facets={"kind": ["funding"]}),
    ])  # fmt: skip
    today = date(2026, 2, 1)
    assert ids(engine, filters={"kind": Filter(("event", "funding"))}, today=today) == ["soon", "call", "late"]
    assert ids(engine, "kind:event", today=today, when="all") == ["over", "soon", "late"]
    assert set(ids(engine, "saiets", today=today)[:2]) == {"soon", "late"}


TYPINGS: tuple[Callable[[str], str], ...] = (
    str,
    fold,
    lambda name: name[:4] + name[5:],
    lambda name: name[: -len(name.split()[-1]) // 2],
)
"""A name exactly, without diacritics, without its fifth letter, up to the middle of its last word."""


def test_the_first_result_is_the_same_on_both_engines(elastic_url: str, tmp_path: Path) -> None:
    documents = [Document(row["id"], {"und": row["name"]}, body={"und": row["description"]}) for row in rows()]
    both = [open_engine("embedded:", tmp_path), open_engine(f"{elastic_url}/t{secrets.token_hex(4)}", tmp_path)]
    embedded, elastic = (fill(engine, documents) for engine in both)
    generator, names = random.Random(5), [next(iter(document.title.values())) for document in documents]
    texts = [typed(name) for typed in TYPINGS for name in generator.sample(names, 25)]
    texts += [
        "old apple trees",
        "cooperative",
        "velosipēds",
        "jauniešiem",
        "dviračių",
        "õunapuud",
        "pysäkki",
        "Rīga",
        "garden",
        "bērni grūtāk",
    ]
    firsts = [[ids(engine, text, per_page=1) for engine in (embedded, elastic)] for text in texts]
    assert sum(a == b for a, b in firsts) >= 0.95 * len(texts), [
        pair for pair in zip(texts, firsts, strict=True) if pair[1][0] != pair[1][1]
    ]
    for engine in both:
        engine.close()


def test_a_name_typed_up_to_the_middle_of_a_word_is_found_among_many(empty: SearchEngine) -> None:
    others = [document(f"o{n}", f"Par bērnu dienu saieta laukumā {n}") for n in range(12)]
    engine = fill(empty, [*others, document("named", "Saieta diena bērnudārzā"), document("other", "Saieta nams")])
    assert ids(engine, "saieta diena bērnu")[0] == "named"
    assert "named" not in ids(engine, '"saieta diena" bērnu', relax=False)


def test_of_names_that_begin_so_the_nearest_to_its_end_stands_first(empty: SearchEngine) -> None:
    engine = fill(empty, [
        document("far", "Sociālās inovācijas centrs un draugi"), document("near", "Sociālās inovācijas centrs"),
        document("mid", "Sociālās inovācijas centri reģ."),
    ])  # fmt: skip
    assert ids(engine, "sociālās inovācijas cent") == ["near", "mid", "far"]
    assert ids(engine, "sociālās inovācijas centrs u")[0] == "far"


def test_a_name_of_one_word_is_found_by_its_beginning(empty: SearchEngine) -> None:
    others = [document(f"o{n}", f"Otrais stāsts {n}", body={"lv": "Mākslas darbi un art telpa"}) for n in range(12)]
    engine = fill(empty, [*others, document("named", "Artoteka")])
    assert ids(engine, "artot")[0] == "named"
    assert "named" not in ids(engine, "art")


def test_highlight_tokens_are_what_was_looked_for(engine: SearchEngine) -> None:
    tokens = engine.search(Query(text="iniciatīvām")).highlight_tokens
    assert ("keys", "lv:iniciatīva") in tokens and ("surface", "iniciativam") in tokens


def test_a_word_in_the_title_stands_above_one_in_the_summary(engine: SearchEngine) -> None:
    assert ids(engine, "iniciatīva") == ["a1", "a2"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"country": Filter(("LV",))}, {"a1", "a2", "a3"}),
        ({"country": Filter(("LV", "LT"))}, {"a1", "a2", "a3", "a4"}),
        ({"country": Filter(none_of=("LV",))}, {"a4", "a5", "a6"}),
        ({"country": Filter(("unknown",))}, {"a6"}),
        ({"country": Filter(("LV",), ("EE",))}, {"a1", "a2"}),
        ({"country": Filter(("LV",)), "theme": Filter(("circular_economy",))}, {"a2", "a3"}),
        ({"sector": Filter(("ngo", "private"))}, {"a4", "a5"}),
        ({"kind": Filter(("no such kind",))}, set()),
    ],
)
def test_filters(engine: SearchEngine, filters: dict[str, Filter], expected: set[str]) -> None:
    assert set(ids(engine, filters=filters)) == expected


def test_counts_ignore_their_own_filter_and_respect_the_others(engine: SearchEngine) -> None:
    page = engine.search(Query(filters={"country": Filter(("LV",)), "theme": Filter(("circular_economy",))}))
    country = {entry.value: entry.count for entry in page.facets["country"]}
    theme = {entry.value: entry.count for entry in page.facets["theme"]}
    assert country == {"LV": 2, "EE": 1}
    assert theme == {"circular_economy": 2, "youth": 1}
    assert [entry.value for entry in page.facets["country"]] == ["LV", "EE"]
    assert {entry.value: entry.count for entry in page.facets["sector"]} == {"unknown": 2}


def test_names_sort_in_latvian_order(engine: SearchEngine) -> None:
    assert ids(engine, sort="name") == ["a4", "a1", "a5", "a2", "a3", "a6"]


def test_newest_first_then_by_id(empty: SearchEngine) -> None:
    documents = [Document(id=f"d{n}", title={"lv": "Viens"}, newest_at=WHEN + timedelta(days=n % 3)) for n in range(6)]
    fill(empty, documents)
    assert ids(empty, sort="newest") == ["d2", "d5", "d1", "d4", "d0", "d3"]


def test_past_events_leave_the_result_unless_asked_for(engine: SearchEngine) -> None:
    assert ids(engine, "konference", today=date(2026, 6, 30)) == ["a6"]
    assert ids(engine, "konference", today=date(2026, 7, 1)) == []
    assert ids(engine, "konference", today=date(2026, 7, 1), when="all") == ["a6"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "name"])
def test_no_listing_stands_on_two_pages(empty: SearchEngine, sort: str) -> None:
    fill(empty, [document(f"t{number:03}", "Vienāds nosaukums") for number in range(95)])
    seen = [id for page in range(1, 11) for id in ids(empty, "nosaukums", sort=sort, page=page, per_page=10)]
    assert seen == sorted(seen)
    assert len(set(seen)) == 95


def test_upsert_replaces_and_delete_removes_at_once(engine: SearchEngine) -> None:
    before = engine.stamp()
    engine.apply([document("a1", "Pavisam cits vārds"), document("b1", "Jauns")], ["a2", "no such id"])
    assert ids(engine, "iniciatīva") == []
    assert ids(engine, "pavisam") == ["a1"]
    assert engine.count() == len(CORPUS)
    assert engine.stamp() != before


def test_what_is_asked_without_words_is_told_apart_and_anew_after_a_change(engine: SearchEngine) -> None:
    latvian = {"country": Filter(("LV",))}

    def found(**more: Any) -> tuple[list[str], int, list[tuple[str, int]]]:
        page = engine.search(Query(**more))
        return [hit.id for hit in page.hits], page.total, [(one.value, one.count) for one in page.facets["country"]]

    engine.apply([document("a0", "Žagata", facets={"country": ["LV"]})], [])
    for _ in range(2):
        countries = [("LV", 4), ("EE", 2), ("LT", 1), ("unknown", 1)]
        assert found(filters=latvian, sort="name") == (["a1", "a2", "a3", "a0"], 4, countries)
        assert found(filters=latvian, sort="newest") == (["a0", "a1", "a2", "a3"], 4, countries)
        assert found(filters=latvian, sort="name", per_page=3, page=2) == (["a0"], 4, countries)
        assert found(filters={"country": Filter(none_of=("LV",))}, sort="name")[0] == ["a4", "a5", "a6"]
        assert found(text="-elpa", filters=latvian, sort="name")[0] == ["a1", "a3", "a0"]
    engine.apply([document("a4", "Ābols", facets={"country": ["LV"]})], ["a1"])
    assert found(filters=latvian, sort="name") == (["a4", "a2", "a3", "a0"], 4, [("LV", 4), ("EE", 2), ("unknown", 1)])


def test_a_generation_is_seen_only_when_published(engine: SearchEngine) -> None:
    generation = engine.begin_generation()
    generation.add([document("n1", "Cita paaudze"), document("n2", "Cita paaudze")])
    generation.delete(["n2"])
    assert ids(engine, "paaudze") == []
    generation.publish()
    assert ids(engine, "paaudze") == ["n1"]
    assert engine.count() == 1


def test_a_discarded_generation_leaves_the_live_index(engine: SearchEngine) -> None:
    generation = engine.begin_generation()
    generation.add([document("n1", "Cita paaudze")])
    generation.discard()
    assert engine.count() == len(CORPUS)
    fill(engine, CORPUS[:2])
    assert engine.count() == 2


def test_without_an_index_it_says_what_to_do(empty: SearchEngine) -> None:
    assert not empty.is_ready()
    for call in (lambda: empty.search(Query()), empty.count, lambda: empty.apply([], [])):
        with pytest.raises(IndexNotReady, match="platforma reindex"):
            call()


def another_field(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(fields, "FIELDS", (*fields.FIELDS, Field("another", "terms")))


def another_ending(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(
        analysis_version, "SOURCES", changed(analysis_version.SOURCES, "latvian.py", "\niem am im", "\niem am", folder)
    )


@pytest.mark.parametrize("change", [another_field, another_ending])
def test_an_index_of_other_code_is_not_read_and_a_rebuild_makes_a_new_one(
    engine: SearchEngine,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[pytest.MonkeyPatch, Path], None],
) -> None:
    change(monkeypatch, tmp_path)
    other = open_engine(url, tmp_path)
    assert engine.is_ready() and not other.is_ready()
    with pytest.raises(IndexNotReady, match="platforma reindex"):
        other.search(Query())
    assert ids(fill(other, CORPUS), "jaunatne") == ["a1"]
    assert other.is_ready()
    other.close()


@pytest.mark.parametrize(
    "query",
    [
        Query(page=101, per_page=100),
        Query(page=0),
        Query(filters={"nope": Filter(("x",))}),
        Query(facets=("nope",)),
        Query(sort="nope"),  # type: ignore[arg-type]
    ],
)
def test_what_no_engine_answers_is_a_bad_query(engine: SearchEngine, query: Query) -> None:
    with pytest.raises(BadQuery):
        engine.search(query)
    assert engine.search(Query(page=100, per_page=100)).hits == ()


def test_whatever_is_typed_gets_an_answer(engine: SearchEngine) -> None:
    for text in [
        *HOSTILE,
        "a" * 10_000,
        "a b " * 2_000,
        '"' * 99,
        "a\x00b",
        "\ud800".encode("utf-8", "replace").decode(),
    ]:
        engine.search(Query(text=text, facets=()))


def test_an_engine_that_is_down_is_named(tmp_path: Path) -> None:
    with socket.socket() as bound:  # and nobody listens there
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        engine = open_engine(f"http://user:secret@127.0.0.1:{port}/x", tmp_path)
        with pytest.raises(EngineUnavailable, match=rf"127\.0\.0\.1:{port}") as caught:
            engine.search(Query())
    assert "secret" not in str(caught.value)


def test_a_damaged_pointer_says_what_to_do(tmp_path: Path) -> None:
    engine = fill(open_engine("embedded:", tmp_path), CORPUS)
    (tmp_path / "index" / "current").write_text("../elsewhere")
    with pytest.raises(IndexNotReady, match="platforma reindex"):
        engine.count()


def test_a_wrong_address_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="PLATFORMA_SEARCH_URL"):
        open_engine("ftp://x", tmp_path)


def test_both_engines_count_alike(elastic_url: str, tmp_path: Path) -> None:
    words = [
        "iniciatīva",
        "jaunatne",
        "vide",
        "kopiena",
        "darbs",
        "skola",
        "repair",
        "youth",
        "community",
        "garden",
        "school",
        "work",
    ]
    countries = ("LV", "EE", "LT", "PL")
    documents = [
        Document(
            id=f"x{n:03}",
            title={("lv", "en")[n % 2]: f"{words[n % 12]} {words[(n * 5 + 1) % 12]}"},
            body={"en": words[(n * 7) % 12]},
            facets={"country": (countries[n % 4],), "theme": (f"t{n % 3}",)},
            newest_at=WHEN,
        )
        for n in range(200)
    ]
    both = [open_engine("embedded:", tmp_path), open_engine(f"{elastic_url}/t{secrets.token_hex(4)}", tmp_path)]
    embedded, elastic = (fill(engine, documents) for engine in both)
    for n in range(40):
        filters = {"country": Filter((countries[n % 4],))} if n % 3 else {"theme": Filter(none_of=("t1",))}
        query = Query(text=f"{words[n % 12]} {words[(n * 3) % 12] if n % 2 else ''}", filters=filters, lang=("lv", "en")[n % 2])
        here, there = embedded.search(query), elastic.search(query)
        assert (here.total, here.facets) == (there.total, there.facets), query
    elastic.close()


@pytest.mark.parametrize(
    "text", ["iniciatīva", "iniciatīfa", "konference nekasnav", "xyzzy", "", "Jaunatnes inic", "theme:youth inic"]
)
def test_totals_are_those_that_searches_tell(engine: SearchEngine, text: str) -> None:
    asked = Query(text=text, filters={"country": Filter(("LV",)), "kind": Filter(none_of=("event",))}, sort="newest")
    queries = [
        asked,
        *(replace(asked, filters=filters) for filters in ({}, {"country": Filter(("EE",))}, {"kind": Filter(("event",))})),
    ]
    queries += [replace(query, relax=False) for query in queries] + [
        replace(query, sort="relevance", lang="en") for query in queries
    ]
    assert engine.totals(queries) == [engine.search(query).total for query in queries]
    assert len(set(engine.totals(queries))) > 1 or text == "xyzzy"


def test_totals_refuse_what_a_search_refuses(engine: SearchEngine) -> None:
    with pytest.raises(BadQuery):
        engine.totals([Query(per_page=0)])


TYPED = [
    document("begins", "Mentoru gads"), document("inside", "Gada mentori", names=("Cēsis",)),
    document("named", "Solis", names=("Mentoru nams",)), document("written", "Solis", body={"lv": "Mentors palīdz"}),
    document("short", "Mūsu mēness"), document("long", "Mēness skolas lielais gada mentors"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ment", ["begins", "inside", "long"]), ("mēne", ["long", "short"]), ("mene", ["long", "short"]),
        ("me", ["begins", "long", "inside", "short"]), ("gada m", ["inside", "long", "begins"]), ("cēsīs men", ["inside"]),
        ("mentoriem", ["begins", "inside", "long"]), ("mentoru gads", ["begins", "inside", "long"]), ("palīdz men", []),
        ("g", ["inside", "begins", "long"]), ("zzz", []),
    ],
)  # fmt: skip
def test_what_is_being_typed_is_found_by_the_names_that_go_on_so(empty: SearchEngine, text: str, expected: list[str]) -> None:
    engine = fill(empty, TYPED)
    found = ids(engine, text, is_being_typed=True, relax=False)
    assert sorted(found) == sorted(expected)
    assert not expected or found[0] == expected[0], "a name that begins so stands first"


def test_what_is_being_typed_is_taken_as_it_stands_where_the_last_word_is_finished(empty: SearchEngine) -> None:
    engine = fill(empty, TYPED)
    for text in ("ment ", "ment!", '"ment"'):
        assert ids(engine, text, is_being_typed=True, relax=False) == []
    assert set(ids(engine, "mentors ", is_being_typed=True, relax=False)) == {"begins", "inside", "named", "written", "long"}


def test_totals_tell_what_is_being_typed_from_what_is_asked(empty: SearchEngine) -> None:
    engine = fill(empty, TYPED)
    asked = Query("ment", relax=False)
    assert engine.totals([asked, replace(asked, is_being_typed=True)]) == [1, 3]


def test_other_names_of_a_concept_are_no_beginnings(empty: SearchEngine) -> None:
    engine = fill(empty, CROSSING)
    assert set(ids(engine, "pārtikas bank", relax=False, is_being_typed=True)) == {"c2"}
    assert set(ids(engine, "pārtikas banka", relax=False)) == {"c1", "c2"}
