"""What all entries of a site may be is proposed from its own words, and never where each entry says it."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.discovery.site_words import SiteWords
from crawlers.record import Record
from platforma.catalogue.visitors.proposed_defaults import proposed_defaults

OPEN = [Record(str(number), title={"en": "A"}) for number in range(4)]


def proposed(records: list[Record] = OPEN, url: str = "https://name.org", **words: str) -> dict[str, tuple[str, str, str]]:
    found = proposed_defaults(SiteWords(**words), url, records)
    return {name: (one.id, one.basis, one.word) for name, one in found.items()}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Estonian enterprise list",
            {"kind": ("social_enterprise", "title", "enterprise"), "country": ("EE", "title", "Estonian")},
        ),
        ("Sociālo uzņēmumu reģistrs | LM", {"kind": ("social_enterprise", "title", "Sociālo uzņēmumu")}),
        ("Igaunijas projekti", {"kind": ("project", "title", "projekti"), "country": ("EE", "title", "Igaunijas")}),
        ("Latvijas NVO", {"sector": ("ngo", "title", "NVO"), "country": ("LV", "title", "Latvijas")}),
        ("Projects and enterprises", {}),
        ("Latvia – Estonia", {}),
        ("Protagonists", {}),
        ("", {}),
    ],
)
def test_the_words_of_a_site_propose_what_they_name_alone(title: str, expected: dict[str, Any]) -> None:
    assert proposed(title=title) == expected


@pytest.mark.parametrize(
    ("url", "lang", "expected"),
    [
        ("https://name.ee/lv/", "", ("EE", "domain", ".ee")),
        ("https://name.co.uk", "", ("GB", "domain", ".uk")),
        ("https://name.io", "", None),
        ("https://name.org", "lv-LV", ("LV", "language", "lv")),
        ("https://name.org", "en", None),
        ("https://name.ee", "lv", ("EE", "domain", ".ee")),
        ("http://127.0.0.1", "", None),
    ],
)
def test_a_country_follows_from_the_address_then_from_the_language(url: str, lang: str, expected: Any) -> None:
    assert proposed(url=url, lang=lang).get("country") == expected


@pytest.mark.parametrize(
    ("saying", "silent", "expected"),
    [(["LV"] * 3, 3, ("LV", "agree", "3")), (["LV"] * 2, 1, None), (["LV"] * 3, 4, None), (["LV"] * 3 + ["EE"], 1, None),
     (["LV"] * 4 + ["EE"], 1, ("LV", "agree", "4")), (["LV"] * 5, 0, None)],
)  # fmt: skip
def test_entries_that_agree_speak_for_those_that_say_nothing(saying: list[str], silent: int, expected: Any) -> None:
    records = [Record(str(n), country=code) for n, code in enumerate(saying)] + [Record(f"s{n}") for n in range(silent)]
    assert proposed(records).get("country") == expected
