"""Counting what visitors do with the pages of listings: openings and clicks on, by day, without anything of the visitor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.counted_rows import add_rows
from platforma.catalogue.database import Database
from platforma.catalogue.listings import groups
from platforma.catalogue.models import Initiative, ListingVisits, Platform, PlatformVisits, Record, VisitWords
from platforma.catalogue.models.base import Base
from platforma.catalogue.partners.visit_rows import NUMBERS
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.catalogue.tallies import Tally
from platforma.catalogue.terms.failed_searches import words_to_keep

MAX_BETWEEN_WRITINGS = 20_000
"""So many different visits are counted between two writings."""
MAX_WORDS_A_DAY = 2_000
"""So many different words of a platform are counted in a day."""


class Act(StrEnum):
    """What a visitor does: opens the page of a listing, or goes on from there to the organisation's website, or to a source.

    The values are columns of the counts.
    """

    OPENS = "openings"
    GOES_TO_WEBSITE = "websites"
    GOES_TO_SOURCE = "sources"


@dataclass(frozen=True, slots=True)
class Visit:
    """What is counted: a day (YYYY-MM-DD), a listing, what was done, and the words of the search that led to it, if any."""

    day: str
    public_id: str
    act: Act
    words: str = ""


_Counts = Counter[tuple[str, int | str, Act]]
"""Counts by period, owner (a listing or a platform) and act."""


class VisitTally(Tally[Visit]):
    """Counts visits of this process."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, "visits", MAX_BETWEEN_WRITINGS)

    def note(self, public_id: str, act: Act, day: date, *, searched: str = "") -> None:
        """Count a visit; `searched` is the text of the search that led to it, dropped where it may hold personal data."""
        self.count(Visit(day.isoformat(), public_id, act, words_to_keep(searched)))

    def add(self, session: Session, counts: Counter[Visit]) -> None:
        """Add visits to those of the listing that stands now, and of each public platform that lists it.

        Visits of what is no listing are dropped.
        """
        heads = _heads(session, {visit.public_id for visit in counts})
        platforms = _platforms(session, set(heads.values()))
        of_listings, of_platforms, words = _Counts(), _Counts(), Counter[tuple[str, str, str]]()
        for visit, times in counts.items():
            if (head := heads.get(visit.public_id)) is None:
                continue
            of_listings[visit.day, head, visit.act] += times
            for platform in platforms.get(head, ()):
                of_platforms[visit.day, platform, visit.act] += times
                if visit.words:
                    words[visit.day, platform, visit.words] += times
        _add(session, ListingVisits, "initiative_id", of_listings)
        _add(session, PlatformVisits, "platform_id", of_platforms)
        _add_words(session, words)


def _add(session: Session, table: type[Base], owner: str, counts: _Counts) -> None:
    """Add counts to the rows of a table that has its owners in the column `owner`."""
    rows: defaultdict[tuple[str, int | str], dict[str, object]] = defaultdict(lambda: dict.fromkeys(NUMBERS, 0))
    for (period, id, act), times in counts.items():
        rows[period, id] |= {"period": period, owner: id, str(act): times}
    add_rows(session, table, ("period", owner), NUMBERS, [rows[key] for key in sorted(rows)])


def _add_words(session: Session, words: Counter[tuple[str, str, str]]) -> None:
    rows: list[dict[str, object]] = []
    for (day, platform, text), times in sorted(words.items()):
        is_row = VisitWords.day == day, VisitWords.platform_id == platform
        is_known = session.scalar(select(VisitWords.times).where(*is_row, VisitWords.words == text)) is not None
        if is_known or (session.scalar(select(func.count()).where(*is_row)) or 0) + len(rows) < MAX_WORDS_A_DAY:
            rows.append({"day": day, "platform_id": platform, "words": text, "times": times})
    add_rows(session, VisitWords, ("day", "platform_id", "words"), ("times",), rows)


def _heads(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """The id of the listing that stands now, by the public id that was asked for."""
    heads: dict[str, int] = {}
    for ids in groups.batched(sorted(public_ids)):
        query = select(Initiative.public_id, groups.head_id().label("head_id")).where(Initiative.public_id.in_(ids))
        heads |= {row.public_id: row.head_id for row in session.execute(query)}
    return heads


def _platforms(session: Session, head_ids: Collection[int]) -> dict[int, set[str]]:
    """The ids of the public platforms that list each listing."""
    platforms: defaultdict[int, set[str]] = defaultdict(set)
    member = aliased(Initiative)
    head = groups.head_id(member)
    query = select(head, Record.platform_id).join(Record, Record.initiative_id == member.id)
    query = query.join(Platform, Platform.id == Record.platform_id).where(Platform.state.in_(PUBLIC_PLATFORMS))
    for ids in groups.batched(sorted(head_ids)):
        is_in_group = member.id.in_(ids) | member.merged_into_id.in_(ids)
        for head_id, platform_id in session.execute(query.where(is_in_group)):
            platforms[head_id].add(platform_id)
    return platforms
