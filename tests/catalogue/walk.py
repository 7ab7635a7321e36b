"""A walk: what sources, people and time do to a small catalogue, in any order; after each step all rules are checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.files.exchange import parse_line
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.listings import duplicates, edits, forming, grace, judgements, removal
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import (
    Crawl,
    CrawlState,
    Initiative,
    Judgement,
    JudgementVerdict,
    Outbox,
    Platform,
    Record,
    Value,
)
from platforma.catalogue.platforms import platform_states
from platforma.secret_key import secret_key
from tests.catalogue import emptying
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.directory import export, picture
from tests.catalogue.invariants import Memory, check
from tests.catalogue.small_world import NAMES, PLATFORMS, SLOTS, VARIANTS, Content, Site

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
STEP = timedelta(minutes=1)
STEPS_BETWEEN_MOVES = 20
BY = "c@sic.example"
FIELDS = (("title", "lv"), ("title", "en"), ("place", ""), ("phone", ""), ("country", ""), ("countries", ""))
COUNTRIES = ("LV", "EE", "LT")
REFUSED_STEPS = (BadState, BadValue, NotFound)
"""What a step may raise: it is not allowed now, and changes nothing."""
CRAWLED = ("proposed", "probation", "trusted")

platforms = st.sampled_from(PLATFORMS)
slots = st.integers(0, SLOTS - 1)
orgs = st.sampled_from((0, 0, 0, 1, 1, *range(2, len(NAMES))))
contents = st.builds(Content, orgs, st.integers(0, len(VARIANTS) - 1))
choices = st.integers(0, 30)
"""Which of the listings that there are; counted around."""
fields = st.sampled_from(FIELDS)


class Walk(RuleBasedStateMachine):
    """A walk over the catalogue that `open` gives, empty each time; `elsewhere` gives one to import into.

    `steps` counts those that did something; `folder` is for files.
    """

    open: ClassVar[Callable[[], CatalogueFixture]]
    elsewhere: ClassVar[Callable[[], CatalogueFixture]]
    folder: ClassVar[Path]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.now = self.clock.start()
        self.catalogue = type(self).open()
        empty(self.catalogue)
        self.memory = Memory()
        self.sites = {platform: Site(platform) for platform in PLATFORMS}
        self.words = self.since_move = 0
        self.has_acted = False

    def teardown(self) -> None:
        self.clock.stop()

    def check_invariants(self, settings: Any, output: Any, runtimes: Any) -> None:
        """Check the rules after each step, in one transaction (instead of hypothesis's own invariants)."""
        if self.has_acted:
            type(self).steps += 1
            with self.catalogue.database.writing() as session:
                check(session, self.memory)
        self.has_acted = False
        self.since_move += 1
        self.now.shift(STEP)

    # What there is to begin with

    @initialize(trusted=st.sets(platforms, min_size=1), shown=st.lists(st.lists(contents, max_size=3), min_size=3, max_size=3))
    def begin(self, trusted: set[str], shown: list[list[Content]]) -> None:
        for platform, of_platform in zip(PLATFORMS, shown, strict=True):
            self.catalogue.propose(platform, approve=platform in trusted)
            self.sites[platform].contents |= dict(enumerate(of_platform))
            self._crawl(platform)

    # What sources do

    @rule(platform=platforms, slot=slots, content=contents)
    def show(self, platform: str, slot: int, content: Content) -> None:
        self.sites[platform].contents[slot] = content
        self._crawl(platform)

    @rule(platform=platforms, slot=slots)
    def hide(self, platform: str, slot: int) -> None:
        if self.sites[platform].contents.pop(slot, None):
            self._crawl(platform)

    @rule(platform=platforms, chosen=st.sets(slots, min_size=1, max_size=2))
    def renumber(self, platform: str, chosen: set[int]) -> None:
        for slot in chosen & self.sites[platform].contents.keys():
            self.sites[platform].renumber(slot)
        self._crawl(platform)

    @rule(platform=platforms)
    def crawl_twice(self, platform: str) -> None:
        if self._crawl(platform) == "done":
            self._drain()
            before = picture_of(self.catalogue)
            report = self._report(platform)
            changed = {name: report.counts.get(name, 0) for name in ("new", "changed", "gone")}
            assert not any(changed.values()), f"a second crawl of the same changes something: {changed}"
            differs = difference(before, picture_of(self.catalogue))
            assert not differs, f"a second crawl of the same changes the catalogue: {differs}"
            with self.catalogue.database.reading() as session:
                assert not list(session.scalars(select(Outbox))), "a second crawl of the same fills the outbox"

    @rule(platform=platforms, slot=slots, content=contents)
    def load(self, platform: str, slot: int, content: Content) -> None:
        with suppress(*REFUSED_STEPS):
            self.has_acted = True
            self.catalogue.load([content.record(platform, self.sites[platform].remote_id(slot))], platform)

    # What curators say of two listings

    @rule(left=choices, right=choices, verdict=st.sampled_from(list(JudgementVerdict)))
    def judge(self, left: int, right: int, verdict: JudgementVerdict) -> None:
        self._act(
            lambda session: judgements.judge(session, self._pick(session, left), self._pick(session, right), verdict, said())
        )

    @rule(left=choices, right=choices)
    def part(self, left: int, right: int) -> None:
        def act(session: Session) -> None:
            one = self._pick(session, left)
            head = session.scalars(select(Initiative).where(Initiative.public_id == one)).one()
            query = select(Initiative.public_id).where(Initiative.merged_into_id == (head.merged_into_id or head.id))
            members = list(session.scalars(query.order_by(Initiative.id)))
            if members:
                judgements.part_listings(session, one, members[right % len(members)], said())

        self._act(act)

    @rule(left=choices, right=choices)
    def join_and_part(self, left: int, right: int) -> None:
        with self.catalogue.database.reading() as session:
            sides = self._pick(session, left), self._pick(session, right)
            heads = {
                row.merged_into_id or row.id for row in session.scalars(select(Initiative).where(Initiative.public_id.in_(sides)))
            }
        if len(heads) < 2 or heads & self.memory.by_hand:
            return
        before = picture_of(self.catalogue)
        if self._act(lambda session: judgements.judge(session, *sides, JudgementVerdict.SAME, said())):
            assert self._act(lambda session: judgements.part_listings(session, *sides, said()))
            after = picture_of(self.catalogue)
            differs = difference(before, after)
            assert not differs, f"parting {sides} does not give back what was before joining: {differs}"

    # What curators say of one

    @rule(choice=choices, field=fields, country=st.sampled_from(COUNTRIES))
    def edit(self, choice: int, field: tuple[str, str], country: str) -> None:
        name, lang = field
        self.words += 1
        content = {"country": country, "countries": [country]}.get(name, f"vards{self.words}x")

        def act(session: Session) -> None:
            row = self._row(session, choice)
            edits.set_value(session, edits.Edit(row.public_id, name, lang, BY, row.version), content)
            self.memory.said[row.id, name, lang] = content

        self._act(act)

    @rule(choice=choices, is_kept=st.booleans())
    def settle_value(self, choice: int, is_kept: bool) -> None:
        """Keep or release what a person said."""

        def act(session: Session) -> None:
            values = list(session.scalars(select(Value).where(Value.layer == "curator").order_by(Value.id)))
            if not values:
                return
            value = values[choice % len(values)]
            row = session.get_one(Initiative, value.initiative_id)
            edit = edits.Edit(row.public_id, value.field, value.lang, BY, row.version)
            (edits.keep_value if is_kept else edits.release_value)(session, edit)
            if not is_kept:
                self.memory.said.pop((row.id, value.field, value.lang), None)

        self._act(act)

    @rule(choice=choices)
    def publish(self, choice: int) -> None:
        def act(session: Session) -> None:
            row = self._row(session, choice)
            edits.publish(session, public_id=row.public_id, actor=BY)
            self.memory.by_hand.add(row.id)
            self.memory.hidden.discard(row.id)

        self._act(act)

    @rule(choice=choices)
    def refuse(self, choice: int) -> None:
        self._act(lambda session: edits.refuse(session, public_id=self._pick(session, choice), actor=BY, reason="walk"))

    @rule(choice=choices)
    def remove(self, choice: int) -> None:
        def act(session: Session) -> None:
            row = self._row(session, choice)
            ids = set(
                session.scalars(select(Initiative.id).where((Initiative.id == row.id) | (Initiative.merged_into_id == row.id)))
            )
            texts = [
                record.payload["description"]["lv"].split()[-1]
                for record in session.scalars(select(Record).where(Record.initiative_id.in_(ids)))
            ]
            removal.suppress(session, public_id=row.public_id, actor=BY, reason="walk", key=secret_key(self.catalogue.settings))
            words = [word for key, word in self.memory.said.items() if key[0] in ids and str(word).startswith("vards")]
            self.memory.dead |= {*texts, *words}
            self.memory.said = {key: word for key, word in self.memory.said.items() if key[0] not in ids}

        self._act(act)

    # What becomes of platforms

    @rule(platform=platforms, is_trusted=st.booleans())
    def approve_platform(self, platform: str, is_trusted: bool) -> None:
        self._act(lambda session: platform_states.approve_platform(session, platform_id=platform, actor=BY, trusted=is_trusted))

    @rule(platform=platforms, leaves=st.booleans())
    def withdraw_platform(self, platform: str, leaves: bool) -> None:
        if leaves:
            self._act(lambda session: platform_states.leave_platform(session, platform_id=platform, actor=BY))
        else:
            self._act(lambda session: platform_states.refuse_platform(session, platform_id=platform, actor=BY, reason="walk"))

    @rule(platform=platforms)
    def pause_platform(self, platform: str) -> None:
        self._act(lambda session: platform_states.pause_platform(session, platform_id=platform, actor=BY))

    @rule(platform=platforms)
    def propose_again(self, platform: str) -> None:
        self.catalogue.propose(platform, approve=False)

    # What time does

    @rule(days=st.sampled_from((1, 7, 8)))
    def pass_days(self, days: int) -> None:
        self.now.shift(timedelta(days=days))
        self._act(lambda session: grace.archive_overdue(session, utc_now()))

    @rule(is_older=st.booleans())
    def look_again(self, is_older: bool) -> None:
        """The nightly look, after keys were lost or are of an older version."""

        def act(session: Session) -> None:
            session.execute(update(Record).values(material="0:" if is_older else None))
            duplicates.look_at_outdated(session, utc_now())

        self._act(act)

    # What files do

    @precondition(lambda self: self.since_move >= STEPS_BETWEEN_MOVES)
    @rule()
    def move_house(self) -> None:
        self.since_move = 0
        before = picture(self.catalogue)
        exported = {id for id, listing in before["listings"].items() if listing["merged_into"] is None}
        before["listings"] = {
            id: listing for id, listing in before["listings"].items() if (listing["merged_into"] or id) in exported
        }
        lines = export(self.catalogue, self.folder / "walk.jsonl").read_text(encoding="utf-8").splitlines()
        with self.catalogue.database.writing() as session:
            check(session, self.memory)
        copy = type(self).elsewhere()
        empty(copy)
        items = [parse_line(json.loads(line), number) for number, line in enumerate(lines, start=1)]
        key = secret_key(copy.settings)
        report = import_records(copy.database, None, items, actor="test", secret_key=key)
        assert not report.problems, report.problems
        after = picture(copy)
        for listing in (*before["listings"].values(), *after["listings"].values()):
            if listing["merged_into"]:
                listing["reason"] = None  # an export does not have it
        for part in ("listings", "records"):
            differs = difference(before[part], after[part])
            assert not differs, f"an import of all gives other {part}: {differs}"
        assert after["newest"] == before["newest"], "an import of all gives another order of the newest"

    def _crawl(self, platform: str) -> str:
        """Crawl what the platform lists now; a held crawl is approved."""
        with self.catalogue.database.reading() as session:
            if session.get_one(Platform, platform).state not in CRAWLED:
                return "not crawled"
        self.has_acted = True
        self._report(platform)
        with self.catalogue.database.writing() as session:
            query = select(Crawl).where(Crawl.platform_id == platform).order_by(Crawl.id.desc()).limit(1)
            crawl = session.scalars(query).one()
            if crawl.state == CrawlState.HELD:
                held_crawls.approve_held_crawl(
                    session, crawl_id=crawl.id, actor=BY, secret_key=secret_key(self.catalogue.settings)
                )
            self._remember(session)
            return str(crawl.state)

    def _report(self, platform: str) -> CrawlReport:
        return self.catalogue.crawl(self.sites[platform].records().values(), platform)

    def _drain(self) -> None:
        with self.catalogue.database.writing() as session:
            check(session, self.memory)

    def _act(self, act: Callable[[Session], object]) -> bool:
        """Do something in one transaction; whether it was allowed. What was said of two listings is remembered."""
        said_before = dict(self.memory.said)
        try:
            with self.catalogue.database.writing() as session:
                act(session)
                self._remember(session)
        except REFUSED_STEPS:
            self.memory.said = said_before
            return False
        self.has_acted = True
        return True

    def _remember(self, session: Session) -> None:
        """Remember who is told apart now: not those whom a person joined all the same."""
        session.flush()
        rows = list(session.scalars(select(Judgement).where(Judgement.undone_at.is_(None))))
        apart = {frozenset((row.left_id, row.right_id)) for row in rows if row.verdict in judgements.PARTING}
        heads = {row.id: row.merged_into_id or row.id for row in session.scalars(select(Initiative))}
        joined_by_people = {heads[row.left_id] for row in rows if row.verdict in forming.JOINING and row.by == BY}
        self.memory.told_apart = {
            pair for pair in apart if not (len({heads[id] for id in pair}) == 1 and heads[min(pair)] in joined_by_people)
        }

    def _row(self, session: Session, choice: int) -> Initiative:
        rows = list(session.scalars(select(Initiative).order_by(Initiative.id)))
        return rows[choice % len(rows)] if rows else _nothing()

    def _pick(self, session: Session, choice: int) -> str:
        return self._row(session, choice).public_id


def said() -> Word:
    return Word(BY, utc_now())


def _nothing() -> Initiative:
    raise NotFound("there is no listing yet")


def empty(catalogue: CatalogueFixture) -> None:
    """Delete all rows."""
    with catalogue.database.writing() as session:
        emptying.empty(session)


def difference(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[tuple[object, object, object]]:
    """What of two pictures is not the same; of maps only the entries that differ."""
    found: list[tuple[object, object, object]] = []
    for key in [*before, *(after.keys() - before.keys())]:
        one, other = before.get(key), after.get(key)
        if isinstance(one, dict) and isinstance(other, dict) and one != other:
            found += [(key, *entry) for entry in difference(one, other)]  # type: ignore[misc]
        elif one != other:
            found.append((key, one, other))
    return found


def picture_of(catalogue: CatalogueFixture) -> dict[object, object]:
    """What parting, or a second crawl, must leave as it is: states, texts, what people said, and where records are."""
    with catalogue.database.reading() as session:
        listings: Iterable[Initiative] = session.scalars(select(Initiative).order_by(Initiative.id))
        found: dict[object, object] = {
            row.id: (row.state, row.state_apart, row.merged_into_id, row.composed, row.reason, row.published_at)
            for row in listings
        }
        found |= {(value.initiative_id, value.field, value.lang): value.value for value in session.scalars(select(Value))}
        found |= {
            (record.platform_id, record.remote_id): (record.initiative_id, record.state, record.payload, record.gone_at)
            for record in session.scalars(select(Record))
        }
        return found
