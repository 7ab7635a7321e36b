"""Reads of kept pictures: those of listings, and the bytes behind an address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from platforma.catalogue.enums import PictureState
from platforma.catalogue.models import Initiative, ListingPicture, Picture, PictureSource
from platforma.catalogue.states import SHOWN_STATES

PictureSize = Literal["thumb", "page"]
_PICTURES = (
    select(Initiative.public_id, Picture.hash, Picture.width, Picture.height, Picture.thumb_width, Picture.thumb_height)
    .join(ListingPicture, ListingPicture.initiative_id == Initiative.id)
    .join(PictureSource, PictureSource.key == ListingPicture.source_key)
    .join(Picture, Picture.hash == PictureSource.picture_hash)
    .where(Initiative.public_id.in_(bindparam("ids", expanding=True)))
)
"""Made once: to make it takes longer than to run it."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that we serve; sizes in pixels, of the one for a page and of the one for a list (`thumb`)."""

    hash: str
    width: int
    height: int
    thumb_width: int
    thumb_height: int


@dataclass(frozen=True, slots=True)
class ImageStatus:
    """How the image that a listing may show stands; `reason` and `values` are the message of its last failure."""

    state: PictureState
    reason: str | None
    values: Mapping[str, str]


def image_status(session: Session, public_id: str) -> ImageStatus | None:
    """How the image of a listing stands; None where it has none, or may not show it."""
    query = (
        select(PictureSource.state, PictureSource.reason, PictureSource.values)
        .join(ListingPicture, ListingPicture.source_key == PictureSource.key)
        .join(Initiative, Initiative.id == ListingPicture.initiative_id)
        .where(Initiative.public_id == public_id)
    )
    row = session.execute(query).one_or_none()
    return ImageStatus(PictureState(row.state), row.reason, row[2]) if row is not None else None


def pictures_of(connection: Connection, public_ids: Collection[str]) -> dict[str, KeptPicture]:
    """The picture of each listing, by public id; those without one are missing."""
    rows = connection.execute(_PICTURES, {"ids": list(public_ids)})
    return {row.public_id: KeptPicture(*row[1:]) for row in rows}


def picture_bytes(session: Session, digest: str, size: PictureSize) -> bytes | None:
    """A picture as WebP; None for a hash that no public listing shows."""
    query = (
        select(Picture.thumb if size == "thumb" else Picture.page)
        .join(PictureSource, PictureSource.picture_hash == Picture.hash)
        .join(ListingPicture, ListingPicture.source_key == PictureSource.key)
        .join(Initiative, Initiative.id == ListingPicture.initiative_id)
        .where(Picture.hash == digest, Initiative.state.in_(SHOWN_STATES))
    )
    return session.scalar(query.limit(1))
