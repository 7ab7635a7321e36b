"""What a search is called, in both languages."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from platforma.i18n import force_locale
from platforma.web.public.filters import query_of
from platforma.web.public.search_frame import SearchFrame, real_sort, search_frame, sort_label
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
    ("question", "lang", "title", "parameters"),
    [
        ("projekti par maizi", "lv", "„maizi” – Projekti", "q=maizi&kind=project"),
        ("projekti Igaunijā", "lv", "Projekti Igaunijā", "kind=project&country=EE"),
        ("iniciatīvas Igaunijā", "lv", "Iniciatīvas Igaunijā", "country=EE"),
        ("social enterprises for repair", "en", "“repair” – Social enterprises", "q=repair&kind=social_enterprise"),
        ("sociālajiem uzņēmumiem", "lv", "Sociālie uzņēmumi", "kind=social_enterprise"),
        ("projekti un pasākumi", "lv", "„pasākumi” – Projekti", "q=pas%C4%81kumi&kind=project"),
    ],
)  # fmt: skip
def test_the_filters_that_a_question_names_are_offered(app: Flask, question: str, lang: str, title: str, parameters: str) -> None:
    by_filters = frame_of(app, Query(text=question, lang=lang)).by_filters
    assert by_filters and (by_filters[0], by_filters[1].partition("?")[2]) == (title, parameters)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("projekti Lietuvā", {}),
        ('"projekti" maize', {}),
        ("bezpajumtniecība", {}),
        ("projekts", {}),
        ("projekti par maizi", {"country": Filter(("LV",))}),
    ],
    ids=["no result is there", "in quotation marks", "a part of the theme", "its very name is offered", "a filter is chosen"],
)
def test_no_filters_are_offered_that_help_nobody(app: Flask, question: str, filters: dict[str, Filter]) -> None:
    assert frame_of(app, Query(text=question, filters=filters)).by_filters is None


def frame_of(app: Flask, query: Query) -> SearchFrame:
    """The frame of a search with results of some kinds, in Estonia."""
    counts = {"kind": ("project", "social_enterprise"), "country": ("EE",), "theme": ("housing",)}
    facets = {name: tuple(FacetCount(value, 1) for value in values) for name, values in counts.items()}
    with app.test_request_context(f"/{query.lang}/search"), force_locale(query.lang):
        return search_frame(query, Page(total=1, hits=(), facets=facets), {})
