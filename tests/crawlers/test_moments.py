"""When events take place, as cards and pages show it, and until when one can apply."""

from __future__ import annotations

import pytest

from crawlers.reading.cards import read_card
from crawlers.values.event_words import is_about_events, is_call, is_of_page_itself
from tests.crawlers.memory_site import BASE, extracted, recipe_of

DATES = ("kind", "start_date", "end_date")
Dates = tuple[str | None, str | None, str | None]


def dates_of(markup: str, path: str = "biedri/") -> Dates:
    fields, _ = read_card(markup, BASE + path, {})
    kind, start, end = (fields.get(name) for name in DATES)
    return kind, start, end


def event(inner: str) -> str:
    return f'<article class="event-card"><h3>Upes talka</h3>{inner}<p>Sakopjam krastus.</p></article>'


TIMES = [
    ('<time datetime="2027-05-15">15. maijs</time>', ("2027-05-15", None)),
    ('<time datetime="2027-07-01T10:00">1. jūlijs</time>', ("2027-07-01T10:00", None)),
    ('<time datetime="2027-07-01T10:00:00+03:00">1. jūlijs</time>', ("2027-07-01T10:00+03:00", None)),
    ('<time datetime="2027-07-01T10:00:30+03:00">1. jūlijs</time>', ("2027-07-01T10:00:30+03:00", None)),
    ('<time datetime="2027-07-01T00:00:00+03:00">1. jūlijs</time>', ("2027-07-01", None)),
    ('<time datetime="2027-07-01T07:00Z">1. jūlijs</time>', ("2027-07-01T07:00Z", None)),
    ('<time datetime="2027-07-01">1. jūlijs 2027, plkst. 10:00–15:00</time>', ("2027-07-01T10:00", "2027-07-01T15:00")),
    ('<time datetime="2027-07-01">1.–3. jūlijs 2027</time>', ("2027-07-01", "2027-07-03")),
    ('<time datetime="2027-07-01">2. jūlijs 2027, plkst. 10:00</time>', ("2027-07-01", None)),
    ('<time datetime="2027-07-01/2027-07-03">1.–3. jūlijs</time>', ("2027-07-01", "2027-07-03")),
    ('<time datetime="2027-07-01">1.</time> – <time datetime="2027-07-03">3. jūlijs</time>', ("2027-07-01", "2027-07-03")),
    ('<time datetime="2027-07-01T10:00">10</time><time datetime="2027-07-01T12:00">12</time>', ("2027-07-01T10:00", "2027-07-01T12:00")),
    ("<time>1 July 2027, 10:00</time>", ("2027-07-01T10:00", None)),
    ('<span itemprop="startDate" content="2027-07-01T10:00">x</span><span itemprop="endDate" content="2027-07-02">y</span>', ("2027-07-01T10:00", "2027-07-02")),
    ('<time class="published" datetime="2027-01-01">1. janvāris</time><time datetime="2027-05-15">15. maijs</time>', ("2027-05-15", None)),
    ('<time datetime="2027-05-15">15. maijs</time><h3>Citi pasākumi</h3><time datetime="2027-06-01">1. jūnijs</time>', ("2027-05-15", None)),
    ('<div class="date"><span>12</span><span>JAN</span><span>2027</span></div>', ("2027-01-12", None)),
    ('<div><b>12</b> | <b>JAN</b> | <b>2027</b></div>', ("2027-01-12", None)),
    ("<p>15. maijs 2027, plkst. 10.00</p>", ("2027-05-15T10:00", None)),
    ("<p>Sestdien, 2027. gada 15. maijā</p>", ("2027-05-15", None)),
    ("<span>3.–5.4.2027</span>", ("2027-04-03", "2027-04-05")),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "dates"), TIMES)
def test_an_event_has_the_dates_that_its_card_shows(markup: str, dates: tuple[str | None, str | None]) -> None:
    assert dates_of(event(markup)) == ("event", *dates)


NONE = [
    '<time datetime="2027-05-15">15</time><time datetime="2027-05-22">22</time><time datetime="2027-05-29">29</time>',
    '<time datetime="2027-05-22">22</time><time datetime="2027-05-15">15</time>',
    '<time datetime="P2D">2 dienas</time>',
    '<time class="entry-date published" datetime="2027-05-15">15. maijs</time>',
    '<time pubdate datetime="2027-05-15">15. maijs</time>',
    '<span class="posted-on"><time datetime="2027-05-15">15. maijs</time></span>',
    'Publicēts: <time datetime="2027-05-15">15. maijs</time>',
    "<p>2027. gadā</p>",
]


@pytest.mark.parametrize("markup", NONE)
def test_several_days_without_a_period_and_the_day_of_the_page_are_no_dates_of_an_event(markup: str) -> None:
    assert dates_of(event(markup))[1:] == (None, None)


@pytest.mark.parametrize("path", ["events/talka/", "lv/pasakumi/talka", "sundmused/talgud", "tapahtumat/talkoot", "renginiai/talka", "wydarzenia/x", "Veranstaltungen/x.html"])  # fmt: skip
def test_below_an_address_of_events_a_page_is_about_one(path: str) -> None:
    assert dates_of('<h1>Talka</h1><time datetime="2027-05-15">15. maijs</time>', path) == ("event", "2027-05-15", None)


@pytest.mark.parametrize("path", ["zinas/talka/", "prevention/", "biedri/kalendula"])
def test_elsewhere_a_single_day_is_no_date_of_what_the_card_is_about(path: str) -> None:
    assert dates_of('<h3>Talka</h3><time datetime="2027-05-15">15. maijs</time>', path) == (None, None, None)


@pytest.mark.parametrize("joint", ["–", "-", "—", " līdz ", "to", "kuni", "iki", "bis", "do", "до"])
def test_two_days_that_are_joined_are_a_period_of_whatever_it_is(joint: str) -> None:
    two = f'<h3>Projekts</h3><time datetime="2024-03">x</time>{joint}<time datetime="2026-02">y</time>'
    assert dates_of(two) == (None, "2024-03", "2026-02")
    assert dates_of(two.replace(joint, " un ")) == (None, None, None)


@pytest.mark.parametrize("words", ["Pieteikties līdz", "Pieteikumu termiņš:", "Apply by", "Taotluste tähtaeg:", "Nabór do", "Bewerbungsschluss:", "Hakuaika päättyy", "Заявки до"])  # fmt: skip
def test_behind_words_for_a_deadline_a_day_is_the_last_one(words: str) -> None:
    assert dates_of(f'<h3>Konkurss</h3><p>{words} <time datetime="2027-03-01">1.3.</time></p>') == (None, None, "2027-03-01")
    assert dates_of(f'<h3>Konkurss</h3><p>{words}</p><p>vai <time datetime="2027-03-01">1.3.</time></p>')[2] != "2027-03-01"


def test_events_of_a_list_have_their_dates_in_the_records() -> None:
    cards = "".join(
        event(f'<time datetime="2027-05-{day}">{day}. maijs</time>').replace("Upes", name)
        for day, name in ((15, "Upes"), (22, "Meža"))
    )
    records, problems = extracted(recipe_of("html", html={"blocks": "article"}), f"<html lang=lv><main>{cards}</main>", "jaunumi")
    assert [(record.kind, record.start_date) for record in records] == [("event", "2027-05-15"), ("event", "2027-05-22")]
    assert problems == []


@pytest.mark.parametrize(
    "piece", ["<time datetime='2027-05-15'>", "<div><span>12.05.2027</span>", "<p class=event>1", "<b>2027</b>" * 9]
)
def test_a_part_of_very_many_dates_is_read_to_a_bound(piece: str) -> None:
    assert dates_of(event(piece * 4_000))[0] in (None, "event")


@pytest.mark.parametrize(
    ("is_word", "yes", "no"),
    [
        (is_about_events, ["tribe-events", "eventCard", "Pasākumu kalendārs", "мероприятия", "падзеі"], ["prevention", "eventual", "news"]),
        (is_call, ["Open call: Upe", "Projektu konkurss", "Nabór wniosków", "Utlysning 2027", "Конкурс проектов"], ["Callisto", "Upes talka"]),
        (is_of_page_itself, ["entry-date published", "Publicēts", "datePublished", "Опубликовано"], ["event-date", "publisher-logo"]),
    ],
)  # fmt: skip
def test_words_count_as_wholes_in_any_language(is_word: object, yes: list[str], no: list[str]) -> None:
    assert callable(is_word)
    assert [text for text in (*yes, *no) if is_word(text)] == yes
