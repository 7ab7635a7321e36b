"""The texts of a listing: what a reader is shown first, and what there is in other languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforma.catalogue.listings.listing import Listing, Text
from platforma.web.public.rows import shorten
from vocabulary.languages import LANGUAGES

MAX_LEAD_CHARACTERS = 300
"""A first paragraph up to this length can lead the text where there is no summary."""


@dataclass(frozen=True, slots=True)
class ListingTexts:
    """The summary in large letters, then the description in paragraphs, in the best languages for a reader.

    `foreign` is the BCP 47 tag of the text where it is not in the reader's language; None where it is, or is not known.
    `is_cut`: only the beginning of the description is shown, because nobody allowed more.
    """

    lead: Text | None
    paragraphs: Sequence[str]
    paragraphs_lang: str | None
    foreign: str | None
    is_cut: bool

    @property
    def description(self) -> str:
        """The text in one line, for those who see only its beginning."""
        return shorten(" ".join((self.lead.text if self.lead else "", *self.paragraphs)).strip())


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts in one further language: a title where it differs from the page's, and paragraphs."""

    lang: str
    title: str | None
    paragraphs: Sequence[str]


def listing_texts(listing: Listing, lang: str) -> ListingTexts:
    """The texts for a reader of an interface language."""
    summary, description = _shown(listing, lang)
    paragraphs = _allowed(listing, description.text) if description else []
    lead, rest = _parted(summary, description, paragraphs)
    main_lang = (description or summary or listing.title(lang)).lang
    is_cut = description is not None and not listing.full_text_allowed and "\n".join(paragraphs) != _joined(description.text)
    return ListingTexts(
        lead=lead,
        paragraphs=rest,
        paragraphs_lang=description.lang if description else None,
        foreign=main_lang if main_lang and main_lang != lang else None,
        is_cut=is_cut,
    )


def translations(listing: Listing, lang: str) -> list[Translation]:
    """The texts in each known language that the page does not show anyway: interface languages first, then by code."""
    shown = {text.lang for text in _shown(listing, lang) if text}
    codes = {code for name in ("summary", "description") for code in listing.texts.get(name, {})} - shown - {"und", lang}
    order = [code for code in LANGUAGES if code in codes] + sorted(codes - LANGUAGES.keys())
    return [_translation(listing, code, listing.title(lang).text) for code in order]


def _shown(listing: Listing, lang: str) -> tuple[Text | None, Text | None]:
    """Summary and description for a reader; no foreign summary before a description in the reader's language."""
    summary, description = listing.shown("summary", lang), listing.shown("description", lang)
    is_foreign = summary is not None and summary.lang != lang and description is not None and description.lang == lang
    return (None if is_foreign else summary), description


def _translation(listing: Listing, code: str, shown_title: str) -> Translation:
    texts = [listing.texts.get(name, {}).get(code, "") for name in ("summary", "description")]
    summary, description = Text(texts[0], code) if texts[0] else None, Text(texts[1], code) if texts[1] else None
    lead, rest = _parted(summary, description, _allowed(listing, texts[1]))
    title = listing.texts.get("title", {}).get(code)
    return Translation(code, title if title != shown_title else None, [*([lead.text] if lead else []), *rest])


def _parted(summary: Text | None, description: Text | None, paragraphs: Sequence[str]) -> tuple[Text | None, Sequence[str]]:
    """The leading text and the rest. A summary that the description only repeats is not said twice."""
    if summary is None and description and paragraphs and len(paragraphs[0]) <= MAX_LEAD_CHARACTERS:
        return Text(paragraphs[0], description.lang), paragraphs[1:]
    if summary is None or not paragraphs:
        return _short(summary), paragraphs
    told = _without_end(summary.text)
    if _without_end(paragraphs[0]) == told:
        return summary, paragraphs[1:]
    return (None, paragraphs) if "\n".join(paragraphs).startswith(told) else (_short(summary), paragraphs)


def _without_end(text: str) -> str:
    """The text without its last stops, which a cut text has and a whole one has not."""
    return text.strip().rstrip("… .")


def _short(summary: Text | None) -> Text | None:
    return Text(shorten(summary.text), summary.lang) if summary else None


def _allowed(listing: Listing, description: str) -> list[str]:
    """The paragraphs of a description; only its beginning where neither a licence nor the owner allows more."""
    text = _joined(description)
    return (text if listing.full_text_allowed else shorten(text)).splitlines()


def _joined(text: str) -> str:
    """The text with one line for each paragraph."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
