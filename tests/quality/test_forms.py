"""How well forms of Latvian words come together, on 73 words with 801 forms written by hand (tests/samples/latvian_forms.txt).

The thresholds lie just below what is reached on these forms; what is reached on a treebank is measured by `python -m bench.grouping FILE`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.grouping import CHAINS, Grouping, measure
from bench.known_item import inflected, read_siblings

FORMS = Path(__file__).parents[1] / "samples" / "latvian_forms.txt"


def groups(upos: str = "") -> dict[str, list[str]]:
    """The forms of each lemma, of one part of speech where it is given."""
    lines = [line.split(": ") for line in FORMS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {head.split()[1]: forms.split() for head, forms in lines if head.startswith(upos)}


def grouping(chain: str, upos: str = "") -> Grouping:
    return measure(groups(upos).values(), CHAINS[chain])


@pytest.mark.parametrize(("upos", "least"), [("", 0.94), ("NOUN", 0.965), ("ADJ", 0.95), ("VERB", 0.86)])
def test_forms_come_together(upos: str, least: float) -> None:
    keys, light = grouping("keys", upos), grouping("light stems", upos)
    assert keys.f1 >= least, keys
    assert keys.f1 > light.f1 + 0.03, "the dictionary brings together more than endings cut off"


def test_words_that_look_alike_stay_apart() -> None:
    assert grouping("keys").precision >= 0.99


def test_forms_typed_without_diacritics_come_together_nearly_as_well() -> None:
    assert grouping("keys, forms typed without diacritics").f1 >= 0.89


def test_nouns_of_all_declensions_have_one_key_in_all_their_forms() -> None:
    keys = CHAINS["keys"]
    apart = {lemma for lemma, forms in groups("NOUN").items() if len({tuple(keys(form)) for form in forms}) > 1}
    of_others_too, not_in_the_dictionary = {"ceļš", "siena", "lieta", "vide", "kase"}, {"palīdzība"}
    assert apart <= of_others_too | not_in_the_dictionary


def test_names_are_asked_for_in_other_forms_of_their_words(tmp_path: Path) -> None:
    path = tmp_path / "groups.jsonl"
    path.write_text(
        '{"lemma": "zaļš", "forms": {"zaļais": 1, "zaļā": 2}}\n{"lemma": "ar", "forms": {"ar": 9}}\n', encoding="utf-8"
    )
    typed = inflected(read_siblings(path))
    assert typed(random.Random(1), "Zaļais „Rīts” ar") == "zaļā rīts ar"
