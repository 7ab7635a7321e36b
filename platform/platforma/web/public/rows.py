"""Rows of lists: a listing as every list of the site shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import fixed_url
from search.query.highlighting import Highlighter, Segment
from vocabulary import load
from vocabulary.languages import LANGUAGES

MAX_EXCERPT_CHARACTERS = 300
NO_HIGHLIGHTS = Highlighter()


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in a list."""

    url: str
    title: Text
    title_marked: Markup
    summary: Text | None
    summary_marked: Markup
    facts: str
    sources: str


def row(listing: Listing, lang: str, highlighter: Highlighter = NO_HIGHLIGHTS) -> Row:
    """A listing as a row of a list; `highlighter` marks what matched, and chooses a text that matched as the summary."""
    countries = [listing.get("country")] if listing.get("country") else listing.get("countries")
    place = ", ".join(filter(None, (listing.get("place"), *(vocabulary_label("country", id, lang) for id in countries))))
    sectors = ", ".join(vocabulary_label("sector", id, lang) for id in listing.get("sectors"))
    facts = " · ".join(filter(None, (vocabulary_label("kind", listing.get("kind"), lang), place, sectors)))
    title = listing.title(lang)
    summary = _matching_text(listing, title, lang, highlighter)
    return Row(
        listing_url(listing),
        title,
        _marked(highlighter.segments(title.text, title.lang)),
        summary,
        _marked(highlighter.excerpt(summary.text, summary.lang, MAX_EXCERPT_CHARACTERS)) if summary else Markup(),
        facts,
        ", ".join(dict.fromkeys(source.platform_title for source in listing.sources)),
    )


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
    return load().label(dimension, id, lang) if id else ""


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
