"""What whoever keeps a listing sees of it: how it stands, each field with whose value it is, and what waits for the curators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from platforma.catalogue.listings import groups, listing_queries
from platforma.catalogue.listings.layers import Key
from platforma.catalogue.listings.listing import LIST_FIELDS, Listing
from platforma.catalogue.listings.listing_queries import ValueLine
from platforma.catalogue.listings.said import said_of
from platforma.catalogue.partners import claim_changes, claims
from platforma.catalogue.partners.claim_changes import FIELDS, TEXTS, WaitingChange
from platforma.catalogue.partners.claims import Claim
from platforma.catalogue.states import SHOWN_STATES
from platforma.i18n import day
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.edit_fields import GROUPS, FieldLine, Known, field_line, full_label
from platforma.web.edit_form import EditForm
from platforma.web.labels import field_label, value_text
from platforma.web.public.rows import listing_url


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the form; a locked one was set by the curators and is only shown."""

    line: FieldLine
    is_locked: bool


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of a change that waits: what the listing shows now, and what was typed."""

    label: str
    before: str
    after: str
    lang: str


@dataclass(frozen=True, slots=True)
class OwnListing:
    """The page of a listing for whoever keeps it. `texts` are the text fields, each in all languages; `groups` the others."""

    claim: Claim
    listing: Listing
    public_url: str
    texts: Sequence[tuple[str, Sequence[OwnField]]]
    groups: Sequence[tuple[str, Sequence[OwnField]]]
    waiting: Sequence[ChangedField]
    refusal: str
    others: Sequence[str]
    errors: Mapping[str, str]


def own_listing(claim: Claim, form: EditForm, errors: Mapping[str, str]) -> OwnListing:
    """The page, with what was typed, and the errors by the names of inputs."""
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, claim.public_id)
        assert isinstance(listing, Listing)
        values = {(line.field, line.lang): line for line in listing_queries.values_of(session, claim.public_id)}
        known = Known(listing, values, said_of(session, claim.public_id), form, errors)
        change, refusal = claim_changes.waiting_change(session, claim.id), claim_changes.last_refusal(session, claim.id)
        others = [one.email for one in claims.claims_of(session, claim.public_id) if one.is_proven and one.id != claim.id]
    decided = {(groups.subject(field), lang) for (field, lang), line in values.items() if line.author == "curator"}
    texts = [(field_label(name), [_own(known, decided, name, lang) for lang in known.langs]) for name in TEXTS]
    fields = [(_(legend), [_own(known, decided, name, "") for name in names if name in FIELDS]) for legend, names in GROUPS]
    return OwnListing(
        claim=claim, listing=listing, public_url=listing_url(listing) if listing.state in SHOWN_STATES else "", texts=texts,
        groups=[(legend, owns) for legend, owns in fields if owns], waiting=changed_fields(listing, change) if change else (),
        refusal="" if change else refusal or "", others=others,
        errors=_errors([own.line for _name, owns in (*texts, *fields) for own in owns], errors),
    )  # fmt: skip


def _errors(lines: Sequence[FieldLine], errors: Mapping[str, str]) -> dict[str, str]:
    """What to correct, by the id of the input; of what has no input on the page, by that of the page."""
    told = {line.name: f"{line.label}: {line.error or line.meanwhile}" for line in lines if line.error or line.meanwhile}
    unplaced = [text for name, text in errors.items() if name not in told]
    return told | ({"main": unplaced[0]} if unplaced else {})


def changed_fields(listing: Listing, change: WaitingChange) -> list[ChangedField]:
    """The fields of a change that waits, beside what the listing shows of them."""
    return [
        ChangedField(
            full_label(*key), value_text(key[0], claim_changes.before(listing, key)), _as_shown(key[0], text), key[1]
        )
        for key, text in change.values
    ]  # fmt: skip


def _as_shown(field: str, text: str) -> str:
    """A typed text as the value that it stands for; of a list, each entry is a line."""
    entries = [entry for entry in text.split("\n") if entry] if field in LIST_FIELDS else text
    return value_text(field, entries)


def _own(known: Known, decided: set[Key], name: str, lang: str) -> OwnField:
    line, value = field_line(known, name, lang), known.values.get((name, lang))
    is_locked = (groups.subject(name), lang) in decided
    return OwnField(replace(line, news=(), can_be_released=False, whose=_whose(value, is_locked=is_locked)), is_locked)


def _whose(value: ValueLine | None, *, is_locked: bool) -> str:
    """Whose value is shown; no curator is named."""
    if value is None or is_locked or value.follows_platform:
        return ""
    return _("your own words since %(day)s", day=day(value.at, "genitive"))
