"""For curators: how a question was read and why each result stands where it does, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from platforma.catalogue.listings.documents import document
from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import decimal
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, heading, label_of
from search.engines.relaxation import MIN_STRICT_HITS
from search.index.fields import NAMED_BOOSTS, ROLE_BOOSTS, TOP_BOOSTS, VIEW_BOOSTS, WORD_BOOSTS, Boost
from search.port import Page, Query
from search.query.describe import describe
from search.query.plan import Plan, make_plan
from search.query.reasons import Mention, Reading, WordReason, readings, reasons
from vocabulary.languages import LANGUAGES

BOOSTS = {**ROLE_BOOSTS, **VIEW_BOOSTS, **NAMED_BOOSTS}
MAX_MENTIONS = 8
"""So many other names or guesses of a word are told."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of a word: a label, then texts in their languages, and what goes without saying more."""

    label: str
    texts: Sequence[Text] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word, phrase or run of words of the question, and how it was read."""

    typed: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word of the question, and where a listing has it: parts of the listing, each with texts and how they were found."""

    typed: str
    parts: Sequence[tuple[str, Sequence[tuple[Text, str]]]]
    filed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stands:
    """A result with its score, None where results are not sorted by it, and why."""

    title: Text
    score: str | None
    words: Sequence[FoundWord]
    raised: Sequence[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """A group of boosts: label, weight, reason."""

    heading: str
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why these results, in this order. `order` is None where how well words fit decides, `stands` is empty without words,
    and its first is result number `first`; `technical` is what the engine is asked, in English."""

    step: str | None
    order: str | None
    read: Sequence[ReadWord]
    restrictions: Sequence[str]
    first: int
    stands: Sequence[Stands]
    weights: Sequence[Weights]
    technical: str


def explanation(query: Query, page: Page, listings: Sequence[Listing], platforms: dict[str, str]) -> Explanation:
    """Everything that is told of a page of results; read from the question and the listings, no engine is asked."""
    plan = make_plan(query)
    return Explanation(
        step=_step(page) if plan.clauses else None,
        order=_order(plan),
        read=[_read_word(one, query.lang) for one in readings(plan, page)],
        restrictions=list(_restrictions(plan, platforms)),
        first=(query.page - 1) * query.per_page + 1,
        stands=list(_stands(plan, page, {one.public_id: one for one in listings})) if plan.clauses else [],
        weights=_weights(),
        technical="\n".join(describe(plan.strict())),
    )


def _step(page: Page) -> str:
    """How strictly was looked."""
    if page.forgiven == "similar":
        return _(
            "Second step, similar words: fewer than %(few)s listings have these very words, so those with words like them "
            "follow below.",
            few=MIN_STRICT_HITS,
        )
    if page.forgiven == "some":
        return _("Third step, some of the words: no listing has all of them, so these lack one or more.")
    return _("First step, strictly: a listing must have every word, in any of its forms or by another name.")


def _order(plan: Plan) -> str | None:
    """What the results are sorted by where it is not how well the words fit."""
    orders = {"newest": _("the newest first"), "soonest": _("what ends soonest first"), "name": _("by name")}
    if plan.order == "relevance":
        return None
    return _(
        "Sorted otherwise: %(order)s. How well the words fit does not count, so there are no scores.", order=orders[plan.order]
    )


def _read_word(reading: Reading, lang: str) -> ReadWord:
    return ReadWord(reading.typed, list(_read_lines(reading, lang)))


def _read_lines(reading: Reading, lang: str) -> Iterator[Line]:
    if not reading.is_needed:
        yield Line(_("only a legal form: a listing is found without it too"))
    if reading.is_phrase:
        yield Line(_("these words side by side"))
    if reading.forms:
        yield Line(_("in all forms of"), _texts(_by_language(reading.forms)))
    else:
        yield Line(_("in no dictionary: words with the same stem are found"))
    if reading.called:
        yield Line(_("also called"), _texts(reading.called), len(reading.called[MAX_MENTIONS:]))
    if reading.filed:
        yield Line(_("and what is filed under"), [Text(_filed(*one, lang), None) for one in reading.filed])
    for boost, pairs in groupby(sorted(reading.guessed, key=lambda pair: list(WORD_BOOSTS).index(pair[0])), lambda pair: pair[0]):
        guessed = [Text(text, None) for _boost, text in pairs]
        label = _("guessed, %(how)s", how=_(BOOSTS[boost].label))
        yield Line(label, guessed[:MAX_MENTIONS], len(guessed[MAX_MENTIONS:]))


def _by_language(forms: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(dict.fromkeys(forms), key=lambda pair: list(LANGUAGES).index(pair[1]))


def _texts(pairs: Iterable[tuple[str, str | None]]) -> list[Text]:
    return [Text(text, lang) for text, lang in pairs][:MAX_MENTIONS]


def _restrictions(plan: Plan, platforms: dict[str, str]) -> Iterator[str]:
    """What else was said: words that must not be there, and filters."""
    for part in plan.parsed.excluded:
        yield _("without the word “%(word)s”", word=part.text)
    for name, chosen in plan.query.filters.items():
        if chosen.any_of:
            values = (label_of(name, value, plan.query.lang, platforms) for value in chosen.any_of)
            yield f"{_headings()[name]}: {', '.join(values)}"
        if chosen.none_of:
            values = (label_of(name, value, plan.query.lang, platforms) for value in chosen.none_of)
            yield _("not: %(label)s", label=f"{_headings()[name]}: {', '.join(values)}")


def _stands(plan: Plan, page: Page, listings: Mapping[str, Listing]) -> Iterator[Stands]:
    for hit in page.hits:
        if listing := listings.get(hit.id):
            why = reasons(plan, page, document(listing))
            score = decimal(hit.score) if plan.order == "relevance" else None
            raised = [f"{_(BOOSTS[name].label)} {_counts(BOOSTS[name], weight)}" for name, weight in why.raised]
            yield Stands(listing.title(plan.query.lang), score, [_found_word(one, plan.query.lang) for one in why.words], raised)


def _found_word(reason: WordReason, lang: str) -> FoundWord:
    parts = [(_(BOOSTS[role].label), _mentions(found)) for role, found in groupby(reason.mentions, attrgetter("role"))]
    return FoundWord(reason.typed, parts, [_filed(*one, lang) for one in reason.filed])


def _mentions(found: Iterable[Mention]) -> list[tuple[Text, str]]:
    return [(Text(one.written, one.lang), _(BOOSTS[one.boost].label)) for one in found]


def _weights() -> list[Weights]:
    groups = (
        (_("Where a word stands"), ROLE_BOOSTS),
        (_("How the word stands there"), VIEW_BOOSTS),
        (_("What else is found"), WORD_BOOSTS),
        (_("What raises a listing"), TOP_BOOSTS),
    )
    return [
        Weights(title, [(_(b.label), _counts(b, b.weight), _(b.reason)) for b in boosts.values()]) for title, boosts in groups
    ]


def _counts(boost: Boost, weight: float) -> str:
    """A weight as `+12` where it is added, as `×1.3` where it multiplies."""
    return f"{'+' if boost.adds else '×'}{decimal(weight)}"


def _filed(facet: str, value: str, lang: str) -> str:
    return f"{_headings()[facet]}: {label_of(facet, value, lang, {})}"


def _headings() -> dict[str, str]:
    return {one.name: heading(one) for one in FILTERS}
