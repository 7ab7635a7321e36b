"""Links to a platform's reports that need no account: signed, and void as soon as the platform's contact changes."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Platform
from platforma.secrets import secret_key
from platforma.settings import Settings

DIGITS = 32


def report_token(settings: Settings, platform: Platform) -> str:
    """What a link to the reports of a platform carries: its public id and a signature."""
    said = f"reports:{platform.public_id}:{platform.contact_email or ''}"
    digest = hmac.new(secret_key(settings), said.encode(), "sha256").hexdigest()
    return f"{platform.public_id}-{digest[:DIGITS]}"


def report_link(settings: Settings, platform: Platform, crawl_id: int, lang: str) -> str:
    """The absolute address of one crawl's report."""
    return f"{settings.base_url}/{lang}/reports/{report_token(settings, platform)}/{crawl_id}"


def platform_of_token(settings: Settings, session: Session, token: str) -> Platform:
    """The platform whose reports a link opens. Raises BadToken."""
    platform = session.scalar(select(Platform).where(Platform.public_id == token.split("-")[0]))
    if platform is None or not hmac.compare_digest(report_token(settings, platform).encode(), token.encode()):
        raise BadToken("reports")
    return platform
