"""Decisions as the desk says them: what, of what, by whom, until when it can be undone, and by which button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for

from platforma.catalogue.decisions import reads
from platforma.catalogue.decisions.reads import Decided, Subject
from platforma.catalogue.enums import CorrectionTopic
from platforma.catalogue.errors import BadState
from platforma.catalogue.listings.listing import Text
from platforma.i18n import current_language, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.crawl_views import moment
from platforma.web.public.correction_forms import CONTACT_TOPICS, LISTING_TOPICS

MAX_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SubjectLink:
    """What was decided of, by its title, with its page at the desk."""

    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in words. `waits` says what happens when, and until when it can be undone; empty where nothing waits."""

    id: int
    what: str
    subjects: Sequence[SubjectLink]
    more: str
    by: str
    at: datetime
    waits: str
    can_be_undone: bool
    failed: bool
    undone_by: str
    undone_at: datetime | None

    @classmethod
    def of(cls, decided: Decided) -> DecisionLine:
        others = decided.count - len(decided.subjects)
        return cls(
            id=decided.id,
            what=decision_label(decided.kind, decided.verb),
            subjects=[_link(subject) for subject in decided.subjects],
            more=ngettext("and %(num)s more", "and %(num)s more", others) if others else "",
            by=decided.by,
            at=decided.at,
            waits=_what_waits(decided) if decided.can_be_undone and decided.due_at else "",
            can_be_undone=decided.can_be_undone,
            failed=decided.failed,
            undone_by=decided.undone_by or "",
            undone_at=decided.undone_at,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says at its beginning: the decision that was made just now, or undone."""

    line: DecisionLine
    is_undone: bool


def said_decision() -> Said | None:
    """The decision that `?decided=` or `?taken_back=` names; None without one, or where it stands otherwise by now."""
    for name, is_undone in (("decided", False), ("taken_back", True)):
        id = request.args.get(name, 0, int)
        if 0 < id <= MAX_ID:
            with services().database.reading() as session:
                found = reads.decision(session, id)
            if found is not None and (found.undone_at is not None) == is_undone:
                return Said(DecisionLine.of(found), is_undone)
    return None


def reason_text(error: BadState) -> str:
    """Why something was refused, in the reader's language; instants in the time of the site."""
    return _(error.reason, **{name: moment(one) if isinstance(one, datetime) else one for name, one in error.values.items()})


def decided_meanwhile(error: BadState, kind: str, id: str) -> str:
    """Why a decision was not made: who decided what meanwhile and when, where that is known."""
    with services().database.reading() as session:
        last = reads.last_about(session, kind, id)
    if last is None:
        return reason_text(error)
    values = {"who": last.by, "what": decision_label(last.kind, last.verb), "when": moment(last.at)}
    return _("Meanwhile %(who)s decided on this (%(when)s): %(what)s. Nothing has been changed.", **values)


def decision_label(kind: str, verb: str) -> str:
    """What was decided, in a word or two."""
    return {
        ("listing", "publish"): _("Published"),
        ("listing", "refuse"): _("Refused"),
        ("listing", "unpublish"): _("Unpublished"),
        ("removal", "remove"): _("Removal for good"),
        ("platform", "trust"): _("Platform approved and trusted"),
        ("platform", "probation"): _("Platform put on probation"),
        ("platform", "pause"): _("Platform paused"),
        ("platform", "refuse"): _("Platform refused"),
        ("platform", "ask"): _("Partner asked"),
        ("platform", "leave"): _("Platform has left"),
        ("crawl", "accept"): _("Crawl accepted"),
        ("crawl", "discard"): _("Crawl discarded"),
        ("message", "done"): _("Message settled"),
        ("message", "refuse"): _("Message refused"),
        ("message", "remove"): _("Message settled by removing the listing"),
        ("mapping", "answer"): _("Values mapped"),
    }[kind, verb]


def _what_waits(decided: Decided) -> str:
    """What happens when, and that it can be undone until then."""
    assert decided.due_at is not None
    removal = _("The listing is removed for good at %(when)s; it can be undone until then.")
    words = {
        ("crawl", "accept"): _("It is accepted for good at %(when)s; it can be undone until then."),
        ("crawl", "discard"): _("What was read is deleted at %(when)s; it can be undone until then."),
        ("message", "remove"): removal,
        ("removal", "remove"): removal,
    }
    mail = _("The mail goes out at %(when)s; it can be undone until then.")
    drop = _("What is held is deleted at %(when)s; it can be undone until then.")
    has_no_mail = decided.kind == "platform" and not decided.has_mail
    text = words.get((decided.kind, decided.verb), drop if has_no_mail else mail)
    return text % {"when": moment(decided.due_at)}


def _link(subject: Subject) -> SubjectLink:
    if subject.kind == "correction":
        return SubjectLink(_about(subject), url_for("desk.correction", correction_id=int(subject.id)))
    if subject.kind == "crawl":
        return SubjectLink(
            Text(subject.title or number(int(subject.id)), None), url_for("crawls.report", crawl_id=int(subject.id))
        )
    if subject.kind == "initiative":
        text = subject.listing.title(current_language()) if subject.listing else Text(subject.id, None)
        return SubjectLink(text, url_for("desk.edit", public_id=subject.id))
    return SubjectLink(Text(subject.title or subject.id, None), url_for("crawls.source", platform_id=subject.id))


def _about(subject: Subject) -> Text:
    """What a message is about; its topic where that is the directory, or is gone."""
    if subject.listing is not None:
        return subject.listing.title(current_language())
    topic = _((LISTING_TOPICS | CONTACT_TOPICS)[CorrectionTopic(subject.topic)]) if subject.topic else subject.id
    return Text(subject.title or topic, None)
