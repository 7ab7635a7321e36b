"""What the title of a list says of all that it holds."""

from __future__ import annotations

import pytest

from crawlers.discovery.list_words import said_of_all, with_said_defaults
from crawlers.recipe import Recipe


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Sociālo uzņēmumu reģistrs", {"kind": "social_enterprise"}), ("UK organisations", {"kind": "organisation", "country": "GB"}),
        ("Biedrības Latvijā", {"kind": "organisation", "country": "LV"}), ("Register of social enterprises 2026", {"kind": "social_enterprise"}),
        ("Latvijas sociālo uzņēmumu saraksts", {"kind": "social_enterprise", "country": "LV"}), ("Projekti | Saule", {"kind": "project"}),
        ("Sotsiaalsete ettevõtete nimekiri", {"kind": "social_enterprise"}), ("Polish social enterprises", {"kind": "social_enterprise", "country": "PL"}),
        ("Rejestr przedsiębiorstw społecznych", {"kind": "social_enterprise"}), ("Реестр социальных предприятий", {"kind": "social_enterprise"}),
        ("Social enterprises in the United Kingdom", {"kind": "social_enterprise", "country": "GB"}),
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
