"""What is true of a catalogue at all times, whatever happened: each rule is a function that says what it found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session, joinedload

from platforma.catalogue.errors import NotFound, Suppressed
from platforma.catalogue.listings import compose, duplicate_queue, facts, forming, groups, layers, listing_queries
from platforma.catalogue.listings.documents import all_documents
from platforma.catalogue.matching.blocking import blocking_keys
from platforma.catalogue.matching.profiles import profile_of
from platforma.catalogue.matching.scoring import Verdict, compare
from platforma.catalogue.models import (
    Base,
    DuplicateCandidate,
    Initiative,
    InitiativeState,
    Judgement,
    ListingFacts,
    ListingTitle,
    MatchKey,
    Outbox,
    Platform,
    Record,
    RecordState,
    Value,
)
from platforma.catalogue.states import PUBLIC_PLATFORMS
from search.port import Document

NEW, PUBLISHED, REFUSED, ARCHIVED, MERGED, SUPPRESSED = (
    InitiativeState.NEW,
    InitiativeState.PUBLISHED,
    InitiativeState.REFUSED,
    InitiativeState.ARCHIVED,
    InitiativeState.MERGED,
    InitiativeState.SUPPRESSED,
)
SHOWN = (PUBLISHED, ARCHIVED)
COUNTRIES = ("country", "countries")
"""One thing to a person: where both are said, the seat is one of the countries."""
Said = tuple[int, str, str]
"""The listing of which a person said something, the field, and its language."""


@dataclass(slots=True)
class Memory:
    """What happened so far, as far as it must still hold.

    `said` is what people said and nobody took back. `public` are the public ids that visitors could ever open, `by_hand` the
    listings that a curator published though no source lists them, `hidden` those that one took off the site. `dead` are words of removed texts. `told_apart` are the pairs
    of listings that were told apart and that no person joined since. `index` is what the search engine was told; listings with a higher id than `last_id` have just arrived.
    """

    said: dict[Said, Any] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    by_hand: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    told_apart: set[frozenset[int]] = field(default_factory=set)
    index: dict[str, Document] = field(default_factory=dict)
    last_id: int = 0


class Catalogue:
    """All rows that the rules are about, read once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.listings = {row.id: row for row in session.scalars(select(Initiative).order_by(Initiative.id))}
        query = select(Record).options(joinedload(Record.platform)).order_by(Record.id)
        self.records = list(session.scalars(query))
        self.values = list(session.scalars(select(Value).order_by(Value.id)))
        self.judgements = list(session.scalars(select(Judgement).where(Judgement.undone_at.is_(None)).order_by(Judgement.id)))
        self.candidates = list(session.scalars(select(DuplicateCandidate)))
        self.platforms = list(session.scalars(select(Platform)))

    @cached_property
    def behind(self) -> Mapping[int, list[Record]]:
        """The records behind each listing that stands."""
        behind: defaultdict[int, list[Record]] = defaultdict(list)
        for record in self.records:
            behind[self.head(record.initiative_id)].append(record)
        return behind

    @cached_property
    def members(self) -> Mapping[int, list[Initiative]]:
        """The listings of each group, by the one that stands."""
        members: defaultdict[int, list[Initiative]] = defaultdict(list)
        for row in self.listings.values():
            members[self.head(row.id)].append(row)
        return members

    @cached_property
    def heads(self) -> list[Initiative]:
        return [row for row in self.listings.values() if row.merged_into_id is None]

    def head(self, id: int) -> int:
        return self.listings[id].merged_into_id or id

    def words(self, head_id: int) -> list[Value]:
        """What people said of a group, as it stands."""
        ids = {row.id for row in self.members[head_id]}
        return groups.standing_values(head_id, [value for value in self.values if value.initiative_id in ids])

    def is_on_public_platform(self, head_id: int) -> bool:
        """Whether a record behind the listing is of a public platform, or the listing is such a platform's own."""
        ids = {row.id for row in self.members[head_id]}
        own = any(platform.initiative_id in ids and platform.state in PUBLIC_PLATFORMS for platform in self.platforms)
        return own or any(record.platform.state in PUBLIC_PLATFORMS for record in self.behind[head_id])


def check(session: Session, memory: Memory) -> None:
    """Check all rules, and remember what is public now. Raises AssertionError with all that is wrong."""
    catalogue = Catalogue(session)
    found = [f"{rule.__doc__} {finding}" for rule in RULES for finding in rule(catalogue, memory)]
    found += list(index_is_as_the_database(session, memory))
    assert not found, "\n".join(found)
    memory.public |= {row.public_id for row in catalogue.heads if row.state in SHOWN}
    memory.last_id = max(catalogue.listings, default=0)


def groups_have_a_head(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """A joined listing leads to one that stands, and only a joined one does."""
    for row in catalogue.listings.values():
        if (row.state == MERGED) != (row.merged_into_id is not None):
            yield f"{row.id} is {row.state} and leads to {row.merged_into_id}"
        if row.merged_into_id is not None and catalogue.listings[row.merged_into_id].merged_into_id is not None:
            yield f"{row.id} leads to {row.merged_into_id}, which leads on"
        if (row.state_apart is not None) != (row.state == MERGED):
            yield f"{row.id} is {row.state} and was {row.state_apart} apart"
        if row.state == MERGED and row.composed:
            yield f"{row.id} is joined and shows {row.composed}"


def groups_are_what_judgements_join(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """Listings are one group exactly where standing judgements connect them."""
    root = {id: id for id in catalogue.listings}

    def find(id: int) -> int:
        while root[id] != id:
            id = root[id]
        return id

    for judgement in catalogue.judgements:
        if judgement.verdict in forming.JOINING:
            root[find(judgement.left_id)] = find(judgement.right_id)
    connected: defaultdict[int, set[int]] = defaultdict(set)
    for id in root:
        connected[find(id)].add(id)
    joined = {head: {row.id for row in rows} for head, rows in catalogue.members.items()}
    for head, ids in joined.items():
        if catalogue.listings[head].state != SUPPRESSED and connected[find(head)] != ids:
            yield f"{sorted(ids)} are joined, {sorted(connected[find(head)])} are connected"


def one_judgement_stands(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """Of a pair one judgement at most stands."""
    seen: set[frozenset[int]] = set()
    for judgement in catalogue.judgements:
        pair = frozenset((judgement.left_id, judgement.right_id))
        if pair in seen or len(pair) < 2:
            yield f"{sorted(pair)}"
        seen.add(pair)


def records_have_a_listing(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """A record is behind a listing that was not removed, and is gone since some time exactly where it is not listed."""
    for record in catalogue.records:
        if catalogue.listings[catalogue.head(record.initiative_id)].state == SUPPRESSED:
            yield f"{record.platform_id}/{record.remote_id} is behind a removed listing"
        if (record.state == RecordState.SEEN) != (record.gone_at is None):
            yield f"{record.platform_id}/{record.remote_id} is {record.state}, gone at {record.gone_at}"


def listings_show_what_is_behind_them(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """A listing shows what its records and people say."""
    for row in catalogue.heads:
        if row.state == SUPPRESSED:
            continue
        expected = json.loads(json.dumps(compose.compose(catalogue.behind[row.id], catalogue.words(row.id))))
        if row.composed != expected:
            differs = {key: (row.composed.get(key), expected[key]) for key in expected if row.composed.get(key) != expected[key]}
            yield f"{row.id} ({row.state}): {differs}"


def states_follow_the_sources(catalogue: Catalogue, memory: Memory) -> Iterator[str]:
    """A listing is public as long as a record of a public platform behind it is listed, and archived when none is any more."""
    for row in catalogue.heads:
        behind = catalogue.behind[row.id]
        states = {record.state for record in compose.public_records(behind)}
        is_held_up = catalogue.is_on_public_platform(row.id)
        if row.state in SHOWN and not is_held_up and row.id not in memory.by_hand:
            yield f"{row.id} is {row.state}, though no public platform has it"
        if row.state == ARCHIVED and states and states != {RecordState.ARCHIVED}:
            yield f"{row.id} is archived, though its records are {sorted(states)}"
        is_said = any(all(record.initiative_id != member.id for record in behind) for member in catalogue.members[row.id])
        if row.state == PUBLISHED and states == {RecordState.ARCHIVED} and not is_said and row.id not in memory.by_hand:
            yield f"{row.id} is published, though its records are archived"
        if row.state == NEW and is_held_up:
            own = (member for member in catalogue.members[row.id] if member.public_id in memory.public)
            public = [member.id for member in own if _has_public_record(member, behind)]
            if public and not memory.hidden & {member.id for member in catalogue.members[row.id]}:
                yield f"{row.id} is hidden, though {public} were public, and their platforms are"


def _has_public_record(member: Initiative, behind: Iterable[Record]) -> bool:
    return any(record.initiative_id == member.id and record.platform.state in PUBLIC_PLATFORMS for record in behind)


def no_address_is_dead(catalogue: Catalogue, memory: Memory) -> Iterator[str]:
    """An address that was public answers: a listing, one that it leads to, or that it was removed."""
    by_public_id = {row.public_id: row for row in catalogue.listings.values()}
    for public_id in sorted(memory.public):
        row = by_public_id[public_id]
        head = catalogue.listings[catalogue.head(row.id)]
        try:
            listing_queries.listing(catalogue.session, head.public_id)
        except (NotFound, Suppressed):
            is_found = head.state == SUPPRESSED
        else:
            is_found = True
        if not is_found and not _is_hidden_by_people(catalogue, memory, head):
            yield f"{row.id} is not found, its head {head.id} is {head.state}"


def _is_hidden_by_people(catalogue: Catalogue, memory: Memory, head: Initiative) -> bool:
    """Whether a curator refused a listing of the group or took it off the site, or its platforms were refused."""
    rows = catalogue.members[head.id]
    was_refused = any(REFUSED in (row.state, row.state_apart) or row.id in memory.hidden for row in rows)
    platforms = {record.platform.state for record in catalogue.behind[head.id]}
    return was_refused or (head.state == NEW and not (platforms & {"trusted"}))


def no_word_of_a_person_is_lost(catalogue: Catalogue, memory: Memory) -> Iterator[str]:
    """What a person said is stored, and shown unless another person's word stands over it."""
    stored = {(value.initiative_id, value.field, value.lang): value for value in catalogue.values}
    for key, content in memory.said.items():
        id, field_name, lang = key
        head = catalogue.listings[catalogue.head(id)]
        if head.state == SUPPRESSED:
            continue
        if key not in stored or stored[key].value != content:
            yield f"{key}: {content} was said, stored is {stored[key].value if key in stored else 'nothing'}"
            continue
        subject = COUNTRIES if field_name in COUNTRIES else (field_name,)
        standing = [value for value in catalogue.words(head.id) if value.field in subject and value.lang == lang]
        shown = layers.shown_value(head.composed, field_name, lang)
        is_own = any((value.initiative_id, value.field) == (id, field_name) for value in standing)
        if not standing or (is_own and len(standing) == 1 and not _is_shown(content, shown)):
            yield f"{key}: {content} was said, {shown} is shown, {[value.value for value in standing]} stand"


def _is_shown(content: object, shown: object) -> bool:
    """Whether what was said is shown; to countries, the seat may have been added."""
    return set(content) <= set(shown) if isinstance(content, list) and isinstance(shown, list) else content == shown


def what_was_refused_stays_refused(catalogue: Catalogue, memory: Memory) -> Iterator[str]:
    """What was refused is not public when another platform brings it."""
    arrived = [row for row in catalogue.heads if row.id > memory.last_id and row.state in SHOWN and catalogue.behind[row.id]]
    refused = [row for row in catalogue.heads if row.state == REFUSED and catalogue.behind[row.id]] if arrived else []
    for new, former in product(arrived, refused):
        sides = [catalogue.behind[row.id] for row in (new, former)]
        platforms = [{record.platform_id for record in side if record.state == RecordState.SEEN} for side in sides]
        profiles = [[profile_of(record.payload) for record in side] for side in sides]
        verdicts = {compare(one, other).verdict for one, other in product(*profiles)}
        if platforms[0].isdisjoint(platforms[1]) and Verdict.SAME in verdicts and Verdict.DIFFERENT not in verdicts:
            yield f"{new.id} is {new.state} and the same as {former.id}, which was refused"


def what_was_told_apart_stays_apart(catalogue: Catalogue, memory: Memory) -> Iterator[str]:
    """What was told apart is joined by no rule."""
    for pair in memory.told_apart:
        left, right = sorted(pair)
        if catalogue.head(left) == catalogue.head(right):
            yield f"{left} and {right}"


def nobody_is_asked_about_one_group(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """A pair that waits is of two groups that stand."""
    for pair in catalogue.candidates:
        if pair.left_id >= pair.right_id:
            yield f"{pair.left_id} and {pair.right_id} are not in order"
        if catalogue.head(pair.left_id) == catalogue.head(pair.right_id):
            yield f"{pair.left_id} and {pair.right_id} are joined"
        for id in (pair.left_id, pair.right_id):
            if catalogue.listings[catalogue.head(id)].state == SUPPRESSED:
                yield f"{id} was removed"
    for waiting in duplicate_queue.waiting_pairs(catalogue.session) if catalogue.candidates else ():
        if waiting.left == waiting.right:
            yield f"{waiting} is asked"


def keys_are_those_of_the_records(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """The blocking keys of a record are those of what it says now."""
    stored: defaultdict[int, set[str]] = defaultdict(set)
    for key, record_id in catalogue.session.execute(select(MatchKey.key, MatchKey.record_id)):
        stored[record_id].add(key)
    for record in catalogue.records:
        if record.material is not None and stored[record.id] != _keys(record):
            yield f"{record.platform_id}/{record.remote_id}: {sorted(stored[record.id] ^ _keys(record))}"


_known_keys: dict[str, frozenset[str]] = {}


def _keys(record: Record) -> frozenset[str]:
    """The keys of a record, kept by what it says."""
    said = json.dumps(record.payload)
    if said not in _known_keys:
        _known_keys[said] = blocking_keys(profile_of(record.payload))
    return _known_keys[said]


def facts_are_those_of_the_listings(catalogue: Catalogue, _memory: Memory) -> Iterator[str]:
    """The staff's list finds each listing by what it shows, or says on its own where it is joined, and removed ones by their id."""
    columns = ("initiative_id", *facts.COLUMNS)
    rows = catalogue.session.execute(select(*(getattr(ListingFacts, name) for name in columns))).all()
    stored = {row[0]: dict(zip(facts.COLUMNS, row[1:], strict=True)) for row in rows}
    keys = {(row.initiative_id, row.lang): row.sort_key for row in catalogue.session.scalars(select(ListingTitle))}
    for row in catalogue.listings.values():
        own = [record for record in catalogue.records if record.initiative_id == row.id]
        said = [value for value in catalogue.values if value.initiative_id == row.id]
        shown = row.composed if row.merged_into_id is None else compose.compose(own, said)
        if stored.get(row.id) != facts.facts_of(row.public_id, shown):
            yield f"{row.id} ({row.state}): {stored.get(row.id)} is not {facts.facts_of(row.public_id, shown)}"
        for lang, key in facts.sort_keys(row.public_id, shown).items():
            if keys.get((row.id, lang)) != key:
                yield f"{row.id} is sorted by {keys.get((row.id, lang))!r} in {lang}"


def removed_texts_are_nowhere(catalogue: Catalogue, memory: Memory) -> Iterator[str]:
    """No table has a word of a removed text."""
    if not memory.dead:
        return
    for table in Base.metadata.sorted_tables:
        for row in catalogue.session.execute(text(f'select * from "{table.name}"')):
            written = str(tuple(row))
            yield from (f"{word} in {table.name}: {written[:500]}" for word in memory.dead if word in written)


def index_is_as_the_database(session: Session, memory: Memory) -> Iterator[str]:
    """Apply what waits in the outbox to the index, and compare."""
    session.expunge_all()
    waiting = set(session.scalars(select(Outbox.initiative_id)))
    public_ids = {row.id: row.public_id for row in session.execute(select(Initiative.id, Initiative.public_id))}
    now = {document.id: replace(document, prior=0.0) for document in all_documents(session)}
    for id in waiting:
        memory.index.pop(public_ids[id], None)
        if public_ids[id] in now:
            memory.index[public_ids[id]] = now[public_ids[id]]
    session.execute(delete(Outbox))
    for public_id in sorted(memory.index.keys() | now.keys()):
        indexed, expected = memory.index.get(public_id), now.get(public_id)
        if indexed != expected:
            yield f"The index has all that is published, as it is. {public_id}: {indexed} is not {expected}"


RULES = (
    groups_have_a_head,
    groups_are_what_judgements_join,
    one_judgement_stands,
    records_have_a_listing,
    listings_show_what_is_behind_them,
    states_follow_the_sources,
    no_address_is_dead,
    no_word_of_a_person_is_lost,
    what_was_refused_stays_refused,
    what_was_told_apart_stays_apart,
    nobody_is_asked_about_one_group,
    keys_are_those_of_the_records,
    facts_are_those_of_the_listings,
    removed_texts_are_nowhere,
)
