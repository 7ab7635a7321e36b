"""Which listing wants which image, and what is swept when nobody wants it any more."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from platforma.catalogue.counted_rows import insert_into
from platforma.catalogue.enums import InitiativeState, PictureState
from platforma.catalogue.models import Initiative, ListingPicture, Picture, PictureSource

NEVER_SHOWN = (InitiativeState.MERGED, InitiativeState.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class WantedImage:
    """An image that a listing may show; `platform_id` is the platform whose record names it, None where a person does."""

    url: str
    platform_id: str | None

    @property
    def key(self) -> str:
        """The key of the address in the tables: its SHA-256, in hex."""
        return hashlib.sha256(self.url.encode()).hexdigest()


def want_images(session: Session, wanted: Mapping[int, WantedImage | None], now: datetime) -> None:
    """Let each of these listings (by id) show this image, or none; an address that is new is due at once."""
    query = select(ListingPicture).where(ListingPicture.initiative_id.in_(wanted))
    links = {link.initiative_id: link for link in session.scalars(query)}
    named = {id: image for id, image in wanted.items() if image is not None}
    for id in links.keys() - named.keys():
        session.delete(links[id])
    changed = [id for id, image in named.items() if id not in links or links[id].source_key != image.key]
    if not changed:
        return
    # In the order of their keys, so that two processes do not wait for each other.
    rows = [_row(image, now) for image in sorted((named[id] for id in changed), key=lambda image: image.key)]
    session.execute(insert_into(session, PictureSource).on_conflict_do_nothing(index_elements=["key"]), rows)
    for id in links.keys() & set(changed):
        links[id].source_key = named[id].key
    if new := [{"initiative_id": id, "source_key": named[id].key} for id in changed if id not in links]:
        session.execute(insert(ListingPicture), new)


def forget_images(session: Session, initiative_ids: Collection[int]) -> None:
    """Delete what these listings showed, at once, as far as no other listing shows the same."""
    session.flush()
    session.execute(delete(ListingPicture).where(ListingPicture.initiative_id.in_(initiative_ids)))
    _sweep(session)


def sweep_pictures(session: Session, _now: datetime) -> None:
    """Delete addresses that no listing wants, and pictures that were made of none that is left."""
    gone = select(Initiative.id).where(Initiative.state.in_(NEVER_SHOWN))
    session.execute(delete(ListingPicture).where(ListingPicture.initiative_id.in_(gone)))
    _sweep(session)


def _sweep(session: Session) -> None:
    is_wanted = select(ListingPicture.source_key).where(ListingPicture.source_key == PictureSource.key)
    session.execute(delete(PictureSource).where(~is_wanted.exists()))
    is_used = select(PictureSource.key).where(PictureSource.picture_hash == Picture.hash)
    session.execute(delete(Picture).where(~is_used.exists()))


def _row(image: WantedImage, now: datetime) -> dict[str, object]:
    """The columns of an address that is due at once."""
    row: dict[str, object] = {"key": image.key, "url": image.url, "platform_id": image.platform_id, "due_at": now}
    return row | {"state": PictureState.WAITING, "values": {}, "failures": 0}
