"""What a reader is shown of a listing's texts: nothing twice, nothing that nobody allowed, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforma.catalogue.listings.listing import Listing
from platforma.web.public.listing_texts import listing_texts, translations

LONG = "Vārds pēc vārda. " * 100


def listing(summary: dict[str, str], description: dict[str, str], *, is_allowed: bool = True) -> Listing:
    texts = {"title": {"lv": "Nosaukums"}, "summary": summary, "description": description}
    return Listing("aaaaaaaaaa", "x", "published", 1, texts, {}, (), "lv", full_text_allowed=is_allowed)


@pytest.mark.parametrize(("summary", "description", "lead", "paragraphs"), [
    ("Īsi.", "Īsi.", "Īsi.", []),
    ("Īsi.", "Īsi.\n\nUn gari.", "Īsi.", ["Un gari."]),
    ("Īsi un…", "Īsi un skaidri.\nTālāk.", None, ["Īsi un skaidri.", "Tālāk."]),
    ("Īsi.", "Citādi.", "Īsi.", ["Citādi."]),
    ("", "Viena rindkopa.", "Viena rindkopa.", []),
    ("", "", None, []),
    ("Īsi.", "", "Īsi.", []),
])  # fmt: skip
def test_nothing_is_said_twice(summary: str, description: str, lead: str | None, paragraphs: list[str]) -> None:
    one = listing({"lv": summary} if summary else {}, {"lv": description} if description else {})
    texts = listing_texts(one, "lv")
    assert (texts.lead.text if texts.lead else None, list(texts.paragraphs)) == (lead, paragraphs)


def test_without_a_licence_each_text_is_cut_in_each_language() -> None:
    one = listing({"en": LONG}, {"lv": LONG, "en": LONG, "de": LONG}, is_allowed=False)
    texts = listing_texts(one, "lv")
    assert texts.is_cut
    pieces = [
        texts.lead.text if texts.lead else "",
        *texts.paragraphs,
        *(text for t in translations(one, "lv") for text in t.paragraphs),
    ]
    assert all(len(piece) <= 300 for piece in pieces)
    assert [translation.lang for translation in translations(one, "lv")] == ["en", "de"]


def test_no_foreign_summary_stands_before_a_text_in_the_readers_language() -> None:
    texts = listing_texts(listing({"en": "In short."}, {"lv": "Vārdi."}), "lv")
    assert texts.lead and texts.lead.text == "Vārdi." and texts.foreign is None
    other_way = listing_texts(listing({"lv": "Īsi."}, {"en": "Words."}), "lv")
    assert other_way.lead and other_way.lead.text == "Īsi." and other_way.foreign == "en"


def test_the_reader_is_told_a_language_only_where_it_is_known_and_another() -> None:
    assert listing_texts(listing({}, {"et": "Tekst"}), "lv").foreign == "et"
    assert listing_texts(listing({}, {"und": "Teksts"}), "lv").foreign is None
    assert listing_texts(listing({}, {"lv": "Teksts", "en": "Text"}), "lv").foreign is None
    assert listing_texts(listing({}, {}), "lv").foreign is None


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_word_of_an_allowed_text_is_lost(summary: str, description: str) -> None:
    texts = listing_texts(listing({"lv": summary} if summary else {}, {"lv": description} if description else {}), "lv")
    shown = " ".join((texts.lead.text if texts.lead else "", *texts.paragraphs))
    assert set(description.split()) <= set(shown.split())
