"""How well sentences are found by two of their words in other forms: `python -m bench.retrieval FILE.conllu --lang lv`.

FILE is a treebank in CoNLL-U (Universal Dependencies). Each sentence becomes a listing with the sentence as its title; a
question is two content words, each in a form in which it stands anywhere in the treebank; relevant are the sentences
that hold both lemmas. Average precision over the first hundred, mean over the questions (MAP).
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import fmean

from search.analysis.chain import LANGUAGES
from search.factory import open_engine
from search.port import Document, Query, SearchEngine
from search.query.parser import INTERFACE_LANGUAGES
from vocabulary import fold

CONTENT = {"NOUN", "PROPN", "ADJ", "VERB"}
FIRST_RESULTS = 100


@dataclass(frozen=True, slots=True)
class Question:
    """Two words as typed, and the ids of the sentences that hold both lemmas."""

    words: tuple[str, str]
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and its content words, as (lemma, form)."""

    id: str
    text: str
    words: tuple[tuple[str, str], ...]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.retrieval", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--lang", default="lv", choices=LANGUAGES, help="the language of the sentences (lv)")
    parser.add_argument("--page", choices=INTERFACE_LANGUAGES, help="the language of the page (that of the sentences)")
    parser.add_argument("--count", type=int, default=300, help="how many questions (300)")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    chosen = parser.parse_args()
    sentences = list(read(chosen.file))
    drawn = draw_questions(sentences, chosen.count)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(chosen.engine, Path(folder))
        generation = engine.begin_generation()
        generation.add(Document(sentence.id, {chosen.lang: sentence.text}) for sentence in sentences)
        generation.publish()
        print(f"{len(sentences)} sentences, {len(drawn)} questions\n\n| typed | MAP |\n|---|---|")
        for name, typed in (("inflected", str), ("without diacritics", fold)):
            print(f"| {name} | {mean_average_precision(engine, drawn, typed, chosen.page or chosen.lang):.3f} |", flush=True)


def read(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file."""
    for number, block in enumerate(path.read_text(encoding="utf-8").split("\n\n")):
        lines = block.splitlines()
        text = next((line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")), "")
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        words = tuple((row[2].lower(), row[1]) for row in rows if row[3] in CONTENT and row[1].isalpha() and len(row[1]) > 2)
        if text:
            yield Sentence(f"s{number:06}", text, words)


def draw_questions(sentences: list[Sentence], count: int) -> list[Question]:
    """Pairs of lemmas that stand together in two to fifty sentences, each in a form drawn from all of its forms."""
    together: dict[tuple[str, str], set[str]] = defaultdict(set)
    forms: dict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        for lemma, form in sentence.words:
            forms[lemma].add(form)
        for pair in combinations(sorted({lemma for lemma, _ in sentence.words}), 2):
            together[pair].add(sentence.id)
    usable = sorted(pair for pair, ids in together.items() if 2 <= len(ids) <= 50)
    generator = random.Random(5)
    pairs = generator.sample(usable, min(count, len(usable)))
    return [
        Question(
            (generator.choice(sorted(forms[first])), generator.choice(sorted(forms[second]))), frozenset(together[first, second])
        )
        for first, second in pairs
    ]


def mean_average_precision(engine: SearchEngine, questions: list[Question], typed: Callable[[str], str], lang: str) -> float:
    """The mean over the questions of the average precision within the first hundred."""
    return fmean(
        average_precision(engine, question, " ".join(typed(word) for word in question.words), lang) for question in questions
    )


def average_precision(engine: SearchEngine, question: Question, text: str, lang: str) -> float:
    """The mean, over the relevant sentences, of the precision at the rank of each; 0 for one that is not among the first."""
    hits = engine.search(Query(text=text, lang=lang, per_page=FIRST_RESULTS, facets=())).hits
    relevant_hits, total = 0, 0.0
    for rank, hit in enumerate(hits, start=1):
        if hit.id in question.relevant:
            relevant_hits += 1
            total += relevant_hits / rank
    return total / len(question.relevant)


if __name__ == "__main__":
    main()
