"""View models of the desk: states and notices in the reader's language."""

from __future__ import annotations

from flask import url_for

from platforma.catalogue.enums import PlatformState
from platforma.catalogue.notices import OpenNotice
from platforma.catalogue.platforms.crawled_platforms import CrawledPlatform
from platforma.catalogue.states import PLATFORM_TRANSITIONS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.crawl_views import moment, reason_of
from platforma.web.labels import field_label
from vocabulary import load, name_key


def notice_line(notice: OpenNotice) -> str:
    """A notice of a platform in the reader's language."""
    values = notice.values
    if notice.topic == "value":
        return _("New value that is not in our lists: %(text)s") % {"text": values["text"]}
    if notice.topic == "field":
        return _("New field at the source: %(name)s") % {"name": values["name"]}
    if notice.topic == "emptied":
        coverage = {"field": field_label(values["field"]), "before": values["before"], "after": values["after"]}
        return _("%(field)s was filled in %(before)s of the records, now in %(after)s") % coverage
    reason = reason_of(values.get("reason"), values.get("values") or {})
    return _("Could not be read: %(what)s") % {"what": reason.what}


def maybe_removed(notice: OpenNotice) -> tuple[str, str, str]:
    """Of a listing that may be something that was removed: its title, its page at the desk, and why it may be."""
    return notice.values["title"], url_for("desk.edit", public_id=notice.key), reason_of(notice.values["reason"], {}).what


def source_state(source: CrawledPlatform) -> str:
    """Whether a platform is crawled now, or when it is next."""
    if source.reads_files:
        return _("It is filled from tables that its partner uploads.")
    if source.is_crawled_now:
        return _("It is being stopped.") if source.is_stop_asked else _("It is being crawled now.")
    if source.next_crawl_at is None:
        return _("No crawl is planned.")
    return _("Next crawl: %(moment)s") % {"moment": moment(source.next_crawl_at)}


def platform_state(state: str) -> str:
    """What state a platform is in, and what that means."""
    return {
        "proposed": _("The platform is proposed: nothing of it is public before you decide."),
        "probation": _("The platform is on probation: each new listing waits for you."),
        "trusted": _("The platform is trusted: its new listings are public at once."),
        "paused": _("The platform is paused: it is not read; what was public stays public."),
        "refused": _("The platform is refused: it is not read, and nothing of it is public."),
        "left": _("The platform has left the directory: it is not read, and nothing of it is public."),
    }[state]


def platform_actions(state: str) -> frozenset[str]:
    """The actions that a platform's state allows, by the names of states.PlatformAction."""
    return frozenset(str(action) for action in PLATFORM_TRANSITIONS[PlatformState(state)])


def listing_state(state: str) -> str:
    """What state a listing is in, and what that means."""
    return {
        "new": _("This listing is new: it is not public yet."),
        "published": _("This listing is public."),
        "refused": _("This listing is refused: it is not public."),
        "archived": _("This listing is archived: no source lists it any more; its page stays, the search leaves it out."),
        "merged": _("This listing was joined with another one."),
        "suppressed": _("This listing was removed for good."),
    }[state]


def terms(dimension: str) -> list[tuple[str, str]]:
    """(id, label) of each term of a closed list, by label in the reader's order of names."""
    lang = current_language()
    labelled = ((term.id, term.label(lang)) for term in load().terms(dimension))
    return sorted(labelled, key=lambda one: (name_key(one[1], lang), one[0]))
