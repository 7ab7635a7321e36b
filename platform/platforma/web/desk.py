"""The desk: what needs a curator's decision, one thing at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import changes, misses, queries, sources
from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadState, BadValue, VersionConflict
from platforma.catalogue.listing import INTERFACE_LANGUAGES, TEXT_FIELDS, Listing
from platforma.catalogue.mails import queue_mail
from platforma.catalogue.models import Event, PlatformState
from platforma.i18n import current_language, language_name, speaking
from platforma.i18n import gettext as _
from platforma.indexing import drain_outbox
from platforma.jobs import wake
from platforma.secrets import secret_key
from platforma.web import viewmodels
from platforma.web.context import actor, require_curator, services, skipped
from platforma.web.desk_views import crawl_line, say
from search.port import SearchError
from vocabulary import load

log = logging.getLogger(__name__)
blueprint = Blueprint("desk", __name__, url_prefix="/<any(lv, en):lang>/desk")
blueprint.before_request(require_curator)
PAGE = 20
SAMPLES = 5
CHOSEN_FIELDS = ("kind", "country")
PLAIN_FIELDS = ("place", "website", "email")
FIELDS = (*TEXT_FIELDS, *CHOSEN_FIELDS, *PLAIN_FIELDS)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field on the edit page: what is shown, what is ours, and what the source says now.

    `typed` is what was refused of it, with the reason in `error`.
    """

    field: str
    lang: str
    label: str
    shown: str
    ours: bool
    source_now: str | None
    choices: tuple[tuple[str, str], ...] = ()
    typed: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent for a field and not taken, and why; or, with `field` "removal-reason", for the removal."""

    field: str
    lang: str
    typed: str
    reason: str


@blueprint.get("/")
def today() -> str:
    with services().database.reading() as session:
        counts = queries.desk_counts(session)
    return render_template("pages/desk/today.html", counts=counts)


@blueprint.get("/platforms")
def platforms() -> str:
    with services().database.reading() as session:
        cards = queries.platforms_in(session, (PlatformState.PROPOSED,))
        samples = {card.id: _rows(queries.new_listings(session, limit=SAMPLES, platform_id=card.id)) for card in cards}
    last = {card.id: card.last_crawl for card in cards if card.last_crawl}
    failures = {id: f"{said.what} {said.advice}" for id, crawl in last.items() for said in [say(crawl.reason, crawl.values)]}
    return render_template("pages/desk/platforms.html", cards=cards, samples=samples, failures=failures)


@blueprint.post("/platforms/<platform_id>")
def decide_platform(platform_id: str) -> Response | tuple[str, int]:
    """Approve or refuse a proposed platform."""

    is_approved, reason = request.form.get("decision") == "approve", request.form.get("reason", "").strip()

    def decide(session: Session) -> None:
        if is_approved:
            changes.approve_platform(session, platform_id=platform_id, actor=actor())
        else:
            changes.refuse_platform(session, platform_id=platform_id, actor=actor(), reason=reason)
        _tell_partner(session, queries.platform_by_id(session, platform_id), is_approved, reason)

    return _decide(decide, "desk.platforms")


def _tell_partner(session: Session, card: queries.PlatformCard, is_approved: bool, reason: str) -> None:
    """Mail the decision to whoever proposed the platform, in the language in which they did."""
    if not card.contact_email:
        return
    with speaking(card.contact_lang):
        link = services().settings.base_url + url_for("directory.platform", public_id=card.public_id, slug=card.slug)
        body = render_template("mail/platform_decided.txt", is_approved=is_approved, title=card.title, link=link, reason=reason)
        subject = _("Your platform is listed") if is_approved else _("Your platform could not be listed")
        queue_mail(session, to=card.contact_email, lang=current_language(), subject=subject, body=body)


@blueprint.get("/listings")
def listings() -> str:
    skip = skipped()
    with services().database.reading() as session:
        found = queries.new_listings(session, limit=PAGE, offset=skip)
        waiting = queries.desk_counts(session).new_listings
    rows = [(listing, viewmodels.row(listing, current_language())) for listing in found]
    after = skip + PAGE if skip + PAGE < waiting else None
    return render_template("pages/desk/listings.html", rows=rows, waiting=waiting, skip=skip, after=after)


@blueprint.post("/initiatives/<public_id>/decision")
def decide_listing(public_id: str) -> Response | tuple[str, int]:
    """Publish or refuse a new listing."""

    def decide(session: Session) -> None:
        if request.form.get("decision") == "publish":
            changes.publish(session, public_id=public_id, actor=actor())
        else:
            changes.refuse(session, public_id=public_id, actor=actor(), reason=request.form.get("reason", ""))

    return _decide(decide, "desk.listings")


@blueprint.get("/searches")
def searches() -> str:
    """What people looked for in vain."""
    with services().database.reading() as session:
        found = misses.most_frequent(session)
    return render_template("pages/desk/searches.html", misses=found)


@blueprint.get("/crawls")
def crawls() -> str:
    with services().database.reading() as session:
        found = queries.held_crawls(session)
        titles = {one.platform_id: sources.source(session, one.platform_id).title for one in found}
    held = [(crawl, crawl_line(crawl), titles[crawl.platform_id]) for crawl in found]
    return render_template("pages/desk/crawls.html", held=held)


@blueprint.post("/crawls/<int(max=2147483647):crawl_id>")
def decide_crawl(crawl_id: int) -> Response | tuple[str, int]:
    """Take a held crawl in, or throw it away."""

    def decide(session: Session) -> None:
        if request.form.get("decision") == "approve":
            changes.approve_held_crawl(session, crawl_id=crawl_id, actor=actor(), settings=services().settings)
        else:
            changes.discard_held_crawl(session, crawl_id=crawl_id, actor=actor())

    return _decide(decide, "desk.crawls")


@blueprint.get("/initiatives/<public_id>")
def edit(public_id: str) -> str:
    return _edit_page(public_id, None)


@blueprint.post("/initiatives/<public_id>")
def save(public_id: str) -> Response | tuple[str, int]:
    """Set, keep or release one field."""
    form = request.form
    where: dict[str, Any] = {"public_id": public_id, "field": form.get("field", ""), "lang": form.get("lang", "")}
    where |= {"actor": actor(), "version": form.get("version", 0, int)}
    typed = form.get("value", "")
    try:
        with services().database.writing() as session:
            if form.get("action") == "release":
                changes.release_value(session, **where)
            elif form.get("action") == "keep":
                changes.keep_value(session, **where)
            else:
                changes.set_value(session, value=typed, **where)
    except BadValue as error:
        return _edit_page(public_id, Refused(where["field"], where["lang"], typed, _(error.reason))), 400
    except BadState as error:
        return _refused(_(error.reason), url_for("desk.today")), 409
    except VersionConflict:
        if not _stands_already(public_id, form):
            return _edit_page(public_id, Refused(where["field"], where["lang"], typed, _conflict())), 409
    _index()
    return redirect(url_for("desk.edit", public_id=public_id))


@blueprint.post("/initiatives/<public_id>/removal")
def remove(public_id: str) -> Response | tuple[str, int]:
    """Remove a listing for good, at somebody's request."""
    reason = request.form.get("reason", "").strip()
    if not reason or not request.form.get("sure"):
        wrong = _("To remove a listing for good, say why and tick that you are sure.")
        return _edit_page(public_id, Refused("removal-reason", "", reason, wrong)), 400
    with services().database.writing() as session:
        key = secret_key(services().settings)
        changes.suppress(session, public_id=public_id, actor=actor(), reason=reason, key=key)
    _index()
    return redirect(url_for("desk.today"))


def _stands_already(public_id: str, form: Mapping[str, str]) -> bool:
    """Whether what a form asks for is so by now: it was sent twice."""
    with services().database.reading() as session:
        ours = {(v.field, v.lang): v.value for v in queries.values_of(session, public_id) if v.layer == "curator"}
    field = form.get("field", ""), form.get("lang", "")
    if form.get("action") == "release":
        return field not in ours
    return form.get("action") != "keep" and ours.get(field) == form.get("value", "").strip()


def _conflict() -> str:
    return _("Somebody else changed this listing meanwhile. What you wrote stands in its field; look at the rest and save anew.")


def _edit_page(public_id: str, refused: Refused | None) -> str:
    lang = current_language()
    with services().database.reading() as session:
        listing = queries.listing_for_desk(session, public_id)
        ours = {(v.field, v.lang): v for v in queries.values_of(session, public_id)}
        history = queries.history(session, "initiative", public_id)
    fields = [(name, code) for name in TEXT_FIELDS for code in INTERFACE_LANGUAGES]
    fields += [(name, "") for name in (*CHOSEN_FIELDS, *PLAIN_FIELDS)]
    lines = [_line(listing, name, code, ours, refused) for name, code in fields]
    errors = {f"value-{n}": f"{line.label}: {line.error}" for n, line in enumerate(lines, start=1) if line.error}
    if refused and not errors:
        errors["removal-reason" if refused.field == "removal-reason" else "main"] = refused.reason
    return render_template(
        "pages/desk/edit.html", listing=listing, title=listing.title(lang), lines=lines, errors=errors, refused=refused,
        history=[_history_line(event) for event in history],
    )  # fmt: skip


def _line(
    listing: Listing, name: str, lang: str, ours: dict[tuple[str, str], queries.ValueLine], refused: Refused | None
) -> FieldLine:
    shown = listing.texts.get(name, {}).get(lang, "") if lang else listing.get(name) or ""
    value = ours.get((name, lang))
    new = str(value.source_value_now) if value and value.in_conflict else None
    choices = tuple((t.id, t.labels[current_language()]) for t in load().terms(name)) if name in CHOSEN_FIELDS else ()
    label = f"{_label(name)} ({language_name(lang)})" if lang else _label(name)
    line = FieldLine(name, lang, label, shown, value is not None, new, choices)
    is_refused = refused is not None and (refused.field, refused.lang) == (name, lang)
    return replace(line, typed=refused.typed, error=refused.reason) if refused and is_refused else line


def _history_line(event: Event) -> tuple[datetime, str, str]:
    """When, who, and what was done: to which fields, or why."""
    said = {**(event.before or {}), **(event.after or {})}
    details = [_label(name) for name in said if name in FIELDS]
    details += [said["reason"]] if said.get("reason") else []
    return event.at, event.actor, ": ".join(filter(None, (_action(event.action), ", ".join(details))))


def _action(name: str) -> str:
    return {
        "set": _("changed by hand"),
        "release": _("the source’s value taken"),
        "keep": _("ours kept"),
        "publish": _("published"),
        "refuse": _("refused"),
        "join": _("joined with another entry: the same name and website or identifier"),
    }.get(name, name)


def _label(name: str) -> str:
    return {
        "title": _("Title"),
        "summary": _("Summary"),
        "description": _("Description"),
        "kind": _("Kind"),
        "country": _("Country"),
        "place": _("Place"),
        "website": _("Website"),
        "email": _("E-mail"),
    }[name]


def _rows(found: list[Listing]) -> list[viewmodels.Row]:
    return [viewmodels.row(one, current_language()) for one in found]


def _decide(decide: Callable[[Session], None], back: str) -> Response | tuple[str, int]:
    """Carry a decision out, and go back to the list; one that cannot be is explained."""
    try:
        with services().database.writing() as session:
            decide(session)
    except (BadValue, BadState) as error:
        return _refused(_(error.reason, **error.values), url_for(back)), 400 if isinstance(error, BadValue) else 409
    _index()
    wake(services().settings)
    return redirect(url_for(back))


def _refused(reason: str, back: str) -> str:
    return render_template("pages/desk/refused.html", reason=reason, back=back)


def _index() -> None:
    """Let the decision be seen at once; an engine that is down gets it later."""
    try:
        drain_outbox(services().settings, services().database, services().engine)
    except SearchError as error:
        log.warning("the index waits: %s", error)
