"""Bulk changes in the reader's language: what they do, how they stand, and what could not be done."""

from __future__ import annotations

from platforma.catalogue.lists.bulk_changes import BulkReport
from platforma.catalogue.lists.bulk_steps import DIMENSIONS as DIMENSION_OF
from platforma.catalogue.lists.bulk_steps import BulkAction
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from vocabulary import load

DIMENSIONS = tuple(dict.fromkeys(DIMENSION_OF.values()))
"""The dimensions of which a term is chosen, in the order of the form."""


def action_label(action: str) -> str:
    """What a bulk change does, as a button says it."""
    return {
        BulkAction.ADD_THEME: _("Add a theme"),
        BulkAction.REMOVE_THEME: _("Remove a theme"),
        BulkAction.SET_THEME: _("Set the only theme"),
        BulkAction.ADD_SECTOR: _("Add a sector"),
        BulkAction.REMOVE_SECTOR: _("Remove a sector"),
        BulkAction.SET_SECTOR: _("Set the only sector"),
        BulkAction.SET_KIND: _("Set the kind"),
        BulkAction.SET_COUNTRY: _("Set the country"),
        BulkAction.PUBLISH: _("Publish"),
        BulkAction.UNPUBLISH: _("Take back: new again, not public"),
        BulkAction.REFUSE: _("Refuse"),
    }[BulkAction(action)]


def order_text(action: BulkAction, value: str) -> str:
    """What is done, with its term or its reason."""
    if action in DIMENSION_OF:
        return f"{action_label(action)}: {load().label(DIMENSION_OF[action], value, current_language())}"
    return f"{action_label(action)}: {value}" if value else action_label(action)


def state_text(report: BulkReport) -> str:
    """How a bulk change stands, in a word."""
    return {
        "waiting": _("under way"),
        "done": _("done"),
        "undoing": _("being undone"),
        "undone": _("undone"),
    }[report.state]
