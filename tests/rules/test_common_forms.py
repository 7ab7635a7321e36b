"""No concept by accident: which of the commonest forms of Latvian and English name a concept is on a list that a person read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from search.analysis import analyse
from search.query import concepts, places
from search.query.concepts import Concept, use_shipped_thesaurus
from search.query.parser import parse
from search.query.places import use_gazetteer
from search.query.spans import find_spans
from vocabulary import fold, shipped
from vocabulary.languages import LANGUAGES

SAMPLES = Path(__file__).parents[1] / "samples"
REVIEWED = SAMPLES / "common_forms_named.yaml"


@pytest.fixture(autouse=True)
def _shipped_names_alone() -> Iterator[None]:
    former_town, former_index = places._Current.town, concepts._Current.thesaurus
    use_gazetteer(lambda name: None)
    use_shipped_thesaurus()
    yield
    places._Current.town = former_town
    places._places.cache_clear()
    concepts._Current.thesaurus = former_index


def common_forms(lang: str) -> list[str]:
    lines = (SAMPLES / f"common_forms_{lang}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def named(form: str, page_lang: str) -> list[str]:
    """What a form names, as the reviewed list tells it."""
    spans = find_spans(parse(form, page_lang).parts, expand=True)
    return [_told(concept) for span in spans for concept in span.concepts]


def _told(concept: Concept) -> str:
    if concept.is_wider:
        return f"part of {concept.facet} {concept.value}"
    return f"{concept.facet} {concept.value}" if concept.facet else concept.names[0].text


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_forms_that_name_a_concept_are_on_the_reviewed_list(lang: str) -> None:
    reviewed = yaml.safe_load(REVIEWED.read_text(encoding="utf-8"))[lang]
    found = {form: of_form for form in common_forms(lang) if (of_form := named(form, lang))}
    new = {form: of_form for form, of_form in found.items() if reviewed.get(form) != of_form}
    assert not new, f"forms that name a concept and are on no reviewed list ({REVIEWED.name}): {new}"
    assert not (gone := reviewed.keys() - found.keys()), f"forms of the reviewed list that name nothing any more: {gone}"


@pytest.mark.parametrize(
    ("lang", "page_lang", "more"), [("lv", "en", {"man": ["vīrieši"], "mums": ["mātes"]}), ("en", "lv", {"man": []})]
)
def test_on_a_page_in_the_other_language_a_form_names_the_same_but_for_words_of_both(
    lang: str, page_lang: str, more: dict[str, list[str]]
) -> None:
    """Latvian “man” and “mums” (me, us) are words of grammar on Latvian pages alone."""
    different = {form: there for form in common_forms(lang) if (there := named(form, page_lang)) != named(form, lang)}
    assert different == more


def test_the_lists_have_a_thousand_forms_each() -> None:
    assert {lang: len(set(common_forms(lang))) for lang in ("lv", "en")} == {"lv": 1000, "en": 1000}


@pytest.mark.parametrize(
    ("form", "lang"),
    [
        ("ar", "lv"), ("arī", "lv"), ("is", "en"), ("are", "en"), ("good", "en"), ("better", "en"), ("veci", "lv"), ("vecām", "lv"),
        ("vēlas", "lv"), ("viļņa", "lv"), ("run", "en"), ("mad", "en"), ("mat", "en"), ("tevi", "lv"), ("jānis", "lv"), ("padomju", "lv"),
        ("right", "en"), ("present", "en"), ("played", "en"), ("Tevi", "en"),
    ],
)  # fmt: skip
def test_a_form_that_is_mostly_another_word_names_nothing(form: str, lang: str) -> None:
    assert named(form, lang) == []


@pytest.mark.parametrize(
    ("form", "name"),
    [("koka", "koksne"), ("tēvi", "tēvi"), ("Jāņos", "Jāņi"), ("padomes", "valde"), ("gifts", "dāvanas"), ("vecākiem", "vecāki")],
)
def test_other_forms_and_one_that_is_a_name_itself_name_the_concept(form: str, name: str) -> None:
    assert named(form, "lv") == [name]


@pytest.mark.parametrize("form", sorted(shipped().homographs))
def test_each_form_of_the_list_would_name_a_concept_otherwise(form: str) -> None:
    index = concepts.current_index().concepts
    assert any(tokens in index for lang in LANGUAGES for tokens in (analyse(form, lang).keys, (fold(form),)))


def test_a_run_of_words_is_found_by_any_form_in_it() -> None:
    assert "koka izstrādājumi" in [name.text for span in _spans("koka izstrādājumu") for one in span for name in one.names]


def _spans(text: str) -> list[tuple[Concept, ...]]:
    return [span.concepts for span in find_spans(parse(text, "lv").parts, expand=True)]
