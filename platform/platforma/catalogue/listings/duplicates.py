"""Duplicates: listings that are new or changed are compared with the catalogue; what is certain is joined, the rest is asked.

Compared are groups, record by record, and only with records that share a blocking key. A rule joins two groups where one pair
of records is the same beyond doubt, no pair is certainly different, the two have no platform in common (its publisher keeps
them apart), nobody said that they are different, and joining neither publishes nor hides anything. Where two groups that are
not joined are both the same as a third one, a person decides; if one of them was refused, the third one waits until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.listings import groups, judgements, match_keys
from platforma.catalogue.matching.profiles import Profile, is_work, profile_of
from platforma.catalogue.matching.scoring import Comparison, Sight, Verdict, compare, compare_from, is_never_same
from platforma.catalogue.models import (
    DuplicateCandidate,
    Initiative,
    InitiativeState,
    Judgement,
    JudgementVerdict,
    Platform,
    Record,
    RecordState,
)
from platforma.catalogue.states import SHOWN_STATES, WITHDRAWN_PLATFORMS, InitiativeAction, initiative_after

RULE = f"{judgements.RULES}same initiative"
LEFT = f"{judgements.RULES}became something else"
BATCH = 100
"""So many listings are compared at once."""
SEEN = ("country", "kind")
"""The fields of a record that are read before all else, since they tell most pairs of one platform apart."""
MAX_GROUPS = 100_000
"""So many groups, without what their records say, are remembered while a look goes on: some 50 MB."""
MAX_OUTDATED = 500
"""So many records whose keys are missing or outdated are looked at in one go of the regular work."""
COMPARED = (*SHOWN_STATES, InitiativeState.NEW, InitiativeState.REFUSED)


@dataclass(slots=True)
class _Record:
    """A record of a group, and whose it is; `is_listed` while its platform lists it. Its profile is read where it is needed."""

    id: int
    initiative_id: int
    platform_id: str
    is_listed: bool
    sight: Sight


@dataclass(slots=True)
class _Group:
    """A listing that stands, with all records behind it. `is_hidden`: all its platforms were refused or have left."""

    id: int
    state: InitiativeState
    records: list[_Record] = field(default_factory=list)
    is_hidden: bool = True

    @property
    def members(self) -> set[int]:
        return {self.id, *(record.initiative_id for record in self.records)}

    @property
    def platforms(self) -> set[str]:
        return {record.platform_id for record in self.records if record.is_listed}


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two groups as they compare: the best pair of records, and whether another pair contradicts it."""

    other: _Group
    left: _Record
    right: _Record
    comparison: Comparison
    is_contradicted: bool


def match_records(session: Session, record_ids: Collection[int], *, arriving: Collection[int] = (), now: datetime) -> int:
    """Compare the listings of those of these records that are new or materially changed; return the number of joins.

    `arriving` are ids of listings that an ingest has just made: one that is the same as a refused listing is refused with it.
    """
    return _look_at(session, match_keys.store_keys(session, record_ids), frozenset(arriving), now)


def look(session: Session, initiative_ids: Collection[int], *, arriving: Collection[int] = (), now: datetime) -> int:
    """Compare these listings with the catalogue, join what is certain, and keep what is not for people; return the joins."""
    return _look(session, initiative_ids, frozenset(arriving), {}, now)


def _look_at(session: Session, changed: Sequence[match_keys.Keyed], arriving: frozenset[int], now: datetime) -> int:
    """Compare the listings of records that were read just now."""
    profiles = {record.id: record.profile for record in changed if record.profile is not None}
    return _look(session, {record.initiative_id for record in changed}, arriving, profiles, now)


def _look(
    session: Session, initiative_ids: Collection[int], arriving: frozenset[int], profiles: dict[int, Profile], now: datetime
) -> int:
    """As `look`; `profiles` are those of records that were read already, by id."""
    heads = sorted(set(groups.heads(session, initiative_ids).values()))
    look = _Look(session, now, arriving, profiles)
    return sum(look.compare(heads[start : start + BATCH]) for start in range(0, len(heads), BATCH))


def look_at_outdated(session: Session, now: datetime, *, limit: int = MAX_OUTDATED) -> int:
    """Store keys that are missing or of an older version, and compare these listings; return how many records that were."""
    groups.lock_groups(session)
    changed = match_keys.store_keys(session, limit=limit)
    _look_at(session, changed, frozenset(), now)
    return len(changed)


def depart(session: Session, record: Record, before: Profile, now: datetime) -> bool:
    """Let a record leave its group where it became something else: it is neither what it was, nor what any other there is.

    One that kept its name or its site is the same thing, which moved or has a new name. Whoever joined it is asked again,
    unless that was a rule. Returns whether it left.
    """
    after = profile_of(record.payload)
    if not _is_something_else(before, after):
        return False
    head_id = groups.head(session, record.initiative).id
    others = [other for other in groups.records_behind(session, [head_id])[head_id] if other.id != record.id]
    if not others or any(compare(after, profile_of(other.payload)).verdict != Verdict.DIFFERENT for other in others):
        return False
    taken_back = judgements.leave(session, record.initiative, judgements.Word(LEFT, now))
    for judgement in taken_back:
        if not judgement.by.startswith(judgements.RULES):
            _keep(session, judgement.left_id, judgement.right_id, Comparison(judgement.score or 0.5, Verdict.UNSURE, ()), now)
    return bool(taken_back)


def _is_something_else(before: Profile, after: Profile) -> bool:
    """Whether a record has neither a name nor a site of those that it had, and is not like what it was."""
    names_before, names_after = ({name.key for name in profile.names} for profile in (before, after))
    has_kept = names_before & names_after or before.sites & after.sites
    return not has_kept and compare(before, after).verdict == Verdict.DIFFERENT


class _Look:
    """One look at groups, some at a time; `groups` are those that were read, by the id of the listing that stands."""

    def __init__(self, session: Session, now: datetime, arriving: frozenset[int], profiles: dict[int, Profile]) -> None:
        self._session, self._now, self._arriving, self._profiles = session, now, arriving, profiles
        self._groups: dict[int, _Group] = {}
        self._head_of_record: dict[int, int] = {}
        self._changed: set[int] = set()
        self._found_at: dict[tuple[int, ...], datetime] = {}

    def compare(self, head_ids: Sequence[int]) -> int:
        """Compare these groups with all that they meet; return the number of joins."""
        self._forget()
        self._read(set(head_ids) - self._groups.keys())
        compared = [self._groups[id] for id in head_ids if id in self._groups]
        self._read_profiles(compared)
        profiles = {group.id: [self._profiles[record.id] for record in group.records] for group in compared}
        met = match_keys.meetings(self._session, profiles)
        self._read_of_records({record_id for ids in met.values() for record_id in ids})
        near = {
            group.id: [other for other in self._met(group, met[group.id]) if not _are_apart(group, other)] for group in compared
        }
        self._read_profiles(other for others in near.values() for other in others)
        self._forget_candidates(head_ids)
        joins = 0
        for id in head_ids:
            if id in self._groups:
                group = self._groups[id]
                joins += self._decide(group, self._met(group, met.get(id, [])) if self._changed else near[id])
        return joins

    def _forget(self) -> None:
        """Forget of earlier comparisons the groups that changed in them, and what would take too much memory."""
        self._found_at.clear()
        if len(self._profiles) > match_keys.MAX_PROFILES:
            self._profiles.clear()
        forgotten = self._groups.keys() if len(self._groups) > MAX_GROUPS else self._changed
        for group in [self._groups.pop(id) for id in list(forgotten) if id in self._groups]:
            for record in group.records:
                del self._head_of_record[record.id]
        self._changed.clear()

    def _decide(self, group: _Group, met: Iterable[_Group]) -> int:
        """Join a group with the one that is certainly the same, and keep the others that may be; return the number of joins."""
        pairs = [pair for other in met if (pair := self._pair(group, other))]
        pairs.sort(key=lambda pair: (-pair.comparison.score, pair.other.id))
        standing = self._standing(group, pairs)
        certain = [pair for pair in pairs if _is_certain(group, pair) and not _said(standing, group, pair, judgements.PARTING)]
        joined = certain[0] if len(certain) == 1 and self._may_join(group, certain[0].other) else None
        if joined is None and group.id in self._arriving and any(pair.other.state == InitiativeState.REFUSED for pair in certain):
            _withdraw([self._session.get_one(Initiative, group.id)])
            group.state = InitiativeState.NEW
            self._changed.add(group.id)
        for pair in pairs:
            if pair is not joined and self._is_asked(group, pair, standing):
                self._keep(group, pair)
        if joined is not None:
            self._join(group, joined)
        return int(joined is not None)

    def _met(self, group: _Group, met: Sequence[int]) -> list[_Group]:
        """The other groups that these records are of now."""
        heads = dict.fromkeys(self._head_of_record[id] for id in met if id in self._head_of_record)
        return [self._groups[id] for id in heads if id != group.id and id in self._groups]

    def _pair(self, group: _Group, other: _Group) -> _Pair | None:
        """How two groups compare; None where they are different, or are two of one platform that nobody is asked about."""
        if _are_apart(group, other):
            return None
        if self._changed:
            self._read_profiles([group, other])
        least = Verdict.SAME if _are_two_of_one_platform(group, other) else Verdict.UNSURE
        best: tuple[_Record, _Record, Comparison] | None = None
        is_contradicted = False
        for left, right in product(group.records, other.records):
            comparison = compare_from(least, self._profiles[left.id], self._profiles[right.id])
            if comparison is None or comparison.verdict == Verdict.DIFFERENT:
                is_contradicted = True
            elif best is None or comparison.score > best[2].score:
                best = left, right, comparison
        return _Pair(other, *best, is_contradicted) if best else None

    def _may_join(self, group: _Group, other: _Group) -> bool:
        """Whether joining neither publishes nor hides anything, but for what arrives and was refused before."""
        states = {group.state, other.state}
        if states <= set(SHOWN_STATES) or states == {InitiativeState.NEW}:
            return True
        return any(
            first.state == InitiativeState.REFUSED and second.id in self._arriving and second.state != InitiativeState.REFUSED
            for first, second in ((group, other), (other, group))
        )

    def _is_asked(self, group: _Group, pair: _Pair, standing: Sequence[Judgement]) -> bool:
        """Whether people are asked about a pair: not twice, and of one platform's listings only where they are the same."""
        if group.state == pair.other.state == InitiativeState.REFUSED or group.is_hidden or pair.other.is_hidden:
            return False
        if group.platforms & pair.other.platforms and pair.comparison.verdict != Verdict.SAME:
            return False
        said = [judgement for judgement in standing if _is_of_pair(judgement, group, pair.other)]
        return not any(judgements.is_settled(self._session, judgement) for judgement in said)

    def _standing(self, group: _Group, pairs: Sequence[_Pair]) -> list[Judgement]:
        others = {id for pair in pairs for id in pair.other.members}
        return judgements.standing_between(self._session, group.members, others) if others else []

    def _join(self, group: _Group, pair: _Pair) -> None:
        older, newer = sorted((group, pair.other), key=lambda one: one.id)
        rows = {one.id: self._session.get_one(Initiative, one.id) for one in (older, newer)}
        if InitiativeState.REFUSED in (older.state, newer.state):
            _withdraw([row for row in rows.values() if row.state != InitiativeState.REFUSED])
        sides = sorted((pair.left, pair.right), key=lambda record: record.initiative_id)
        left, right = (self._session.get_one(Initiative, record.initiative_id) for record in sides)
        comparison = pair.comparison
        reasons = [(text, dict(values)) for text, values in comparison.reasons]
        judgements.join(self._session, left, right, judgements.Word(RULE, self._now, comparison.score, reasons))
        self._merge(older, newer)

    def _merge(self, older: _Group, newer: _Group) -> None:
        """Note in what was read that two groups are one now."""
        head = groups.head(self._session, self._session.get_one(Initiative, older.id))
        stays, goes = (older, newer) if head.id == older.id else (newer, older)
        stays.records += goes.records
        stays.state, stays.is_hidden = InitiativeState(head.state), stays.is_hidden and goes.is_hidden
        del self._groups[goes.id]
        self._head_of_record |= {record.id: stays.id for record in goes.records}
        self._changed.add(stays.id)

    def _read_of_records(self, record_ids: Collection[int]) -> None:
        """Read the groups that these records are of, if they were not read yet."""
        unread = {id for id in record_ids if id not in self._head_of_record}
        heads: set[int] = set()
        for ids in groups.batched(sorted(unread)):
            query = select(groups.head_id()).join(Record, Record.initiative_id == Initiative.id).where(Record.id.in_(ids))
            heads |= set(self._session.scalars(query))
        self._read(heads - self._groups.keys())

    def _read(self, head_ids: Collection[int]) -> None:
        for ids in groups.batched(sorted(head_ids)):
            states = select(Initiative.id, Initiative.state).where(Initiative.id.in_(ids), Initiative.state.in_(COMPARED))
            self._groups |= {row.id: _Group(row.id, InitiativeState(row.state)) for row in self._session.execute(states)}
            query = (
                select(
                    groups.head_id().label("head_id"), Record.id, Record.initiative_id, Record.platform_id, Record.state,
                    Platform.state.label("platform_state"), *(Record.payload[name].as_string().label(name) for name in SEEN),
                )
                .join(Record, Record.initiative_id == Initiative.id)
                .join(Platform, Platform.id == Record.platform_id)
                .where(or_(Initiative.id.in_(ids), Initiative.merged_into_id.in_(ids)))
                .order_by(Record.id)
            )  # fmt: skip
            rows = [row for row in self._session.execute(query) if row.head_id in self._groups]
            for row in rows:
                group, is_listed = self._groups[row.head_id], row.state == RecordState.SEEN
                sight = row.country, is_work(row.kind)
                group.records.append(_Record(row.id, row.initiative_id, row.platform_id, is_listed, sight))
                group.is_hidden = group.is_hidden and row.platform_state in WITHDRAWN_PLATFORMS
                self._head_of_record[row.id] = group.id

    def _read_profiles(self, read: Iterable[_Group]) -> None:
        """Read what the records of these groups say, as far as it was not read yet."""
        unread = {record.id for group in read for record in group.records if record.id not in self._profiles}
        for ids in groups.batched(sorted(unread)):
            for id, payload in self._session.execute(select(Record.id, Record.payload).where(Record.id.in_(ids))):
                self._profiles[id] = profile_of(payload)

    def _forget_candidates(self, head_ids: Collection[int]) -> None:
        """Delete the pairs of these groups that wait: those that still look alike are found again."""
        members = sorted(id for head_id in head_ids if head_id in self._groups for id in self._groups[head_id].members)
        for ids in groups.batched(members):
            is_of_group = or_(DuplicateCandidate.left_id.in_(ids), DuplicateCandidate.right_id.in_(ids))
            columns = DuplicateCandidate.left_id, DuplicateCandidate.right_id, DuplicateCandidate.found_at
            for left_id, right_id, found_at in self._session.execute(select(*columns).where(is_of_group)):
                self._found_at[left_id, right_id] = found_at
            self._session.connection().execute(delete(DuplicateCandidate).where(is_of_group))

    def _keep(self, group: _Group, pair: _Pair) -> None:
        """Keep a pair of listings for people; where the two groups were asked about before this look, they wait since then."""
        left_id, right_id = pair.left.initiative_id, pair.right.initiative_id
        asked = _asked(group, pair) if left_id < right_id else _asked(group, pair).turned()
        sides = (tuple(sorted(ids)) for ids in product(group.members, pair.other.members))
        found_at = min((self._found_at[ids] for ids in sides if ids in self._found_at), default=self._now)
        _keep(self._session, left_id, right_id, asked, found_at)


def _are_apart(group: _Group, other: _Group) -> bool:
    """Whether two groups need no comparison, since nobody would be asked about them whatever they say."""
    return _are_two_of_one_platform(group, other) and is_never_same(group.records[0].sight, other.records[0].sight)


def _are_two_of_one_platform(group: _Group, other: _Group) -> bool:
    """Whether each of two groups is one record, and both are of one platform: these are never joined by a rule, and asked about
    only where they are the same."""
    if len(group.records) != 1 or len(other.records) != 1:
        return False
    left, right = group.records[0], other.records[0]
    return left.platform_id == right.platform_id and left.is_listed and right.is_listed


def _is_certain(group: _Group, pair: _Pair) -> bool:
    is_same = pair.comparison.verdict == Verdict.SAME and not pair.is_contradicted
    return is_same and group.platforms.isdisjoint(pair.other.platforms)


def _asked(group: _Group, pair: _Pair) -> Comparison:
    """What is kept of a pair that is not joined now: same where only the states of the two are in the way."""
    verdict = Verdict.SAME if _is_certain(group, pair) and group.state != pair.other.state else Verdict.UNSURE
    return Comparison(pair.comparison.score, verdict, pair.comparison.reasons)


def _said(standing: Iterable[Judgement], group: _Group, pair: _Pair, verdicts: Collection[JudgementVerdict]) -> bool:
    """Whether one of these verdicts stands between two groups."""
    return any(judgement.verdict in verdicts and _is_of_pair(judgement, group, pair.other) for judgement in standing)


def _is_of_pair(judgement: Judgement, group: _Group, other: _Group) -> bool:
    sides = judgement.left_id, judgement.right_id
    return any(id in group.members for id in sides) and any(id in other.members for id in sides)


def _withdraw(rows: Iterable[Initiative]) -> None:
    """Hide listings that arrived and were refused before: nobody has seen them, and they wait if they are ever parted."""
    for row in rows:
        if row.state in SHOWN_STATES:
            row.state, row.published_at = initiative_after(InitiativeState(row.state), InitiativeAction.WITHDRAW), None


def _keep(session: Session, left_id: int, right_id: int, comparison: Comparison, found_at: datetime) -> None:
    """Keep a pair of listings for people; of a pair that is kept already, the better score."""
    low, high = sorted((left_id, right_id))
    if low == high:
        return
    is_pair = DuplicateCandidate.left_id == low, DuplicateCandidate.right_id == high
    connection = session.connection()
    known = connection.execute(select(DuplicateCandidate.id, DuplicateCandidate.score).where(*is_pair)).first()
    reasons = [(text, dict(values)) for text, values in comparison.reasons]
    content = {"score": comparison.score, "verdict": str(comparison.verdict), "reasons": reasons}
    if known is None:
        row = {"left_id": low, "right_id": high, "found_at": found_at} | content
        connection.execute(insert(DuplicateCandidate).values(row))
    elif comparison.score >= known.score:
        connection.execute(update(DuplicateCandidate).where(DuplicateCandidate.id == known.id).values(content))
