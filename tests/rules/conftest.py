"""Small examples of hypothesis, the same on every run; and an empty catalogue in memory for what reads one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from platforma.catalogue.models import Base

settings.register_profile("rules", settings.get_profile("repeatable"), max_examples=40)
settings.load_profile("rules")


@pytest.fixture
def session() -> Iterator[Session]:
    """A session over an empty catalogue in memory."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()
