"""The view model of what a table would change: new, changed, unchanged and gone entries, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforma.catalogue.files.table_imports import GoneRows, digest
from platforma.catalogue.ingest.reports import Difference, RecordChange
from platforma.i18n import gettext as _
from platforma.i18n import ngettext, number
from platforma.web.labels import field_label, listed_text

MAX_SHOWN = 100
"""So many entries of each kind are named; of the others it is said how many there are."""


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """An entry with its fields that would change: label, before, after."""

    title: str
    fields: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What a table would change. `counts` are (label, number); of the lists the first MAX_SHOWN are given."""

    counts: Sequence[tuple[str, str]]
    new: Sequence[str]
    more_new: int
    changed: Sequence[ChangedEntry]
    more_changed: int
    gone: Sequence[str]
    more_gone: int
    gone_count: str
    answers: Sequence[tuple[str, str]]
    asked: str
    kept_out: int
    is_empty: bool


def changes_page(changes: Difference) -> ChangesPage:
    """The view model of a difference."""
    gone = len(changes.gone)
    return ChangesPage(
        counts=[
            (_("new"), number(len(changes.new))),
            (_("changed"), number(len(changes.changed))),
            (_("unchanged"), number(changes.unchanged)),
            (_("not in the table any more"), number(gone)),
        ],
        new=[one.title for one in changes.new[:MAX_SHOWN]],
        more_new=max(0, len(changes.new) - MAX_SHOWN),
        changed=[_entry(one) for one in changes.changed[:MAX_SHOWN]],
        more_changed=max(0, len(changes.changed) - MAX_SHOWN),
        gone=[one.title for one in changes.gone[:MAX_SHOWN]],
        more_gone=max(0, gone - MAX_SHOWN),
        gone_count=ngettext("%(num)s entry is not in the table any more", "%(num)s entries are not in the table any more", gone),
        answers=[
            (str(GoneRows.KEEP), _("Keep them in the directory as they are")),
            (str(GoneRows.TAKE_OUT), _("Take them out of the directory")),
        ],
        asked=digest(changes),
        kept_out=len(changes.kept_out),
        is_empty=not (changes.new or changes.changed or gone),
    )


def _entry(change: RecordChange) -> ChangedEntry:
    fields = [(field_label(name), *(listed_text(name, text) for text in texts)) for name, texts in change.fields.items()]
    return ChangedEntry(change.record.title, fields)
