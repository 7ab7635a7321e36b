"""Judgements of two listings as the desk says them: who, what and when, with the listings as links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from platforma.catalogue.enums import JudgementVerdict
from platforma.catalogue.errors import BadState
from platforma.catalogue.listings import judged
from platforma.catalogue.listings.judged import Judged
from platforma.catalogue.listings.judgements import RULES
from platforma.catalogue.listings.listing import Text
from platforma.catalogue.listings.listing_names import ListingName
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.crawl_views import moment
from platforma.web.desk.decided_lines import reason_text


@dataclass(frozen=True, slots=True)
class ListingLink:
    """A listing by its title, with its page at the desk; `platforms` are the titles of those that have it."""

    public_id: str
    title: Text
    url: str
    platforms: str

    @classmethod
    def of(cls, name: ListingName) -> ListingLink:
        url = url_for("desk.edit", public_id=name.public_id)
        return cls(name.public_id, name.title(current_language()), url, ", ".join(name.platforms))


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """A judgement in words. `undone_by` and `undone_at` are empty and None while it stands."""

    id: int
    left: ListingLink
    right: ListingLink
    what: str
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None

    @classmethod
    def of(cls, judged: Judged) -> JudgementLine:
        return cls(
            id=judged.id,
            left=ListingLink.of(judged.left),
            right=ListingLink.of(judged.right),
            what=verdict_label(judged.verdict),
            by=who(judged.by),
            at=judged.at,
            undone_by=who(judged.undone_by) if judged.undone_by else "",
            undone_at=judged.undone_at,
        )


def verdict_label(verdict: JudgementVerdict) -> str:
    """What was judged of two listings, the left one first."""
    return {
        JudgementVerdict.SAME: _("The same: joined"),
        JudgementVerdict.TRANSLATION: _("Translations of each other: joined"),
        JudgementVerdict.DIFFERENT: _("Not the same"),
        JudgementVerdict.PART_OF: _("The first is part of the second"),
        JudgementVerdict.UNSURE: _("Put off"),
    }[verdict]


def who(by: str) -> str:
    """Who judged: a person's address, or that a rule did."""
    return _("by rule") if by.startswith(RULES) else by


def judged_meanwhile(error: BadState, left: str, right: str) -> str:
    """Why a decision on a pair was not made: who decided what meanwhile and when, where that is known."""
    with services().database.reading() as session:
        last = judged.last_of_pair(session, left, right)
    if last is None:
        return reason_text(error)
    line = JudgementLine.of(last)
    values = {"who": line.by, "what": line.what, "when": moment(line.at)}
    return _("Meanwhile %(who)s decided on this pair (%(when)s): %(what)s. Nothing has been changed.", **values)
