"""Listings that somebody keeps for their organisation: the form, its preview, what waits, the proof, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crawlers.websites.proving import FILE, META_NAME
from platforma.addresses import OWN_LISTING
from platforma.catalogue.errors import BadValue
from platforma.catalogue.listings import saves
from platforma.catalogue.listings.relations import relations_of
from platforma.catalogue.partners import claim_changes, claims
from platforma.catalogue.partners.claims import Claim
from platforma.catalogue.people import proofs
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, today
from platforma.i18n import gettext as _
from platforma.web.context import pressed, services, signed_in
from platforma.web.crawl_views import reason_of
from platforma.web.edit_fields import full_label
from platforma.web.edit_form import EditForm, name_of
from platforma.web.partner.access import blueprint, led_back_to, said_done
from platforma.web.partner.listing_page import own_listing
from platforma.web.proof_words import claim_line
from platforma.web.public.listing_page import Surroundings, listing_page, own_platform
from platforma.web.public.neighbours import neighbours
from platforma.worker.indexing_thread import IndexingThread
from vocabulary.messages import N_

RELOAD_SECONDS = 3
"""After this time the page looks again whether the website was looked at."""
DONE = {
    "live": N_("Saved. Visitors see it within a moment."),
    "sent": N_("Sent. The curators look at it, and their answer comes by e-mail."),
    "nothing": N_("Nothing was changed"),
    "withdraw": N_("Taken back. What is public stays as it is."),
    "word": N_("The curators are asked. Their answer comes by e-mail."),
}
"""What the page says after each step."""
Errors = Mapping[str, str]


@blueprint.get(OWN_LISTING)
def listing(public_id: str) -> str | Response:
    """The page of a listing; to the proof, where that is missing, and to the listing that it was joined with."""
    claim = own_claim(public_id)
    if not claim.is_proven:
        return redirect(url_for("members.listing_proof", public_id=claim.public_id))
    if claim.public_id != public_id:
        return redirect(url_for("members.listing", public_id=claim.public_id))
    return _page(claim)


@blueprint.post(OWN_LISTING)
def save_listing(public_id: str) -> Response | str | tuple[str, int]:
    """Save what was changed, show it as visitors will see it, or take back what waits."""
    claim, form = proven_claim(public_id), EditForm.of(request.form)
    if request.form.get("do") == "withdraw":
        return _withdraw(claim)
    if form.pressed is None or form.pressed.what not in ("save", "preview", "back"):
        abort(400)
    if form.pressed.what == "back":
        return _page(claim, form)
    try:
        return _preview(claim, form) if form.pressed.what == "preview" else _save(claim, form)
    except saves.BadValues as error:
        reasons = {name_of(*key): _(reason.reason, **reason.values) for key, reason in error.reasons.items()}
        return _page(claim, form, reasons), 400
    except BadValue as error:
        return _page(claim, form, {next(iter(form.changed), error.field): _(error.reason, **error.values)}), 400
    except saves.FieldsChanged:
        return _page(claim, form), 409


@blueprint.get(f"{OWN_LISTING}proof")
def listing_proof(public_id: str) -> Response:
    """The ways to show whose listing it is, and what came of them; it reloads while a look at the website is due."""
    return _proof_page(own_claim(public_id))


@blueprint.post(f"{OWN_LISTING}proof")
def prove_listing(public_id: str) -> Response:
    """Have the website looked at for the code, or ask the curators for their word."""
    claim, step = own_claim(public_id), pressed("do", "look", "word")
    try:
        with services().database.writing() as session:
            if step == "look":
                claims.ask_look(session, claim)
            else:
                claims.ask_word(session, claim, request.form.get("words", ""))
    except BadValue as error:
        return _proof_page(claim, {"words": _(error.reason, **error.values)}, request.form.get("words", ""))
    return led_back_to(url_for("members.listing_proof", public_id=claim.public_id, done="word" if step == "word" else None))


@blueprint.get(f"{OWN_LISTING}release")
def ask_release(public_id: str) -> str:
    """Whether the listing is really to be given back, and what follows from it."""
    claim = own_claim(public_id)
    with services().database.reading() as session:
        found = claims.listing_of(session, claim)
        is_shared = any(one.is_proven and one.id != claim.id for one in claims.claims_of(session, claim.public_id))
    title = found.title(current_language()) if found else None
    return render_template("pages/members/listing_release.html", claim=claim, title=title, is_shared=is_shared)


@blueprint.post(f"{OWN_LISTING}release")
def release(public_id: str) -> Response:
    """Give the listing back."""
    claim = own_claim(public_id)
    pressed("do", "release")
    with services().database.writing() as session:
        claims.end(session, claim, actor=claim.email)
    _index_soon()
    return led_back_to(url_for("members.mine"))


def own_claim(public_id: str) -> Claim:
    """The claim of whoever is signed in of a listing. Raises NotFound."""
    user = signed_in()
    assert user is not None
    with services().database.reading() as session:
        return claims.own_claim(session, user.id, public_id)


def proven_claim(public_id: str) -> Claim:
    """The same, where it is proven; for others there is nothing at the address."""
    claim = own_claim(public_id)
    if not claim.is_proven:
        abort(404)
    return claim


def _page(claim: Claim, form: EditForm | None = None, errors: Errors | None = None) -> str:
    page = own_listing(claim, form or EditForm(), errors or {})
    return render_template("pages/members/listing.html", page=page, done=said_done(DONE))


def _save(claim: Claim, form: EditForm) -> Response:
    with services().database.writing() as session:
        if not claim.is_live:
            claim_changes.attempt(session, claim, list(form.typed.values()))
    with services().database.writing() as session:
        changed = claim_changes.save(session, claim, list(form.typed.values()))
    _index_soon()
    done = "nothing" if not changed else "live" if claim.is_live else "sent"
    return led_back_to(url_for("members.listing", public_id=claim.public_id, done=done))


def _withdraw(claim: Claim) -> Response:
    with services().database.writing() as session:
        claim_changes.withdraw(session, claim)
    return led_back_to(url_for("members.listing", public_id=claim.public_id, done="withdraw"))


def _preview(claim: Claim, form: EditForm) -> str:
    """The public page as it would be, above it what to do next; nothing is stored."""
    with services().database.writing() as session:
        tried = claim_changes.attempt(session, claim, list(form.typed.values()))
    with services().database.reading() as session:
        platforms, related = platform_queries.platform_names(session), relations_of(session, claim.public_id)
    lang, own = current_language(), own_platform(tried.listing, platforms)
    around = Surroundings(related, neighbours(tried.listing, lang, own.id if own else None), unanswered_at=None)
    model = listing_page(tried.listing, lang, today(), around, platforms)
    labels = [full_label(*key) for key in tried.changed]
    return render_template("pages/members/listing_preview.html", page=model, claim=claim, inputs=form.inputs, labels=labels)


def _proof_page(claim: Claim, errors: Errors | None = None, words: str = "") -> Response:
    with services().database.reading() as session:
        found, question = claims.listing_of(session, claim), proofs.question_of(session, claim.id)
        site = claims.site_of(session, claim.public_id)
    is_due = question is not None and question.looked_at is None
    missed = reason_of(question.reason, question.values) if question is not None and question.reason else None
    page = render_template(
        "pages/members/listing_proof.html", claim=claim, title=found.title(current_language()) if found else None, site=site,
        proofs=[claim_line(one) for one in claim.proofs], is_due=is_due, missed=missed, errors=errors or {}, words=words,
        code=proofs.site_code(services().secret_key, claim.code_name), file=FILE, meta_name=META_NAME, done=said_done(DONE),
    )  # fmt: skip
    headers = {"Refresh": str(RELOAD_SECONDS)} if is_due else {}
    return Response(page, status=400 if errors else 200, mimetype="text/html", headers=headers)


def _index_soon() -> None:
    """Let the search have what was changed; nobody waits for it."""
    indexing: IndexingThread = current_app.extensions["indexing"]
    indexing.ask(is_waking=True)
