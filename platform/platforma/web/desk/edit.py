"""The desk's page of one listing, with a form for each field, for its state and for its removal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import audit
from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.errors import BadState, BadValue, VersionConflict
from platforma.catalogue.listings import edits, field_rules, judged, listing_queries, removal
from platforma.catalogue.listings.layers import CURATOR_ELSEWHERE
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS, Listing
from platforma.catalogue.listings.shown_pairs import likely_same
from platforma.catalogue.pictures.shown import image_status
from platforma.catalogue.states import INITIATIVE_REASONS, INITIATIVE_TRANSITIONS, InitiativeAction
from platforma.i18n import current_language, day, language_name
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, services
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import index_now
from platforma.web.desk.forms import DecisionForm, FieldForm, RemovalForm
from platforma.web.desk.image_note import image_note
from platforma.web.desk.joined_pages import RelationLines, other_listing
from platforma.web.desk.viewmodels import listing_state, value_text
from platforma.web.labels import field_label
from vocabulary import collation_key, load
from vocabulary.languages import LANGUAGES

SELECT_FIELDS = ("kind", "country")
INPUT_FIELDS = ("place", "website", "email", "image")
FIELDS = (*TEXT_FIELDS, *SELECT_FIELDS, *INPUT_FIELDS)
"""The fields that the page edits: texts per language, choices from a closed list, and single lines."""
REMOVAL, DECISION = "removal-reason", "reason-decision"
"""Fields of the page that are not fields of the listing: the reasons of a removal and of a decision."""
DECISIONS = {"publish": InitiativeAction.PUBLISH, "refuse": InitiativeAction.REFUSE}


ACTIONS = ("set", "release", "take", "keep", "keep_for_good")
"""What a curator can do with a field; the last three are against what a platform says."""


@dataclass(frozen=True, slots=True)
class NewsLine:
    """What a platform newly says of a field, and since when somebody could have noticed it, in the reader's language."""

    platform_id: str
    text: str
    since: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field on the edit page. `whose` says whose value is shown, and since when; empty where it is a source's.

    `news` is what sources say against it. `can_be_typed`: the page has a form for its value. `can_be_released`: a person's
    value stands over what else is known. `typed` is a refused value, with the reason in `error`; `note` says what became of
    the value.
    """

    field: str
    lang: str
    label: str
    shown: str
    whose: str = ""
    news: tuple[NewsLine, ...] = ()
    can_be_typed: bool = True
    can_be_released: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    typed: str | None = None
    error: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused value of a field (or of REMOVAL or DECISION), and the reason in the reader's language."""

    field: str
    lang: str
    typed: str
    reason: str


@blueprint.get("/initiatives/<public_id>")
def edit(public_id: str) -> Response | str:
    """The page of a listing; a redirect to the listing that it was merged into."""
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, public_id)
    if isinstance(listing, listing_queries.Moved):
        return redirect(url_for("desk.edit", public_id=listing.public_id))
    return _edit_page(public_id, None)


@blueprint.post("/initiatives/<public_id>")
def save(public_id: str) -> Response | tuple[str, int]:
    """Set or release one field, or take or keep it against what a platform says."""
    form, action = FieldForm(request.form), pressed("action", *ACTIONS)
    edit = edits.Edit(public_id, form.field.data, form.lang.data, actor(), form.version.data)
    typed, platform_id = form.value.data, form.platform.data
    try:
        with services().database.writing() as session:
            if action == "release":
                edits.release_value(session, edit)
            elif action == "take":
                edits.take_value(session, edit, platform_id)
            elif action == "set":
                edits.set_value(session, edit, typed)
            else:
                edits.keep_value(session, edit, platform_id or None, for_good=action == "keep_for_good")
    except BadValue as error:
        reason = _(error.reason, **error.values)
        return _edit_page(public_id, Refused(edit.field, edit.lang, typed, reason)), 400
    except VersionConflict:
        if not _is_repeated(edit, action, typed, platform_id):
            return _edit_page(public_id, Refused(edit.field, edit.lang, typed, _conflict())), 409
    index_now()
    return redirect(url_for("desk.edit", public_id=public_id, saved=edit.field, in_=edit.lang or None))


@blueprint.post("/initiatives/<public_id>/state")
def decide(public_id: str) -> Response | tuple[str, int]:
    """Publish or refuse a listing from its own page."""
    form, decision = DecisionForm(request.form), pressed("decision", *DECISIONS)
    reason, version = form.reason.data, form.version.data
    try:
        with services().database.writing() as session:
            if decision == "publish":
                edits.publish(session, public_id=public_id, actor=actor(), version=version)
            else:
                edits.refuse(session, public_id=public_id, actor=actor(), reason=reason, version=version)
    except BadValue as error:
        return _edit_page(public_id, Refused(DECISION, "", reason, _(error.reason, **error.values))), 400
    except VersionConflict:
        return _edit_page(public_id, Refused(DECISION, "", reason, _conflict())), 409
    index_now()
    return redirect(url_for("desk.edit", public_id=public_id, saved="state"))


@blueprint.post("/initiatives/<public_id>/removal")
def remove(public_id: str) -> Response | tuple[str, int]:
    """Remove a listing for good, at somebody's request."""
    form = RemovalForm(request.form)
    if not form.validate():
        return _edit_page(public_id, Refused(REMOVAL, "", form.reason.data, form.error_texts["sure"])), 400
    with services().database.writing() as session:
        key = services().secret_key
        removal.suppress(session, public_id=public_id, actor=actor(), reason=form.reason.data, key=key)
    index_now()
    return redirect(url_for("desk.today"))


def _is_repeated(edit: edits.Edit, action: str, typed: str, platform_id: str) -> bool:
    """Whether an edit has no effect any more, because the same form was sent twice."""
    with services().database.reading() as session:
        lines = {(line.field, line.lang): line for line in listing_queries.values_of(session, edit.public_id)}
    line = lines.get((edit.field, edit.lang))
    if action == "release":
        return line is None
    if action != "set":
        asked = [news.platform_id for news in line.news] if line is not None else []
        return platform_id not in asked if platform_id else not asked
    try:
        value = field_rules.checked(edit.field, edit.lang, typed)
    except BadValue:
        return False
    return line is not None and line.author == "curator" and line.value == value


def _conflict() -> str:
    return _(
        "Somebody else has changed this listing in the meantime. What you wrote is still in its field;"
        " check the rest and save again."
    )


def _edit_page(public_id: str, refused: Refused | None) -> str:
    """The page, with a refused value. Raises BadState for a listing that was merged into another one."""
    lang = current_language()
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, public_id)
        if isinstance(listing, listing_queries.Moved):
            raise BadState(INITIATIVE_REASONS[InitiativeState.MERGED])
        values = {(line.field, line.lang): line for line in listing_queries.values_of(session, public_id)}
        history = audit.history(session, "initiative", public_id)
        related = judged.relations(session, public_id, {other for event in history if (other := other_listing(event))})
        likely = likely_same(session, [public_id]).get(public_id, ())
        notes = {"image": image_note(listing, image_status(session, public_id))}
    fields: list[tuple[str, str]] = [(name, code) for name in TEXT_FIELDS for code in LANGUAGES]
    fields += [(name, "") for name in (*SELECT_FIELDS, *INPUT_FIELDS)]
    fields += [key for key in values if key not in fields]
    lines = [_line(listing, name, code, values.get((name, code)), refused) for name, code in fields]
    lines = [replace(line, note=notes.get(line.field, "")) for line in lines]
    relations = RelationLines.of(related, likely)
    allowed = INITIATIVE_TRANSITIONS[InitiativeState(listing.state)]
    return render_template(
        "pages/desk/edit.html", listing=listing, title=listing.title(lang), lines=lines, refused=refused,
        errors=_errors(lines, refused), state=listing_state(listing.state), saved=_saved(),
        decisions=[name for name, action in DECISIONS.items() if action in allowed],
        history=[(*_history_line(event), relations.others.get(other_listing(event))) for event in history], relations=relations,
    )  # fmt: skip


def _errors(lines: list[FieldLine], refused: Refused | None) -> dict[str, str]:
    """Error texts by the id of the form's field."""
    errors = {f"value-{number}": f"{line.label}: {line.error}" for number, line in enumerate(lines, start=1) if line.error}
    if refused and not errors:
        errors[refused.field if refused.field in (REMOVAL, DECISION) else "main"] = refused.reason
    return errors


def _saved() -> str:
    """A text that says what was just saved, by the parameters of the redirect after a form; empty without them."""
    name, lang = request.args.get("saved", ""), request.args.get("in_", "")
    if name == "state":
        return _("Saved: %(what)s", what=_("State"))
    if name in ("parted", "taken-back"):
        return _("Parted: both are listings of their own again") if name == "parted" else _("The decision was taken back")
    if name not in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS):
        return ""
    return _("Saved: %(what)s", what=_label(name, lang if lang in LANGUAGES else ""))


def _label(name: str, lang: str) -> str:
    """The label of a field; with the language's name for a text field."""
    return f"{field_label(name)} ({language_name(lang)})" if lang else field_label(name)


def _line(listing: Listing, name: str, lang: str, value: listing_queries.ValueLine | None, refused: Refused | None) -> FieldLine:
    """The line of a field; `value` is what a person set, None where nobody did."""
    shown = listing.texts.get(name, {}).get(lang) if lang else listing.get(name)
    can_be_typed = name in FIELDS and lang in ("", *LANGUAGES)
    line = FieldLine(
        name, lang, _label(name, lang), str(shown or "") if can_be_typed else value_text(name, shown),
        can_be_typed=can_be_typed, choices=_choices(name),
    )  # fmt: skip
    if value is not None:
        line = replace(line, whose=_whose(value), news=_news(value), can_be_released=not value.follows_platform)
    if refused and (refused.field, refused.lang) == (name, lang):
        return replace(line, typed=refused.typed, error=refused.reason)
    return line


def _whose(value: listing_queries.ValueLine) -> str:
    """Whose value is shown, and since when."""
    if value.follows_platform:
        return _("from the platform’s own data")
    since = day(value.at, "genitive")
    if value.author == "owner":
        whose = _("the organisation’s own value since %(day)s", day=since)
    elif value.by == CURATOR_ELSEWHERE:
        whose = _("ours since %(day)s", day=since)
    else:
        whose = _("ours since %(day)s, set by %(who)s", day=since, who=value.by)
    return _("%(whose)s; kept for good", whose=whose) if value.is_kept_for_good else whose


def _news(value: listing_queries.ValueLine) -> tuple[NewsLine, ...]:
    since = day(value.contested_at, "locative") if value.contested_at else ""
    return tuple(
        NewsLine(
            news.platform_id,
            _("%(platform)s now says: %(value)s", platform=news.platform_title, value=value_text(value.field, news.value)),
            since,
        )
        for news in value.news
    )


def _choices(name: str) -> tuple[tuple[str, str], ...]:
    """Id and label of each choice, sorted by label in the reader's language; empty for a field that is typed."""
    if name not in SELECT_FIELDS:
        return ()
    terms = [(term.id, term.label(current_language())) for term in load().terms(name)]
    return tuple(sorted(terms, key=lambda term: collation_key(term[1])))


def _history_line(event: audit.HistoryEntry) -> tuple[datetime, str, str]:
    """When, who, and what was done to which fields, with the reason where there is one."""
    values = {**event.before, **event.after}
    details = [field_label(name) for name in values if name in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS)]
    details += [str(values["reason"])] if values.get("reason") else []
    return event.at, event.actor, ": ".join(filter(None, (_action(event.action), ", ".join(details))))


def _action(name: str) -> str:
    return {
        "set": _("changed manually"),
        "release": _("the source’s value taken"),
        "keep": _("ours kept"),
        "keep_for_good": _("ours kept for good"),
        "publish": _("published"),
        "refuse": _("refused"),
        "join": _("joined with another listing"),
        "judge_same": _("the same as another listing: joined"),
        "judge_translation": _("a translation of another listing: joined"),
        "judge_part_of": _("one is part of the other: two listings"),
        "judge_different": _("not the same as another listing"),
        "judge_unsure": _("whether it is the same as another listing: decided later"),
        "take_back": _("a decision about duplicates taken back"),
        "leave": _("became something else: parted from the listings that it was joined with"),
    }.get(name, name)
