"""What a record says of one thing in two ways that cannot both be right is told, and changed in nothing."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.normalise import Normaliser
from crawlers.normalise.agreement import LATE_DEADLINE, MIN_LETTERS, OTHER_COUNTRY, OTHER_LANGUAGE
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values.towns import has_town_near

LATVIAN = (
    "Biedrība kopā ar iedzīvotājiem iekārto pagalmus, kuros aug ābeles un ogulāji, bet vakaros kaimiņi sanāk pie kopīga galda. Katru"
    " pavasari mēs stādām jaunus kokus un mācām bērniem, kā par tiem rūpēties, lai ražas pietiktu visai apkaimei un arī ciemiņiem."
)
ENGLISH = (
    "Together with the residents the association plants apple trees in the yards, and in the evening neighbours meet at one table. Each"
    " spring we plant young trees and teach children how to care for them, so that there is enough for everybody in the district."
)


def normalised(
    lang: str | None = None, defaults: dict[str, Any] | None = None, **fields: str
) -> tuple[Record, list[tuple[str | None, ...]]]:
    normaliser = Normaliser(Recipe(platform="x", defaults=defaults or {}))
    record = normaliser.record(RawRecord("1", None, {"title": "Saule", **fields}, lang=lang))
    assert record
    return record, [(one.severity, one.field, one.value, one.reason) for one in normaliser.take_problems()]


@pytest.mark.parametrize(
    ("country", "lat", "lon", "told"),
    [
        ("Lietuva", "56.5", "21.0", "56.5, 21.0 (LV; LT)"), ("United Kingdom", "48.85", "2.35", "48.85, 2.35 (FR; GB)"),
        ("Latvija, Lietuva", "58.0", "26.5", "58.0, 26.5 (EE; LV, LT)"), ("Latvija", "56.95", "24.11", None), ("Latvija, Igaunija", "58.38", "26.73", None),
        ("Igaunija", "57.777", "26.035", None), ("Latvija", "57.777", "26.035", None), ("Somija", "60.1", "19.94", None), ("Zviedrija", "60.1", "19.94", "60.1, 19.94 (AX; SE)"),
        ("France", "-20.9", "55.45", None), ("Åland Islands", "60.17", "24.94", None), ("Latvija", "57.4", "20.98", None),
    ],
)  # fmt: skip
def test_coordinates_in_the_midst_of_another_country_are_told(country: str, lat: str, lon: str, told: str | None) -> None:
    record, problems = normalised(country=country, lat=lat, lon=lon)
    assert problems == ([("warning", "lat", told, OTHER_COUNTRY)] if told else [])
    assert (record.lat, record.lon) == (float(lat), float(lon))


def test_coordinates_around_the_town_that_the_record_names_agree_with_its_country() -> None:
    assert normalised(country="Lietuva", place="Mažeikiai", lat="56.5", lon="22.7")[1] == []


def test_what_was_concluded_contradicts_nothing() -> None:
    assert normalised(lat="56.5", lon="21.0", defaults={"country": "LT"})[1] == []
    assert normalised(lat="56.5", lon="21.0", address="Iela 1, Lietuva")[1] == []
    assert normalised(country="Latvija", place="Liepāja")[1] == []


def test_a_town_is_near_within_ten_kilometres() -> None:
    assert has_town_near(56.95, 24.11, {"LV"}) and has_town_near(57.777, 26.035, ("EE", "LV"))
    assert (
        not has_town_near(56.95, 24.11, {"EE"}) and not has_town_near(57.4, 20.2, {"LV"}) and not has_town_near(56.95, 24.11, ())
    )


@pytest.mark.parametrize(
    ("kind", "end", "text", "told"),
    [
        ("funding", "2027-05-01", "Pieteikties līdz 15.05.2027.", "2027-05-01 (2027-05-15)"), ("event", "2027-05-14T12:00", "Apply by 15 May 2027", "2027-05-14T12:00 (2027-05-15)"),
        ("funding", "2027-04", "The deadline is 15 May 2027", "2027-04 (2027-05-15)"), ("funding", "2027-05", "The deadline is 15 May 2027", None),
        ("funding", "2027-05-15", "The deadline is 15 May 2027 at 17:00", None), ("event", "2027-06-01", "Apply by 15 May 2027", None), ("project", "2027-05-01", "Apply by 15 May 2027", None),
        ("event", "2027-05-01", "Apply by 15 May 2027 or the deadline 16 May 2027", None), ("event", "", "Apply by 15 May 2027", None),
    ],
)  # fmt: skip
def test_a_deadline_after_the_day_of_the_end_is_told(kind: str, end: str, text: str, told: str | None) -> None:
    record, problems = normalised(kind=kind, end_date=end, description=text)
    assert problems == ([("warning", "end_date", told, LATE_DEADLINE)] if told else [])
    assert record.end_date is None if not end else record.end_date and end.startswith(record.end_date[:10])


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("en-US", LATVIAN, "en-US (lv)"), ("lv", ENGLISH, "lv (en)"), ("ET", ENGLISH, "ET (en)"), ("lv_LV", LATVIAN, None), ("en", ENGLISH, None),
        (None, LATVIAN, None), ("tlh", LATVIAN, None), ("en", LATVIAN[: MIN_LETTERS - 1], None), ("en", LATVIAN[:120] + "1" * MIN_LETTERS, None),
        ("lv", "Lorem ipsum dolor sit amet consectetur adipiscing elit " * 9, None),
    ],
)  # fmt: skip
def test_a_long_text_in_another_language_than_the_one_stated_is_told(lang: str | None, text: str, told: str | None) -> None:
    record, problems = normalised(lang=lang, description=text)
    assert problems == ([("warning", "languages", told, OTHER_LANGUAGE)] if told else [])
    assert list(record.description.values()) == [text.strip()]
