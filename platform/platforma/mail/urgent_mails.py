"""The link by which one of the staff ends the mails that come at once; the weekly one goes on."""

from __future__ import annotations

from typing import TypedDict

from platforma.addresses import Addresses
from platforma.catalogue.models import User
from platforma.catalogue.people.desk_mails import urgent_secret_name
from platforma.i18n import current_language
from platforma.mail.signed_links import mailed_token
from platforma.settings import Settings


class Ending(TypedDict):
    """What queue_mail needs of the link that ends mails of a kind."""

    secret_name: str
    unsubscribe_url: str


def ending(settings: Settings, user: User) -> Ending:
    """The link for a mail to this person, in the language in force."""
    url = Addresses(settings.base_url).end_urgent_mails(current_language(), mailed_token(str(user.id)))
    return {"secret_name": urgent_secret_name(user), "unsubscribe_url": url}
