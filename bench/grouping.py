"""How well an analysis brings the forms of a word together: `python -m bench.grouping FILE` on lemma groups.

FILE holds JSON lines {"lemma", "upos", "forms": {form: count}}. For each form that has a sibling (another form of its
lemma): recall is the share of its siblings with which it shares a token, precision the share of the forms with which
it shares a token that are its siblings, counted only where there are any. Means over forms; F1 of the two means.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from search.analysis import analyse, latvian
from vocabulary import fold

Tokens = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Precision, recall and F1, between 0 and 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


def measure(groups: Iterable[Sequence[str]], tokens: Tokens) -> Grouping:
    """Measure an analysis on groups of forms, one group a lemma; a form may be in several."""
    siblings: dict[str, set[str]] = defaultdict(set)
    for forms in groups:
        for form in forms:
            siblings[form] |= {other for other in forms if other != form}
    of_form = {form: frozenset(tokens(form)) for form in siblings}
    with_token: dict[str, set[str]] = defaultdict(set)
    for form, form_tokens in of_form.items():
        for token in form_tokens:
            with_token[token].add(form)
    precisions, recalls = [], []
    for form, wanted in siblings.items():
        if not wanted:
            continue
        shared = set[str]().union(*(with_token[token] for token in of_form[form])) - {form}
        recalls.append(len(wanted & shared) / len(wanted))
        if shared:
            precisions.append(len(wanted & shared) / len(shared))
    return Grouping(fmean(precisions), fmean(recalls))


def read_groups(path: Path, upos: str | None = None) -> list[list[str]]:
    """Groups of forms from a file of JSON lines, of one part of speech where it is given."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
    return [list(row["forms"]) for row in rows if upos in (None, row["upos"])]


CHAINS: dict[str, Tokens] = {
    "folded words, no analysis": lambda form: [fold(form)],
    "light stems": lambda form: [latvian.stem(fold(form))],
    "keys": lambda form: analyse(form, "lv").keys,
    "keys, forms typed without diacritics": lambda form: analyse(fold(form), "lv").keys,
}


def main() -> None:
    path = Path(sys.argv[1])
    print("| chain | all words: P / R / F1 | nouns: P / R / F1 |\n|---|---|---|")
    for name, tokens in CHAINS.items():
        groupings = [measure(read_groups(path, upos), tokens) for upos in (None, "NOUN")]
        cells = " | ".join(f"{grouping.precision:.3f} / {grouping.recall:.3f} / **{grouping.f1:.3f}**" for grouping in groupings)
        print(f"| {name} | {cells} |")


if __name__ == "__main__":
    main()
