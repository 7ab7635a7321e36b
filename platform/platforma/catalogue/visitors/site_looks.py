"""Looks of people at what a reading found of their site: what they choose for it, and the platform that they propose."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crawlers.normalise.defaults import with_defaults
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import Record
from platforma.catalogue import audit
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Platform, ReadingState, SiteLook
from platforma.catalogue.people import memberships, proofs, rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit, LinkAttempt
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors import readings
from platforma.catalogue.visitors.readings import Result
from vocabulary import load

LIFETIME = timedelta(days=3)
"""How long a look can be opened, and its choices go with the link that confirms them."""
FORGET_AFTER = timedelta(days=7)
"""How long after it expired a look is stored: a mailed link may wait for a mail server before its own three days begin."""
DIMENSIONS = ("kind", "sector", "country")
MAX_TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for a platform: its name, an id for entries that do not say theirs ("" for none), and by dimension
    what their own words mean (only those that were decided on)."""

    title: str = ""
    kind: str = ""
    sector: str = ""
    country: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def proposed(cls, result: Result) -> Self:
        """What is chosen before anybody chose."""
        ids = {name: result.proposed[name].id for name in DIMENSIONS if name in result.proposed}
        suggested = [(word.dimension, word.text, word.suggestion) for word in result.words]
        return cls(result.title, **ids, words=_meanings(suggested))

    @classmethod
    def sent(cls, form: Mapping[str, str], result: Result) -> Self:
        """The choices of a form, in which `word-0` is what the first word of the result means; what is on none of our lists
        counts as not chosen."""
        ids = {name: form.get(name, "") for name in DIMENSIONS}
        known = {name: id if id in load().ids(name) else "" for name, id in ids.items()}
        sent = [(word.dimension, word.text, form.get(f"word-{number}", "")) for number, word in enumerate(result.words)]
        return cls(" ".join(form.get("title", "").split())[:MAX_TITLE_CHARACTERS], **known, words=_meanings(sent))

    def shown(self, record: Record, result: Result) -> Record:
        """A record of the result as it is with what was chosen: what its words mean, then what holds for all."""
        for word in result.words:
            id = self.words.get(word.dimension, {}).get(word.text)
            if id and record.remote_id in word.remote_ids:
                record = _with_meaning(record, word.dimension, id)
        return with_defaults(record, self.defaults)

    @property
    def defaults(self) -> dict[str, Any]:
        """The defaults of a recipe that stand for them."""
        chosen = {"kind": self.kind, "sectors": [self.sector] if self.sector else [], "country": self.country}
        return {name: value for name, value in chosen.items() if value}


def _meanings(chosen: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """By dimension, the ids of words; without those that are on no list of ours."""
    meanings: dict[str, dict[str, str]] = {}
    for dimension, text, id in chosen:
        if id in load().ids(dimension):
            meanings.setdefault(dimension, {})[text] = id
    return meanings


def _with_meaning(record: Record, dimension: str, id: str) -> Record:
    """A record with what one of its words means; a kind or country that it has already stays."""
    if dimension in ("theme", "sector"):
        name = f"{dimension}s"
        changed: dict[str, Any] = {name: tuple(dict.fromkeys((*getattr(record, name), id)))}
    else:
        changed = {dimension: getattr(record, dimension) or id}
    return replace(record, **changed)


@dataclass(frozen=True, slots=True)
class Look:
    """A look as its page shows it.

    `before` counts the readings that come first while it waits; `result` is None until the end.
    """

    url: str
    state: ReadingState
    before: int
    pages: int
    expected: int | None
    result: Result | None
    reason: str | None
    values: Mapping[str, str]
    choices: Choices

    @property
    def is_ended(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.state in (ReadingState.DONE, ReadingState.FAILED)


def begin(session: Session, url: str, attempt: LinkAttempt) -> str | ExceededLimit:
    """Begin a look at an address, at a reading that others asked for if there is one; return its secret, or the limit exceeded.

    `attempt` is counted by the network of whoever asks and by the host of the site (rate_limits.LOOK).
    """
    now = utc_now()
    exceeded = rate_limits.count_attempt(session, attempt)
    if exceeded is not None:
        return exceeded
    reading = readings.shared_reading(session, url, now)
    if reading is None:
        if readings.is_host_spent(session, url, now):
            return ExceededLimit.RECIPIENT
        if readings.is_day_spent(session, now):
            return ExceededLimit.ALL
        reading = readings.new_reading(session, url)
    secret = secrets.token_urlsafe(24)
    session.add(SiteLook(hash=tokens.hash_of(secret), reading_id=reading.id, url=url, expires_at=now + LIFETIME))
    return secret


def look(session: Session, secret: str) -> Look:
    """The look of a secret. Raises BadToken where there is none or it expired."""
    row = _row(session, secret)
    reading = row.reading
    is_ended = reading.state in (ReadingState.DONE, ReadingState.FAILED)
    result = Result.from_json(reading.result) if is_ended else None
    return Look(
        url=row.url,
        state=ReadingState(reading.state),
        before=readings.before(session, reading) if reading.state == ReadingState.WAITING else 0,
        pages=reading.pages,
        expected=reading.expected,
        result=result,
        reason=reading.reason,
        values=reading.values,
        choices=Choices(**row.choices) if row.choices is not None else Choices.proposed(result or Result()),
    )


def choose(session: Session, secret: str, form: Mapping[str, str]) -> bool:
    """Store what somebody chose in a form; return whether entries were found, so that they can be proposed. Raises BadToken."""
    row = _row(session, secret)
    result = Result.from_json(row.reading.result)
    row.choices = asdict(Choices.sent(form, result))
    return bool(result.records)


def mail_payload(session: Session, secret: str, email: str) -> dict[str, str]:
    """What the link that confirms a proposal refers to. Raises BadToken."""
    row = _row(session, secret)
    return {"url": row.url, "email": email.strip().lower(), "look": row.hash}


def recipe_of(session: Session, payload: Mapping[str, str]) -> Recipe:
    """The recipe of a proposal: what was read with what was chosen; where that is gone, a recipe of the address alone."""
    recipe = Recipe.for_address(payload["url"])
    row = session.scalar(select(SiteLook).where(SiteLook.hash == payload.get("look", "")))
    if row is None:
        return recipe
    result = Result.from_json(row.reading.result)
    choices = Choices(**row.choices) if row.choices is not None else Choices.proposed(result)
    stored = {
        **result.recipe,
        "platform": recipe.platform,
        "url": recipe.url,
        "title": choices.title or result.title or recipe.title,
    }
    chosen = {"defaults": choices.defaults, "values": choices.words}
    return parse_recipe(stored | {name: value for name, value in chosen.items() if value})


def propose(session: Session, secret: str, *, lang: str) -> tuple[Platform, bool]:
    """Use up the link that confirms a proposal, and propose the platform; return it, and whether it newly waits for a decision.

    Who confirmed becomes a member of a platform that has none. Raises BadToken.
    """
    payload = tokens.use_token(session, secret, tokens.CONFIRM_PLATFORM).payload
    email, before = payload["email"], audit.newest_id(session)
    recipe = recipe_of(session, payload)
    proposal = platform_states.Proposal.by_recipe(recipe, contact_email=email, contact_lang=lang, is_by_address=True)
    platform = platform_states.propose_platform(session, proposal, actor=email)
    is_new = audit.is_noted_since(session, before, action="propose", object_type="platform", object_id=platform.id)
    if is_new:
        memberships.join(session, email=email, platform_id=platform.id, lang=lang)
        proofs.note_mail(session, platform_id=platform.id, email=email)
    return platform, is_new


def forget_looks(session: Session, now: datetime) -> None:
    """Delete looks that expired FORGET_AFTER ago, then readings that nobody looks at, with what they hold."""
    session.execute(delete(SiteLook).where(SiteLook.expires_at < now - FORGET_AFTER))
    readings.forget_readings(session, now)


def _row(session: Session, secret: str) -> SiteLook:
    row = session.scalar(select(SiteLook).where(SiteLook.hash == tokens.hash_of(secret), SiteLook.expires_at > utc_now()))
    if row is None:
        raise BadToken("look")
    return row
