"""The fields of the form of one listing: what each shows, whose that is, what each source says, and what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from babel import Locale

from crawlers.values.places import distance_km
from crawlers.values.towns import find_town, nearest_town
from platforma.catalogue.listings import form_texts
from platforma.catalogue.listings.layers import CURATOR_ELSEWHERE, Key
from platforma.catalogue.listings.listing import TEXT_FIELDS, Listing
from platforma.catalogue.listings.listing_queries import ValueLine
from platforma.catalogue.listings.said import Said
from platforma.catalogue.listings.saves import Typed
from platforma.catalogue.listings.whereabouts import countries_of
from platforma.catalogue.shapes import FieldValue
from platforma.i18n import current_language, day, language_name
from platforma.i18n import gettext as _
from platforma.web.edit_form import EditForm, name_of
from platforma.web.labels import field_label, value_text
from platforma.web.public.geography.shapes import region_shapes
from platforma.web.public.rows import shorten, vocabulary_label
from vocabulary import FIELD_DIMENSIONS, collation_key, load
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    (N_("What it is"), ("kind", "sectors", "themes", "tags", "legal_form", "identifiers")),
    (N_("Where it is"), ("country", "countries", "region", "place", "address", "lat", "lon")),
    (N_("When"), ("start_date", "end_date")),
    (N_("Contacts"), ("website", "email", "phone", "same_as")),
    (N_("Picture and licence"), ("image", "licence", "languages")),
)
"""The fields without a language, as they stand on the page; `organisation` stands with the relations."""
HINTS = {
    "tags": N_("Each on a line of its own"),
    "same_as": N_("Each on a line of its own"),
    "identifiers": N_("The register and the number, such as LV-RE 40003032949, each on a line of its own"),
    "country": N_("The country of its seat"),
    "lat": N_("Degrees, such as 56.95"),
    "lon": N_("Degrees, such as 24.11"),
    "start_date": N_("2024, 2024-05 or 2024-05-31"),
    "end_date": N_("2024, 2024-05 or 2024-05-31; of a call for funding, the deadline"),
}
LINES = ("tags", "same_as", "identifiers")
NEAR_KM = 30.0
"""A point counts as in the country of the nearest town, where one is so near."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What a source says of a field, in the reader's language; `text` is empty where the form shows just that."""

    platform: str
    seen: str
    text: str


@dataclass(frozen=True, slots=True)
class NewsLine:
    """What a platform newly says of a field, and since when somebody could have noticed it, in the reader's language."""

    platform_id: str
    mark: str
    text: str
    since: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of the form. `text` is what stands in it, `seen` the mark of what the listing shows; `widget` is how it is edited.

    `error` says why what was typed is refused, `meanwhile` what stands there by now instead of what the form showed when it was
    opened. `whose` says whose value is shown, empty where it is a source's; `can_be_released`: a person's value stands over what
    else is known. `options` are (value, label) of what can be ticked or chosen, `more` of what can be added to ticked ones.
    """

    name: str
    field: str
    lang: str
    label: str
    widget: str
    text: str
    seen: str
    hint: str = ""
    error: str = ""
    meanwhile: str = ""
    whose: str = ""
    note: str = ""
    can_be_released: bool = False
    can_be_confirmed: bool = False
    sources: Sequence[SourceLine] = ()
    news: Sequence[NewsLine] = ()
    options: Sequence[tuple[str, str]] = ()
    more: Sequence[tuple[str, str]] = ()

    @property
    def ticked(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Known:
    """What the form of a listing is made of: what people and sources say, what was typed, and errors by the names of inputs."""

    listing: Listing
    values: Mapping[Key, ValueLine]
    said: Mapping[Key, Sequence[Said]]
    form: EditForm
    errors: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def langs(self) -> list[str]:
        """The languages of the texts: those of the interface, then the others by name."""
        keys = [*self.values, *self.said, *((field, lang) for field, texts in self.listing.texts.items() for lang in texts)]
        others = {lang for _, lang in keys if lang} | set(self.form.langs)
        return [*LANGUAGES, *sorted(others - LANGUAGES.keys(), key=lambda code: collation_key(language_name(code)))]

    def shown(self, field: str, lang: str) -> FieldValue:
        """What the listing shows of a field."""
        value = self.listing.texts.get(field, {}).get(lang) if lang else self.listing.get(field)
        return cast(FieldValue, list(value) if isinstance(value, tuple) else value)


def text_groups(known: Known) -> list[tuple[str, str, list[FieldLine]]]:
    """The languages with the fields of each: the tag, its name, the fields."""
    return [(code, language_name(code), [field_line(known, name, code) for name in TEXT_FIELDS]) for code in known.langs]


def field_groups(known: Known) -> list[tuple[str, list[FieldLine]]]:
    """The groups of the fields without a language, with their names."""
    return [(_(legend), [field_line(known, name, "") for name in names]) for legend, names in GROUPS]


def field_line(known: Known, field: str, lang: str) -> FieldLine:
    """The line of a field, in a language for a text."""
    name, value = name_of(field, lang), known.values.get((field, lang))
    shown = form_texts.text_of(field, known.shown(field, lang))
    typed = known.form.typed.get(name)
    is_typed = typed is not None and typed.is_changed and form_texts.as_typed(field, typed.text) != shown
    text = typed.text if typed is not None and is_typed else shown
    return FieldLine(
        name=name, field=field, lang=lang, label=_label(field, lang), widget=_widget(field), text=text,
        seen=form_texts.mark(field, shown), hint=_(HINTS[field]) if field in HINTS else "",
        error=known.errors.get(name, ""), meanwhile=_meanwhile(known, typed, shown) if typed is not None and is_typed else "",
        whose=_whose(value) if value is not None else "", note=known.notes.get(field, ""),
        can_be_released=value is not None and not value.follows_platform,
        sources=_sources(known, field, lang, shown), news=_news(value) if value is not None else (),
        options=_options(known, field, text), more=_more(field, text),
    )  # fmt: skip


def full_label(field: str, lang: str) -> str:
    """The label of a field; with the language's name for a text."""
    return f"{field_label(field)} ({language_name(lang)})" if lang else field_label(field)


def language_choices(taken: Iterable[str]) -> list[tuple[str, str]]:
    """Languages in which a text can be added: those with a code of two letters, by name."""
    names = Locale.parse(current_language()).languages
    codes = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code not in taken]
    return sorted(codes, key=lambda choice: collation_key(choice[1]))


def place_note(listing: Listing) -> str:
    """That the place on the map is none of the countries; empty where nothing speaks against it."""
    lat, lon, countries = listing.get("lat"), listing.get("lon"), countries_of(listing)
    if lat is None or lon is None or not countries:
        return ""
    near, own = nearest_town(lat, lon, NEAR_KM), find_town(listing.get("place") or "", countries)
    is_near_own = own is not None and distance_km(lat, lon, own.lat, own.lon) <= NEAR_KM
    if near is None or near.country in countries or is_near_own:
        return ""
    country = vocabulary_label("country", near.country, current_language())
    return _("The place on the map lies in another country: near %(town)s (%(country)s).", town=near.name, country=country)


def _label(field: str, lang: str) -> str:
    return _("Also works in") if field == "countries" else full_label(field, lang)


def _widget(field: str) -> str:
    if field in form_texts.SETS:
        return "ticks"
    if field in ("kind", "country"):
        return "select"
    return "area" if field in (*form_texts.PROSE, *LINES) else "line"


def _options(known: Known, field: str, text: str) -> list[tuple[str, str]]:
    """What can be chosen, by label; of countries those around the Baltic Sea and the ticked ones, without the seat."""
    ticked = [code for code in text.split("\n") if code]
    if field == "languages":
        return _by_label((code, language_name(code)) for code in {*LANGUAGES, *ticked})
    choices = _terms(field)
    if field == "countries":
        seat = form_texts.text_of("country", known.shown("country", ""))
        return [choice for choice in choices if choice[0] in {*region_shapes().marks, *ticked} - {seat}]
    return choices


def _more(field: str, text: str) -> list[tuple[str, str]]:
    ticked = text.split("\n")
    if field == "languages":
        return language_choices({*LANGUAGES, *ticked})
    if field == "countries":
        return [choice for choice in _terms(field) if choice[0] not in {*region_shapes().marks, *ticked}]
    return []


def _terms(field: str) -> list[tuple[str, str]]:
    dimension = FIELD_DIMENSIONS.get(field)
    return _by_label((term.id, term.label(current_language())) for term in load().terms(dimension)) if dimension else []


def _by_label(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: collation_key(choice[1]))


def _whose(value: ValueLine) -> str:
    """Whose value is shown, and since when."""
    if value.follows_platform:
        return _("from the platform’s own data")
    since = day(value.at, "genitive")
    if value.author == "owner":
        whose = _("the organisation’s own value since %(day)s", day=since)
    elif value.by == CURATOR_ELSEWHERE:
        whose = _("ours since %(day)s", day=since)
    else:
        whose = _("ours since %(day)s, set by %(who)s", day=since, who=value.by)
    return _("%(whose)s; kept for good", whose=whose) if value.is_kept_for_good else whose


def _news(value: ValueLine) -> tuple[NewsLine, ...]:
    since = day(value.contested_at, "locative") if value.contested_at else ""
    return tuple(
        NewsLine(
            news.platform_id,
            form_texts.mark(value.field, form_texts.text_of(value.field, news.value)),
            _("%(platform)s now says: %(value)s", platform=news.platform_title, value=value_text(value.field, news.value)),
            since,
        )
        for news in value.news
    )


def _sources(known: Known, field: str, lang: str, shown: str) -> list[SourceLine]:
    """What each source says of a field; what is told as news already is left out."""
    value = known.values.get((field, lang))
    new = {news.platform_id for news in value.news} if value is not None else set()
    return [
        SourceLine(
            one.platform_title,
            day(one.last_seen_at, "locative"),
            "" if form_texts.text_of(field, one.value) == shown else shorten(value_text(field, one.value)),
        )
        for one in known.said.get((field, lang), ())
        if one.platform_id not in new
    ]


def _meanwhile(known: Known, typed: Typed, shown: str) -> str:
    """What stands in a field by now that showed something else when the form was opened; empty where it is the same."""
    if form_texts.mark(typed.field, shown) == typed.seen:
        return ""
    value, words = known.values.get(typed.key), value_text(typed.field, known.shown(*typed.key))
    if value is None:
        return _(
            "The source has changed this in the meantime; it now says: %(value)s. Save again to put yours over it.", value=words
        )
    told = {"who": value.by, "value": words}
    return _("%(who)s has changed this in the meantime to: %(value)s. Save again to put yours in its place.", **told)
