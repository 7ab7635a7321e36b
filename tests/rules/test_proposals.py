"""Proposals: what a recipe proposes, and which platform is the known one."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crawlers.recipe import Recipe
from platforma.catalogue.models import PlatformState
from platforma.catalogue.platforms.platform_states import Proposal, propose_platform
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
