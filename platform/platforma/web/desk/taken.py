"""By whom else an item of a queue is taken: said wherever the item is shown, so that two people do not do the same."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g

from platforma.catalogue.decisions import claims
from platforma.catalogue.decisions.claims import Item, TakenBy
from platforma.i18n import gettext as _
from platforma.web.context import actor, services
from platforma.web.crawl_views import moment


def taken(kind: str, name: object) -> str:
    """By whom else an item is taken, and until when; empty where nobody else has it."""
    return taken_text(_of_others().get((kind, str(name))))


def taken_text(by: TakenBy | None) -> str:
    """By whom, and until when, in the reader's language; empty for nobody."""
    return _("Taken by %(who)s until %(when)s", who=by.by, when=moment(by.until)) if by else ""


def _of_others() -> Mapping[Item, TakenBy]:
    """What others have taken; read once a request."""
    if "taken_by_others" not in g:
        with services().database.reading() as session:
            g.taken_by_others = claims.of_others(session, actor())
    found: Mapping[Item, TakenBy] = g.taken_by_others
    return found
