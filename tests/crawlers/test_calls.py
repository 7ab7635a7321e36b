"""Deadlines of calls, as texts of the region tell them."""

from __future__ import annotations

import pytest

from crawlers.values.deadlines import MAX_LINES, deadline_in
from crawlers.values.labels import field_of
from tests.crawlers.memory_site import extracted, recipe_of

DEADLINES = [
    ("Pieteikumus iesniegt līdz 2027. gada 15. maijam plkst. 23:59, rakstot uz 3 adresēm.", "2027-05-15T23:59"),
    ("Pieteikties līdz 15.05.2027.", "2027-05-15"), ("Pieteikumu termiņš – 2027. gada 15. maijs", "2027-05-15"),
    ("Apply by 15 May 2027 at info@x.lv", "2027-05-15"), ("The deadline is 15 May 2027 at 17:00", "2027-05-15T17:00"),
    ("Haku on avoinna 1.3.–31.3.2027.", "2027-03-31"), ("Avoin 31.3.2027 asti", "2027-03-31"),
    ("Hakuaika päättyy 31.3.2027 klo 16.00", "2027-03-31T16:00"), ("Taotluste tähtaeg on 15. mai 2027", "2027-05-15"),
    ("Paraiškas teikti iki 2027 m. gegužės 15 d.", "2027-05-15"), ("Nabór do 15 maja 2027 r.", "2027-05-15"),
    ("Bewerbungsschluss ist der 15. Mai 2027", "2027-05-15"), ("Sök senast den 15 maj 2027", "2027-05-15"),
    ("Søknadsfrist: 15. mai 2027", "2027-05-15"), ("Ansøgningsfrist 15. maj 2027 kl. 12", "2027-05-15T12:00"),
    ("Заявки принимаются до 15 мая 2027 года", "2027-05-15"), ("Кінцевий термін: 15 травня 2027", "2027-05-15"),
    ("Первый шаг.\nApply by 15 May 2027\nApply by 15.05.2027", "2027-05-15"),
]  # fmt: skip
NO_DEADLINES = [
    "Apply by Friday", "Pieteikties līdz 15. maijam", "Deadline: 15 May 2027. Second deadline: 15 June 2027", "Deadline: May 2027",
    "Dibināta 2015. gada 15. maijā", "Deadline for the many people who will come and then see it 15 May 2027", "", "x\n" * MAX_LINES + "Deadline: 15 May 2027",
]  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DEADLINES)
def test_the_day_behind_words_for_a_deadline_is_the_deadline(text: str, day: str) -> None:
    assert deadline_in(text) == day


@pytest.mark.parametrize("text", NO_DEADLINES)
def test_without_a_year_or_with_several_days_there_is_no_deadline(text: str) -> None:
    assert deadline_in(text) is None


def ends_of(**fields: str) -> list[str | None]:
    item = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return [
        record.end_date
        for record in extracted(
            recipe_of("feed"),
            f"<rss version='2.0'><channel><item>{item}</item></channel></rss>".replace("<rss", "<?xml version='1.0'?><rss"),
        )[0]
    ]


def test_a_call_has_the_deadline_of_its_text_and_an_organisation_that_tells_of_one_has_not() -> None:
    text = "Apply by 15 May 2027"
    assert ends_of(title="Open call: Upe", description=text) == ["2027-05-15"]
    assert ends_of(title="Upe", category="Kind: x", description=f"<p>Kind: funding</p><p>{text}</p>") == ["2027-05-15"]
    assert ends_of(title="Upe", description=text) == [None]
    assert ends_of(title="Open call: Upe", description=f"<p>Kind: organisation</p><p>{text}</p>") == [None]


def test_the_end_that_the_source_gives_wins_and_a_deadline_before_the_start_is_left_out() -> None:
    text = "<p>Apply by 15 May 2027</p>"
    assert ends_of(title="Open call", description=f"<p>Deadline: 2027-06-01</p>{text}") == ["2027-06-01"]
    assert ends_of(title="Open call", description=f"<p>Start date: 2027-06</p>{text}") == [None]
    assert ends_of(title="Open call", description=f"<p>Start date: 2027-05</p>{text}") == ["2027-05-15"]


@pytest.mark.parametrize("label", ["Pieteikumu termiņš", "Taotluste tähtaeg", "Sök senast", "Nabór do", "Bewerbungsschluss", "Срок подачи заявок"])  # fmt: skip
def test_labels_for_a_deadline_name_the_end(label: str) -> None:
    assert field_of(label) == "end_date"


@pytest.mark.parametrize("label", ["Kad", "When", "Millal", "Kiedy", "Wann", "Milloin", "När", "Hvornår", "Когда"])
def test_labels_for_when_name_the_start(label: str) -> None:
    assert field_of(label) == "start_date"
