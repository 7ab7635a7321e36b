"""What is a part of something: who asks for the whole finds its parts, and not the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from search.index.boosts import ROLE_BOOSTS, WORD_BOOSTS
from search.port import Document, Page, Query
from search.query import concepts
from search.query.concepts import MAX_NARROWER_NAMES, Concept, ThesaurusEntry, draft_thesaurus
from search.query.nodes import And, AnyNode, DisMax, SharedRarity, Tokens
from search.query.plan import Plan, make_plan
from search.query.reasons import Reasoner
from vocabulary import load

ENTRIES = [
    ThesaurusEntry("craft", {"lv": ["amatprasme"], "en": ["trade skill"]}, ["theme:culture"]),
    ThesaurusEntry("baking", {"lv": ["cepšana", "cepiens"], "en": ["baking"]}, ["craft"]),
    ThesaurusEntry("bread", {"lv": ["rupjmaize"], "en": ["rye bread"]}, ["baking", "nothing", "theme:nothing"]),
    ThesaurusEntry("skilled", {"lv": ["laba amatprasme"], "en": ["good trade skill"]}, ["craft"]),
]


@pytest.fixture(autouse=True)
def _thesaurus() -> Iterator[None]:
    with draft_thesaurus(ENTRIES):
        yield


def plan(text: str) -> Plan:
    return make_plan(Query(text=text, lang="lv"))


def concept(text: str) -> Concept:
    return next(one for span in plan(text).spans for one in span.concepts if one.names)


def narrower(text: str) -> list[str]:
    return [name.text for name in concept(text).narrower]


def leaves(node: AnyNode) -> Iterator[Tokens]:
    match node:
        case Tokens():
            yield node
        case DisMax(nodes) | And(nodes) | SharedRarity(nodes):
            yield from chain.from_iterable(map(leaves, nodes))


def weight(text: str, key: str) -> float | None:
    return next((leaf.weight for leaf in leaves(plan(text).strict) if leaf.field == "title_keys" and leaf.tokens == (key,)), None)


def test_the_whole_is_also_looked_for_by_its_parts_and_theirs_at_a_lower_weight() -> None:
    assert narrower("amatprasme") == ["cepšana", "baking", "rupjmaize", "rye bread"]
    assert weight("amatprasme", "lv:cepšana") == ROLE_BOOSTS["title"].weight * WORD_BOOSTS["narrower_name"].weight
    assert WORD_BOOSTS["narrower_name"].weight < WORD_BOOSTS["other_name"].weight


def test_a_part_is_not_looked_for_by_the_whole_nor_by_its_other_parts() -> None:
    assert narrower("rupjmaize") == [] and weight("rupjmaize", "lv:cepšana") is None
    assert narrower("cepšana") == ["rupjmaize", "rye bread"]


def test_a_part_of_a_theme_leads_to_what_is_filed_there_at_a_low_weight() -> None:
    (span,) = plan("amatprasme").spans
    assert [(one.facet, one.value) for one in span.concepts if one.is_wider] == [("theme", "culture")]
    assert [one.facet for span in plan("rupjmaize").spans for one in span.concepts] == [""], "its own, not by way of its whole"


def test_names_of_parts_are_the_first_of_each_first_and_only_so_many() -> None:
    many = [ThesaurusEntry("whole", {"lv": ["veselums"]})]
    many += [ThesaurusEntry(f"p{n}", {"lv": [f"gabals{n}", f"šķēle{n}"]}, ["whole"]) for n in "abc"]
    with draft_thesaurus(many):
        assert narrower("veselums") == ["gabalsa", "gabalsb", "gabalsc", "šķēlea"]
    assert MAX_NARROWER_NAMES == 4


def test_a_theme_that_thesaurus_and_closed_list_name_as_the_whole_counts_once() -> None:
    with draft_thesaurus([ThesaurusEntry("homelessness", {"en": ["homelessness"]}, ["theme:housing"])]):
        (span,) = plan("homelessness").spans
    assert [(one.value, one.is_wider) for one in span.concepts if one.facet] == [("housing", True)]


def test_parts_that_go_in_a_circle_end() -> None:
    with draft_thesaurus([ThesaurusEntry("a", {"lv": ["rats"]}, ["b"]), ThesaurusEntry("b", {"lv": ["riņķis"]}, ["a"])]):
        assert narrower("rats") == ["riņķis"]


def test_readers_are_not_told_of_parts_and_curators_are() -> None:
    assert plan("amatprasme").expansions == ("trade skill",)
    reasoner = Reasoner(Query(text="amatprasme", lang="lv"), Page(0, ()))
    assert reasoner.readings()[0].narrower == (("cepšana", "lv"), ("baking", "en"), ("rupjmaize", "lv"), ("rye bread", "en"))
    listing = Document("x", {"lv": "Cepšana mājās"}, {"en": "Trade skills"})
    (word,) = reasoner.reasons(listing).words
    assert [(mention.role, mention.boost, mention.written) for mention in word.mentions] == [
        ("title", "narrower_name", "Cepšana"), ("summary", "other_name", "Trade skills")
    ]  # fmt: skip


def test_what_is_shipped_stands_in_relations_to_what_there_is_and_in_no_circle() -> None:
    thesaurus = load().thesaurus
    parts = concepts._named_by((id, one.broader) for id, one in thesaurus.items())
    for id, one in thesaurus.items():
        terms = {broader.partition(":")[::2] for broader in one.broader if ":" in broader}
        assert all(facet in ("theme", "kind", "sector") and term in load().ids(facet) for facet, term in terms), id
        assert {broader for broader in one.broader if ":" not in broader} | {*one.related} <= thesaurus.keys(), id
        assert id not in (*one.broader, *one.related), id
        assert all(id in thesaurus[other].related for other in one.related), f"{id}: what is near is so both ways"
        assert not any(part in one.broader for part in concepts._all_parts(id, parts)), id
