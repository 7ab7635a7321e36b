"""Which listing names which website, and what is swept when none names it any more."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crawlers.values.addresses import is_web_address
from platforma.catalogue.counted_rows import insert_into
from platforma.catalogue.enums import InitiativeState, WebsiteState
from platforma.catalogue.models import Initiative, ListingWebsite, Website
from platforma.catalogue.websites.doubts import is_own_site

NEVER_SHOWN = (InitiativeState.MERGED, InitiativeState.SUPPRESSED)


def key_of(url: str) -> str:
    """The key of an address in the tables: its SHA-256, in hex."""
    return hashlib.sha256(url.encode()).hexdigest()


def is_looked_at(url: str | None) -> bool:
    """Whether an address is one of a website that can be an organisation's own."""
    return bool(url) and is_web_address(url or "") and is_own_site(url or "")


def want_websites(session: Session, wanted: Mapping[int, str | None], now: datetime) -> None:
    """Let each of these listings (by id) name this website, or none; an address that is new is due at once."""
    links = {
        link.initiative_id: link
        for link in session.scalars(select(ListingWebsite).where(ListingWebsite.initiative_id.in_(wanted)))
    }
    named = {id: url for id, url in wanted.items() if url is not None and is_looked_at(url)}
    for id in links.keys() - named.keys():
        session.delete(links[id])
    keys = {id: key_of(url) for id, url in named.items()}
    changed = [id for id, key in keys.items() if id not in links or links[id].website_key != key]
    if not changed:
        return
    # In the order of their keys, so that two processes do not wait for each other.
    rows = [_row(keys[id], named[id], now) for id in sorted(changed, key=keys.__getitem__)]
    session.execute(insert_into(session, Website).on_conflict_do_nothing(index_elements=["key"]), rows)
    for id in links.keys() & set(changed):
        links[id].website_key = keys[id]
    if new := [{"initiative_id": id, "website_key": keys[id]} for id in changed if id not in links]:
        session.execute(insert(ListingWebsite), new)


def forget_websites(session: Session, initiative_ids: Collection[int]) -> None:
    """Delete what is known of the websites of these listings, as far as no other listing names the same."""
    session.flush()
    session.execute(delete(ListingWebsite).where(ListingWebsite.initiative_id.in_(initiative_ids)))
    _sweep(session)


def sweep_websites(session: Session, _now: datetime) -> None:
    """Delete addresses that no listing names."""
    gone = select(Initiative.id).where(Initiative.state.in_(NEVER_SHOWN))
    session.execute(delete(ListingWebsite).where(ListingWebsite.initiative_id.in_(gone)))
    _sweep(session)


def _sweep(session: Session) -> None:
    is_named = select(ListingWebsite.website_key).where(ListingWebsite.website_key == Website.key)
    session.execute(delete(Website).where(~is_named.exists()))


def _row(key: str, url: str, now: datetime) -> dict[str, object]:
    """The columns of an address that is due at once."""
    row: dict[str, object] = {"key": key, "url": url, "state": WebsiteState.WAITING, "due_at": now}
    return row | {"values": {}, "known": {}, "seen": {}, "failures": 0, "unchanged": 0}
