"""Listings that organisations keep themselves: what waits for a curator, and the page of one with all who claim it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import CLAIMED
from platforma.catalogue.desk import queues
from platforma.catalogue.errors import BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.listings import listing_queries, saves
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.partners import claim_changes, claim_queue, claims
from platforma.catalogue.partners.claims import Claim
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail import claim_mails
from platforma.web.context import actor, next_skip, pressed, services, skipped
from platforma.web.crawl_views import moment
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import follow
from platforma.web.edit_fields import full_label
from platforma.web.partner.listing_page import ChangedField, changed_fields
from platforma.web.proof_words import proof_line
from vocabulary.characters import without_controls
from vocabulary.messages import N_

PER_PAGE = 50
CHANGED = N_("The listing has changed in the meantime, and nothing was done. Look at the change again.")
SURE = N_("Tick that you are sure")
STEPS = ("vouch", "trust", "refuse", "live", "checked", "accept", "refuse_change", "end")
"""Buttons: the word given, with and without trust, or refused; whether changes are public at once; a change accepted or refused;
the end of a claim."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with how it was shown, the change that waits, and its id; `waits_since` is empty where none does."""

    claim: Claim
    proofs: Sequence[str]
    change_id: int | None
    waits_since: str
    changed: Sequence[ChangedField]


@dataclass(frozen=True, slots=True)
class Refused:
    """A step that was not made: of which claim, in which input, what was typed, and why."""

    claim_id: int
    step: str
    typed: str
    reason: str


@blueprint.get("/claims")
def all_claims() -> str:
    """What waits, the oldest first; below it all listings that somebody has claimed."""
    skip = skipped()
    with services().database.reading() as session:
        waiting = claim_queue.waiting(session, limit=PER_PAGE, offset=0)
        in_all, _oldest = queues.counted(session, queues.queue("claims"))
        listings, total = claim_queue.all_listings(session, limit=PER_PAGE, offset=skip)
    lang = current_language()
    return render_template(
        "pages/desk/claims.html", waiting=[(one, one.listing.title(lang), moment(one.since)) for one in waiting],
        listings=[(one, one.title(lang)) for one in listings], total=total,
        more=in_all - len(waiting), skip=skip, next_skip=next_skip(skip, PER_PAGE, total),
    )  # fmt: skip


@blueprint.get(CLAIMED)
def claims_of(public_id: str) -> str | Response:
    """Who claims a listing, how that was shown, and what waits."""
    with services().database.reading() as session:
        found = listing_queries.listing_for_desk(session, public_id)
    if not isinstance(found, Listing):
        return redirect(url_for("desk.claims_of", public_id=found.public_id))
    return _page(public_id)


@blueprint.post(CLAIMED)
def decide_claim(public_id: str) -> Response | tuple[str, int]:
    """Decide about a claim or a change; whoever made it is told by mail."""
    step, claim = pressed("do", *STEPS), _claim(public_id)
    reason = without_controls(request.form.get("reason", "")).strip()
    try:
        _DECISIONS[step](claim, reason)
    except saves.BadValues as error:
        lines = [f"{full_label(*key)}: {_(one.reason, **one.values)}" for key, one in error.reasons.items()]
        return _page(public_id, Refused(claim.id, step, reason, "; ".join(lines))), 409
    except BadValue as error:
        return _page(public_id, Refused(claim.id, step, reason, _(error.reason, **error.values))), 400
    except BadState as error:
        return _page(public_id, Refused(claim.id, step, reason, _(error.reason, **error.values))), 409
    except (VersionConflict, saves.FieldsChanged):
        return _page(public_id, Refused(claim.id, step, reason, _(CHANGED))), 409
    follow()
    return redirect(url_for("desk.claims_of", public_id=public_id, done=step))


def _claim(public_id: str) -> Claim:
    """The claim of the form. Raises NotFound where it is none of this listing."""
    with services().database.reading() as session:
        found = claims.all_claims_of(session, public_id)
    claim = next((one for one in found if str(one.id) == request.form.get("claim")), None)
    if claim is None:
        raise NotFound(public_id)
    return claim


def _vouch(claim: Claim, _reason: str, *, is_trusted: bool) -> None:
    with services().database.writing() as session:
        if claims.vouch(session, claim, actor=actor(), is_trusted=is_trusted):
            claim_mails.tell_of_word(services().settings, session, claim)
            claim_mails.tell_others(services().settings, session, claim)


def _refuse(claim: Claim, reason: str) -> None:
    with services().database.writing() as session:
        claims.refuse_word(session, claim, actor=actor(), reason=reason)
        claim_mails.tell_of_word(services().settings, session, claim, reason=reason)


def _set_live(claim: Claim, _reason: str, *, live: bool) -> None:
    with services().database.writing() as session:
        claims.set_live(session, claim, actor=actor(), live=live)


def _accept(claim: Claim, _reason: str) -> None:
    change_id, version = request.form.get("change", 0, int), request.form.get("version", 0, int)
    with services().database.writing() as session:
        claim_changes.accept(session, claim, change_id, actor=actor(), version=version)
        claim_mails.tell_of_change(services().settings, session, claim)


def _refuse_change(claim: Claim, reason: str) -> None:
    with services().database.writing() as session:
        claim_changes.refuse(session, claim, request.form.get("change", 0, int), actor=actor(), reason=reason)
        claim_mails.tell_of_change(services().settings, session, claim, reason=reason)


def _end(claim: Claim, reason: str) -> None:
    if not request.form.get("sure"):
        raise BadValue("sure", SURE)
    if not reason:
        raise BadValue("reason", claims.NO_REASON)
    with services().database.writing() as session:
        if not claim.is_closed:
            claim_mails.tell_of_end(services().settings, session, claim, reason=reason)
        claims.end(session, claim, actor=actor(), reason=reason)


_DECISIONS: Mapping[str, Callable[[Claim, str], None]] = {
    "vouch": partial(_vouch, is_trusted=False),
    "trust": partial(_vouch, is_trusted=True),
    "refuse": _refuse,
    "live": partial(_set_live, live=True),
    "checked": partial(_set_live, live=False),
    "accept": _accept,
    "refuse_change": _refuse_change,
    "end": _end,
}


def _page(public_id: str, refused: Refused | None = None) -> str:
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, public_id)
        assert isinstance(listing, Listing)
        found = claims.all_claims_of(session, public_id)
        changes = {claim.id: claim_changes.waiting_change(session, claim.id) for claim in found}
    views = [
        ClaimView(
            claim, [proof_line(proof) for proof in claim.proofs], change.id if change else None,
            moment(change.sent_at) if change else "", changed_fields(listing, change) if change else (),
        )
        for claim in found
        for change in (changes[claim.id],)
    ]  # fmt: skip
    return render_template(
        "pages/desk/claim.html", listing=listing, title=listing.title(current_language()), views=views, refused=refused,
        is_done=request.args.get("done") in STEPS and refused is None,
    )  # fmt: skip
