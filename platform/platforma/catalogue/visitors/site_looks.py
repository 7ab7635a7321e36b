"""Looks of people at what a reading found of their site: what they choose for it, and the platform that they propose."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crawlers.normalise.choices import own_field_list
from crawlers.normalise.defaults import with_defaults
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import Record
from crawlers.values.labels import FIELDS
from platforma.catalogue import audit
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadToken, BadValue
from platforma.catalogue.models import Platform, ReadingState, SiteLook
from platforma.catalogue.people import memberships, proofs, rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit, LinkAttempt
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors import readings
from platforma.catalogue.visitors.mapped import MAX_WORDS, mapped
from platforma.catalogue.visitors.readings import Result
from vocabulary import DIMENSIONS as DIMENSION_NAMES
from vocabulary import load
from vocabulary.characters import single_line
from vocabulary.messages import N_

LIFETIME = timedelta(days=3)
"""How long a look can be opened, and its choices go with the link that confirms them."""
FORGET_AFTER = timedelta(days=7)
"""How long after it expired a look is stored: a mailed link may wait for a mail server before its own three days begin."""
DIMENSIONS = ("kind", "sector", "country")
MAX_TITLE_CHARACTERS = 120
OUR_FIELDS = frozenset(FIELDS.values())
"""Our fields that a field of a source can fill."""
TRIED_AGAIN_MINUTES = readings.TRIED_AGAIN_AFTER // timedelta(minutes=1)
TOO_SOON = N_("Your site was read less than %(minutes)s minutes ago. Try again a little later.")
NO_NAMES = N_("Then no entry would have a name. Choose which of your fields holds the names.")
TWICE = N_("Two of your fields are chosen for the same one of ours: “%(one)s” and “%(other)s”. Choose one of them.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for a platform: its name, an id for entries that do not say theirs ("" for none), and by dimension
    what their own words mean (only those that were decided on).

    `fields` has those of the source's fields, by their own names, for which another field of ours was chosen, or none ("").
    """

    title: str = ""
    kind: str = ""
    sector: str = ""
    country: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def proposed(cls, result: Result) -> Self:
        """What is chosen before anybody chose."""
        kind, sector, country = (result.proposed[name].id if name in result.proposed else "" for name in DIMENSIONS)
        suggested = [(word.dimension, word.text, word.suggestion) for word in result.words]
        return cls(result.title, kind, sector, country, _meanings(suggested))

    @classmethod
    def sent(cls, form: Mapping[str, str], result: Result) -> Self:
        """The choices of a form; what is on none of our lists counts as not chosen.

        `word-0` is what the word `said-0` (dimension:word) means, `field-0` what the source's field `name-0` fills.
        """
        kind, sector, country = (_known(name, form.get(name, "")) for name in DIMENSIONS)
        title = single_line(form.get("title", ""))[:MAX_TITLE_CHARACTERS]
        return cls(title, kind, sector, country, _meanings(_sent_words(form)), _sent_fields(form, result))

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

    @property
    def doubled(self) -> tuple[str, str] | None:
        """The names of two fields of the source that are chosen for the same one of ours; None where there are none."""
        names: dict[str, str] = {}
        for name, ours in self.fields.items():
            if ours and (other := names.setdefault(ours, name)) != name:
                return other, name
        return None


def _known(dimension: str, id: str) -> str:
    return id if id in load().ids(dimension) else ""


def _sent_fields(form: Mapping[str, str], result: Result) -> dict[str, str]:
    """For each field of the source for which a form chooses otherwise than the reading, the field of ours, or ""."""
    read = {own.name: own.ours for own in own_field_list(result.raws)}
    numbers = [key.removeprefix("name-") for key in form if key.startswith("name-")]
    sent = {form[f"name-{number}"]: form.get(f"field-{number}", "") for number in numbers}
    return {name: ours for name, ours in sent.items() if ours != read.get(name, ours) and (ours in OUR_FIELDS or not ours)}


def _sent_words(form: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The words that a form asks about, as (dimension, text, chosen id)."""
    for number in range(MAX_WORDS):
        dimension, _, text = form.get(f"said-{number}", "").partition(":")
        if text:
            yield dimension, text, form.get(f"word-{number}", "")


def _meanings(chosen: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """By dimension, the ids of words; without those that are on no list of ours."""
    meanings: dict[str, dict[str, str]] = {}
    for dimension, text, id in chosen:
        if dimension in DIMENSION_NAMES and id in load().ids(dimension):
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


class BadChoices(BadValue):
    """What was chosen cannot be; `choices` is all of it, so that it can be shown again."""

    def __init__(self, choices: Choices, reason: str, **values: object) -> None:
        super().__init__("fields", reason, **values)
        self.choices = choices


def check(choices: Choices, result: Result) -> None:
    """Raise BadChoices where two fields fill one of ours, or no entry of the result has a name by it."""
    if doubled := choices.doubled:
        raise BadChoices(choices, TWICE, one=doubled[0], other=doubled[1])
    if choices.fields and not mapped(result, choices.fields).records:
        raise BadChoices(choices, NO_NAMES)


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


def read_again(session: Session, secret: str, attempt: LinkAttempt) -> ExceededLimit | None:
    """Have the site of a look read again, what was chosen stays; return the limit exceeded. `attempt` as for begin.

    A younger reading of the address serves, too. Raises BadToken, and BadState where the last one ended a short while ago.
    """
    row, now = _row(session, secret), utc_now()
    ended_at = row.reading.ended_at
    if ended_at is None or ended_at > now - readings.TRIED_AGAIN_AFTER:
        raise BadState(TOO_SOON, minutes=TRIED_AGAIN_MINUTES)
    exceeded = rate_limits.count_attempt(session, attempt)
    if exceeded is not None:
        return exceeded
    reading = readings.shared_reading(session, row.url, now)
    if reading is None or reading.id <= row.reading_id:
        if exceeded := _spent(session, row.url, now):
            return exceeded
        reading = readings.new_reading(session, row.url)
    row.reading_id = reading.id
    return None


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
        if exceeded := _spent(session, url, now):
            return exceeded
        reading = readings.new_reading(session, url)
    secret = secrets.token_urlsafe(24)
    session.add(SiteLook(hash=tokens.hash_of(secret), reading_id=reading.id, url=url, expires_at=now + LIFETIME))
    return secret


def look(session: Session, secret: str) -> Look:
    """The look of a secret. Raises BadToken where there is none or it expired."""
    row = _row(session, secret)
    reading = row.reading
    is_ended = reading.state in (ReadingState.DONE, ReadingState.FAILED)
    choices, result = _choices_and_result(row) if is_ended else (Choices(), None)
    return Look(
        url=row.url,
        state=ReadingState(reading.state),
        before=readings.before(session, reading) if reading.state == ReadingState.WAITING else 0,
        pages=reading.pages,
        expected=reading.expected,
        result=result,
        reason=reading.reason,
        values=reading.values,
        choices=choices,
    )


def choose(session: Session, secret: str, form: Mapping[str, str]) -> bool:
    """Store what somebody chose in a form; return whether entries were found, so that they can be proposed.

    Raises BadToken, and BadChoices, of which nothing is stored.
    """
    row = _row(session, secret)
    _, result = _choices_and_result(row)
    choices = Choices.sent(form, result)
    check(choices, result)
    row.choices = asdict(choices)
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
    choices, result = _choices_and_result(row)
    stored = {
        **result.recipe,
        "platform": recipe.platform,
        "url": recipe.url,
        "title": choices.title or result.title or recipe.title,
    }
    fields = {name: ours or None for name, ours in choices.fields.items()}
    chosen = {"defaults": choices.defaults, "values": choices.words, "choices": fields}
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
        proofs.note_mail(session, subject=platform.id, email=email)
    return platform, is_new


def forget_looks(session: Session, now: datetime) -> None:
    """Delete looks that expired FORGET_AFTER ago, then readings that nobody looks at, with what they hold."""
    session.execute(delete(SiteLook).where(SiteLook.expires_at < now - FORGET_AFTER))
    readings.forget_readings(session, now)


def _spent(session: Session, url: str, now: datetime) -> ExceededLimit | None:
    """The limit by which no site, or none of this host, is read any more today."""
    if readings.is_host_spent(session, url, now):
        return ExceededLimit.RECIPIENT
    return ExceededLimit.ALL if readings.is_day_spent(session, now) else None


def _choices_and_result(row: SiteLook) -> tuple[Choices, Result]:
    """What is chosen, and what was read as it is by that."""
    result = Result.from_json(row.reading.result)
    choices = Choices(**row.choices) if row.choices is not None else Choices.proposed(result)
    return choices, mapped(result, choices.fields)


def _row(session: Session, secret: str) -> SiteLook:
    row = session.scalar(select(SiteLook).where(SiteLook.hash == tokens.hash_of(secret), SiteLook.expires_at > utc_now()))
    if row is None:
        raise BadToken("look")
    return row
