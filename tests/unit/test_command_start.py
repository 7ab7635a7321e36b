"""What a command loads before it is known what it has to do: nothing that takes seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from search.query import concepts
from vocabulary import load


@pytest.mark.parametrize("heavy", ["sqlalchemy", "flask", "crawlers.crawl", "search.query.concepts", "huey"])
def test_help_loads_nothing_that_only_commands_need(heavy: str) -> None:
    code = "import json, sys; import platforma.cli.main; json.dump(list(sys.modules), sys.stdout)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert "click" in loaded
    assert heavy not in loaded


def test_the_index_of_concepts_is_made_at_the_first_question(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def index(entries: Sequence[concepts.ThesaurusEntry]) -> concepts.ConceptIndex:
        made.append(len(entries))
        return concepts.ConceptIndex({}, 1, {})

    monkeypatch.setattr(concepts, "_index", index)
    monkeypatch.setattr(concepts._Current, "thesaurus", None)
    concepts.use_shipped_thesaurus()
    assert made == []
    first, second = concepts.current_index(), concepts.current_index()
    assert first is second
    assert made == [len(load().thesaurus)]
