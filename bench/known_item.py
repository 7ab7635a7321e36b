"""How high one known listing stands when its name is typed in various ways: `python -m bench.known_item FILE`.

FILE holds one JSON object a line with `title` ({lang: text}) or `name`. Each listing is asked for by its name: exactly,
without diacritics, with one typo, cut short in its last word, by its rarest words. MRR@10: the mean of 1/rank, 0 beyond ten.
"""

from __future__ import annotations

import argparse
import json
import random
import string
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from search.opening import open_engine
from search.port import Document, Query, SearchEngine
from vocabulary import fold

Typing = Callable[[random.Random, str], str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.known_item", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--most", type=int, default=300, help="how many listings are asked for (300)")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    chosen = parser.parse_args()
    documents = list(read(chosen.file))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(chosen.engine, Path(folder))
        generation = engine.begin_generation()
        generation.add(documents)
        generation.publish()
        asked = random.Random(1).sample(documents, min(chosen.most, len(documents)))
        print(f"{len(documents)} listings, {len(asked)} asked for\n\n| typed | MRR@10 |\n|---|---|")
        for name, typed in (TYPINGS | {"rarest words of the text": rarest(documents)}).items():
            print(f"| {name} | {mrr(engine, documents, asked, typed):.3f} |", flush=True)


def read(path: Path) -> Iterator[Document]:
    """Documents of a file; texts of no stated language are `und`."""
    for number, line in enumerate(path.read_text(encoding="utf-8").strip().split("\n")):
        row = json.loads(line)
        title = row["title"] if isinstance(row.get("title"), dict) else {"und": str(row.get("title") or row.get("name") or "")}
        body = row.get("description") or ""
        if any(title.values()):
            yield Document(f"d{number:06}", title, body=body if isinstance(body, dict) else {"und": str(body)})


def mrr(engine: SearchEngine, documents: list[Document], asked: list[Document], typed: Typing) -> float:
    """The mean of 1/rank; of all documents, those of one name are as good as each other."""
    chance, total = random.Random(2), 0.0
    for document in asked:
        same = {one.id for one in documents if one.title == document.title}
        found = engine.search(Query(text=typed(chance, _name(document)), per_page=10, facets=())).hits
        total += next((1 / rank for rank, hit in enumerate(found, start=1) if hit.id in same), 0.0)
    return total / len(asked)


def rarest(documents: list[Document]) -> Typing:
    """The two rarest words of a listing's text."""
    texts = {_name(one): [*" ".join((*one.title.values(), *one.body.values())).split()] for one in documents}
    often = Counter(word for words in texts.values() for word in {fold(word) for word in words})
    return lambda _, name: " ".join(sorted(dict.fromkeys(texts[name]), key=lambda word: (often[fold(word)], word))[:2])


def _name(document: Document) -> str:
    return next(iter(document.title.values()))


def with_typo(chance: random.Random, name: str) -> str:
    """One edit in the longest word, behind its first letter."""
    word = max(name.split(), key=len)
    place = chance.randrange(1, max(2, len(word)))
    letter = chance.choice(string.ascii_lowercase)
    edits = (word[:place] + word[place + 1 :], word[:place] + letter + word[place:], word[:place] + letter + word[place + 1 :])
    return name.replace(word, chance.choice(edits), 1)


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
