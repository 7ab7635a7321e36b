"""The words of the audit: every event has some, and in Latvian they agree with the noun of what the event is about."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from platforma.catalogue.enums import InitiativeState
from platforma.i18n import force_locale
from platforma.web.desk.choices import state_label, states_label
from platforma.web.desk.event_words import action_label, type_label

ROOT = Path(__file__).parents[2]
CODE, TRANSLATIONS = ROOT / "platform" / "platforma", ROOT / "translations"


def recorded() -> set[tuple[str, str]]:
    """The sorts of things and the actions that the code names where it records an event."""
    calls = (node for path in CODE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    named = ({one.arg: one.value for one in call.keywords if isinstance(one.value, ast.Constant)} for call in calls)
    return {(str(one["object_type"].value), str(one["action"].value)) for one in named if {"object_type", "action"} <= one.keys()}


def test_every_action_that_the_code_records_has_words() -> None:
    found = recorded()
    assert len(found) > 20
    assert {one for one in found if type_label(one[0]) == one[0] and one[0] not in ("platform", "crawl", "removal")} == set()
    assert {(type, action) for type, action in found if action_label(action, type) == action} == set()


@pytest.mark.parametrize(
    ("type", "action", "words"),
    [
        ("platform", "approve", "apstiprināta"),
        ("platform", "refuse", "noraidīta"),
        ("initiative", "refuse", "noraidīts"),
        ("crawl", "approve", "pieņemta"),
        ("user", "reopen", "konts atvērts no jauna"),
        ("correction", "reopen", "ziņa atkal gaida atbildi"),
    ],
)
def test_words_of_an_event_agree_with_what_it_is_about(type: str, action: str, words: str) -> None:
    with force_locale("lv", TRANSLATIONS):
        assert action_label(action, type) == words


def test_states_are_said_of_one_listing_and_of_many() -> None:
    with force_locale("lv", TRANSLATIONS):
        assert [states_label(state) for state in ("", "new", "published")] == ["visi", "jauni", "publiski"]
        assert [state_label(state) for state in ("new", "published")] == ["jauns", "publisks"]
        assert all(state_label(state) != states_label(state) for state in InitiativeState)
