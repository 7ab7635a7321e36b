"""Both engines, without an index and with the corpus."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.factory import open_engine
from search.port import SearchEngine
from tests.contract.corpus import CORPUS, fill


@pytest.fixture(params=["embedded", "elastic"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an engine without any index."""
    if request.param == "elastic":
        return f"{request.getfixturevalue('elastic_url')}/t{secrets.token_hex(4)}"
    return "embedded:"


@pytest.fixture
def empty(url: str, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine without any index."""
    engine = open_engine(url, tmp_path)
    yield engine
    engine.close()


@pytest.fixture
def engine(empty: SearchEngine) -> SearchEngine:
    return fill(empty, CORPUS)
