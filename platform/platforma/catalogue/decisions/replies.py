"""The texts with which curators begin what the other side reads: shipped ones, changed and added at the desk."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadValue, NotFound
from platforma.catalogue.models import ReplyText
from vocabulary.languages import FALLBACK_LANGUAGE, LANGUAGES
from vocabulary.messages import N_
from vocabulary.replies import KINDS, SHIPPED

MAX_CHARACTERS = 2_000
EMPTY = N_("Write the text in at least one language, in at most %(limit)s characters each")


@dataclass(frozen=True, slots=True)
class Reply:
    """A text by its key; `texts` has it in each language that has one. `is_shipped`: it came with the program, unchanged."""

    key: str
    kind: str
    texts: Mapping[str, str]
    is_shipped: bool
    is_removed: bool

    def text(self, lang: str) -> str:
        """The text for a recipient who reads this language."""
        return self.texts.get(lang) or self.texts.get(FALLBACK_LANGUAGE) or next(iter(self.texts.values()), "")


def replies(session: Session, kind: str) -> list[Reply]:
    """The texts of a kind, the shipped ones first, removed ones among them; each with its changes."""
    changed: dict[str, dict[str, ReplyText]] = {}
    for row in session.scalars(select(ReplyText).where(ReplyText.kind == kind).order_by(ReplyText.at, ReplyText.key)):
        changed.setdefault(row.key, {})[row.lang] = row
    shipped = {reply.key: reply.texts for reply in SHIPPED if reply.kind == kind}
    keys = [*shipped, *(key for key in changed if key not in shipped)]
    return [_reply(key, kind, shipped.get(key, {}), changed.get(key, {})) for key in keys]


def offered(session: Session, kind: str) -> list[Reply]:
    """The texts of a kind that are offered."""
    return [reply for reply in replies(session, kind) if not reply.is_removed]


def save(session: Session, *, key: str, kind: str, texts: Mapping[str, str], is_removed: bool, actor: str) -> str:
    """Store a text in each language, or add one where `key` is empty; return its key. Raises NotFound and BadValue."""
    known = {reply.key: reply for reply in replies(session, kind)} if kind in KINDS else {}
    if kind not in KINDS or (key and key not in known):
        raise NotFound(key or kind)
    kept = {lang: text.strip() for lang, text in texts.items() if lang in LANGUAGES}
    if not any(kept.values()) or max(map(len, kept.values())) > MAX_CHARACTERS:
        raise BadValue("text", EMPTY, limit=MAX_CHARACTERS)
    name = key or f"own-{secrets.token_hex(5)}"
    session.execute(delete(ReplyText).where(ReplyText.key == name))
    now = utc_now()
    rows = [
        ReplyText(key=name, lang=lang, kind=kind, text=text, is_removed=is_removed, by=actor, at=now)
        for lang, text in kept.items()
    ]
    session.add_all(rows)
    before = {"texts": dict(known[key].texts)} if key else None
    after = {"texts": kept, "is_removed": is_removed}
    record_event(session, actor=actor, action="save", object_type="reply", object_id=name, before=before, after=after)
    return name


def _reply(key: str, kind: str, shipped: Mapping[str, str], changed: Mapping[str, ReplyText]) -> Reply:
    texts = {lang: row.text for lang, row in changed.items() if row.text} or dict(shipped)
    is_removed = any(row.is_removed for row in changed.values())
    return Reply(key, kind, texts, is_shipped=not changed, is_removed=is_removed)
