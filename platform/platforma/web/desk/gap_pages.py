"""The desk's statistics: how each source is and what public listings lack, each number with the list of exactly these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for

from platforma.catalogue import public_statistics
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.lists import choosing, gaps
from platforma.catalogue.lists.gaps import GAPS, Gaps
from platforma.catalogue.public_statistics import Health
from platforma.catalogue.terms import searches
from platforma.i18n import day, language_name, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.context import next_skip, services, skipped
from platforma.web.desk import choices
from platforma.web.desk.blueprint import blueprint
from search.port import SearchError

SOURCES_PER_PAGE = 30
MAX_ASKED = 50


@dataclass(frozen=True, slots=True)
class GapLink:
    """How many listings lack something, in words, and the address of their list."""

    label: str
    number: str
    address: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A platform: its page at the desk, how it was read last, and its public listings with what they lack."""

    title: str
    address: str
    is_failing: bool
    facts: str
    lists: list[GapLink]


@blueprint.get("/statistics", endpoint="statistics")
def statistics() -> str:
    """Sources that fail first, then those with the most gaps."""
    skip = skipped()
    everything, by_platform = _counted()
    with services().database.reading() as session:
        titles = choosing.all_platforms(session)
        asked = searches.most_asked(session)[:MAX_ASKED]
        health = {one.platform_id: one for one in public_statistics.sources(session)}
    ids = sorted(health.keys() | (by_platform.keys() & titles.keys()), key=lambda id: _urgency(id, health, by_platform, titles))
    lines = [_line(id, titles[id], health.get(id), by_platform.get(id)) for id in ids[skip : skip + SOURCES_PER_PAGE]]
    return render_template(
        "pages/desk/statistics.html", total=everything.total, gaps=_links(everything), lines=lines, skip=skip,
        next_skip=next_skip(skip, SOURCES_PER_PAGE, len(ids)), in_all=len(ids), asked=asked,
    )  # fmt: skip


def _counted() -> tuple[Gaps, Mapping[str, Gaps]]:
    """The gaps of all and by platform, kept until the index changes; counted anew where the engine does not answer."""

    def count() -> tuple[Gaps, Mapping[str, Gaps]]:
        with services().database.reading() as session:
            return gaps.gaps(session), gaps.gaps_by_platform(session)

    try:
        return services().until_change(("gaps",), count)
    except SearchError:
        return count()


def _urgency(
    id: str, health: Mapping[str, Health], by_platform: Mapping[str, Gaps], titles: Mapping[str, str]
) -> tuple[bool, int, str, str]:
    lacking = sum(by_platform[id].lacking.values()) if id in by_platform else 0
    return not (id in health and health[id].is_failing), -lacking, titles[id], id


def _line(id: str, title: str, health: Health | None, found: Gaps | None) -> SourceLine:
    lists = [GapLink(_("Public listings"), number(found.total), _list("", id)), *_links(found, id)] if found else []
    is_failing = health is not None and health.is_failing
    address = url_for("crawls.source", platform_id=id)
    return SourceLine(title, address, is_failing, _facts(health), lists)


def _facts(health: Health | None) -> str:
    """When a source was last read well, and which share of what was found was taken."""
    if health is None:
        return _("Not read from a site.")
    if health.read_at is None:
        return _("Not read well yet.")
    said = [_("Last read well: %(day)s", day=day(health.read_at)), _age(health.read_at)]
    if health.taken_share is not None:
        said.append(_("taken: %(share)s %%", share=number(round(100 * health.taken_share))))
    return " · ".join(said)


def _age(at: datetime) -> str:
    days = (utc_now() - at).days
    return ngettext("%(num)s day ago", "%(num)s days ago", days) if days > 0 else _("today")


def _links(found: Gaps, platform: str = "") -> list[GapLink]:
    """A link for each gap that there is."""
    return [GapLink(gap_label(name), number(found.lacking[name]), _list(name, platform)) for name in GAPS if found.lacking[name]]


def _list(name: str, platform: str = "") -> str:
    return url_for("desk.catalogue", **choices.parameters(gaps.choice(name, platform)))


def gap_label(name: str) -> str:
    """What the listings lack."""
    if name == "kind":
        return _("without a kind")
    choice = GAPS[name]
    return _("no title: %(language)s", language=language_name(choice.missing)) if choice.missing else choices.without_label(name)
