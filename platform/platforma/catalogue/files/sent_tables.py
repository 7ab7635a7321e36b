"""Tables that people send: kept for three days under a secret address, with what their check said and what was chosen."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crawlers.discovery.site_words import SiteWords
from crawlers.normalise.meanings import BAD_VALUE
from crawlers.owner_tables.checking import ERROR, CellRemark, TableCheck
from crawlers.owner_tables.columns import Heading, is_name
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import Problem, Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadToken
from platforma.catalogue.files.table_imports import HAS_ERRORS, take_in
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import PartnerTable, Platform
from platforma.catalogue.people import memberships, tokens
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors.proposed_defaults import proposed_defaults
from platforma.catalogue.visitors.readings import FoundWord, Result
from platforma.catalogue.visitors.site_looks import Choices
from vocabulary import fold, load
from vocabulary.characters import storable
from vocabulary.messages import N_

LIFETIME = timedelta(days=3)
"""How long the page of a table can be opened, and what was chosen goes with the link that confirms it."""
FORGET_AFTER = timedelta(days=7)
"""How long after it expired a table is stored: a mailed link may wait for a mail server before its own three days begin."""
MAX_REMARKS = 3_000
"""So many remarks of each weight are stored; the others are only counted."""
SHOWN_RECORDS = 40
"""So many records are stored as visitors would see them; of the others only what is counted."""
MAX_WORDS = 12
IS_PROPOSED = N_("This table was proposed already; what becomes of it stands on the page of the platform")
KNOWN_ADDRESS = N_("A platform with this address is known already; sign in to its page, or leave the address empty")
_COUNTED_FIELDS = ("remote_id", "kind", "title", "country", "countries", "place", "sectors", "themes")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a table said, as it is stored. `counts` has [weight, reason, how many cells], the most frequent first;
    `result` is what its records would show, without the problems that remarks tell already."""

    headings: Sequence[Heading] = ()
    entries: int = 0
    remarks: Sequence[CellRemark] = ()
    counts: Sequence[tuple[str, str, int]] = ()
    result: Result = field(default_factory=Result)

    @classmethod
    def of(cls, check: TableCheck, url: str = "") -> Self:
        """What is stored of a check; `url` is the address of whoever keeps the list."""
        records = [mapped.record for mapped in check.records]
        counts = Counter((remark.weight, remark.reason) for remark in check.remarks)
        kept = [
            *[remark for remark in check.remarks if remark.weight == ERROR][:MAX_REMARKS],
            *[remark for remark in check.remarks if remark.weight != ERROR][:MAX_REMARKS],
        ]
        result = Result(
            records=[*records[:SHOWN_RECORDS], *map(_counted, records[SHOWN_RECORDS:])],
            expected=len(records),
            proposed=proposed_defaults(SiteWords(), url, records) if records else {},
            words=_unknown_themes(check.problems),
        )
        return cls(check.headings, check.entries, kept, [(*key, count) for key, count in counts.most_common()], result)

    @property
    def error_count(self) -> int:
        """How many cells have an error."""
        return sum(count for weight, _, count in self.counts if weight == ERROR)

    @property
    def has_names(self) -> bool:
        """Whether a column holds the names of the rows."""
        return any(is_name(heading.field) for heading in self.headings)

    @property
    def is_good(self) -> bool:
        """Whether the table can be taken in."""
        return bool(self.result.records) and not self.error_count

    def to_json(self) -> dict[str, Any]:
        """The JSON object that is stored; from_json gives the same again."""
        return {
            "headings": [[one.sheet, one.index, one.text, one.field, one.sample] for one in self.headings],
            "entries": self.entries,
            "remarks": [
                [one.sheet, one.row, one.column, one.heading, one.value, one.weight, one.reason, dict(one.values)]
                for one in self.remarks
            ],
            "counts": [list(count) for count in self.counts],
            "result": self.result.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What was stored."""
        return cls(
            headings=[Heading(*parts) for parts in data.get("headings", ())],
            entries=data.get("entries", 0),
            remarks=[CellRemark(*parts) for parts in data.get("remarks", ())],
            counts=[(weight, reason, count) for weight, reason, count in data.get("counts", ())],
            result=Result.from_json(data.get("result", {})),
        )


@dataclass(frozen=True, slots=True)
class SentTable:
    """A table as its page shows it. `chosen` are the fields chosen for columns of the first sheet by index."""

    name: str
    url: str
    chosen: Mapping[int, str]
    checked: Checked
    choices: Choices
    is_taken: bool


def keep(
    session: Session, *, name: str, body: bytes, checked: Checked, platform_id: str | None = None, chosen: Mapping[int, str]
) -> str:
    """Keep a table and its check; return the secret of its address."""
    secret = secrets.token_urlsafe(24)
    row = PartnerTable(hash=tokens.hash_of(secret), platform_id=platform_id, name=name, body=body)
    row.result, row.expires_at = storable(checked.to_json()), utc_now() + LIFETIME
    row.columns = {str(index): field_name for index, field_name in chosen.items()}
    session.add(row)
    return secret


def table(session: Session, secret: str, platform_id: str | None = None) -> SentTable:
    """The table of a secret, of this platform or of none. Raises BadToken where there is none or it expired."""
    row = _row(session, secret, platform_id)
    checked = Checked.from_json(row.result)
    choices = Choices(**row.choices) if row.choices is not None else Choices.proposed(checked.result)
    return SentTable(row.name, row.url, _chosen(row), checked, choices, row.taken_at is not None)


def body_of(session: Session, secret: str, platform_id: str | None = None) -> bytes:
    """The bytes of a table. Raises BadToken."""
    return _row(session, secret, platform_id).body


def check_again(
    session: Session, secret: str, checked: Checked, chosen: Mapping[int, str], platform_id: str | None = None
) -> None:
    """Store what the check said with other fields chosen for columns. Raises BadToken."""
    row = _row(session, secret, platform_id)
    row.columns, row.result = {str(index): name for index, name in chosen.items()}, storable(checked.to_json())


def choose(session: Session, secret: str, form: Mapping[str, str], url: str) -> None:
    """Store what was chosen for all rows, the name of the platform and the address of its owner. Raises BadToken."""
    row = _row(session, secret, None)
    row.choices, row.url = asdict(Choices.sent(form, Result.from_json(row.result.get("result", {})))), url


def mail_payload(session: Session, secret: str, email: str) -> dict[str, str]:
    """What the link that confirms a proposal refers to. Raises BadToken."""
    return {"email": email.strip().lower(), "table": _row(session, secret, None).hash}


@dataclass(frozen=True, slots=True)
class ProposedTable:
    """A table that a mailed link confirms: its name, its bytes, how it is read, and the name of the platform."""

    name: str
    body: bytes
    recipe: Recipe
    chosen: Mapping[int, str]


def proposed(session: Session, secret: str) -> ProposedTable:
    """The table of the link with this secret, which stays valid. Raises BadToken."""
    payload = tokens.read_token(session, secret, tokens.CONFIRM_TABLE).payload
    row = _of_payload(session, payload)
    return ProposedTable(row.name, row.body, _recipe(session, row), _chosen(row))


def propose(session: Session, secret: str, check: TableCheck, *, lang: str, secret_key: bytes) -> Platform:
    """Use up the link, and propose a platform with the records of its checked table, all of which wait for curators.

    Who confirmed becomes a member. Raises BadToken, and BadState for a table with errors or an address that is known by now.
    """
    payload = tokens.use_token(session, secret, tokens.CONFIRM_TABLE).payload
    row = _of_payload(session, payload)
    if row.taken_at is not None:
        raise BadState(IS_PROPOSED)
    if check.errors or not check.records:
        raise BadState(HAS_ERRORS)
    if row.url and platform_states.known_at(session, row.url) is not None:
        raise BadState(KNOWN_ADDRESS)
    email = payload["email"]
    proposal = platform_states.Proposal.by_recipe(_recipe(session, row), contact_email=email, contact_lang=lang)
    platform = platform_states.add_proposal(session, proposal, actor=email)
    memberships.join(session, email=email, platform_id=platform.id, lang=lang)
    take_in(session, platform, check.records, actor=email, takes_out=False, secret_key=secret_key)
    row.taken_at = utc_now()
    return platform


def forget_tables(session: Session, now: datetime) -> None:
    """Delete tables that expired FORGET_AFTER ago."""
    session.execute(delete(PartnerTable).where(PartnerTable.expires_at < now - FORGET_AFTER))


def note_taken(session: Session, secret: str, platform_id: str) -> None:
    """Note that a table was imported. Raises BadToken."""
    _row(session, secret, platform_id).taken_at = utc_now()


def recipe_fields(headings: Iterable[Heading], chosen: Mapping[int, str]) -> dict[str, str]:
    """The part of a recipe that maps our fields to headings: what was chosen by hand, so that the next table is read alike."""
    first = next(iter(headings), None)
    by_index = {one.index: one.text for one in headings if first is not None and one.sheet == first.sheet}
    return {name: by_index[index] for index, name in chosen.items() if name and by_index.get(index)}


def _row(session: Session, secret: str, platform_id: str | None) -> PartnerTable:
    is_this = PartnerTable.hash == tokens.hash_of(secret), PartnerTable.expires_at > utc_now()
    row = session.scalar(select(PartnerTable).where(*is_this))
    if row is None or row.platform_id != platform_id:
        raise BadToken("table")
    return row


def _of_payload(session: Session, payload: Mapping[str, str]) -> PartnerTable:
    row = session.scalar(select(PartnerTable).where(PartnerTable.hash == payload.get("table", "")))
    if row is None:
        raise BadToken("table")
    return row


def _chosen(row: PartnerTable) -> dict[int, str]:
    return {int(index): name for index, name in row.columns.items()}


def _recipe(session: Session, row: PartnerTable) -> Recipe:
    """The recipe of the platform that a table proposes, by what was chosen; an id that is free."""
    checked = Checked.from_json(row.result)
    choices = Choices(**row.choices) if row.choices is not None else Choices.proposed(checked.result)
    title = choices.title or row.name
    stored = {"platform": _free_id(session, title), "title": title, "url": row.url, "adapter": "file"}
    parts = {
        "defaults": choices.defaults,
        "values": choices.words,
        "fields": recipe_fields(checked.headings, _chosen(row)),
    }
    return parse_recipe(stored | {name: value for name, value in parts.items() if value})


def _free_id(session: Session, title: str) -> str:
    """An id of a platform made of its title, with letters after it where that is taken."""
    id = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:50].strip("-") or "table"
    return id if session.get(Platform, id) is None else f"{id}-{new_public_id()[:6]}"


def _counted(record: Record) -> Record:
    """A record with only what is counted of it."""
    bare = Record(**{name: getattr(record, name) for name in _COUNTED_FIELDS})
    return replace(bare, description={"und": "…"} if record.description else {})


def _unknown_themes(problems: Iterable[Problem]) -> list[FoundWord]:
    """The words for themes that we do not know, the most frequent first; unknown words of other fields are errors."""
    ids: dict[str, dict[str, None]] = {}
    for problem in problems:
        if (problem.reason, problem.field) == (BAD_VALUE, "themes") and problem.value and problem.remote_id:
            ids.setdefault(problem.value, {})[problem.remote_id] = None
    ranked = sorted(ids, key=lambda word: (-len(ids[word]), word))[:MAX_WORDS]
    return [FoundWord("theme", word, list(ids[word]), _suggestion(word)) for word in ranked]


def _suggestion(word: str) -> str:
    near = load().nearest("theme", word)
    return near.id if near and near.is_sure else ""
