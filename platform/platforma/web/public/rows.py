"""Rows of lists: a listing as every list of the site shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import decimal, fixed_url, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.public.filters import label_of
from platforma.web.public.monograms import Monogram, monogram
from platforma.web.public.pictures import Picture, shown_picture
from platforma.web.public.row_dates import DateBlock, Deadline, date_block, deadline
from platforma.web.public.search_addresses import search_address
from search.query.highlighting import Highlighter, Segment
from vocabulary.languages import LANGUAGES

MAX_EXCERPT_CHARACTERS = 300
MAX_COUNTRIES = 3
"""More countries than these are counted, not named."""
NO_HIGHLIGHTS = Highlighter()


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in a list.

    `kind` is an id, also the name of its icon, None where unknown. `date` (events), else `picture`, else `monogram` stands
    beside the text. `distance` is from where the reader searched, `themes` are (label, address of a search), `facts` sum up
    kind, place and sectors in one line of text.
    """

    url: str
    title: Text
    title_marked: Markup
    summary: Text | None
    summary_marked: Markup
    kind: str | None
    kind_label: str
    place: str
    distance: str | None
    date: DateBlock | None
    deadline: Deadline | None
    picture: Picture | None
    monogram: Monogram
    themes: Sequence[tuple[str, str]]
    facts: str
    sources: str


def row(listing: Listing, lang: str, highlighter: Highlighter = NO_HIGHLIGHTS, *, today: date, km: float | None = None) -> Row:
    """A listing as a row of a list; `highlighter` marks what matched, and chooses a text that matched as the summary.

    `today` is the day by which dates are past, near or of another year; `km` how far it is from where the reader searched.
    """
    title = listing.title(lang)
    summary = _matching_text(listing, title, lang, highlighter)
    kind, place = listing.get("kind"), place_text(listing, lang)
    sectors = ", ".join(vocabulary_label("sector", id, lang) for id in listing.get("sectors"))
    kind_label = vocabulary_label("kind", kind, lang)
    return Row(
        url=listing_url(listing),
        title=title,
        title_marked=_marked(highlighter.segments(title.text, title.lang)),
        summary=summary,
        summary_marked=_marked(highlighter.excerpt(summary.text, summary.lang, MAX_EXCERPT_CHARACTERS)) if summary else Markup(),
        kind=kind,
        kind_label=kind_label,
        place=place,
        distance=None if km is None else distance(km),
        date=date_block(listing, today),
        deadline=deadline(listing, today),
        picture=shown_picture(listing, "thumb"),
        monogram=monogram(title.text, listing.public_id),
        themes=[(vocabulary_label("theme", id, lang), search_address("theme", id)) for id in listing.get("themes")],
        facts=" · ".join(filter(None, (kind_label, place, sectors))),
        sources=", ".join(dict.fromkeys(source.platform_title for source in listing.sources)),
    )


def place_text(listing: Listing, lang: str) -> str:
    """The place and the country where it has its seat, else the countries where it works; empty where nothing is known."""
    countries = [listing.get("country")] if listing.get("country") else listing.get("countries")
    if len(countries) > MAX_COUNTRIES:
        named = [ngettext("%(num)s country", "%(num)s countries", len(countries))]
    else:
        named = [vocabulary_label("country", id, lang) for id in countries]
    return ", ".join(filter(None, (listing.get("place"), *named)))


def distance(km: float) -> str:
    """A distance to read: to the tenth of a kilometre below ten, else whole."""
    return _("%(number)s km", number=decimal(round(km, 1)) if km < 10 else number(round(km)))


def listing_url(listing: Listing) -> str:
    """The listing's address in the reader's language, without a host."""
    return listing_address(fixed_url("directory.start"), listing.public_id, listing.slug)


def listing_address(start: str, public_id: str, slug: str) -> str:
    """The address of a listing, by that of the start page in the same language.

    It is what url_for("directory.listing") returns (a test compares them), but cheap enough for the thousands of a sitemap.
    """
    return f"{start}initiatives/{public_id}/{slug}"


def shorten(text: str, max_characters: int = MAX_EXCERPT_CHARACTERS) -> str:
    """The text, cut at the end of a word and with an ellipsis where it is longer."""
    return text if len(text) <= max_characters else text[: max_characters - 1].rsplit(" ", 1)[0] + "…"


def vocabulary_label(dimension: str, id: str | None, lang: str) -> str:
    """The label of an id of the vocabulary in an interface language; empty for None."""
    return label_of(dimension, id, lang, {}) if id else ""


def _matching_text(listing: Listing, title: Text, lang: str, highlighter: Highlighter) -> Text | None:
    """The summary in the reader's language; another text where neither that nor the title has a match, but the other has."""
    shown = listing.shown("summary", lang)
    if highlighter is NO_HIGHLIGHTS or any(text and highlighter.has_match(text.text, text.lang) for text in (title, shown)):
        return shown
    for name in ("summary", "description"):
        texts = listing.texts.get(name) or {}
        for code in dict.fromkeys((lang, *LANGUAGES, *sorted(texts))):
            if code in texts and highlighter.has_match(texts[code], code):
                return Text(texts[code], None if code == "und" else code)
    return shown


def _marked(segments: Iterable[Segment]) -> Markup:
    """Escaped text with its matches in mark elements."""
    pieces = [f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in segments]
    return Markup("".join(pieces))  # noqa: S704 - escaped here
