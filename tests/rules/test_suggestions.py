"""What the mapping page proposes for a value of a source: only what is nearly certain; all else is left for a person."""

from __future__ import annotations

import pytest

from platforma.catalogue.terms.unmapped import suggest

CERTAIN = (
    ("country", "LV", "LV"),
    ("country", "Letland", "LV"),
    ("country", "Latvijā", "LV"),
    ("country", "Germay", "DE"),
    ("country", "Italu", "IT"),
    ("country", "Suomi", "FI"),
    ("theme", "Kultūras", "culture"),
    ("theme", "kultura", "culture"),
    ("theme", "izglītībai", "education"),
    ("theme", "educatoin", "education"),
    ("theme", "hausing", "housing"),
    ("theme", "Health & care", "health_care"),
    ("theme", "citizen participations", "civic_engagement"),
    ("sector", "NGOs", "ngo"),
    ("sector", "publiskā", "public"),
    ("kind", "projektu", "project"),
    ("kind", "pasakums", "event"),
)
NEAR = (("country", "Latvya", "LV"), ("country", "Soomi", "FI"), ("country", "Eston", "EE"))
NOT_KNOWN = (
    ("country", "Vidzeme"),
    ("country", "UK/Ireland"),
    ("country", "Baltija"),
    ("country", "Rīga"),
    ("country", "Eiropa"),
    ("country", "Online"),
    ("theme", "LV"),
    ("theme", "jauniešu darbs"),
    ("theme", "science & research"),
    ("theme", "ekonomika"),
    ("theme", "made"),
    ("theme", "refuse"),
    ("theme", "heath"),
    ("theme", "youht"),
    ("sector", "pubic"),
    ("kind", "grafts"),
    ("kind", "projector"),
    ("kind", "event series"),
)


@pytest.mark.parametrize(("dimension", "text", "id"), CERTAIN)
def test_a_name_in_any_form_or_with_one_letter_wrong_is_preselected(dimension: str, text: str, id: str) -> None:
    suggestion = suggest(dimension, text)
    assert suggestion and (suggestion.id, suggestion.is_sure) == (id, True)


@pytest.mark.parametrize(("dimension", "text", "id"), NEAR)
def test_a_short_name_of_a_country_is_told_and_left_to_the_person(dimension: str, text: str, id: str) -> None:
    suggestion = suggest(dimension, text)
    assert suggestion and (suggestion.id, suggestion.is_sure) == (id, False)


@pytest.mark.parametrize(("dimension", "text"), NOT_KNOWN)
def test_what_is_not_nearly_certain_is_not_proposed(dimension: str, text: str) -> None:
    assert suggest(dimension, text) is None
