"""Mails between partners and curators: a question, and that it was answered."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.models import Mail
from platforma.catalogue.people import desk_mails
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.i18n import current_language, force_locale, gettext
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.urgent_mails import ending
from platforma.settings import Settings
from vocabulary.languages import DEFAULT_LANGUAGE
from vocabulary.messages import N_

ANSWERED = N_("Answered: %(title)s waits for a decision")
ASKED = N_("A question about %(title)s")


def ask_partner(settings: Settings, session: Session, platform: PlatformCard, question: str) -> Mail | None:
    """Let a question wait as a mail to the platform's contact, in their language; None where there is no contact."""
    if not platform.contact_email:
        return None
    with force_locale(platform.contact_lang or DEFAULT_LANGUAGE, settings.translations_dir):
        lang = current_language()
        link = Addresses(settings.base_url).own_platform(lang, platform.public_id)
        body = render_mail(settings.templates_dir, "partner_asked.txt", title=platform.title, question=question, link=link)
        subject = gettext(ASKED, title=platform.title)
        return queue_mail(session, to=platform.contact_email, lang=lang, subject=subject, body=body)


def tell_of_answer(settings: Settings, session: Session, platform: PlatformCard, *, by: str) -> None:
    """Queue a mail to each of the staff who wants that, in their language: who answered, and where to decide."""
    for user in desk_mails.told_at_once(session):
        with force_locale(user.lang, settings.translations_dir):
            lang = current_language()
            link = Addresses(settings.base_url).proposed_platforms(lang)
            end = ending(settings, user)
            body = render_mail(
                settings.templates_dir, "partner_answered.txt", title=platform.title, by=by, link=link,
                end_url=end["unsubscribe_url"],
            )  # fmt: skip
            queue_mail(session, to=user.email, lang=lang, subject=gettext(ANSWERED, title=platform.title), body=body, **end)
