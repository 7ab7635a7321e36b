"""Links to a platform's reports that need no account: signed, and invalid once the platform's contact changes."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Platform
from platforma.mail.mail_queue import PLACEHOLDER
from platforma.secret_key import derived_secret, secret_key
from platforma.settings import Settings


def report_secret_name(platform: Platform) -> str:
    """The name that the secret of a platform's report links is derived from."""
    return f"reports:{platform.public_id}:{platform.contact_email or ''}"


def report_token(settings: Settings, platform: Platform) -> str:
    """The token in a link to a platform's reports: its public id and a signature."""
    return f"{platform.public_id}-{derived_secret(secret_key(settings), report_secret_name(platform))}"


def mailed_report_link(settings: Settings, platform: Platform, crawl_id: int, lang: str) -> str:
    """The address of a crawl's report for the body of a queued mail, whose signature is put in when it is sent."""
    return Addresses(settings.base_url).report(lang, f"{platform.public_id}-{PLACEHOLDER}", crawl_id)


def platform_of_token(settings: Settings, session: Session, token: str) -> Platform:
    """The platform whose reports a link opens. Raises BadToken."""
    platform = session.scalar(select(Platform).where(Platform.public_id == token.split("-")[0]))
    if platform is None or not hmac.compare_digest(report_token(settings, platform).encode(), token.encode()):
        raise BadToken("reports")
    return platform
