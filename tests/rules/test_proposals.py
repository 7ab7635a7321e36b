"""Proposals: what a recipe proposes, and which platform is the known one."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crawlers.recipe import Recipe
from platforma.catalogue.models import PlatformState
from platforma.catalogue.platforms.platform_states import Proposal, known_at, propose_platform
from tests.rules.rows import add_platform


def proposal(id: str = "new", url: str = "https://new.example/") -> Proposal:
    return Proposal(url, "New", {"platform": id, "url": url}, "a@new.example", "en")


def test_a_recipe_proposes_its_address_and_title_without_what_is_the_default() -> None:
    recipe = Recipe(platform="v", title="Vieta", url="https://v.example/")
    assert Proposal.by_recipe(recipe, contact_email="a@v.example", contact_lang="en") == Proposal(
        "https://v.example/", "Vieta", {"platform": "v", "title": "Vieta", "url": "https://v.example/"}, "a@v.example", "en"
    )


def test_a_recipe_without_a_title_is_titled_by_its_platform() -> None:
    assert Proposal.by_recipe(Recipe(platform="v", url="https://v.example/")).title == "v"


def test_an_unknown_platform_is_made_as_it_was_proposed(session: Session) -> None:
    platform = propose_platform(session, proposal(), actor="test")
    assert (platform.id, platform.title, platform.state) == ("new", "New", PlatformState.PROPOSED)
    assert (platform.contact_email, platform.contact_lang) == ("a@new.example", "en")
    assert platform.next_crawl_at is not None


@pytest.mark.parametrize("id", ["known", "new"])
@pytest.mark.parametrize("state", [PlatformState.TRUSTED, PlatformState.REFUSED])
def test_a_platform_is_known_by_its_id_or_its_address(session: Session, id: str, state: PlatformState) -> None:
    known = add_platform(session, "known", url="http://www.new.example", state=state)
    url = "https://elsewhere.example/" if id == "known" else "https://new.example/"
    assert propose_platform(session, proposal(id, url), actor="test") is known
    is_proposed_again = state == PlatformState.REFUSED
    assert known.state == (PlatformState.PROPOSED if is_proposed_again else state)
    assert known.contact_email == ("a@new.example" if is_proposed_again else None)


def by_address(url: str) -> Proposal:
    return Proposal.by_recipe(Recipe.for_address(url), is_by_address=True)


def test_two_registers_on_one_host_are_two_platforms(session: Session) -> None:
    one, other, third = (propose_platform(session, by_address(f"https://h.example/{path}"), actor="test") for path in "abc")
    assert (one.id, other.id, third.id) == ("h-example", "h-example-2", "h-example-3")
    assert other.recipe["platform"] == "h-example-2", "a recipe names the platform that it is of"
    assert [known_at(session, f"https://h.example/{path}/") for path in "abcd"] == [one, other, third, None]


def test_an_id_that_is_as_long_as_may_be_still_gets_a_number(session: Session) -> None:
    host = f"{'a' * 60}.example"
    first, second = (propose_platform(session, by_address(f"https://{host}/{path}"), actor="test") for path in ("one", "two"))
    assert (first.id, second.id) == ("a" * 60, f"{'a' * 58}-2")


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("https://h.example/a", "http://www.H.example/A/"),
        ("https://h.example/a", "https://h.example/a/index.html#top"),
        ("https://h.example/a", "https://h.example/a?utm_source=mail"),
        ("https://h.example/", "https://h.example/lv/"),
        ("https://h.example/lv", "https://h.example/en"),
        ("https://h.example/", "https://h.example/projects?page=2"),
        ("https://h.example/projects", "https://h.example"),
        ("https://kūpa.example/a", "https://xn--kpa-50a.example/a"),
        ("https://xn--kpa-50a.example/a", "https://kūpa.example/a"),
    ],
)
def test_an_address_of_the_same_site_is_known(session: Session, known: str, asked: str) -> None:
    add_platform(session, "elsewhere", url="https://elsewhere.example/")
    platform = add_platform(session, "known", url=known)
    assert known_at(session, asked) is platform
    assert propose_platform(session, by_address(asked), actor="test") is platform


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("https://h.example/a", "https://h.example/b"),
        ("https://h.example/a?list=1", "https://h.example/a?list=2"),
        ("https://h.example/", "https://h.example:8080/"),
        ("https://h.example/", "https://shop.h.example/"),
        ("https://shop.h.example/", "https://h.example/"),
        ("https://other.example/h.example/", "https://h.example/"),
        ("https://h-example/", "https://h_example/"),
        ("https://www.facebook.com/", "https://www.facebook.com/darbnica"),
        ("", "https://h.example/"),
    ],
)
def test_another_address_is_another_platform(session: Session, known: str, asked: str) -> None:
    platform = add_platform(session, "known", url=known)
    assert known_at(session, asked) is None
    assert propose_platform(session, by_address(asked), actor="test") is not platform


def test_beside_several_platforms_the_front_page_is_one_of_its_own(session: Session) -> None:
    for path in "ab":
        add_platform(session, path, url=f"https://h.example/{path}")
    assert known_at(session, "https://h.example/") is None
    front = propose_platform(session, by_address("https://h.example/"), actor="test")
    assert (front.id, known_at(session, "https://h.example/")) == ("h-example", front)
    assert known_at(session, "https://h.example/c") is None


def test_a_recipe_that_names_its_platform_is_another_one_beside_the_front_page(session: Session) -> None:
    front = add_platform(session, "front", url="https://h.example/")
    assert propose_platform(session, proposal("new", "https://h.example/a"), actor="test") is not front


def test_an_address_takes_no_platform_that_only_has_its_id(session: Session) -> None:
    add_platform(session, "h-example", url="https://moved.example/")
    assert propose_platform(session, by_address("https://h.example/"), actor="test").id == "h-example-2"
