"""When two names mean the same organisation."""

from __future__ import annotations

import pytest

from platforma.catalogue.listings.organisation_names import bare_name, is_same_organisation

SAME = [
    ("Zaļais pagalms", "Biedrība „ZAĻAIS PAGALMS”"),
    ("SIA „Labais solis”", "Labais Solis, SIA"),
    ("Otrā elpa", "Otra Elpa"),
    ("MTÜ Roheline aed", "Roheline aed MTÜ"),
    ("Uždaroji akcinė bendrovė „Geri darbai“", "UAB Geri darbai"),
]
OTHER = [
    ("SIA „Zaļais pagalms”", "Biedrība „Zaļais pagalms”"),
    ("Zaļais pagalms", "Zaļais pagalms Cēsīs"),
    ("Zaļais pagalms", "Pagalms zaļais"),
    ("", ""),
    ("„”", "—"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_case_marks_and_one_legal_form_make_no_other_organisation(left: str, right: str) -> None:
    assert is_same_organisation(left, right) and is_same_organisation(right, left)


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_other_words_other_order_or_another_legal_form_do(left: str, right: str) -> None:
    assert not is_same_organisation(left, right) and not is_same_organisation(right, left)


def test_a_name_of_nothing_but_a_legal_form_keeps_it() -> None:
    assert bare_name("SIA") == "sia"
