"""Every reason of the crawlers that somebody who registers a site may read has words for owners, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from crawlers.adapters import ADAPTERS
from platforma.catalogue.ingest import plausibility, refusals
from platforma.mail.owner_words import OWNER_WORDS, has_words, owner_reason
from platforma.worker.site_reading import TOO_LONG

CRAWLERS = Path(__file__).parents[2] / "crawlers"
HOLDS = Path(plausibility.__file__), Path(refusals.__file__)
"""Why a reading waits for a curator, or some of it is not taken."""
VALUES = {"claimed": "245", "changed": "7", "known": "9", "gone": "5", "found": "40", "last": "12"}
SHOWN = (
    "adapters",
    "crawl_run.py",
    "discovery",
    "fetch",
    "isolation",
    "markup",
    "normalise",
    "reading",
    "state.py",
    "texts",
    "values/places.py",
)
"""Where reasons come from that a first reading may end in or report; others are of recipes, imports and pictures."""
STRUCK_OUT = ("recipe", "ask the owner", "curator to map", "adapter", "JSON", "REST", "schema.org")
"""Words of programmers, which owners of sites need not know."""


def reasons() -> Iterator[str]:
    missing = {adapter.missing for adapter in ADAPTERS.values()}
    for path in (*HOLDS, *(CRAWLERS / name for name in SHOWN)):
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                    reason = ast.literal_eval(node.args[0])
                    if reason not in missing:
                        yield reason


def test_every_reason_has_words_for_owners() -> None:
    assert [reason for reason in (*reasons(), TOO_LONG) if not has_words(reason)] == []


def test_no_words_are_left_over() -> None:
    known = {*reasons(), TOO_LONG}
    assert [reason for listed in OWNER_WORDS.values() for reason in listed if reason not in known] == []


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_words_for_owners_say_what_is_wrong_and_what_to_do_without_words_of_programmers(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/{lang}/register"):
        texts = [owner_reason(reasons[0], VALUES) for reasons in OWNER_WORDS.values()]
        unknown = owner_reason("no such reason")
    assert all(text.what and text.advice and "%(" not in text.what + text.advice for text in (*texts, unknown))
    assert len(set(texts)) == len(OWNER_WORDS) and unknown not in texts
    found = [(word, text) for text in texts for word in STRUCK_OUT if word in f"{text.what} {text.advice}"]
    assert found == []


def test_words_for_owners_are_translated(app: Flask) -> None:
    with app.test_request_context("/en/register"):
        english = [owner_reason(reasons[0]) for reasons in OWNER_WORDS.values()]
    with app.test_request_context("/lv/register"):
        assert not set(english) & {owner_reason(reasons[0]) for reasons in OWNER_WORDS.values()}
