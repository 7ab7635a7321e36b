"""Gaps: how many public listings lack what, in all and of each platform, counted by the choices that the staff's list shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import groups
from platforma.catalogue.listings.visibility import is_published
from platforma.catalogue.lists import choosing
from platforma.catalogue.lists.choosing import WITHOUT, Choice
from platforma.catalogue.models import Initiative, ListingFacts, Record
from vocabulary.languages import LANGUAGES

GAPS: Mapping[str, Choice] = {
    "kind": Choice(kind="unknown"),
    **{name: Choice(without=(name,)) for name in WITHOUT},
    **{lang: Choice(missing=lang) for lang in LANGUAGES},
}
"""What a listing may lack: a dimension, a place, or a title in an interface language; each with the choice of those that do."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many public listings there are, and how many of them lack what, by the names of GAPS."""

    total: int
    lacking: Mapping[str, int]


def choice(name: str = "", platform: str = "") -> Choice:
    """The public listings that have the gap, or all, of the platform or of all: exactly those that are counted."""
    return replace(GAPS.get(name, Choice()), is_listed=True, platform=platform)


def gaps(session: Session) -> Gaps:
    """Those of all public listings."""
    query = select(func.count(), *_sums()).select_from(Initiative)
    query = query.join(ListingFacts, ListingFacts.initiative_id == Initiative.id)
    return _gaps(tuple(session.execute(query.where(is_published())).one()))


def gaps_by_platform(session: Session) -> dict[str, Gaps]:
    """Those of the public listings of each platform that has any, by its id; what several platforms list counts for each."""
    member = aliased(Initiative)
    pairs = select(Record.platform_id, groups.head_id(member).label("head_id")).join(member, member.id == Record.initiative_id)
    listed = pairs.distinct().subquery()
    query = select(listed.c.platform_id, func.count(), *_sums()).join(Initiative, Initiative.id == listed.c.head_id)
    query = query.join(ListingFacts, ListingFacts.initiative_id == Initiative.id)
    rows = session.execute(query.where(is_published()).group_by(listed.c.platform_id))
    return {platform_id: _gaps(counts) for platform_id, *counts in rows}


def _sums() -> list[ColumnElement[int]]:
    """How many of the rows have each gap."""
    return [func.sum(case((and_(*choosing.conditions(one)), 1), else_=0)) for one in GAPS.values()]


def _gaps(counts: Sequence[int | None]) -> Gaps:
    total, *lacking = (count or 0 for count in counts)
    return Gaps(total, dict(zip(GAPS, lacking, strict=True)))
