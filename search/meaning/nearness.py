"""Nearness in meaning: of listings to a question and to each other, with the vectors that it needs, made when asked for."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from threading import Lock

from search.analysis import is_word, words
from search.meaning.model import Model, Vector
from search.meaning.vectors import DocumentVectors, Made, Neighbour, VectorStore
from search.port import Document
from vocabulary.languages import LANGUAGES

MIN_SIMILARITY = 0.2
"""A listing less similar to a question is not near; docs/search.md tells how this was measured."""
MIN_SIMILARITY_OF_UNKNOWN_WORDS = 0.3
"""The same for a question of which no dictionary has a word: it may be in another language, or mean nothing."""
MIN_SIMILARITY_OF_LISTINGS = 0.25
"""A listing less similar to another one is not like it."""
MAX_QUESTIONS_KEPT = 500
MAX_QUESTION_CHARACTERS = 200
"""So much of a question is looked at: its time grows with its length."""
WORDS_LOOKED_AT = 40
"""So many words of a text tell its language."""
UNDETERMINED = "und"


class Nearness:
    """What is near in meaning. The model is loaded when a text is first to be turned into a vector; threads may share it."""

    def __init__(self, store: VectorStore, load: Callable[[], Model]) -> None:
        self.store = store
        self._load, self._loading = load, Lock()
        self._loaded: Model | None = None
        self._question = lru_cache(MAX_QUESTIONS_KEPT)(self._vector_of_question)

    def near_question(self, text: str, lang: str, most: int) -> list[Neighbour]:
        """The documents nearest to a question on a page in a language, the nearest first; none where none is near."""
        text = text[:MAX_QUESTION_CHARACTERS]
        known = words_known(text)
        floor = MIN_SIMILARITY if known.total() else MIN_SIMILARITY_OF_UNKNOWN_WORDS
        return self.store.nearest(self._question(text, _likeliest(known, lang)), most, floor)

    def near_document(self, id: str, most: int) -> list[Neighbour]:
        """The documents nearest to another one, without itself; none where it has no vectors yet."""
        best: dict[str, float] = {}
        for vector in self.store.vectors_of(id):
            for other in self.store.nearest(vector, most + 1, MIN_SIMILARITY_OF_LISTINGS):
                best[other.id] = max(best.get(other.id, 0.0), other.similarity)
        best.pop(id, None)
        return [Neighbour(*pair) for pair in sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))][:most]

    def outdated(self, versions: Mapping[str, int]) -> tuple[list[str], list[str]]:
        """Of the listings whose versions these are: those whose vectors are missing or may be old. And the ids of documents
        that have vectors, but are none of these listings."""
        made = self.store.made()
        changed = [id for id, version in versions.items() if id not in made or made[id].version != version]
        return changed, sorted(made.keys() - versions.keys())

    def update(self, documents: Iterable[Document], versions: Mapping[str, int]) -> int:
        """Make the vectors of documents whose texts are new, and return of how many; the others keep theirs."""
        made, new, same = self.store.made(), [], {}
        for document in documents:
            texts = passages(document)
            now = Made(versions[document.id], _digest(texts))
            if document.id in made and made[document.id].digest == now.digest:
                same[document.id] = now.version
            else:
                new.append(DocumentVectors(document.id, now, {lang: self._passage(text, lang) for lang, text in texts.items()}))
        self.store.put(new)
        self.store.note(same)
        return len(new)

    def _vector_of_question(self, text: str, lang: str) -> Vector:
        return array("f", self._model().vector("query", text, lang))

    def _passage(self, text: str, lang: str) -> Vector:
        known = _likeliest(words_known(text), lang) if lang == UNDETERMINED else lang
        return self._model().vector("passage", text, known)

    def _model(self) -> Model:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


def passages(document: Document) -> dict[str, str]:
    """What the vectors of a document are made of, by language: title, summary and body, each once."""
    parts: dict[str, dict[str, None]] = {}
    for texts in (document.title, document.summary, document.body):
        for lang, text in texts.items():
            parts.setdefault(lang, {})[text.strip()] = None
    return {lang: joined for lang, texts in parts.items() if (joined := ". ".join(filter(None, texts)))}


def words_known(text: str) -> Counter[str]:
    """How many of the first words of a text each interface language has in its dictionary."""
    first = [word.text for word in words(text)][:WORDS_LOOKED_AT]
    return Counter(code for word in first for code in LANGUAGES if is_word(word, code))


def _likeliest(known: Counter[str], lang: str) -> str:
    """The language that has most of the words; the one given where it has as many."""
    return max((lang, *LANGUAGES), key=lambda code: known[code])


def _digest(texts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:32]
