"""What the title of a list says of all that it holds."""

from __future__ import annotations

import pytest

from crawlers.discovery.discover import discover
from crawlers.discovery.list_words import said_of_all, with_said_defaults
from crawlers.recipe import Recipe
from tests.crawlers.memory_site import BASE, MemorySite, crawled, recipe_of


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Sociālo uzņēmumu reģistrs", {"kind": "social_enterprise"}), ("UK organisations", {"kind": "organisation", "country": "GB"}),
        ("Biedrības Latvijā", {"kind": "organisation", "country": "LV", "sector": "ngo"}), ("Register of social enterprises 2026", {"kind": "social_enterprise"}),
        ("Latvijas sociālo uzņēmumu saraksts", {"kind": "social_enterprise", "country": "LV"}), ("Projekti | Saule", {"kind": "project"}),
        ("Sotsiaalsete ettevõtete nimekiri", {"kind": "social_enterprise"}), ("Polish social enterprises", {"kind": "social_enterprise", "country": "PL"}),
        ("Rejestr przedsiębiorstw społecznych", {"kind": "social_enterprise"}), ("Реестр социальных предприятий", {"kind": "social_enterprise"}),
        ("Social enterprises in the United Kingdom", {"kind": "social_enterprise", "country": "GB"}),
        ("Biedrības un nodibinājumi", {"kind": "organisation", "sector": "ngo"}), ("Universities in Estonia", {"kind": "organisation", "country": "EE", "sector": "academic"}),
        ("Organizācijas un biedrības", {"kind": "organisation"}), ("Sociālo uzņēmumu un biedrību saraksts", {}), ("Pašvaldību projekti", {}),
        ("Latvija", {}), ("Saules projekti", {}), ("Latvijas Sociālās uzņēmējdarbības asociācija", {}), ("British Council projects", {}),
        ("Community Action Network (CAN)", {}), ("Reģistrs", {}), ("", {}),
    ],
)  # fmt: skip
def test_a_title_of_nothing_but_known_words_says_kind_and_country(title: str, said: dict[str, str]) -> None:
    assert said_of_all([title]) == said


def test_titles_that_name_two_say_none() -> None:
    assert said_of_all(["Projekti", "Sociālo uzņēmumu reģistrs"]) == {}
    assert said_of_all(["Projects in Latvia", "Projects in Estonia"]) == {"kind": "project"}


def test_what_the_recipe_has_stays() -> None:
    recipe = Recipe(platform="x", defaults={"kind": "network"})
    assert with_said_defaults(recipe, ["UK organisations"]).defaults == {"kind": "network", "country": "GB"}


def test_the_sector_of_all_is_a_default_like_the_others() -> None:
    assert with_said_defaults(Recipe(platform="x"), ["NVO saraksts"]).defaults == {"kind": "organisation", "sectors": ["ngo"]}


def front_page(heading: str, below: str) -> str:
    """A front page with a list below a heading, and another heading below the list."""
    cards = "".join(
        f"<div class=card><h3>{name}</h3><p>Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem.</p><p>Vieta: Cēsis</p></div>"
        for name in ("Saules māja", "Upes ļaudis", "Meža skola", "Ezera darbnīca")
    )
    return (
        f"<html lang=lv><title>Kopā | Vietne</title><main><h1>Kopā</h1><h2>{heading}</h2><div class=list>{cards}</div>"
        f"<h2>{below}</h2><p>Teksts par mums.</p></main></html>"
    )


@pytest.mark.parametrize(
    ("heading", "below", "kind"),
    [("Sociālie uzņēmumi", "Par mums", "social_enterprise"), ("Mūsu ļaudis", "Sociālie uzņēmumi", None)],
)
def test_the_heading_right_above_a_list_says_what_all_its_entries_are(heading: str, below: str, kind: str | None) -> None:
    _, state = crawled(recipe_of("auto"), {"": front_page(heading, below)})
    assert {record.kind for record in state.records.values()} == {kind} and len(state.records) == 4


def test_titles_around_a_list_are_told_once() -> None:
    titles = discover(BASE, MemorySite({"": front_page("Sociālie uzņēmumi", "Par mums")})).titles
    assert titles == ("Kopā | Vietne", "Kopā", "Sociālie uzņēmumi")
