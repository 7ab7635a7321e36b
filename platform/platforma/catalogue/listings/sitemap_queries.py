"""The published listings for the sitemap, in parts by row id: a part keeps its listings, so that only few parts change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.models import Initiative

ROWS_PER_PART = 20_000
"""A sitemap has at most 50,000 addresses and 50 MB; each listing has an address in each of two languages, of about 700 bytes."""


class Part(NamedTuple):
    """A part of the listings that is not empty: its number, from 0, and when the newest change in it was, in UTC."""

    number: int
    changed_at: datetime


class Entry(NamedTuple):
    """What the sitemap says of a listing; `changed_at` is in UTC."""

    public_id: str
    slug: str
    changed_at: datetime


def parts(session: Session) -> list[Part]:
    """The parts that have published listings, by number."""
    number = Initiative.id // ROWS_PER_PART
    query = select(number, func.max(Initiative.changed_at)).where(is_published()).group_by(number).order_by(number)
    return [Part(int(row[0]), row[1]) for row in session.execute(query)]


def entries(session: Session, part: int) -> Iterator[Entry]:
    """The published listings of a part, by row id; they are read as they are asked for."""
    first = part * ROWS_PER_PART
    query = select(Initiative.public_id, Initiative.composed, Initiative.changed_at)
    query = query.where(is_published(), Initiative.id >= first, Initiative.id < first + ROWS_PER_PART).order_by(Initiative.id)
    for public_id, composed, changed_at in session.execute(query.execution_options(yield_per=1000)):
        yield Entry(public_id, composed.get("slug", "-"), changed_at)
