"""Links to a platform's reports that need no account: signed, and invalid once the platform's contact changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Platform
from platforma.mail.signed_links import is_signed, mailed_token, public_id_of, signed_token
from platforma.secret_key import secret_key
from platforma.settings import Settings


def report_secret_name(platform: Platform) -> str:
    """The name that the secret of a platform's report links is derived from."""
    return f"reports:{platform.public_id}:{platform.contact_email or ''}"


def mailed_report_link(settings: Settings, platform: Platform, crawl_id: int, lang: str, *, number: int) -> str:
    """The address of a crawl's report for the body of a queued mail, whose signature is put in when it is sent.

    `number` tells which of the mail's secrets that is (see mailed_token).
    """
    return Addresses(settings.base_url).report(lang, mailed_token(platform.public_id, number), crawl_id)


def report_token(settings: Settings, session: Session, platform_id: str) -> str:
    """The token of a link to a platform's reports that is shown at once and never mailed. Raises BadToken."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise BadToken("reports")
    return signed_token(secret_key(settings), platform.public_id, report_secret_name(platform))


def platform_of_token(settings: Settings, session: Session, token: str) -> Platform:
    """The platform whose reports a link opens. Raises BadToken."""
    platform = session.scalar(select(Platform).where(Platform.public_id == public_id_of(token)))
    if platform is None or not is_signed(secret_key(settings), token, report_secret_name(platform)):
        raise BadToken("reports")
    return platform
