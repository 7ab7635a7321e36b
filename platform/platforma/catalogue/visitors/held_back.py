"""What visitors send that looks like advertising: it is held back until a curator says what it is; no rule deletes anything.

The rules are few, and a curator can explain each: a field filled in that people do not see, a form sent within seconds, code
for links, many links, or words that wait here already. A wish for removal is never held back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from crawlers.record import Record
from platforma.catalogue.audit import record_event
from platforma.catalogue.errors import NotFound
from platforma.catalogue.models import HeldBack
from vocabulary.messages import N_

ADDITION, MESSAGE = "addition", "message"
MIN_SECONDS = 3.0
"""People take longer to fill in a form."""
MAX_LINKS = 3
"""So many links in a text are still meant for readers."""
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
MARKUP = re.compile(r"<a\s[^>]*href|\[(?:url|link)\b|\]\(https?://", re.IGNORECASE)
TRAPPED = N_("A field was filled in that people do not see.")
QUICK = N_("The form was sent within three seconds.")
CODE = N_("The text has code for links.")
LINKS = N_("The text has many links.")
REPEATED = N_("The same words wait here already.")


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is held back. `title` and `text` are what was sent; `alike` is how many have the same words or sender, with
    itself."""

    id: int
    kind: str
    reason: str
    title: str
    text: str
    email: str
    created_at: datetime
    alike: int


def doubt_of_form(trap: str, seconds: float | None) -> str:
    """What is doubtful about how a form was sent; empty for nothing. `seconds` is how long it was open, None where not known."""
    if trap:
        return TRAPPED
    return QUICK if seconds is not None and seconds < MIN_SECONDS else ""


def doubt_of_text(session: Session, text: str) -> str:
    """What is doubtful about a text; empty for nothing."""
    if MARKUP.search(text):
        return CODE
    if len(LINK.findall(text)) > MAX_LINKS:
        return LINKS
    is_there = select(HeldBack.id).where(HeldBack.mark == _mark(text)).limit(1)
    return REPEATED if session.scalar(is_there) is not None else ""


def hold(session: Session, *, kind: str, payload: Mapping[str, object], reason: str, text: str, email: str) -> None:
    """Hold something back."""
    session.add(HeldBack(kind=kind, payload=dict(payload), reason=reason, mark=_mark(text), email=email))


def words_of(record: Record) -> str:
    """The words of an addition."""
    texts = (*record.title.values(), *record.summary.values(), *record.description.values())
    return "\n".join(texts)


def count_and_oldest() -> Select[int, datetime]:
    """How many wait, and since when."""
    return select(func.count(HeldBack.id), func.min(HeldBack.created_at))


def count(session: Session) -> int:
    """How many wait."""
    return session.scalar(select(func.count(HeldBack.id))) or 0


def held(session: Session, *, limit: int, offset: int = 0) -> Sequence[Held]:
    """What waits, the oldest first."""
    return [_held(session, row) for row in session.scalars(select(HeldBack).order_by(HeldBack.id).limit(limit).offset(offset))]


def one(session: Session, id: int) -> Held:
    """One of them. Raises NotFound."""
    return _held(session, _row(session, id))


def let_go(session: Session, *, id: int, actor: str) -> tuple[str, dict[str, Any]]:
    """Take one out, because it is no advertising; return its kind and what was sent. Raises NotFound."""
    row = _row(session, id)
    record_event(session, actor=actor, action="held_keep", object_type="held", object_id=str(id), before={"reason": row.reason})
    session.delete(row)
    return row.kind, dict(row.payload)


def delete_alike(session: Session, *, id: int, actor: str) -> int:
    """Delete one and all that have its words or its sender; return how many. Raises NotFound."""
    row = _row(session, id)
    ids = session.scalars(select(HeldBack.id).where(_is_alike(row))).all()
    before, after = {"reason": row.reason}, {"count": len(ids)}
    record_event(session, actor=actor, action="held_delete", object_type="held", object_id=str(id), before=before, after=after)
    session.execute(delete(HeldBack).where(HeldBack.id.in_(ids)))
    return len(ids)


def _row(session: Session, id: int) -> HeldBack:
    row = session.get(HeldBack, id, with_for_update=True)
    if row is None:
        raise NotFound(str(id))
    return row


def _is_alike(row: HeldBack) -> ColumnElement[bool]:
    return or_(HeldBack.mark == row.mark, HeldBack.email == row.email) if row.email else HeldBack.mark == row.mark


def _held(session: Session, row: HeldBack) -> Held:
    alike = session.scalar(select(func.count(HeldBack.id)).where(_is_alike(row))) or 0
    if row.kind == ADDITION:
        record = Record.from_json(row.payload["record"])
        title, text = next(iter(record.title.values()), ""), "\n".join([*record.summary.values(), *record.description.values()])
    else:
        title, text = "", str(row.payload["text"])
    return Held(row.id, row.kind, row.reason, title, text, row.email, row.created_at, alike)


def _mark(text: str) -> str:
    """The same for texts that differ in blanks, capitals and digits only."""
    return hashlib.sha256(re.sub(r"[\W\d_]+", " ", text).strip().casefold().encode()).hexdigest()
