"""The tables of states are those that people are told of, and whatever is not in them is refused in their language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from platforma.catalogue import states
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import CrawlState, InitiativeState, PlatformState, RecordState

DOCS = (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8")
TABLES: dict[str, tuple[Mapping[StrEnum, Mapping[StrEnum, StrEnum]], type[StrEnum], type[StrEnum]]] = {
    "Platforms": (states.PLATFORM_TRANSITIONS, PlatformState, states.PlatformAction),  # type: ignore[dict-item]
    "Listings": (states.INITIATIVE_TRANSITIONS, InitiativeState, states.InitiativeAction),  # type: ignore[dict-item]
    "Source records": (states.RECORD_TRANSITIONS, RecordState, states.RecordAction),  # type: ignore[dict-item]
    "Crawls": (states.CRAWL_TRANSITIONS, CrawlState, states.CrawlAction),  # type: ignore[dict-item]
}


def documented(heading: str) -> dict[tuple[str, str], str]:
    """(state, action) to the next state, empty where it is refused, as the chapter's table has it."""
    chapter = re.split(rf"^## {heading}$", DOCS, flags=re.M)[1].split("\n## ")[0]
    lines = chapter[chapter.index("| | ") :].split("\n\n")[0].splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {(row[0], action): after for row in rows for action, after in zip(head[1:], row[1:], strict=True)}


@pytest.mark.parametrize("heading", TABLES)
def test_every_state_and_every_action_is_documented_as_it_is(heading: str) -> None:
    table, every_state, every_action = TABLES[heading]
    coded = {(str(s), str(a)): str(table[s].get(a, "")) for s in every_state for a in every_action}
    assert documented(heading) == coded


AFTER: dict[str, Callable[[StrEnum, StrEnum], StrEnum]] = {
    "Platforms": lambda state, action: states.platform_after(PlatformState(state), states.PlatformAction(action), "p"),
    "Listings": states.initiative_after,  # type: ignore[dict-item]
    "Source records": states.record_after,  # type: ignore[dict-item]
    "Crawls": states.crawl_after,  # type: ignore[dict-item]
}


@pytest.mark.parametrize("heading", TABLES)
def test_what_is_not_in_the_table_is_refused_with_a_reason(heading: str) -> None:
    _, every_state, every_action = TABLES[heading]
    for (state, action), after in documented(heading).items():
        if after:
            assert AFTER[heading](every_state(state), every_action(action)) == after
        else:
            with pytest.raises(BadState, match=r"\w{4}"):
                AFTER[heading](every_state(state), every_action(action))


def test_a_refusal_names_the_platform_and_says_what_to_do() -> None:
    with pytest.raises(BadState, match="p is refused: propose it again, or approve it first"):
        states.platform_after(PlatformState.REFUSED, states.PlatformAction.IMPORT, "p")
