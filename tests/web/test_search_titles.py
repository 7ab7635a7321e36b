"""What a search is called, in both languages."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from platforma.i18n import force_locale
from platforma.web.public.filters import query_of
from platforma.web.public.search_frame import real_sort, search_frame, sort_label
from platforma.web.public.search_titles import search_title
from search.port import FacetCount, Filter, Page, Query
from search.query.reasons import Reasoner

TITLES = [
    ("", "Visas iniciatīvas", "All initiatives"),
    ("q=maize", "„maize”", "“maize”"),
    ("kind=social_enterprise&country=EE", "Sociālie uzņēmumi Igaunijā", "Social enterprises in Estonia"),
    (
        "kind=social_enterprise&kind=project&country=EE&country=LV&country=NL",
        "Sociālie uzņēmumi un projekti Igaunijā, Latvijā un Nīderlandē",
        "Social enterprises and projects in Estonia, Latvia and the Netherlands",
    ),
    ("q=maize&country=LV", "„maize” – Iniciatīvas Latvijā", "“maize” – Initiatives in Latvia"),
    ("country=LV&country=EE&country=LT&country=FI", "Iniciatīvas 4 valstīs", "Initiatives in 4 countries"),
    ("&".join(f"country={code}" for code in ("LV", "EE", "LT", "FI", "SE", "PL", "DE", "DK", "NO", "IS", "UA")),
     "Iniciatīvas 11 valstīs", "Initiatives in 11 countries"),
    ("country=MC", "Iniciatīvas · Valsts: Monako", "Initiatives in Monaco"),
    ("country=unknown&kind=unknown", "Iniciatīvas · Valsts: nav zināms · Veids: nav zināms", "Initiatives · Country: unknown · Kind: unknown"),
    ("theme=youth&theme=education&country=-LV", "Iniciatīvas: jaunatne un izglītība · bez: Latvija", "Initiatives: youth and education · without: Latvia"),
    ("kind=event&when=upcoming&country=LT", "Gaidāmie pasākumi Lietuvā", "Upcoming events in Lithuania"),
    ("when=open", "Vēl atvērtie konkursi", "Calls still open"),
    ("kind=funding&when=past", "Noslēgušies konkursi", "Closed calls"),
    ("kind=organisation&when=all", "Organizācijas · aktuālie un bijušie", "Organisations · current and past"),
    ("sector=ngo&language=en", "Iniciatīvas · Sektors: nevalstiskais · Valoda: angļu", "Initiatives · Sector: non-governmental · Language: English"),
    ("near=57.3,25.3&km=10", "Iniciatīvas · 57.3,25.3 (10 km apkārtnē)", "Initiatives · within 10 km of 57.3,25.3"),
    ("area=21,55.6,28.3,58.1", "Iniciatīvas · kartes daļā", "Initiatives · in a part of the map"),
    ("platform=nav&platform=a&platform=b&platform=c&platform=d", "Iniciatīvas · Avots: nav, a, b un vēl 2", "Initiatives · Source: nav, a, b and 2 more"),
]  # fmt: skip


def parsed(parameters: str) -> MultiDict[str, str]:
    """The parameters of an address."""
    return MultiDict(parse_qsl(parameters))


@pytest.mark.parametrize(("parameters", "lv", "en"), TITLES)
def test_a_search_says_what_it_shows(app: Flask, parameters: str, lv: str, en: str) -> None:
    for lang, title in (("lv", lv), ("en", en)):
        with app.test_request_context(f"/{lang}/search"), force_locale(lang):
            assert search_title(query_of(parsed(parameters), lang), {}) == title


@pytest.mark.parametrize(
    "parameters",
    ["", "q=maize", "kind=event", "kind=event&kind=funding", "kind=event&kind=project", "kind=-event", "when=upcoming", "when=past",
     "when=all", "near=57,25", "near=57,25&kind=event", "q=maize&near=57,25", "sort=name", "q=maize&sort=soonest"],
)  # fmt: skip
def test_the_order_that_a_page_tells_is_that_of_its_results(app: Flask, parameters: str) -> None:
    with app.test_request_context("/lv/search"):
        query = query_of(parsed(parameters), "lv")
        assert real_sort(query) == Reasoner(query, Page(0, ())).order


def test_signs_without_a_word_are_told_to_be_sorted_by_age(app: Flask) -> None:
    with app.test_request_context("/lv/search"):
        query = query_of(parsed("q=-"), "lv")
        page = app.extensions["platforma"].engine.search(query)
        assert search_frame(query, page, {}).order == sort_label("newest")


@pytest.mark.parametrize(
    ("question", "lang", "offered"),
    [
        ("projekti par maizi", "lv", [("Veids", "projekts", "q=maizi&kind=project", "maizi")]),
        ("iniciatīvas Igaunijā", "lv", [("Valsts", "Igaunija", "q=iniciat%C4%ABvas&country=EE", "iniciatīvas")]),
        ("social enterprises for repair", "en", [("Kind", "social enterprise", "q=repair&kind=social_enterprise", "repair")]),
        ("sociālajiem uzņēmumiem", "lv", [("Veids", "sociālais uzņēmums", "kind=social_enterprise", "")]),
        ("projekti Lietuvā", "lv", [("Veids", "projekts", "q=lietuv%C4%81&kind=project", "lietuvā")]),
        ('"projekti" maize', "lv", []),
        ("homelessness", "en", []),
    ],
)  # fmt: skip
def test_a_filter_that_the_question_names_is_offered(
    app: Flask, question: str, lang: str, offered: list[tuple[str, str, str, str]]
) -> None:
    counts = {"kind": ("project", "social_enterprise"), "country": ("EE",), "theme": ("housing",)}
    facets = {name: tuple(FacetCount(value, 1) for value in values) for name, values in counts.items()}
    with app.test_request_context(f"/{lang}/search"), force_locale(lang):
        frame = search_frame(Query(text=question, lang=lang), Page(total=1, hits=(), facets=facets), {})
    assert [(it.heading, it.label, it.url.partition("?")[2], it.other_words) for it in frame.named] == offered


def test_no_filter_is_offered_beside_one_that_is_chosen(app: Flask) -> None:
    page = Page(total=1, hits=(), facets={"kind": (FacetCount("project", 1),)})
    with app.test_request_context("/lv/search"):
        query = Query(text="projekti par maizi", filters={"country": Filter(("LV",))})
        assert not search_frame(query, page, {}).named
