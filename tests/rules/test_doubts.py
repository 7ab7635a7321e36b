"""Doubts about websites: what may have become something else, and what is only the organisation's own change."""

from __future__ import annotations

import pytest

from platforma.catalogue.enums import WebsiteState
from platforma.catalogue.websites.doubts import Seen, doubt, registrable

URL = "https://kopienasnams.lv/"
NAMES = ("Kopienas nams „Saule”", "Community House Saule")
KNOWN = Seen("Kopienas nams Saule – sākums", "lv", "kopienasnams.lv")


@pytest.mark.parametrize(
    "seen",
    [
        KNOWN,
        Seen("Saules māja – jaunumi", "lv", "kopienasnams.lv"),  # renamed, one word left
        Seen("Atpūta un darbnīcas visai ģimenei", "lv", "kopienasnams.lv"),  # other words, same language
        Seen("Community House Saule", "en", "kopienasnams.lv"),  # the English front page
        Seen("Workshops for all", "", "kopienasnams.lv"),  # no language declared, same script
        Seen("", "en", "kopienasnams.lv"),  # a page that only a script fills
        Seen("Kopienu nami Latvijā", "lv", "kopiena.org"),  # joined a network of another name
        Seen("Jauna lapa", "lv", "kopienas-nams.eu"),  # the same name, written otherwise, under another ending
        Seen("Jauna lapa", "lv", "kopienasnams.wordpress.com"),
        Seen("Tīmekļa vietne", "en", "saule-cesis.org"),  # a word of the name
        Seen("Tīmekļa vietne", "en", "kns.lv"),  # initials of the name
    ],
)
def test_what_an_organisation_does_with_its_own_site_is_not_doubted(seen: Seen) -> None:
    assert doubt(URL, seen, KNOWN, NAMES) is None


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Seen("Situs slot gacor", "id", "kopienasnams.lv"), WebsiteState.OTHER),
        (Seen("Best online casino bonus", "en", "kopienasnams.lv"), WebsiteState.OTHER),
        (Seen("オンラインカジノ", "", "kopienasnams.lv"), WebsiteState.OTHER),
        (Seen("Casino", "lv", "win-big.com"), WebsiteState.OTHER),
        (Seen("", "", "win-big.com"), WebsiteState.OTHER),
        (Seen("Kopienas nams Saule – sākums", "lv", "kopienasnams.lv", "domēns ir pārdošanā"), WebsiteState.PARKED),
    ],
)
def test_what_others_make_of_an_address_is_doubted_with_a_reason(seen: Seen, state: WebsiteState) -> None:
    found = doubt(URL, seen, KNOWN, NAMES)
    assert found is not None
    assert found.state == state
    assert found.reason % dict(found.values)


def test_the_first_look_is_compared_with_the_address_of_the_listing() -> None:
    assert doubt(URL, Seen("Jebkas", "en", "kopienasnams.lv"), None, NAMES) is None
    assert doubt(URL, Seen("Jebkas", "en", "win-big.com"), None, NAMES)


def test_what_a_curator_accepted_is_not_doubted_again() -> None:
    accepted = Seen("Casino", "en", "win-big.com", "buy this domain")
    assert doubt(URL, accepted, accepted, NAMES) is None


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("kopa.lv", "kopa.lv"), ("jaunumi.kopa.lv", "kopa.lv"), ("a.kopa.org.lv", "kopa.org.lv"), ("kopa.mozello.lv", "kopa.mozello.lv"),
        ("x.kopa.co.uk", "kopa.co.uk"), ("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("", ""),
    ],
)  # fmt: skip
def test_the_registered_part_of_a_host(host: str, domain: str) -> None:
    assert registrable(host) == domain
