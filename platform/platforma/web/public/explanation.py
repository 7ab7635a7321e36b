"""For curators: how a question was read and why each result stands where it does, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from platforma.catalogue.listings.documents import document
from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import decimal, ngettext
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, heading, label_of
from search.port import MIN_STRICT_HITS, Page, Query
from search.query.reasons import (
    BOOSTS,
    ROLE_BOOSTS,
    TOP_BOOSTS,
    VIEW_BOOSTS,
    WORD_BOOSTS,
    Boost,
    Mention,
    Reading,
    Reasoner,
    WordReason,
)
from vocabulary.languages import LANGUAGES

MAX_TEXTS = 8
"""At most so many other names or guesses of a word are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about a word: a label, texts in their languages, and how many more there are."""

    label: str
    texts: Sequence[Text] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class WordReading:
    """A word, phrase or run of words of the question, and how it was read."""

    typed: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the question, and where a listing has it: by part of the listing, (text, how it was found)."""

    typed: str
    parts: Sequence[tuple[str, Sequence[tuple[Text, str]]]]
    filed: Sequence[str]


@dataclass(frozen=True, slots=True)
class ResultReasons:
    """A result with its score (None where results are not sorted by it), and why it stands where it does."""

    title: Text
    score: str | None
    words: Sequence[WordMatch]
    boosts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """A group of boosts with its heading; each row is label, weight, reason."""

    heading: str
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why these results, in this order.

    `step` is None without words, `order` where results are sorted by relevance. `results` is empty without words; its
    first is result number `first`. `technical` is what the engine is asked, in English.
    """

    step: str | None
    order: str | None
    readings: Sequence[WordReading]
    restrictions: Sequence[str]
    first: int
    results: Sequence[ResultReasons]
    weights: Sequence[Weights]
    technical: str


def explanation(query: Query, page: Page, listings: Sequence[Listing], platforms: dict[str, str]) -> Explanation:
    """All that is shown about a page of results; read from the question and the listings, no engine is asked.

    `platforms` are the names of platforms by id.
    """
    reasoner = Reasoner(query, page)
    by_id = {listing.public_id: listing for listing in listings}
    return Explanation(
        step=_steps(page) if reasoner.has_words else None,
        order=_order(reasoner.order),
        readings=[WordReading(reading.typed, list(_reading_lines(reading, query.lang))) for reading in reasoner.readings()],
        restrictions=list(_restrictions(reasoner, query.lang, platforms)),
        first=(query.page - 1) * query.per_page + 1,
        results=list(_results(reasoner, page, by_id, query.lang)) if reasoner.has_words else [],
        weights=_weights(),
        technical="\n".join(reasoner.plan_lines()),
    )


def _steps(page: Page) -> str:
    """Whether the query was relaxed, and how, and what stands there for its meaning."""
    if not page.close:
        return _step(page)
    by_meaning = ngettext(
        "Last step, meaning: %(num)s listing stands below them for what it means, whatever its words.",
        "Last step, meaning: %(num)s listings stand below them for what they mean, whatever their words.",
        page.close,
    )
    return f"{_step(page)} {by_meaning}"


def _step(page: Page) -> str:
    """Whether the query was relaxed, and how."""
    if page.relaxation == "similar":
        return _(
            "Second step, similar words: fewer than %(few)s listings have these very words, so those with words like them "
            "follow below.",
            few=MIN_STRICT_HITS,
        )
    if page.relaxation == "some" and page.complete:
        return ngettext(
            "Third step, some of the words: %(num)s listing has all of them; those that have most of them follow below.",
            "Third step, some of the words: %(num)s listings have all of them; those that have most of them follow below.",
            page.complete,
        )
    if page.relaxation == "some":
        return _("Third step, some of the words: no listing has all of them, so these lack one or more.")
    return _("First step, strictly: a listing must have every word, in any of its forms or by another name.")


def _order(order: str) -> str | None:
    """How results are sorted; None where it is by relevance."""
    if order == "relevance":
        return None
    labels = {"newest": _("the newest first"), "soonest": _("by date"), "name": _("by name"), "distance": _("by distance")}
    return _("Sorted otherwise: %(order)s. How well the words fit does not count, so there are no scores.", order=labels[order])


def _reading_lines(reading: Reading, lang: str) -> Iterator[Line]:
    if not reading.is_required:
        yield Line(_("only a legal form: a listing is found without it too"))
    if reading.is_phrase:
        yield Line(_("these words side by side"))
    if reading.lemmas:
        yield Line(_("in all forms of"), _texts(_in_language_order(reading.lemmas)))
    else:
        yield Line(_("in no dictionary: words with the same stem are found"))
    if reading.other_names:
        yield Line(_("also called"), _texts(reading.other_names), len(reading.other_names[MAX_TEXTS:]))
    if reading.narrower:
        yield Line(_("and names of its parts"), _texts(reading.narrower), len(reading.narrower[MAX_TEXTS:]))
    if reading.pairs:
        yield Line(_("everyday words in the other language"), _texts(reading.pairs), len(reading.pairs[MAX_TEXTS:]))
    if reading.filed_under:
        yield Line(_("and what is filed under"), [Text(_filed(*pair, lang), None) for pair in reading.filed_under])
    kinds_in_order = list(WORD_BOOSTS)
    guesses = sorted(reading.guesses, key=lambda guess: kinds_in_order.index(guess[0]))
    for boost, guesses_of_kind in groupby(guesses, lambda guess: guess[0]):
        texts = [Text(text, None) for _boost, text in guesses_of_kind]
        yield Line(_("guessed, %(how)s", how=_(BOOSTS[boost].label)), texts[:MAX_TEXTS], len(texts[MAX_TEXTS:]))


def _in_language_order(lemmas: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(dict.fromkeys(lemmas), key=lambda pair: list(LANGUAGES).index(pair[1]))


def _texts(pairs: Iterable[tuple[str, str | None]]) -> list[Text]:
    return [Text(text, lang) for text, lang in pairs][:MAX_TEXTS]


def _restrictions(reasoner: Reasoner, lang: str, platforms: dict[str, str]) -> Iterator[str]:
    """The excluded words and the filters."""
    for word in reasoner.excluded_words:
        yield _("without the word “%(word)s”", word=word)
    headings = _headings()
    for name, chosen in reasoner.filters.items():
        if chosen.any_of:
            labels = (label_of(name, value, lang, platforms) for value in chosen.any_of)
            yield f"{headings[name]}: {', '.join(labels)}"
        if chosen.none_of:
            labels = (label_of(name, value, lang, platforms) for value in chosen.none_of)
            yield _("not: %(label)s", label=f"{headings[name]}: {', '.join(labels)}")


def _results(reasoner: Reasoner, page: Page, listings: Mapping[str, Listing], lang: str) -> Iterator[ResultReasons]:
    for hit in page.hits:
        if listing := listings.get(hit.id):
            reasons = reasoner.reasons(document(listing))
            score = decimal(hit.score) if reasoner.order == "relevance" else None
            words = [_word_match(reason, lang) for reason in reasons.words]
            boosts = [f"{_(BOOSTS[name].label)} {_weight(BOOSTS[name], weight)}" for name, weight in reasons.boosts]
            yield ResultReasons(listing.title(lang), score, words, boosts)


def _word_match(reason: WordReason, lang: str) -> WordMatch:
    by_role = groupby(reason.mentions, attrgetter("role"))
    parts = [(_(BOOSTS[role].label), _mentions(mentions)) for role, mentions in by_role]
    return WordMatch(reason.typed, parts, [_filed(*pair, lang) for pair in reason.filed_under])


def _mentions(mentions: Iterable[Mention]) -> list[tuple[Text, str]]:
    return [(Text(mention.written, mention.lang), _(BOOSTS[mention.boost].label)) for mention in mentions]


def _weights() -> list[Weights]:
    groups = (
        (_("Where a word stands"), ROLE_BOOSTS),
        (_("How the word stands there"), VIEW_BOOSTS),
        (_("What else is found"), WORD_BOOSTS),
        (_("What raises a listing"), TOP_BOOSTS),
    )
    return [
        Weights(title, [(_(boost.label), _weight(boost, boost.weight), _(boost.reason)) for boost in boosts.values()])
        for title, boosts in groups
    ]


def _weight(boost: Boost, weight: float) -> str:
    """A weight as `+12` where it is added to the score, as `×1.3` where the score is multiplied by it."""
    return f"{'+' if boost.adds else '×'}{decimal(weight)}"


def _filed(facet: str, value: str, lang: str) -> str:
    """A value with the heading of its facet; no values of the facet `platform` occur here."""
    return f"{_headings()[facet]}: {label_of(facet, value, lang, {})}"


def _headings() -> dict[str, str]:
    return {definition.name: heading(definition) for definition in FILTERS}
