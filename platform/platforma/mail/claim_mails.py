"""Mails to whoever has claimed a listing: what curators decided, and that somebody else has proven it, too."""

from __future__ import annotations

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.partners import claims
from platforma.catalogue.partners.claims import Claim
from platforma.i18n import current_language, force_locale, gettext
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.settings import Settings
from vocabulary.messages import N_

CLAIMED = N_("Confirm that “%(title)s” is your organisation")
VOUCHED = N_("You can keep “%(title)s” yourself now")
NOT_VOUCHED = N_("About your organisation “%(title)s”")
ENDED = N_("You do not keep “%(title)s” any more")
ACCEPTED = N_("Your changes of “%(title)s” are public")
NOT_ACCEPTED = N_("Your changes of “%(title)s” were not taken over")
SHARED = N_("Somebody else keeps “%(title)s”, too")


def tell_of_word(settings: Settings, session: Session, claim: Claim, *, reason: str = "") -> None:
    """Tell that the curators vouch for a claim, or why they do not."""
    _queue(settings, session, claim, NOT_VOUCHED if reason else VOUCHED, "claim_decided.txt", is_ended=False, reason=reason)


def tell_of_end(settings: Settings, session: Session, claim: Claim, *, reason: str) -> None:
    """Tell that the curators have ended a claim, and why."""
    _queue(settings, session, claim, ENDED, "claim_decided.txt", is_ended=True, reason=reason)


def tell_of_change(settings: Settings, session: Session, claim: Claim, *, reason: str = "") -> None:
    """Tell that a change is public, or why it was refused."""
    _queue(settings, session, claim, NOT_ACCEPTED if reason else ACCEPTED, "change_decided.txt", reason=reason)


def tell_others(settings: Settings, session: Session, claim: Claim) -> None:
    """Tell those who have proven the same listing before that somebody else has, too."""
    for other in claims.claims_of(session, claim.public_id):
        if other.is_proven and other.id != claim.id:
            _queue(settings, session, other, SHARED, "claim_shared.txt", by=claim.email)


def _queue(settings: Settings, session: Session, claim: Claim, subject: str, template: str, **values: object) -> None:
    listing = claims.listing_of(session, claim)
    if listing is None:
        return
    with force_locale(claim.lang, settings.translations_dir):
        lang = current_language()
        title, link = listing.title(lang).text, Addresses(settings.base_url).own_listing(lang, claim.public_id)
        body = render_mail(settings.templates_dir, template, title=title, link=link, **values)
        queue_mail(session, to=claim.email, lang=lang, subject=gettext(subject, title=title), body=body)
