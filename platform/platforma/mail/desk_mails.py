"""The weekly mail of the desk: what waits, to each of the staff who wants it, on Monday mornings; none where nothing waits.

One transaction moves the person's turn and queues the mail, so that a worker that is killed has done both or nothing, and a
second worker mails nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.desk import queues
from platforma.catalogue.desk.queues import Line
from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.people import desk_mails
from platforma.catalogue.people.desk_mails import Reader
from platforma.catalogue.people.digest_times import next_digest_at
from platforma.i18n import current_language, day, force_locale, gettext, number
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.signed_links import mailed_token
from platforma.settings import Settings
from vocabulary.messages import N_

SUBJECT = N_("Waiting for a decision at the desk: %(count)s")


@dataclass(frozen=True, slots=True)
class MailedLine:
    """A queue in the mail: what it is called, how many wait and since when, and its address."""

    name: str
    facts: str
    url: str


def queue_weekly_mails(settings: Settings, session: Session, now: datetime) -> int:
    """Queue the weekly mails that are due; return how many. Who has had no turn yet is mailed from the next Monday on."""
    readers = desk_mails.due_readers(session, now)
    if not readers:
        return 0
    waiting, better = queues.lines(session, queues.QUEUES), queues.lines(session, queues.IMPROVEMENTS)
    next_at = next_digest_at(now, DigestFrequency.WEEKLY, settings.time_zone)
    turns = [reader for reader in readers if desk_mails.take_turn(session, reader, next_at) and reader.due_at is not None]
    for reader in turns if waiting else ():
        _queue(settings, session, reader, waiting, better)
    return len(turns) if waiting else 0


def _queue(settings: Settings, session: Session, reader: Reader, waiting: Sequence[Line], better: Sequence[Line]) -> None:
    with force_locale(reader.lang, settings.translations_dir):
        lang, addresses, token = current_language(), Addresses(settings.base_url), mailed_token(str(reader.id))
        end_url = addresses.end_desk_mails(lang, token)
        body = render_mail(
            settings.templates_dir, "desk_weekly.txt", waiting=[_line(settings, line) for line in waiting],
            better=[_line(settings, line) for line in better], desk_url=addresses.desk(lang), end_url=end_url,
        )  # fmt: skip
        subject = gettext(SUBJECT, count=number(sum(line.count for line in waiting)))
        queue_mail(
            session, to=reader.email, lang=lang, subject=subject, body=body, secret_name=reader.secret_name,
            unsubscribe_url=end_url,
        )  # fmt: skip


def _line(settings: Settings, line: Line) -> MailedLine:
    """The facts are in the order of the page: how many, since when, what is doubtful."""
    facts = [number(line.count)]
    if line.oldest is not None:
        facts.append(
            gettext("the oldest since %(day)s", day=day(line.oldest.astimezone(ZoneInfo(settings.time_zone)).date(), "genitive"))
        )
    facts += [f"{gettext(message)}: {number(count)}" for message, count in line.doubts]
    address = Addresses(settings.base_url).desk(current_language(), line.queue.path)
    return MailedLine(gettext(line.queue.name), ", ".join(facts), address)
