"""The staff's list of all listings: found by names without their marks and by numbers, filtered, sorted, paged; in any state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import delete, select

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.lists import choosing, saved_views
from platforma.catalogue.lists.choosing import Choice
from platforma.catalogue.models import Initiative, InitiativeState, ListingFacts, ListingTitle
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.invariants import Catalogue, Memory, facts_are_those_of_the_listings
from tests.catalogue.listed import COLLEAGUE, EDITOR, chosen, fill, join, public_id, set_field
from tests.catalogue.migrating import migrate
from tests.catalogue.removing import remove

FOUND: dict[str, tuple[dict[str, Any], list[str]]] = {
    "without the marks of letters": ({"words": "kiegelu"}, ["Ķieģeļu māja", "Ķieģeļu māja un dārzs"]),
    "with them": ({"words": "ĶIEĢEĻU"}, ["Ķieģeļu māja", "Ķieģeļu māja un dārzs"]),
    "all words": ({"words": "darzs kieg"}, ["Ķieģeļu māja un dārzs"]),
    "an organisation": ({"words": "zaļais"}, ["Ābolu dārzs"]),
    "a number": ({"words": "40003032949"}, ["Zvaigzne"]),
    "a site": ({"words": "ciemats.example"}, ["Ciemats"]),
    "no sign that stands for others": ({"words": "_"}, []),
    "a platform": ({"platform": "q"}, ["Ciemats", "Ķieģeļu māja un dārzs", "Zvaigzne"]),
    "a kind": ({"kind": "project"}, ["Čiekuru skola", "Ķieģeļu māja"]),
    "a theme": ({"theme": "culture"}, ["Čiekuru skola", "Ķieģeļu māja un dārzs"]),
    "a theme and a country": ({"theme": "youth", "country": "LV"}, ["Ķieģeļu māja"]),
    "no theme": ({"theme": "unknown"}, ["Ābolu dārzs", "Ciemats", "Zvaigzne"]),
    "without country and place": ({"without": ("country", "place")}, ["Ciemats", "Ķieģeļu māja un dārzs", "Zvaigzne"]),
    "no title in a language": ({"missing": "lv"}, []),
    "those that are ticked": ({"ids": ()}, []),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_listings_are_found_by(catalogue: CatalogueFixture, name: str) -> None:
    fill(catalogue)
    choice, titles = FOUND[name]
    assert chosen(catalogue.database, **choice) == titles


def test_titles_stand_in_the_order_of_the_readers_language_and_pages_join(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    latvian = ["Ābolu dārzs", "Ciemats", "Čiekuru skola", "Ķieģeļu māja", "Ķieģeļu māja un dārzs", "Zvaigzne"]
    english = ["Ābolu dārzs", "Čiekuru skola", "Ciemats", "Ķieģeļu māja", "Ķieģeļu māja un dārzs", "Zvaigzne"]
    assert (chosen(catalogue.database, "lv"), chosen(catalogue.database, "en")) == (latvian, english)
    pages = [chosen(catalogue.database, "lv", limit=3, offset=skip) for skip in (0, 3, 6)]
    assert [title for page in pages for title in page] == latvian
    with catalogue.database.writing() as session:
        session.execute(delete(ListingTitle).where(ListingTitle.lang == "en"))
    assert chosen(catalogue.database, "en") == latvian, "in the first language while another one lacks its keys"


@pytest.mark.parametrize("most_sorted", [0, 5_000])
def test_few_and_many_are_found_and_sorted_alike(
    catalogue: CatalogueFixture, monkeypatch: pytest.MonkeyPatch, most_sorted: int
) -> None:
    monkeypatch.setattr(choosing, "MAX_SORTED", most_sorted)
    fill(catalogue)
    with catalogue.database.writing() as session:
        for number, row in enumerate(session.scalars(select(Initiative).order_by(Initiative.id.desc()))):
            row.created_at = utc_now() - timedelta(days=number)
    since = utc_now() - timedelta(days=2.5)
    wanted = ["Ķieģeļu māja un dārzs", "Ciemats", "Zvaigzne"]
    found = chosen(catalogue.database, sort="first_seen", state="published", since=since)
    with catalogue.database.reading() as session:
        _rows, total = choosing.page(session, Choice(state="published"), lang="lv", sort="title", limit=1)
        assert total == choosing.count(session, Choice(state="published")) == 6
    assert [title for title in found if title in wanted] == found != []
    assert len(chosen(catalogue.database, sort="changed", state="published")) == 6
    assert chosen(catalogue.database, sort="changed", state="refused") == []


def test_what_a_person_changed_is_found_and_what_platforms_say_of_themselves_is_not(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    set_field(catalogue.database, public_id(catalogue.database, "5"), "place", "Talsi")
    with catalogue.database.reading() as session:
        assert choosing.count(session, Choice(by_person=True)) == 1
    assert chosen(catalogue.database, by_person=True) == ["Ciemats"]
    assert "Ciemats" not in chosen(catalogue.database, without=("place",))


def test_a_joined_listing_says_what_it_is_and_leads_to_the_other_and_its_platform_finds_both(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    left, right = (public_id(catalogue.database, id) for id in ("1", "4"))
    join(catalogue.database, left, right)
    assert chosen(catalogue.database, state="merged") == ["Zvaigzne"]
    with catalogue.database.reading() as session:
        rows, _total = choosing.page(session, Choice(state="merged"), lang="lv", sort="title", limit=5)
        assert [row.joined_with for row in rows] == [left]
        assert list(facts_are_those_of_the_listings(Catalogue(session), Memory())) == []
    assert chosen(catalogue.database, platform="q", words="kiegelu maja") == ["Ķieģeļu māja", "Ķieģeļu māja un dārzs"]


def test_of_a_removed_listing_only_its_id_is_left(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    id = remove(catalogue, "Zvaigzne")
    assert chosen(catalogue.database, state="suppressed") == [id]
    assert chosen(catalogue.database, words="zvaigzne") == [] and chosen(catalogue.database, words=id) == [id]
    with catalogue.database.reading() as session:
        assert choosing.states(session)[InitiativeState.SUPPRESSED] == 1


def test_listings_of_before_there_were_facts_have_them_after_the_upgrade(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    join(catalogue.database, public_id(catalogue.database, "1"), public_id(catalogue.database, "4"))
    remove(catalogue, "Ciemats")
    migrate(catalogue.database, command.downgrade, "0021")
    migrate(catalogue.database, command.upgrade, "head")
    with catalogue.database.reading() as session:
        assert session.scalars(select(ListingFacts)).first() is not None
        assert list(facts_are_those_of_the_listings(Catalogue(session), Memory())) == []


def test_views_are_ones_own_or_shared_and_only_their_owner_deletes_them(catalogue: CatalogueFixture) -> None:
    with catalogue.database.writing() as session:
        saved_views.save(session, name="  Bez  jomas ", query="theme=unknown", by=EDITOR, is_shared=False)
        saved_views.save(session, name="Jaunie", query="state=new", by=EDITOR, is_shared=True)
        saved_views.save(session, name="Jaunie", query="state=new&sort=changed", by=EDITOR, is_shared=True)
    with catalogue.database.reading() as session:
        own, of_colleague = (saved_views.views_for(session, who) for who in (EDITOR, COLLEAGUE))
    assert [view.name for view in own] == ["Bez jomas", "Jaunie"]
    assert [(view.name, view.query) for view in of_colleague] == [("Jaunie", "state=new&sort=changed")]
    for view, error in ((own[0], NotFound), (own[1], BadState)):
        with pytest.raises(error), catalogue.database.writing() as session:
            saved_views.delete(session, view.id, by=COLLEAGUE)
    for name in (" ", "x" * 81):
        with pytest.raises(BadValue), catalogue.database.writing() as session:
            saved_views.save(session, name=name, query="", by=EDITOR, is_shared=False)
    with catalogue.database.writing() as session:
        saved_views.delete(session, own[0].id, by=EDITOR)
        assert [view.name for view in saved_views.views_for(session, EDITOR)] == ["Jaunie"]
