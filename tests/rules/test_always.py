"""What holds for any text and any value: reading what was written, doing it twice, and never raising."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vRecur

from crawlers.adapters.ical.recurrence import last_day, next_start
from crawlers.values.addresses import address_id, canonical_address, same_site, web_address
from crawlers.values.dates import parse_date, parse_period, utc_instant
from platforma.catalogue.ids import slugify
from platforma.catalogue.platforms.recipes import recipe_hash
from search.port import FACETS, Query
from search.query.describe import describe
from search.query.parser import MAX_WORDS, parse
from search.query.plan import make_plan
from vocabulary import collation_key, fold, load

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ISO = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?")
NEAR_DATES = st.text(st.sampled_from("0123456789./-–: TZgmaijsūn"), max_size=24) | st.text(max_size=40)


@given(DAYS)
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y.", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d"])
def test_a_day_is_read_as_it_was_written(form: str, day: date) -> None:
    assert parse_date(day.strftime(form)) == day.isoformat()


@given(DAYS)
@pytest.mark.parametrize("lang", ["lv", "en", "et", "lt", "de", "pl", "fi", "sv"])
def test_a_day_is_read_as_each_language_writes_it(lang: str, day: date) -> None:
    assert parse_date(format_date(day, "long", Locale(lang))) == day.isoformat()


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_what_was_read_is_read_again_as_the_same(day: date, length: int) -> None:
    said = day.isoformat()[:length]
    assert parse_date(said) == said


@given(DAYS, DAYS)
def test_a_period_is_read_as_it_was_written(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert parse_period(f"{first:%d.%m.%Y} – {last:%d.%m.%Y}") == (first.isoformat(), last.isoformat())
    if first != last:
        assert parse_period(f"{last:%d.%m.%Y} – {first:%d.%m.%Y}") == (None, None)


@given(NEAR_DATES, st.sampled_from([None, "dmy", "mdy"]))
def test_no_text_is_more_than_a_date_of_the_calendar(text: str, order: Any) -> None:
    for said in parse_period(text, order):
        if said is not None:
            assert ISO.fullmatch(said), said
            assert parse_date(said) == said
    found = parse_date(text, order)
    assert found is None or found == parse_period(text, order)[0]


@given(st.datetimes(datetime(1900, 1, 2), datetime(2100, 12, 30)), st.integers(-12 * 60, 14 * 60))
def test_an_instant_is_the_same_in_utc(wall: datetime, minutes: int) -> None:
    moment = wall.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    found = utc_instant(moment.isoformat())
    assert found == moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert utc_instant(found) == found


HOSTS = st.sampled_from(["p.example", "www.p.example", "P.example", "ķekava.lv", "p.example:8080", "p.example:443"])
PIECES = st.text(st.sampled_from("abcA/%2.;?&=#ā :é"), max_size=24)
ADDRESSES = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https", "HTTPS"]), HOSTS, PIECES)


@given(ADDRESSES | st.text(max_size=60))
def test_the_one_form_of_an_address_is_that_of_itself(text: str) -> None:
    for form in (address_id, canonical_address):
        assert form(form(text)) == form(text)


@given(ADDRESSES)
def test_what_changes_nothing_makes_no_other_address(url: str) -> None:
    rest = url.partition("://")[2]
    assert address_id(url) == address_id(f"http://{rest}") == address_id(f"https://{rest}")


@given(st.text(max_size=80) | ADDRESSES, st.none() | st.just("https://base.example/a/"))
def test_no_text_is_more_than_an_address_of_the_web(text: str, base: str | None) -> None:
    found = web_address(text, base)
    if found is not None:
        assert found.startswith(("http://", "https://"))
        again = web_address(found)
        assert again is not None and web_address(again) == again, "a sign at its very end may go"
    assert same_site(text, text)


QUESTIONS = st.text(max_size=60) | st.text(st.sampled_from('ab āņ"„”-:()*~^\\+|&!' + "country:LV"), max_size=40)


@settings(max_examples=30)
@given(QUESTIONS, st.sampled_from(["lv", "en"]))
def test_any_text_is_a_question(text: str, lang: str) -> None:
    parsed = parse(text, lang)
    assert len(parsed.parts) <= MAX_WORDS
    assert parsed.is_blank or parsed.parts or not parsed.filters
    assert set(parsed.filters) <= set(FACETS)
    assert len(parsed.included) + len(parsed.excluded) == len(parsed.parts)
    for part in parsed.parts:
        assert part.surface and all(variant.analysis.surface == part.surface for variant in part.variants)
    assert not text.strip() or parse(f" {text}", lang).parts == parsed.parts
    assert list(describe(make_plan(Query(text=text, lang=lang)).strict))


@settings(max_examples=20)
@given(QUESTIONS)
def test_what_is_excluded_is_the_same_words(text: str) -> None:
    words = [part.text for part in parse(text, "lv").included if not part.is_phrase][:5]
    again = parse(" ".join(f"-{word}" for word in words), "lv")
    assert [part.text for part in again.excluded] == words and not again.included


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(text.upper()) or not text.isascii()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|-", slugify(text))
    assert slugify(slugify(text)) == slugify(text)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_names_have_one_order(names: list[str]) -> None:
    assert len({collation_key(name) for name in names}) == len(set(names))


@given(st.text(max_size=80))
def test_no_text_is_more_than_a_country(text: str) -> None:
    found = load().find_countries(text)
    assert set(found) <= load().ids("country") and len(found) == len(set(found))
    assert load().find_country(text) in (None, *found)


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_country_is_found_by_its_name(lang: str) -> None:
    wrong = {
        term.id: found
        for term in load().terms("country")
        if (found := load().find_country(term.labels[lang])) not in (term.id, None)
    }
    assert wrong == {}


RULES = st.builds(
    lambda frequency, interval: {"FREQ": [frequency], "INTERVAL": [interval]},
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
)
STARTS = st.dates(date(2020, 1, 1), date(2026, 12, 28)).filter(lambda day: day.day <= 28)


@given(RULES, STARTS, st.integers(1, 40))
def test_the_last_day_of_a_series_is_met_by_going_on_day_by_day(rule: dict[str, Any], start: date, count: int) -> None:
    counted = last_day(vRecur(rule | {"COUNT": [count]}), start)
    day = start
    for _ in range(count - 1):
        after = next_start(vRecur(rule), start, day + timedelta(days=1))
        assert isinstance(after, date)
        day = after
    assert counted == day


@given(RULES, STARTS, st.integers(0, 2000))
def test_the_next_time_of_a_series_is_not_before_today_and_is_its_own_next(rule: dict[str, Any], start: date, days: int) -> None:
    today = start + timedelta(days=days)
    found = next_start(vRecur(rule), start, today)
    assert isinstance(found, date) and found >= today
    assert next_start(vRecur(rule), start, found) == found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def turned(value: Any) -> Any:
    """The same value with all its keys the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4), st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_recipe_is_known_by_what_it_says_and_not_by_the_order_of_its_keys(
    recipe: dict[str, Any], other: dict[str, Any]
) -> None:
    assert recipe_hash(turned(recipe)) == recipe_hash(recipe) == recipe_hash(json.loads(json.dumps(recipe)))
    same = json.dumps(recipe, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (recipe_hash(other) == recipe_hash(recipe)) is same
