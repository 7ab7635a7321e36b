"""A site of its own for each test that changes something, and the desk over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.query.concepts import use_shipped_thesaurus
from tests.people.desk import Desk
from tests.people.inbox import Inbox, running_inbox
from tests.people.site_fixture import SiteFixture


@pytest.fixture
def site(tmp_path: Path) -> SiteFixture:
    return SiteFixture(tmp_path)


@pytest.fixture
def site_on(tmp_path: Path, database_url: str) -> SiteFixture:
    """The same on each kind of database."""
    return SiteFixture(tmp_path, database_url=database_url)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A mail server on this machine that takes everything."""
    with running_inbox() as inbox:
        yield inbox


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def shipped_thesaurus() -> Iterator[None]:
    """The thesaurus of this process is the shipped one again when the test ends."""
    yield
    use_shipped_thesaurus()
