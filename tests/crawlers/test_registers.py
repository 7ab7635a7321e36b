"""Numbers of registers: by the label that names one, else by form and check digit."""

from __future__ import annotations

import pytest

from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Identifier, RawRecord
from crawlers.values.registers import countries_by_check, labelled_numbers

LABELLED = [
    ("Reģ. nr.", "40003032949", "LV-RE", "40003032949"), ("Vienotais reģistrācijas numurs", "LV40003032949", "LV-RE", "40003032949"),
    ("Reģistrācijas Nr.", "4000 303 2949", "LV-RE", "40003032949"), ("Registrikood", "12417834", "EE-RIK", "12417834"),
    ("Įmonės kodas", "121215434", "LT-RC", "121215434"), ("Juridinio asmens kodas:", "1212154", "LT-RC", "1212154"),
    ("Numer KRS", "0000123456", "PL-KRS", "0000123456"), ("NIP", "526-025-02-74", "PL-NIP", "526-025-02-74"),
    ("REGON", "123456785", "PL-REGON", "123456785"), ("Y-tunnus", "0112038-9", "FI-PRO", "0112038-9"),
    ("CVR-nr.", "22 75 62 14", "DK-CVR", "22756214"), ("Org.nr", "556012-5790", "SE-BLV", "556012-5790"),
    ("Org.nr", "923 609 016", "NO-BRC", "923609016"), ("Код ЄДРПОУ", "20077720", "UA-EDR", "20077720"),
    ("", "KRS: 0000123456", "PL-KRS", "0000123456"), ("Vereinsregister", "Amtsgericht Kiel, VR 1234", "DE-CR", "VR 1234"),
    ("УНП", "190000123", "BY-UNP", "190000123"), ("ZVR-Zahl", "123456789", "AT-ZVR", "123456789"),
]  # fmt: skip
OTHER = [
    ("Registration number", "12417834"), ("Registrikood", "1241783"), ("Reģ. nr.", "400030329491"), ("KRS", "1234567890"),
    ("Y-tunnus", "01120389"), ("Snip", "5260250274"), ("Kood", "12417834"), ("", "12417834"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "text", "scheme", "number"), LABELLED)
def test_a_label_names_the_register_of_a_number(label: str, text: str, scheme: str, number: str) -> None:
    assert [(register.scheme, found) for register, found in labelled_numbers(label, text)] == [(scheme, number)]


@pytest.mark.parametrize(("label", "text"), OTHER)
def test_a_number_of_another_form_or_without_such_a_label_is_of_no_certain_register(label: str, text: str) -> None:
    assert list(labelled_numbers(label, text)) == []


@pytest.mark.parametrize(
    ("number", "countries"),
    [
        ("40003032949", {"LV"}), ("40003032948", set()), ("30003032949", set()), ("121215434", {"LT"}), ("121215433", set()),
        ("923609016", {"NO"}), ("923609017", set()), ("22756214", {"DK"}), ("22756215", set()), ("0112038-9", {"FI"}),
        ("0112038-8", set()), ("556012-5790", {"SE"}), ("556012-5791", set()), ("10421629", {"EE", "UA"}), ("10421620", set()),
        ("20077720", {"UA"}), ("37000008", set()), ("37000006", {"UA"}), ("850101-1237", set()), ("0000123456", set()), ("", set()),
    ],
)  # fmt: skip
def test_the_check_digit_tells_the_countries_of_a_number(number: str, countries: set[str]) -> None:
    assert countries_by_check(number) == countries


def identifiers(fields: dict[str, object], source: dict[str, object]) -> tuple[str | None, tuple[Identifier, ...]]:
    record = Normaliser(Recipe(platform="x")).record(RawRecord("1", None, {"title": "Saule", **fields}, source=source))
    assert record
    return record.country, record.identifiers


def test_a_labelled_number_is_an_identifier_and_no_other_number_is_taken_for_it() -> None:
    krs = Identifier("PL-KRS", "0000123456")
    assert identifiers({"registration": "5260250274"}, {"NIP": "5260250274"}) == ("PL", ())
    assert identifiers({"registration": "5260250274"}, {"NIP": "5260250274", "KRS": "0000123456"}) == ("PL", (krs,))
    assert identifiers({"registration": "12417834"}, {"Registrikood": "12417834"}) == ("EE", (Identifier("EE-RIK", "12417834"),))
    assert identifiers({"registration": "12417834", "country": "Latvia"}, {"Number": "12417834"}) == ("LV", ())
    assert identifiers({"registration": "12417834"}, {"Register number": "12417834"}) == (None, ())
