"""The page for operators: which parts are well, what runs and waits, how much is stored; for admins."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from platforma.addresses import DESK
from platforma.catalogue.desk import storage
from platforma.health.examination import examine_here
from platforma.health.finding import Finding, Health
from platforma.i18n import gettext as _
from platforma.web.context import require_admin, services
from platforma.web.crawl_views import moment
from vocabulary.messages import N_

blueprint = Blueprint("operation", __name__, url_prefix=f"{DESK}/operation")
blueprint.before_request(require_admin)
PARTS = {
    "settings": N_("settings"),
    "secret key": N_("secret key"),
    "set-up": N_("set-up"),
    "data folder": N_("data folder"),
    "disk": N_("disk"),
    "database": N_("database"),
    "clock": N_("clock"),
    "worker": N_("background work"),
    "index": N_("index"),
    "queue": N_("queue"),
}
HEALTHS = {Health.WELL: N_("well"), Health.WEAK: N_("could be better"), Health.ILL: N_("does not work")}


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part as the page has it, in the reader's language: its name, how it is, what was seen, what to do (may be empty)."""

    name: str
    health: str
    is_ill: bool
    seen: str
    advice: str


@blueprint.get("/")
def overview() -> str:
    """How the installation does; parts elsewhere, such as the mail server, are looked at by `platforma doctor` alone."""
    parts = [_line(finding) for finding in examine_here(services(), os.environ)]
    with services().database.reading() as session:
        crawls, sizes = storage.running_crawls(session), storage.growth(session)
    running = [(crawl, moment(crawl.started_at)) for crawl in crawls]
    return render_template("pages/desk/operation.html", parts=_ill_first(parts), running=running, sizes=sizes)


def _line(finding: Finding) -> PartLine:
    values = {name: _(str(value)) if name == "name" else value for name, value in finding.values.items()}
    if "names" in values:
        values["names"] = ", ".join(_(name) for name in str(values["names"]).split(", "))
    advice = _(finding.advice, **values) if finding.advice else ""
    is_ill = finding.health == Health.ILL
    return PartLine(_(PARTS[finding.part]), _(HEALTHS[finding.health]), is_ill, _(finding.seen, **values), advice)


def _ill_first(parts: Sequence[PartLine]) -> list[PartLine]:
    return sorted(parts, key=lambda part: (not part.is_ill, not part.advice))
