"""How the sender of a message belongs to what it is about, as far as the address shows."""

from __future__ import annotations

from urllib.parse import urlsplit

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.visitors.corrections import Message
from platforma.i18n import gettext as _


def sender_text(message: Message, listing: Listing | None, platform: PlatformCard | None) -> str:
    """Whether the confirmed address is one of the listing's or platform's own; empty where there is nothing to compare."""
    if not message.email or (listing is None and platform is None):
        return ""
    if is_own_address(message.email, listing, platform):
        return _("The sender confirmed this address; it belongs to the site that the message is about.")
    return _("The sender confirmed this address; it does not belong to the site that the message is about.")


def is_own_address(email: str, listing: Listing | None, platform: PlatformCard | None) -> bool:
    """Whether the address is the listing's own, or at the host of its website or of the platform, or above that host."""
    domain = email.lower().rpartition("@")[2]
    sites = [listing.get("website")] if listing else []
    sites += [platform.url] if platform else []
    hosts = [urlsplit(str(site)).hostname or "" for site in sites if site]
    is_listed = listing is not None and str(listing.get("email") or "").lower() == email.lower()
    return is_listed or any(host == domain or host.endswith(f".{domain}") for host in hosts)
