"""Mentions: where the words of a question are in a listing's own texts, found by the analysis that the index is made with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from search.analysis import Analysis, analyse, words
from search.index.fields import ROLES
from search.port import VIEWS, Document, View
from search.query.parser import Part
from search.query.span_nodes import PAIR_ROLES, GuessesByWord

NEAREST_VIEWS_FIRST: tuple[View, ...] = ("surface", "keys", "light")
"""Of several views in which a text has a word, the mention names the first of these."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a text as they are written in it.

    `role` is one of search.index.fields.ROLES, `lang` the text's language (None: not known). `boost` names how the words
    were found: a view, or one of search.index.boosts.WORD_BOOSTS.
    """

    role: str
    boost: str
    written: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """Tokens to look for in a text, one after the other, and the name of the boost that a match of them has."""

    boost: str
    view: View
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class ListingText:
    """One text of a listing; its tokens and its words stand at the same positions."""

    role: str
    text: str
    lang: str | None

    @cached_property
    def _analysis(self) -> Analysis:
        return analyse(self.text, self.lang)

    @cached_property
    def _token_sets(self) -> dict[View, frozenset[str]]:
        return {view: frozenset(self._analysis.view(view)) for view in VIEWS}

    def written(self, view: View, tokens: Sequence[str]) -> str | None:
        """The first words that have these tokens one after the other, as they are written; None where none have."""
        if not tokens or not self._token_sets[view].issuperset(tokens):
            return None
        all_tokens = self._analysis.view(view)
        for start in range(len(all_tokens) - len(tokens) + 1):
            if all_tokens[start : start + len(tokens)] == tuple(tokens):
                spans = list(words(self.text))
                return unicodedata.normalize("NFC", self.text)[spans[start].start : spans[start + len(tokens) - 1].end]
        return None


TextsByRole = Mapping[str, Sequence[ListingText]]
MentionsByRole = dict[str, list[Mention]]


def texts_by_role(document: Document, lang: str) -> TextsByRole:
    """All texts of a listing, in each role those in the reader's language `lang` first."""
    texts = list(_texts(document, lang))
    return {role: [text for text in texts if text.role == role] for role in ROLES}


def _texts(document: Document, lang: str) -> Iterator[ListingText]:
    for role, texts in (("title", document.title), ("summary", document.summary), ("body", document.body)):
        for code in sorted(texts, key=lambda code: (code != lang, code)):
            yield ListingText(role, texts[code], None if code == "und" else code)
    yield from (ListingText("names", name, None) for name in document.names)


def mentions_of_words(parts: Sequence[Part], guesses: GuessesByWord, texts: TextsByRole) -> MentionsByRole:
    """Where each of several words is, by role; nowhere unless the listing has all of them, wherever they stand."""
    return _mentions_of_all([list(_targets(part, guesses)) for part in parts], texts)


def mentions_of_name(name: Part, texts: TextsByRole, *, only_whole: bool, boost: str = "other_name") -> MentionsByRole:
    """Where another name, or that of a part, is by role: as a whole where it stands together, else by its words unless
    `only_whole`."""
    analysis = name.variants[0].analysis
    view: View = "keys" if analysis.keys else "surface"
    tokens = analysis.view(view)
    by_words = {} if only_whole else _mentions_of_all([[Target(boost, view, (token,))] for token in tokens], texts)
    whole = {role: first_mention(role_texts, [Target(boost, view, tokens)]) for role, role_texts in texts.items()}
    return {role: [mention] if (mention := whole[role]) else by_words.get(role, []) for role in texts}


def mentions_of_pair(key: str, texts: TextsByRole) -> MentionsByRole:
    """Where what an everyday word is in the other language is, by role, by its key; only where it counts."""
    found = {role: first_mention(texts[role], [Target("plain_pair", "keys", (key,))]) for role in PAIR_ROLES}
    return {role: [mention] if (mention := found.get(role)) else [] for role in texts}


def first_mention(texts: Sequence[ListingText], targets: Iterable[Target]) -> Mention | None:
    """The mention of the first target that any of the texts has; None where none has any."""
    for target in targets:
        for text in texts:
            if written := text.written(target.view, target.tokens):
                return Mention(text.role, target.boost, written, text.lang)
    return None


def _mentions_of_all(words: Sequence[Sequence[Target]], texts: TextsByRole) -> MentionsByRole:
    """A mention of each word by role, each by any of its targets; none at all where one of the words is nowhere."""
    by_role = {role: [first_mention(role_texts, targets) for targets in words] for role, role_texts in texts.items()}
    has_all = all(any(mentions) for mentions in zip(*by_role.values(), strict=True))
    return {role: [mention for mention in mentions if mention and has_all] for role, mentions in by_role.items()}


def _targets(part: Part, guesses: GuessesByWord) -> Iterator[Target]:
    """What a word is looked for by, the nearest first, guesses last; a phrase not by light stems (word_nodes)."""
    for view in NEAREST_VIEWS_FIRST:
        for variant in part.variants:
            if not (part.is_phrase and view == "light"):
                yield Target(view, view, variant.analysis.view(view))
    yield from (Target(guess.boost, guess.view, guess.tokens) for guess in guesses.get(part.text, ()))
