"""Mails about listings that visitors added: the receipt, and what was decided."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.visitors import additions
from platforma.catalogue.visitors.additions import AddedListing
from platforma.i18n import current_language, force_locale, gettext
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.signed_links import mailed_token, signed_token
from platforma.settings import Settings
from vocabulary.languages import best_language
from vocabulary.messages import N_

RECEIVED = N_("We received “%(title)s”")
PUBLISHED = N_("“%(title)s” is in the directory now")
NOT_PUBLISHED = N_("“%(title)s” was not added to the directory")


def status_token(key: bytes, added: AddedListing) -> str:
    """The token in the link to an addition's page."""
    return signed_token(key, added.number, added.secret_name)


def queue_receipt(settings: Settings, session: Session, added: AddedListing) -> None:
    """Queue a mail with the link by which the addition is followed."""
    _queue(settings, session, added, RECEIVED, "addition_received.txt")


def queue_decisions(settings: Settings, session: Session) -> None:
    """Queue a mail to each who added a listing that was decided about since, and note that they are told."""
    for added in additions.decided(session):
        is_published = added.state == InitiativeState.PUBLISHED
        _queue(settings, session, added, PUBLISHED if is_published else NOT_PUBLISHED, "addition_decided.txt")
        additions.mark_told(session, added.id)


def _queue(settings: Settings, session: Session, added: AddedListing, subject: str, template: str) -> None:
    if not added.email:
        return
    with force_locale(added.lang, settings.translations_dir):
        lang, addresses = current_language(), Addresses(settings.base_url)
        title = added.titles[best_language(lang, added.titles)] if added.titles else added.number
        body = render_mail(
            settings.templates_dir, template, title=title, reason=added.reason,
            link=addresses.addition_status(lang, mailed_token(added.number)),
            page=addresses.listing(lang, added.public_id, added.slug) if added.state == InitiativeState.PUBLISHED else "",
        )  # fmt: skip
        subject = gettext(subject, title=title)
        queue_mail(session, to=added.email, lang=lang, subject=subject, body=body, secret_name=added.secret_name)
