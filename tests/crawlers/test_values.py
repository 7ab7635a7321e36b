"""Values of single fields: addresses, contacts, numbers, coordinates, licences, legal forms."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values.addresses import absolute_address, canonical_address, web_address
from crawlers.values.contacts import licence_of, telephone
from crawlers.values.email_addresses import organisations_email
from crawlers.values.places import ELSEWHERE, NO_NUMBERS, NOWHERE, SWAPPED, coordinates
from crawlers.values.registers import register_number
from tests.samples.towns import TOWNS, Town
from vocabulary import load

WORDS = load()


def normalised(**fields: object) -> tuple[Record, list[tuple[str | None, str | None]]]:
    normaliser = Normaliser(Recipe(platform="x"))
    record = normaliser.record(RawRecord("1", "https://x.example/lapa/1", {"title": "Nosaukums", **fields}))
    assert record
    return record, [(problem.field, problem.value) for problem in normaliser.problems]


EMAILS = [
    ("info@vieta.lv", "info@vieta.lv"), ("info [at] vieta.lv", "info@vieta.lv"), ("info(at)vieta.lv", "info@vieta.lv"),
    ("info at vieta.lv", "info@vieta.lv"), ("info [at] vieta [dot] lv", "info@vieta.lv"), ("info&#64;vieta.lv", "info@vieta.lv"),
    ("mailto:Info@Vieta.lv?subject=x", "info@vieta.lv"), ("<a href='mailto:info@vieta.lv'>Rakstiet</a>", "info@vieta.lv"),
    ("anna.kalna@vieta.lv, info@vieta.lv", "info@vieta.lv"), ("info.riga@vieta.lv", "info.riga@vieta.lv"), ("info@vieta.lv.", "info@vieta.lv"),
    ("[email protected]", None), ("[email&#160;protected]", None), ("anna.kalna@vieta.lv", None), ("a.kalna@vieta.lv", None),
    ("anna_kalna@vieta.lv", None), ("nav", None), ("logo@2x.png", None), ("user@localhost", None), ("Meet at home.", None), ("@vieta.lv", None),
    ("<a class='__cf_email__' data-cfemail='543d3a323b142c7a3822'>[email&#160;protected]</a>", None), ("a@b@c.lv", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "email"), EMAILS)
def test_only_an_organisations_mail_address_is_taken(text: str, email: str | None) -> None:
    assert organisations_email(text) == email


def test_a_persons_address_is_told_without_the_persons_name() -> None:
    record, problems = normalised(email="anna.kalna@vieta.lv")
    assert (record.email, problems) == (None, [("email", "…@vieta.lv")])
    assert normalised(email=["anna.kalna@vieta.lv", "birojs@vieta.lv"])[0].email == "birojs@vieta.lv"


def test_no_persons_address_stays_in_texts_or_in_what_is_kept_of_the_source() -> None:
    fields = {"description": "<p>Raksti anna.kalna@vieta.lv vai info@vieta.lv</p>", "email": "anna.kalna@vieta.lv"}
    source = {"deep": [{"email": "Anna.Kalna@vieta.lv"}, "info@vieta.lv"]}
    record = Normaliser(Recipe(platform="x")).record(RawRecord("1", None, {"title": "Nosaukums", **fields}, source=source))
    assert record
    assert record.raw == {"deep": [{"email": "…@vieta.lv"}, "info@vieta.lv"]}
    assert set(record.description.values()) == {"Raksti …@vieta.lv vai info@vieta.lv"}
    assert "kalna" not in json.dumps(record.to_json()).lower()


ADDRESSES = [
    ("https://Vieta.LV/", "https://vieta.lv/"), ("www.vieta.lv", "https://www.vieta.lv"), ("vieta.lv/lapa", "https://vieta.lv/lapa"),
    ("http://vieta.lv/lapa?x=1&amp;y=2", "http://vieta.lv/lapa?x=1&y=2"), ("https://ķekava.lv", "https://ķekava.lv"),
    ("Mājaslapa: www.vieta.lv, http://otra.lv", "www.vieta.lv"), ("<https://vieta.lv>", "https://vieta.lv"), ("/img/a.png", "https://b.lv/img/a.png"),
    ("//cdn.lv/a.png", "https://cdn.lv/a.png"), ("a.png", "https://b.lv/c/a.png"), ("htp:/vieta.lv", None), ("javascript:alert(1)", None),
    ("java\nscript:alert(1)", None), ("JaVaScript://x.lv/%0aalert(1)", None), ("data:text/html,x", None), ("data:image/png;base64,AAAA/a.png", None),
    ("mailto:a@b.lv", None), ("info@vieta.lv", None), ("http://user:pass@x.lv/", None), ("http://x.lv:99999/", None), ("http://[::1", None),
    ("ftp://x.lv", None), ("file:///etc/passwd", None), ("nav", None), ("12.5", None), ("", None), ("https://x", None), ("vbscript:x.png", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_only_http_addresses_are_taken(text: str, address: str | None) -> None:
    taken = web_address(text, "https://b.lv/c/")
    assert taken == (address if address is None or "://" in address else f"https://{address}")


@pytest.mark.parametrize("field", ["website", "image", "same_as"])
@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "mailto:info@x.lv", "//", "\x00javascript:x"])
def test_no_script_reaches_a_field(field: str, text: str) -> None:
    assert not getattr(normalised(**{field: text})[0], field)


def test_links_of_markup_images_and_other_addresses_are_absolute() -> None:
    record, problems = normalised(
        website="<a href='https://vieta.lv'>mājaslapa</a>",
        image="/a.jpg",
        same_as=["https://vieta.lv", "facebook.com/vieta", "nav"],
    )
    assert (record.website, record.image, record.same_as) == (
        "https://vieta.lv",
        "https://x.example/a.jpg",
        ("https://facebook.com/vieta",),
    )
    assert problems == []


SAME = [
    ("https://x.lv/lv/slug?a=1&b=2", ["http://www.X.lv:80/LV/slug/?utm_source=a&b=2&a=1&fbclid=x#top", "https://x.lv/lv//slug?a=1&amp;b=2"]),
    ("https://x.lv", ["https://x.lv/", "http://x.lv/index.html", "https://www.x.lv./?gclid=1", "HTTPS://X.LV:443/index.php"]),
    ("https://x.lv/%C4%81", ["https://x.lv/ā", "https://x.lv/%c4%81/"]), ("https://xn--ifa.lv", ["https://ķ.lv/", "https://xn--ifa.lv/"]),
    ("https://x.lv?p=3", ["https://x.lv/?p=3", "http://x.lv/?utm_medium=m&p=3"]), ("https://x.lv:8080/a", ["https://x.lv:8080/a/"]),
]  # fmt: skip
OTHERS = [
    "https://x.lv/a%2Fb",
    "https://x.lv/a/b",
    "https://x.lv/A/b",
    "https://x.lv/%FF",
    "https://x.lv/a?p=1",
    "mailto:x",
    "x",
    "http://[bad",
]


def test_copies_of_an_address_have_one_form_and_others_keep_theirs() -> None:
    for canonical, copies in SAME:
        assert {canonical_address(copy) for copy in copies} == {canonical}
        assert canonical_address(canonical) == canonical
    assert len({canonical_address(other) for other in OTHERS}) == len(OTHERS)


SCHEMES = (
    "",
    "http:",
    "https://",
    "HTTP://",
    "http:\\\\",
    "//",
    "/",
    "ftp://",
    "file:",
    "javascript:",
    "data:",
    "mailto:",
    "ws://",
    "x+y-1.z:",
    "://",
    " http://",
)
HOSTS = ("x.lv", "X.LV.", "user:w@x.lv", "@x.lv", "a@b@x.lv", "ķ.lv", "xn--ifa.lv", "xn--a.lv", "1.2.3.4", "0x7f.1", "1.2.3.4.5", "[::1]", "[1:2]", "[::1", "x..lv", "", "x lv",
         "x%41.lv", "x%00.lv", "x\t.lv", "％４１.lv", "ａ.lv", "a\u00ad.lv", "日本。jp", "-x-.lv", "a" * 64 + ".lv", "\ud800.lv", "*.lv", "x_y.lv", "x;y.lv", "x<y>.lv")  # fmt: skip
ENDS = ("", ":80", ":443/", ":65536", ":8o", ":", "/a/../b/./c", "/%2e%2E/x", "/a\\b", "?", "?a=b&a", "#", "#a#b", "/ā?č=ž#š", "/\x00", "/%zz%", "/a b", "/a\nb", "?q=\"<>`'", "/;a=b;c", "//x", "/" + "a/" * 99)  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
def test_addresses_of_all_shapes_are_web_addresses_or_nothing(scheme: str) -> None:
    for written in (scheme + host + end for host in HOSTS for end in ENDS):
        _is_web_address_or_nothing(written)


@given(st.text() | st.text("htps:/@.lv%[]?#&=\\ \t09ā"))
def test_any_text_is_a_web_address_or_nothing(written: str) -> None:
    _is_web_address_or_nothing(written)


def _is_web_address_or_nothing(written: str) -> None:
    """And its canonical form is the canonical form of itself."""
    address = web_address(written, "https://b.lv/c/d?e#f")
    assert address is None or address.startswith(("http://", "https://")), written
    assert canonical_address(canonical_address(written)) == canonical_address(written), written


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("67 000 000", "LV", "+37167000000"), ("+371 67000000", None, "+37167000000"), ("00371 67000000", None, "+37167000000"),
        ("tālr. 67000000; 29111111", "LV", "+37167000000"), ("+358 (0)40 123 4567", None, "+358401234567"), ("5123 4567", "EE", "+37251234567"),
        ("+48 22 123 45 67", "LV", "+48221234567"), ("67000000", None, None), ("123", "LV", None), ("nav", "LV", None), ("9" * 5000, "LV", None),
    ],
)  # fmt: skip
def test_telephone_numbers_are_told_with_their_country(text: str, country: str | None, phone: str | None) -> None:
    assert telephone(text, country) == phone


@pytest.mark.parametrize(
    ("text", "country", "scheme", "value"),
    [
        ("40003900011", "LV", "LV-RE", "40003900011"), ("LV40003900011", "LV", "LV-RE", "40003900011"),
        ("Reģ. Nr. 4000 8000 000", "LV", "LV-RE", "40008000000"), ("Reg: 80341465", "EE", "EE-RIK", "80341465"),
        ("1234567-8", "FI", "FI-PRO", "1234567-8"), ("123", "LV", None, None), ("80341465", "LV", None, None), ("40003900011", None, None, None),
    ],
)  # fmt: skip
def test_register_numbers_have_the_form_of_their_register(
    text: str, country: str | None, scheme: str | None, value: str | None
) -> None:
    numbers = [(number.scheme, number.value) for number in register_number(text, country)]
    assert numbers == ([(scheme, value)] if scheme else [])


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.lv", "CC-BY-SA-4.0"), ("CC BY 4.0", "CC-BY-4.0"), ("cc-by-nc-nd 3.0", "CC-BY-NC-ND-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"), ("CC0", "CC0-1.0"), ("Public Domain", "Public Domain"), ("", None), ("CC BY-SA", "CC-BY-SA"), ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0"),
        ("Open Government Licence v3.0", "OGL-UK-3.0"), ("MIT", "MIT"), ("All rights reserved", None), ("© 2026 Saule", None), ("https://saule.example/terms", None), ("Summit", None),
    ],
)  # fmt: skip
def test_licences_are_told_by_their_spdx_id(text: str, licence: str | None) -> None:
    assert licence_of(text) == licence


@pytest.mark.parametrize(
    ("lat", "lon", "country", "point", "warning"),
    [
        ("56.9496", "24.1052", "LV", (56.9496, 24.1052), None), ("56,9496", "24,1052", "LV", (56.9496, 24.1052), None),
        ("24.1052", "56.9496", "LV", (56.9496, 24.1052), SWAPPED), ("24.1052", "56.9496", None, None, ELSEWHERE),
        ("51.5", "-0.12", "GB", (51.5, -0.12), None), ("-0.12", "51.5", "GB", (51.5, -0.12), SWAPPED), ("-51.7", "-57.8", "GB", (-51.7, -57.8), None),
        ("0", "0", "LV", None, NOWHERE), ("0.0000", "0,0", None, None, NOWHERE), ("95", "24", None, None, NOWHERE), ("56", "200", "LV", None, NOWHERE),
        ("40.4", "-3.7", "LV", None, ELSEWHERE), ("x", "y", "LV", None, NO_NUMBERS), ("56.9", "", "LV", None, NO_NUMBERS), ("nan", "inf", None, None, NO_NUMBERS),
        ("56°57′N", "24°6′E", "LV", (56.95, 24.1), None), ("56° 57' 0\"", "24° 06' 00\"", "LV", (56.95, 24.1), None),
        ("Z 56° 57'", "A 24° 6'", "LV", (56.95, 24.1), None), ("33°52′S", "151°13′E", None, (-33.866667, 151.216667), None),
        ("56.9496, 24.1052", "", "LV", (56.9496, 24.1052), None), ("56°57′N 24°6′E", "", "LV", (56.95, 24.1), None), ("56°70′", "24°", "LV", None, NO_NUMBERS),
    ],
)  # fmt: skip
def test_coordinates_that_cannot_be_true_are_mended_or_left_out(
    lat: str, lon: str, country: str | None, point: tuple[float, float] | None, warning: str | None
) -> None:
    result = coordinates(lat, lon, WORDS.country_box(country))
    assert (result.lat, result.lon) == (point or (None, None))
    assert result.warning == warning


def test_mended_coordinates_are_taken_and_told() -> None:
    record, problems = normalised(country="Latvija", lat="24.1", lon="56.95")
    assert (record.lat, record.lon, problems) == (56.95, 24.1, [("lat", "24.1, 56.95")])


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.name)
def test_towns_lie_in_their_countries_and_are_brought_back_when_swapped(town: Town) -> None:
    box = WORDS.country_box(town.country)
    right, swapped = coordinates(str(town.lat), str(town.lon), box), coordinates(str(town.lon), str(town.lat), box)
    assert (right.lat, right.lon, right.warning) == (town.lat, town.lon, None)
    assert (swapped.lat, swapped.lon, swapped.warning) == (town.lat, town.lon, SWAPPED)


@pytest.mark.parametrize(
    ("fields", "form", "derived"),
    [
        ({"title": "SIA „Saules maize”"}, "SIA", {"legal_form": "title", "sectors": "legal form SIA"}),
        ({"title": "Kopā", "legal_form": "Biedrība"}, "biedrība", {"sectors": "legal form biedrība"}),
        ({"title": "Cēsu novada pašvaldība"}, None, {"sectors": "legal form pašvaldība"}),
        ({"title": "Kopā", "legal_form": "Kooperatīvs"}, "Kooperatīvs", {}), ({"title": "Kopā", "legal_form": "Kopā"}, None, {}),
    ],
)  # fmt: skip
def test_a_legal_form_is_read_from_the_name_where_no_field_says_it(
    fields: dict[str, str], form: str | None, derived: dict[str, str]
) -> None:
    record, _ = normalised(**fields)
    assert (record.legal_form, record.derived) == (form, derived)


@pytest.mark.parametrize(
    ("written", "address"),
    [("https://www.google.com/url?q=https%3A%2F%2Fkopa.lv%2Flapa&sa=D&usg=x", "https://kopa.lv/lapa"),
     ("https://www.google.lv/url?sa=t&url=http%3A%2F%2Fkopa.lv", "http://kopa.lv"),
     ("https://l.facebook.com/l.php?u=https%3A%2F%2Fkopa.lv%2F&h=AT0", "https://kopa.lv/"),
     ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fkopa.lv&data=05", "https://kopa.lv"),
     ("https://vk.com/away.php?to=https%3A%2F%2Fkopa.lv", "https://kopa.lv"),
     ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
     ("https://www.google.com/search?q=https%3A%2F%2Fkopa.lv", "https://www.google.com/search?q=https%3A%2F%2Fkopa.lv"),
     ("https://kopa.lv/url?q=https%3A%2F%2Fother.lv", "https://kopa.lv/url?q=https%3A%2F%2Fother.lv")],
)  # fmt: skip
def test_a_link_through_a_service_that_only_leads_on_is_the_address_to_which_it_leads(written: str, address: str) -> None:
    assert (web_address(written), absolute_address("https://b.lv/", written)) == (address, address)
