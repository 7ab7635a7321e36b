"""What a partner can be mailed of how their platforms are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforma.catalogue.enums import PartnerMail
from platforma.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class MailWishes:
    """The choices, as value and words, and which of them stands for the person; `contact` is whom else the mails go to."""

    choices: Sequence[tuple[str, str]]
    chosen: PartnerMail
    contact: str


def mail_wishes(wish: PartnerMail | None, email: str, contact: str | None) -> MailWishes:
    """The choices of a person, who wished this or nothing yet; `contact` is that of the platform on whose page they stand."""
    is_contact = (contact or "").lower() == email
    chosen = wish or (PartnerMail.WEEKLY if is_contact else PartnerMail.NONE)
    return MailWishes(_choices(), chosen, "" if is_contact else contact or "")


def _choices() -> list[tuple[str, str]]:
    return [
        (PartnerMail.WEEKLY, _("On Mondays, when something is new")),
        (PartnerMail.AT_ONCE, _("At once, and on Mondays what curators changed")),
        (PartnerMail.NONE, _("Nothing but questions and decisions of the curators")),
    ]
