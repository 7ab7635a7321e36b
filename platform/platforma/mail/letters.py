"""The yearly letters to organisations: whether what the directory says of them is still right, answered by one press."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.database import Database
from platforma.catalogue.listings import letters
from platforma.catalogue.listings.letters import Asked
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import force_locale, gettext
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.signed_links import mailed_token
from platforma.secret_key import secret_key
from platforma.settings import Settings
from vocabulary.messages import N_

SUBJECT = N_("Is what we say about “%(title)s” still right?")


def queue_due_letters(settings: Settings, database: Database, now: datetime) -> int:
    """Queue the letters that may be written now; return how many. None where PLATFORMA_LETTERS is not set.

    Each is noted and queued in one transaction, so that a worker that is killed has written all of a letter or nothing.
    """
    if not settings.letters:
        return 0
    with database.reading() as session:
        left = letters.budget(session, now)
        ids = letters.due_ids(session, now) if left else []
    key, written = secret_key(settings), 0
    for id in ids:
        if written == left:
            break
        with database.writing() as session:
            written += queue_letter(settings, session, id, key, now)
    return written


def queue_letter(
    settings: Settings, session: Session, initiative_id: int, key: bytes, now: datetime, *, is_asked: bool = False
) -> bool:
    """Queue the letter about a listing where it is due, or where a curator asks (`is_asked`); return whether it was queued."""
    asked = letters.write(session, initiative_id, key=key, now=now, is_asked=is_asked)
    if asked is None or asked.listing is None:
        return False
    with force_locale(asked.lang, settings.translations_dir):
        _queue(settings, session, asked)
    return True


def _queue(settings: Settings, session: Session, asked: Asked) -> None:
    assert asked.listing is not None
    addresses, token, listing = Addresses(settings.base_url), mailed_token(asked.public_id), asked.listing
    title, end_url = listing.title(asked.lang).text, addresses.end_letters(asked.lang, token)
    page = addresses.letter(asked.lang, token)
    links = {said: f"{page}?answer={said}" for said in ("correct", "change", "ended")}
    listing_url = addresses.listing(asked.lang, listing.public_id, listing.slug)
    body = render_mail(
        settings.templates_dir, "letter.txt", title=title, links=links, listing_url=listing_url, end_url=end_url,
        lines=_lines(listing, asked.lang),
    )  # fmt: skip
    queue_mail(
        session, to=listing.get("email") or "", lang=asked.lang, subject=gettext(SUBJECT, title=title), body=body,
        secret_name=asked.secret_name, unsubscribe_url=end_url,
    )  # fmt: skip


def _lines(listing: Listing, lang: str) -> list[str]:
    """What is said of the listing, a line each; addresses and names stand as they are."""
    summary = listing.shown("summary", lang)
    values = (summary.text if summary else "", listing.get("address"), listing.get("website"), listing.get("phone"))
    return [" ".join(value.split())[:300] for value in values if value]
