"""Choosing what the fields of a site mean while it is registered: the site's names, samples, a list that follows, no code."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from crawlers.discovery.discover import NOTHING
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Platform, SiteReading
from platforma.catalogue.people import rate_limits
from platforma.catalogue.people.rate_limits import RateLimit
from platforma.catalogue.visitors import mapped, readings, site_looks
from platforma.catalogue.visitors.readings import Result
from platforma.catalogue.visitors.site_looks import OUR_FIELDS
from platforma.web.public.choice_fields import OFFERED
from tests.people.registering import EMAIL, START, URL, count, found, main_of, page, post
from tests.people.site_fixture import SiteFixture

RAWS = [
    RawRecord(
        str(number), f"{URL}{number}", {"title": title, "place": place, "description": "Kopā ar kaimiņiem labojam lietas."}, "lv",
        source={"facts": {"Vieta": place, "Darbības lauks": "jauniešu darbs", "org.pasts": f"info@b{number}.example"}},
    )
    for number, title, place in ((1, "Ceptuve", "Cēsis"), (2, "Darbnīca", "Ogre"))
]  # fmt: skip
RESULT = Result(
    title="Kopienu tīkls",
    recipe={"adapter": "html"},
    raws=RAWS,
    records=[record for raw in RAWS if (record := Normaliser(Recipe(platform="look")).record(raw))],
    expected=2,
)
FIELDS = ["@title", "@description", "Vieta", "Darbības lauks", "org.pasts"]
"""The site's own fields in the order of the page: those that fill ours first, in our order; then the most frequent, then by name."""


def chosen(**ours: str) -> dict[str, str]:
    """A form in which the fields of the site, by their numbers in FIELDS, are chosen for these of ours."""
    names = {f"name-{number}": name for number, name in enumerate(FIELDS)}
    now = dict(
        zip(("field-0", "field-1", "field-2", "field-3", "field-4"), ("title", "description", "place", "", ""), strict=True)
    )
    return names | now | {key.replace("_", "-"): value for key, value in ours.items()}


def test_each_field_of_the_site_stands_with_samples_beside_ours(site: SiteFixture) -> None:
    text = main_of(page(site, found(site, URL, RESULT), "en"))
    section = text[text.index('id="mapping"') : text.index('id="found"')]
    assert re.findall(r'<label for="field-\d+">(.*?)</label>', section) == [
        "The heading", "The main text", "Vieta", "Darbības lauks", "org › pasts",
    ]  # fmt: skip
    assert "In 2 of 2 entries: Cēsis · Ogre" in section and "In 2 of 2 entries: jauniešu darbs" in section
    assert section.count("selected>") == 3, "what fills one of ours already"
    assert "5 fields</summary>" in section and "<details" in section and not re.search(r"<details[^>]* open", section)
    assert "@title" not in re.sub(r'value="[^"]*"', "", section), "no code is shown"


def test_the_list_and_the_words_follow_the_field_that_was_chosen(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    before = main_of(page(site, secret, "en"))
    assert "“jauniešu darbs”, a theme" not in before and ">Cēsis" in before
    assert post(site, secret, do="show", **chosen(field_3="themes", field_2="", field_1="title", field_0="")) == 303
    text = main_of(page(site, secret, "en"))
    assert "“jauniešu darbs”, a theme" in text, "a word that we do not know is asked about"
    rows = text[text.index('id="found"') :]
    assert ">Cēsis" not in rows and "Ceptuve" not in rows and "Kopā ar kaimiņiem" in rows
    assert count(site, SiteReading) == 1, "nothing is read again"


def test_what_is_chosen_goes_into_the_recipe(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    said = {"said-0": "theme:jauniešu darbs", "word-0": "youth"}
    assert post(site, secret, do="show", **chosen(field_3="themes", field_2="")) == 303
    assert post(site, secret, do="send", email=EMAIL, **said, **chosen(field_3="themes", field_2="")) == 200
    site.app.test_client().post(site.link())
    with site.database.reading() as session:
        recipe = session.get_one(Platform, "tikls-example").recipe
    assert recipe["choices"] == {"Vieta": None, "Darbības lauks": "themes"}
    assert recipe["values"] == {"theme": {"jauniešu darbs": "youth"}}
    record = Normaliser(Recipe(**recipe)).record(RAWS[0])
    assert record is not None and (record.place, record.themes) == (None, ("youth",)), "a crawl takes them so"


def test_a_choice_is_taken_back_by_choosing_what_was_there(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    post(site, secret, do="show", **chosen(field_2="address"))
    post(site, secret, do="show", **chosen())
    with site.database.reading() as session:
        assert site_looks.look(session, secret).choices.fields == {}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"field_0": ""}, "Then no entry would have a name"),
        ({"field_3": "address", "field_4": "address"}, "“Darbības lauks” and “org › pasts”"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_as_it_was_typed(
    site: SiteFixture, fields: dict[str, str], says: str
) -> None:
    secret = found(site, URL, RESULT)
    form = chosen(**fields) | {"do": "show", "title": "Mans tīkls"}
    answer = site.app.test_client().post(f"/en/register/looks/{secret}", data=form)
    text = main_of(answer.get_data(as_text=True))
    assert answer.status_code == 400 and says in text and 'href="#fields"' in text and '<details id="fields" open>' in text
    assert 'value="Mans tīkls"' in text and ">Ceptuve" in text
    numbers = [name.removeprefix("field_") for name in fields]
    for number in numbers:
        select = text[text.index(f'<select id="field-{number}"') :]
        assert (" selected" in select[: select.index("</select>")]) == bool(fields[f"field_{number}"])
    with site.database.reading() as session:
        assert site_looks.look(session, secret).choices.fields == {}, "nothing of it is stored"


def test_fields_that_are_not_there_and_names_that_are_not_ours_are_not_chosen(site: SiteFixture) -> None:
    secret = found(site, URL, RESULT)
    form = chosen(field_2="nonsense") | {"name-7": "Cits", "field-7": "place"}
    assert post(site, secret, do="show", **form) == 303
    with site.database.reading() as session:
        assert site_looks.look(session, secret).choices.fields == {}


def test_every_field_of_ours_that_can_be_filled_is_offered() -> None:
    assert sorted(OFFERED) == sorted(OUR_FIELDS)


def test_what_is_stored_of_an_entry_is_bounded() -> None:
    long = {f"Lauks {number}": "x" * 5_000 for number in range(200)}
    raw = RawRecord("1", None, {"title": "A", "description": "y" * 90_000, "tags": ["z"] * 500}, source=long)
    stored = mapped.bounded_raw(raw)
    assert len(str(stored.to_json())) < 12_000
    assert list(stored.source["facts"])[:2] == ["Lauks 0", "Lauks 1"] and stored.fields["title"] == "A"


def look_again(site: SiteFixture, secret: str) -> tuple[int, str]:
    answer = site.app.test_client().post(f"/en/register/looks/{secret}/again")
    return answer.status_code, answer.get_data(as_text=True)


def test_a_site_is_read_again_after_ten_minutes_and_the_choices_stay(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False) as clock:
        secret = found(site, URL, RESULT)
        post(site, secret, do="show", title="Mans tīkls", **chosen(field_2="address"))
        assert "Read it again" in page(site, secret, "en")
        clock.shift(readings.TRIED_AGAIN_AFTER - timedelta(seconds=1))
        status, text = look_again(site, secret)
        assert status == 429 and "less than 10 minutes ago" in text and ">Ceptuve" in text and count(site, SiteReading) == 1
        clock.shift(timedelta(seconds=1))
        assert look_again(site, secret)[0] == 303
        assert count(site, SiteReading) == 2 and "Your site is read in a moment" in page(site, secret, "en")
        with site.database.writing() as session:
            readings.finish(session, 2, RESULT, utc_now())
        with site.database.reading() as session:
            choices = site_looks.look(session, secret).choices
        assert (choices.title, choices.fields) == ("Mans tīkls", {"Vieta": "address"})


def test_a_site_at_which_nothing_was_found_can_be_read_again(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False) as clock:
        secret = site.app.test_client().post("/lv/register", data={"url": URL}).location.rpartition("/")[2]
        with site.database.writing() as session:
            readings.fail(session, 1, NOTHING, {}, utc_now())
        assert "Lasīt vēlreiz" in page(site, secret)
        clock.shift(readings.TRIED_AGAIN_AFTER)
        assert look_again(site, secret)[0] == 303
        assert look_again(site, secret)[0] == 429, "it waits to be read"


def test_two_who_look_again_share_one_reading(site: SiteFixture) -> None:
    with time_machine.travel(START, tick=False) as clock:
        first, second = found(site, URL, RESULT), found(site, URL, RESULT)
        clock.shift(readings.TRIED_AGAIN_AFTER)
        assert look_again(site, first)[0] == look_again(site, second)[0] == 303
        assert count(site, SiteReading) == 2


def test_limits_hold_for_looking_again(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(START, tick=False) as clock:
        secret = found(site, URL, RESULT)
        clock.shift(readings.TRIED_AGAIN_AFTER)
        monkeypatch.setattr(readings, "MAX_OF_HOST", 1)
        status, text = look_again(site, secret)
        assert status == 429 and "This site was read many times" in text
        monkeypatch.setitem(rate_limits.RATE_LIMITS, rate_limits.LOOK, RateLimit(9, 0, 9))
        assert "for your network" in look_again(site, secret)[1]
        with site.database.writing() as session:
            session.execute(update(SiteReading).values(ended_at=None))
        assert look_again(site, secret)[0] == 429
    assert site.app.test_client().post("/en/register/looks/wrong/again").status_code == 410
