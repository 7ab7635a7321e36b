"""How high one known listing stands when its name is typed in various ways: `python -m bench.known_item FILE …`.

A FILE holds one JSON object a line with `title` ({lang: text}) or `name`, or is a Latvian treebank (.conllu), whose short
sentences are names then. Each listing is asked for by its name: exactly, without diacritics, with one typo, cut short in its
last word, by its rarest words. With `--forms GROUPS` (lemmas with their attested forms, as bench.grouping reads them) those
names that hold Latvian words are asked for with each of these words in another of its forms. MRR@10: the mean of 1/rank, 0
beyond ten.
"""

from __future__ import annotations

import argparse
import json
import random
import string
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench import retrieval
from search.analysis import words
from search.factory import open_engine
from search.port import Document, Query, SearchEngine
from vocabulary import fold

Typing = Callable[[random.Random, str], str]
Siblings = Mapping[str, Sequence[str]]
NAME_WORDS = 2, 8
"""Sentences of so many words pass for names."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.known_item", description=str(__doc__).splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--forms", type=Path, help="lemmas with their forms, to inflect Latvian names by")
    parser.add_argument("--most", dest="count", type=int, default=300, help="how many listings are asked for (300)")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    chosen = parser.parse_args()
    documents = [document for path in chosen.files for document in read(path)]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(chosen.engine, Path(folder))
        generation = engine.begin_generation()
        generation.add(documents)
        generation.publish()
        wanted = random.Random(1).sample(documents, min(chosen.count, len(documents)))
        print(f"{len(documents)} listings, {len(wanted)} asked for\n\n| typed | MRR@10 |\n|---|---|")
        for name, typed in (TYPINGS | {"rarest words of the text": rarest(documents)}).items():
            print(f"| {name} | {mrr(engine, documents, wanted, typed):.3f} |", flush=True)
        if chosen.forms:
            _print_inflected(engine, documents, read_siblings(chosen.forms), chosen.count)


def _print_inflected(engine: SearchEngine, documents: list[Document], siblings: Siblings, count: int) -> None:
    """The last row: of Latvian names, those that hold a word with another form."""
    usable = [document for document in documents if "lv" in document.title and _has_word(document, siblings)]
    if not usable:
        print("\nNo name is Latvian and holds a word of which another form is known.")
        return
    wanted = random.Random(3).sample(usable, min(count, len(usable)))
    mean = mrr(engine, documents, wanted, inflected(siblings))
    print(f"| Latvian words all inflected ({len(wanted)} of {len(usable)} names) | {mean:.3f} |")


def read(path: Path) -> Iterator[Document]:
    """Documents of a file; texts of no stated language are `und`."""
    if path.suffix == ".conllu":
        for sentence in retrieval.read(path):
            if NAME_WORDS[0] <= len(sentence.text.split()) <= NAME_WORDS[1]:
                yield Document(f"t{sentence.id}", {"lv": sentence.text})
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").strip().split("\n")):
        row = json.loads(line)
        title = row["title"] if isinstance(row.get("title"), dict) else {"und": str(row.get("title") or row.get("name") or "")}
        body = row.get("description") or ""
        if any(title.values()):
            yield Document(f"d{number:06}", title, body=body if isinstance(body, dict) else {"und": str(body)})


def mrr(engine: SearchEngine, documents: list[Document], wanted: list[Document], typed: Typing) -> float:
    """The mean of 1/rank of the wanted documents; one with the same name is as good."""
    generator, total = random.Random(2), 0.0
    for document in wanted:
        same_name_ids = {other.id for other in documents if other.title == document.title}
        hits = engine.search(Query(text=typed(generator, _name(document)), per_page=10, facets=())).hits
        total += next((1 / rank for rank, hit in enumerate(hits, start=1) if hit.id in same_name_ids), 0.0)
    return total / len(wanted)


def rarest(documents: list[Document]) -> Typing:
    """The two rarest words of a listing's text."""
    texts = {_name(document): " ".join((*document.title.values(), *document.body.values())).split() for document in documents}
    counts = Counter(word for words in texts.values() for word in {fold(word) for word in words})
    return lambda _, name: " ".join(sorted(dict.fromkeys(texts[name]), key=lambda word: (counts[fold(word)], word))[:2])


def read_siblings(path: Path) -> Siblings:
    """The other forms of each form, of the lemma of which it is the most frequent."""
    groups = [json.loads(line)["forms"] for line in path.read_text(encoding="utf-8").strip().split("\n")]
    frequencies = [(count, form, forms) for forms in groups for form, count in forms.items()]
    siblings = {
        form: sorted(forms.keys() - {form}) for _, form, forms in sorted(frequencies, key=lambda frequency: frequency[:2])
    }
    return {form: others for form, others in siblings.items() if others}


def inflected(siblings: Siblings) -> Typing:
    """Each word of which other forms are known in one of these; all others as they are."""

    def typed(generator: random.Random, name: str) -> str:
        plain_words = [word.text for word in words(name)]
        return " ".join(generator.choice(siblings[word]) if word in siblings else word for word in plain_words)

    return typed


def _has_word(document: Document, siblings: Siblings) -> bool:
    return any(word.text in siblings for word in words(_name(document)))


def _name(document: Document) -> str:
    return document.title.get("lv") or next(iter(document.title.values()))


def with_typo(generator: random.Random, name: str) -> str:
    """One edit in the longest word, behind its first letter."""
    word = max(name.split(), key=len)
    position = generator.randrange(1, max(2, len(word)))
    letter = generator.choice(string.ascii_lowercase)
    edits = (
        word[:position] + word[position + 1 :],
        word[:position] + letter + word[position:],
        word[:position] + letter + word[position + 1 :],
    )
    return name.replace(word, generator.choice(edits), 1)


def cut_short(_: random.Random, name: str) -> str:
    """The name up to the middle of its last word, of at least three letters."""
    *words, last = name.split()
    return " ".join((*words, last[: max(3, len(last) // 2)]))


TYPINGS: dict[str, Typing] = {
    "exactly": lambda _, name: name,
    "without diacritics": lambda _, name: fold(name),
    "with one typo": with_typo,
    "cut short": cut_short,
}

if __name__ == "__main__":
    main()
