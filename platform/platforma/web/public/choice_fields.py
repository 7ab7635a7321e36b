"""View models of choosing: what holds for all entries, what the source's words mean, and which of ours its fields fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.normalise.choices import READ, OwnField, own_field_list
from platforma.catalogue.visitors import proposed_defaults
from platforma.catalogue.visitors.readings import FoundWord, ProposedDefault, Result
from platforma.catalogue.visitors.site_looks import Choices
from platforma.i18n import current_language, language_name, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.labels import field_label
from platforma.web.public.addition_pages import REGION
from vocabulary import FIELD_DIMENSIONS, load, name_key
from vocabulary.messages import N_

LABELS = {
    "kind": N_("What are they?"),
    "sector": N_("Which sector?"),
    "country": N_("Which country?"),
}
OFFERED = (
    "title", "summary", "description", "kind", "themes", "sectors", "country", "region", "place", "address", "lat", "lon",
    "website", "email", "phone", "organisation", "legal_name", "legal_form", "registration", "start_date", "end_date", "image",
    "tags", "licence",
)  # fmt: skip
"""Our fields that a field of the source can fill, in the order in which they are offered."""
FOUND = {
    "title": N_("The heading"),
    "summary": N_("The introduction"),
    "description": N_("The main text"),
    "image": N_("The picture"),
}
"""What the reading found on a page without a name of the page's own."""
MAX_FIELDS = 60


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A question with a closed list: the label, the id chosen, the choices, and what helps to answer.

    `about` are name and value of the hidden field that says what is asked about, where the question has no name of its own.
    """

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]]
    hint: str
    about: tuple[str, str] | None = None


def choice_of_all(name: str, result: Result, choices: Choices) -> ChoiceField | None:
    """The field of a value that holds for all entries that do not say it; None where each entry says its own."""
    missing = sum(not getattr(record, proposed_defaults.FIELDS[name]) for record in result.records)
    if not missing:
        return None
    used = _(
        "For %(num)s of %(all)s entries, which do not say it themselves.", num=number(missing), all=number(len(result.records))
    )
    why = _why(name, result.proposed[name]) if name in result.proposed else ""
    return ChoiceField(name, _(LABELS[name]), getattr(choices, name), _options(name), f"{used} {why}".strip())


def word_choices(result: Result, choices: Choices) -> list[ChoiceField]:
    """The fields that ask what words of the source mean."""
    return [_word(number, word, choices) for number, word in enumerate(result.words)]


def field_choices(result: Result, choices: Choices) -> list[ChoiceField]:
    """The source's own fields with some of their values, and which of ours each fills; first those that fill one."""
    options = [(name, field_label(name)) for name in OFFERED]
    listed = sorted(own_field_list(result.raws)[:MAX_FIELDS], key=_usual_place)
    return [_field(number, own, len(result.raws), options, choices) for number, own in enumerate(listed)]


def own_name(name: str) -> str:
    """The name of a source's field as its owner knows it; what has no name on a page is called by what it is."""
    if not name.startswith(READ):
        return name.replace(".", " › ")
    ours = name.removeprefix(READ)
    return _(FOUND[ours]) if ours in FOUND else field_label(ours)


def _usual_place(own: OwnField) -> int:
    return OFFERED.index(own.ours) if own.ours in OFFERED else len(OFFERED)


def _field(at: int, own: OwnField, count: int, options: Sequence[tuple[str, str]], choices: Choices) -> ChoiceField:
    values = " · ".join(dict.fromkeys(_sample(own, text) for text in own.samples))
    in_all = _("In %(num)s of %(all)s entries: %(values)s", num=number(own.count), all=number(count), values=values)
    return ChoiceField(
        f"field-{at}", own_name(own.name), choices.fields.get(own.name, own.ours), options, in_all, (f"name-{at}", own.name)
    )


def _sample(own: OwnField, text: str) -> str:
    """A value of a field; where the reading found it without a name, by the name that our lists have for it."""
    dimension = FIELD_DIMENSIONS.get(own.ours) if own.name.startswith(READ) else None
    id = load().find(dimension, text) if dimension else None
    return load().label(dimension, id, current_language()) if dimension and id else text


def _word(at: int, word: FoundWord, choices: Choices) -> ChoiceField:
    """The field that asks what a word of the source means."""
    label = {
        "kind": _("“%(word)s”, a kind"),
        "sector": _("“%(word)s”, a sector"),
        "theme": _("“%(word)s”, a theme"),
        "country": _("“%(word)s”, a country"),
    }[word.dimension]
    value = choices.words.get(word.dimension, {}).get(word.text, "")
    hint = ngettext("%(num)s entry", "%(num)s entries", len(word.remote_ids))
    about = f"said-{at}", f"{word.dimension}:{word.text}"
    return ChoiceField(f"word-{at}", label % {"word": word.text}, value, _options(word.dimension), hint, about)


def _why(name: str, proposed: ProposedDefault) -> str:
    """Why a value is proposed, as a sentence."""
    label = load().label(name, proposed.id, current_language())
    if proposed.basis == proposed_defaults.TITLE:
        return _("We propose “%(label)s”, since your site says “%(words)s”.", label=label, words=proposed.word)
    if proposed.basis == proposed_defaults.DOMAIN:
        return _("We propose “%(label)s”, since the address ends in %(end)s.", label=label, end=proposed.word)
    if proposed.basis == proposed_defaults.LANGUAGE:
        return _(
            "We propose “%(label)s” by the language of your site (%(language)s).",
            label=label, language=language_name(proposed.word),
        )  # fmt: skip
    return _("We propose “%(label)s”, since nearly all the others say it.", label=label)


def _options(name: str) -> list[tuple[str, str]]:
    """(id, label) in the reader's language; countries of the region first."""
    lang = current_language()
    terms = [(term.id, term.label(lang)) for term in load().terms(name)]
    if name != "country":
        return terms
    return sorted(sorted(terms, key=lambda term: name_key(term[1], lang)), key=lambda term: term[0] not in REGION)
