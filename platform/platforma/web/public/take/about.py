"""What a file says of itself: where it is from, what was searched, and how it may be used."""

from __future__ import annotations

from platforma.i18n import gettext as _
from platforma.web.public.take.export import Export


def about(export: Export) -> list[tuple[str, str]]:
    """Labels and values that tell a reader where a file is from."""
    return [
        (_("Made by"), _("Platform of Platforms")),
        (_("What was searched for"), export.title),
        (_("Results found"), str(export.total)),
        (_("Date"), export.made_on.isoformat()),
        (_("Page with these results"), export.page_address),
        (_("This file, up to date"), export.own_address),
        (_("Terms of use"), export.terms_address),
        (_("Licence"), licence_note()),
    ]


def licence_note() -> str:
    """What a reader must know of the licences of entries, in one sentence."""
    return _(
        "Each entry belongs to its source. The licence named beside it applies;"
        " where none is named, ask the source before you publish more than facts."
    )
