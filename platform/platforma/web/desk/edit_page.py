"""The page of one listing at the desk: its form with all fields, its state, what it has to do with others, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from platforma.catalogue import audit
from platforma.catalogue.decisions import reads
from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import judged, listing_queries
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS, Listing
from platforma.catalogue.listings.said import said_of
from platforma.catalogue.listings.saves import PART_OF
from platforma.catalogue.listings.shown_pairs import likely_same
from platforma.catalogue.listings.versions import EDITING
from platforma.catalogue.partners import claims
from platforma.catalogue.pictures.shown import image_status
from platforma.catalogue.states import INITIATIVE_REASONS, INITIATIVE_TRANSITIONS, InitiativeAction
from platforma.i18n import current_language, today
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.desk.decided_lines import DecisionLine
from platforma.web.desk.event_words import action_label
from platforma.web.desk.image_note import image_note
from platforma.web.desk.joined_pages import RelationLines, other_listing
from platforma.web.desk.viewmodels import listing_state
from platforma.web.edit_fields import Known, field_groups, field_line, full_label, language_choices, place_note, text_groups
from platforma.web.edit_form import EditForm, key_of
from platforma.web.labels import field_label
from platforma.web.public.filters import query_of
from platforma.web.public.geography.mini_map import MiniMap, mini_map
from platforma.web.public.rows import Row, place_text, row
from search.port import SearchError

REMOVAL, DECISION = "removal-reason", "reason-decision"
"""Inputs that are no fields of the listing: the reasons of a removal and of a decision."""
STATE_DECISIONS = {
    "publish": InitiativeAction.PUBLISH,
    "unpublish": InitiativeAction.WITHDRAW,
    "refuse": InitiativeAction.REFUSE,
}
MAX_FOUND = 8
FIELDS = (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS)


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused reason of a removal or of a decision (REMOVAL or DECISION), and why, in the reader's language."""

    field: str
    typed: str
    reason: str


def edit_page(
    public_id: str,
    form: EditForm | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    refused: Refused | None = None,
    saved: str | None = None,
) -> str:
    """The page, with what was typed, and the errors by the names of inputs; `saved` is what to say of what was just done.

    Raises BadState for a listing that was merged into another one.
    """
    form, errors = form or EditForm(), errors or {}
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, public_id)
        if isinstance(listing, listing_queries.Moved):
            raise BadState(INITIATIVE_REASONS[InitiativeState.MERGED])
        values = {(line.field, line.lang): line for line in listing_queries.values_of(session, public_id)}
        said = said_of(session, public_id)
        history = audit.history(session, "initiative", public_id)
        related = judged.relations(session, public_id, {other for event in history if (other := other_listing(event))})
        likely = likely_same(session, [public_id]).get(public_id, ())
        status = image_status(session, public_id)
        removal = reads.waiting_removal(session, public_id)
        claimed = len(claims.all_claims_of(session, public_id))
    notes = {"image": image_note(listing, status), "lat": place_note(listing)}
    known = Known(listing, values, said, form, errors, notes)
    texts, groups, organisation = text_groups(known), field_groups(known), field_line(known, "organisation", "")
    lines = [*(line for *_names, own in texts for line in own), *(line for _name, own in groups for line in own), organisation]
    told = {line.name: f"{line.label}: {line.error or line.meanwhile}" for line in lines if line.error or line.meanwhile}
    relations = RelationLines.of(related, likely)
    return render_template(
        "pages/desk/edit.html", listing=listing, title=listing.title(current_language()), texts=texts, groups=groups,
        organisation=organisation, form=form, refused=refused, errors=_errors(told, errors, refused),
        part_of_error=errors.get(PART_OF),
        found=_found(form, listing), state=listing_state(listing.state), saved=_saved(saved or request.args.get("saved", "")),
        decisions=_decisions(listing), map=_map(listing), new_languages=language_choices(known.langs),
        is_unlicensed=bool(listing.get("image")) and status is None,
        has_versions=any(event.action in EDITING for event in history),
        removal=DecisionLine.of(removal) if removal else None, claims=claimed,
        history=[(*_history_line(event), relations.others.get(other_listing(event))) for event in history], relations=relations,
    )  # fmt: skip


def _errors(told: Mapping[str, str], errors: Mapping[str, str], refused: Refused | None) -> dict[str, str]:
    """What to correct, by the id of the input; of what has no input on the page, by that of the page."""
    others = {(name if name == PART_OF else "main"): text for name, text in errors.items() if name not in told}
    return {**told, **others, **({refused.field: refused.reason} if refused else {})}


def _decisions(listing: Listing) -> list[str]:
    allowed = INITIATIVE_TRANSITIONS[InitiativeState(listing.state)]
    return [name for name, action in STATE_DECISIONS.items() if action in allowed]


def _map(listing: Listing) -> MiniMap | None:
    place = place_text(listing, current_language())
    return mini_map(listing.get("lat"), listing.get("lon"), listing.get("country"), listing.get("place") or "", place)


def _found(form: EditForm, listing: Listing) -> list[tuple[str, Row]]:
    """The public listings that are meant by what was looked for, by words or by the number in an address; not this one."""
    words = form.looked_for
    if not words:
        return []
    numbers = [part for part in words.rstrip("/").split("/") if len(part) == len(listing.public_id)]
    try:
        query = query_of(MultiDict({"q": words}), current_language(), per_page=MAX_FOUND)
        page = services().engine.search(replace(query, by_meaning=False))
        ids = [*numbers, *(hit.id for hit in page.hits)]
    except SearchError:
        ids = numbers
    with services().database.reading() as session:
        found = listing_queries.listings(session, list(dict.fromkeys(id for id in ids if id != listing.public_id)))
    return [(one.public_id, row(one, current_language(), today=today())) for one in found]


def _saved(saved: str) -> str:
    """A text that says what was just saved, by the parameter of the redirect after a form; empty without one."""
    words = {
        "parted": _("Parted: both are listings of their own again"),
        "taken-back": _("The decision was taken back"),
        "nothing": _("Nothing was changed"),
        "restored": _("The version was restored"),
    }
    if saved in words:
        return words[saved]
    keys = [key_of(name) for name in saved.split(",")]
    labels = [full_label(*key) for key in keys if key[0] in FIELDS]
    labels += [_("Part of")] if PART_OF in saved.split(",") else []
    return _("Saved: %(what)s", what=", ".join(labels)) if labels else ""


def _history_line(event: audit.HistoryEntry) -> tuple[datetime, str, str]:
    """When, who, and what was done to which fields, with the reason where there is one."""
    values = {**event.before, **event.after}
    names = dict.fromkeys(name.partition("/")[0] for name in values)
    details = [field_label(name) for name in names if name in FIELDS]
    details += [str(values["reason"])] if values.get("reason") else []
    return event.at, event.actor, ": ".join(filter(None, (action_label(event.action, "initiative"), ", ".join(details))))
