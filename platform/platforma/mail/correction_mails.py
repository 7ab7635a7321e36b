"""Mails about visitors' messages: the receipt, the answer, and word to the curators of a wish for removal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.enums import CorrectionState, CorrectionTopic
from platforma.catalogue.models import Mail
from platforma.catalogue.people import desk_mails
from platforma.catalogue.visitors.corrections import Message
from platforma.i18n import current_language, force_locale, gettext, instant, other_languages
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.signed_links import mailed_token, signed_token
from platforma.mail.urgent_mails import ending
from platforma.settings import Settings
from vocabulary.messages import N_

RECEIVED = N_("We received your message %(number)s")
ANSWERED = N_("Your message %(number)s was answered")
REMOVAL_ASKED = N_("Somebody asks for a listing to be removed")
PLATFORM_REMOVAL_ASKED = N_("Somebody asks for a platform to be removed")


def status_token(key: bytes, message: Message) -> str:
    """The token in the link to a message's page."""
    return signed_token(key, message.public_id, message.secret_name)


def queue_receipt(settings: Settings, session: Session, message: Message) -> None:
    """Queue a mail with the message's number and the link to its page; nothing where it has no address."""
    _queue(settings, session, message, RECEIVED, "report_received.txt")


def queue_answer(settings: Settings, session: Session, message: Message) -> Mail | None:
    """Queue the answer in the language of the message and return its row; None where it has no address."""
    return _queue(settings, session, message, ANSWERED, "report_answered.txt")


def tell_staff_of_removal(settings: Settings, session: Session, message: Message) -> None:
    """Queue a mail to each of the staff who wants that, where the message asks for a removal."""
    if message.topic != CorrectionTopic.REMOVAL:
        return
    is_platform = message.platform_id is not None
    subject = PLATFORM_REMOVAL_ASKED if is_platform else REMOVAL_ASKED
    for user in desk_mails.told_at_once(session):
        with force_locale(user.lang, settings.translations_dir):
            lang = current_language()
            link, end = Addresses(settings.base_url).correction(lang, message.id), ending(settings, user)
            values = {"link": link, "is_platform": is_platform, "end_url": end["unsubscribe_url"]}
            body = render_mail(settings.templates_dir, "removal_asked.txt", **values)
            queue_mail(session, to=user.email, lang=lang, subject=gettext(subject), body=body, **end)


def _queue(settings: Settings, session: Session, message: Message, subject: str, template: str) -> Mail | None:
    if not message.email:
        return None
    with force_locale(message.lang, settings.translations_dir):
        lang = current_language()
        link = Addresses(settings.base_url).report_status(lang, mailed_token(message.public_id))
        body = render_mail(
            settings.templates_dir, template, link=link, number=message.public_id, answer=message.answer,
            is_refused=message.state == CorrectionState.REFUSED,
            answer_by=_answer_by(settings, message), others=_elsewhere(settings, message),
        )  # fmt: skip
        title = gettext(subject, number=message.public_id)
        return queue_mail(session, to=message.email, lang=lang, subject=title, body=body, secret_name=message.secret_name)


def _answer_by(settings: Settings, message: Message) -> str:
    """The day by which a message is answered, in the site's time zone, as it follows “until”."""
    return instant(message.answer_by(settings).astimezone(ZoneInfo(settings.time_zone)).date().isoformat(), "dative")


def _elsewhere(settings: Settings, message: Message) -> list[tuple[str, str]]:
    """The page of a message in each other language: the language's own name, and the address."""
    addresses, token = Addresses(settings.base_url), mailed_token(message.public_id)
    return [(name, addresses.report_status(lang, token)) for lang, name in other_languages()]
