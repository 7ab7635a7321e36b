"""Whose value stands is chosen for each field when two listings are joined, and taken back with the join."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Value
from tests.people.editing import saved
from tests.people.pairs import SECOND, add_pairs, id_of
from tests.people.site_fixture import SiteFixture

Pair = tuple[SiteFixture, FlaskClient, str, str]
PAGE = "/lv/desk/duplicates"


@pytest.fixture
def pair(site_on: SiteFixture) -> Pair:
    """A site, its curator, and the public ids of two listings that wait as a pair; the first would stand."""
    add_pairs(site_on)
    return site_on, site_on.signed_in(), id_of(site_on, "a1"), id_of(site_on, "b1")


def form_of(client: FlaskClient, left: str, right: str) -> dict[str, Any]:
    """What the form of a pair would send where nothing is chosen."""
    page = BeautifulSoup(client.get(f"{PAGE}?pair={left}-{right}").get_data(as_text=True), "lxml")
    inputs = page.select("form#verdicts input[name], input[form=verdicts][checked]")
    return {str(tag["name"]): str(tag.get("value", "")) for tag in inputs}


def join(client: FlaskClient, left: str, right: str, **chosen: str) -> str:
    """Join the pair with these sides chosen, by field; gives the number of the decision."""
    form = form_of(client, left, right)
    assert {f"choice-{name}" for name in chosen} <= form.keys(), form
    sides = {f"choice-{name}": side for name, side in chosen.items()}
    answer = client.post(PAGE, data=form | sides | {"decision": "same"})
    assert answer.status_code == 302
    return str(re.search(r"done=(\d+)", answer.location)[1])  # type: ignore[index]


def shown(site: SiteFixture, id: str) -> dict[str, Any]:
    with site.database.reading() as session:
        listing = listing_queries.listing_for_desk(session, id)
    assert isinstance(listing, Listing)
    return {**{name: dict(texts) for name, texts in listing.texts.items()}, **listing.fields}


def said(site: SiteFixture) -> dict[str, tuple[Any, str]]:
    with site.database.reading() as session:
        return {f"{one.field}/{one.lang}".rstrip("/"): (one.value, one.by) for one in session.scalars(select(Value))}


def side_of(client: FlaskClient, left: str, right: str, id: str) -> str:
    return "left" if form_of(client, left, right)["left"] == id else "right"


def test_nothing_is_chosen_but_what_the_rules_say(pair: Pair) -> None:
    site, client, stands, other = pair
    before = said(site)
    choices = {name: side for name, side in form_of(client, stands, other).items() if name.startswith("choice-")}
    assert choices == {"choice-title": "", "choice-place": "", "choice-summary+description": ""}
    join(client, stands, other)
    assert (shown(site, stands)["place"], said(site)) == ("Cēsis", before)


def test_a_chosen_value_stands_as_the_curators_and_goes_with_the_join(pair: Pair) -> None:
    site, client, stands, other = pair
    before, values = shown(site, stands), said(site)
    side = side_of(client, stands, other, other)
    done = join(client, stands, other, place=side, title=side)
    assert (shown(site, stands)["place"], shown(site, stands)["title"]["lv"]) == ("Valmiera", "Studija „Vējš”")
    assert said(site)["place"] == ("Valmiera", "curator@sic.example")
    assert "apvienojot izvēlēts, kura vērtība paliek: " in client.get(f"/lv/desk/initiatives/{stands}").get_data(as_text=True)
    add_pairs(site, second=SECOND)
    assert shown(site, stands)["place"] == "Valmiera", "no crawl changes it"
    assert client.post(f"{PAGE}/undo", data={"judgement": done}).status_code == 302
    assert (shown(site, stands), said(site), shown(site, other)["place"]) == (before, values, "Valmiera")


def test_what_a_person_had_said_before_is_back_after_the_undo(pair: Pair) -> None:
    site, client, stands, other = pair
    assert saved(client, stands, place="Ogre").status_code == 302
    done = join(client, stands, other, place=side_of(client, stands, other, other))
    assert shown(site, stands)["place"] == "Valmiera"
    client.post(f"{PAGE}/undo", data={"judgement": done})
    assert (shown(site, stands)["place"], said(site)["place"]) == ("Ogre", ("Ogre", "curator@sic.example"))


def test_what_was_edited_since_the_join_stays_after_the_undo(pair: Pair) -> None:
    site, client, stands, other = pair
    done = join(client, stands, other, place=side_of(client, stands, other, other))
    assert saved(client, stands, place="Ogre").status_code == 302
    client.post(f"{PAGE}/undo", data={"judgement": done})
    assert shown(site, stands)["place"] == "Ogre"


def test_a_choice_counts_only_where_the_two_are_joined(pair: Pair) -> None:
    site, client, stands, other = pair
    before = said(site)
    form = form_of(client, stands, other) | {"choice-place": "right", "choice-nope": "left", "decision": "different"}
    assert client.post(PAGE, data=form).status_code == 302
    assert said(site) == before


def test_a_choice_counts_in_the_walk_over_all_queues_as_well(pair: Pair) -> None:
    site, client, stands, other = pair
    place = side_of(client, stands, other, other)
    form = form_of(client, stands, other) | {"choice-place": place, "decision": "same"}
    assert client.post(f"/lv/desk/next/pair/{stands}-{other}", data=form).status_code == 302
    assert shown(site, stands)["place"] == "Valmiera"


def test_parting_the_two_takes_the_choice_back_as_well(pair: Pair) -> None:
    site, client, stands, other = pair
    join(client, stands, other, place=side_of(client, stands, other, other))
    assert client.post(f"/lv/desk/initiatives/{stands}/parting", data={"other": other}).status_code == 302
    assert (shown(site, stands)["place"], "place" in said(site)) == ("Cēsis", False)
