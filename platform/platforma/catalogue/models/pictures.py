"""Pictures that we keep of listings, the addresses that they were fetched from, and which listing shows which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import Instant, Json, UtcDateTime
from platforma.catalogue.enums import PictureState
from platforma.catalogue.models.base import Base


class Picture(Base):
    """A picture in two sizes of our own making (WebP, sRGB, no metadata). `hash` is the SHA-256 of the larger one.

    `page` and `thumb` are deferred: whoever lists pictures reads their sizes (in pixels), never their bytes.
    """

    __tablename__ = "pictures"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    thumb_width: Mapped[int]
    thumb_height: Mapped[int]
    kept_at: Mapped[Instant]
    thumb: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    page: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PictureSource(Base):
    """An image's address at a source, and how its fetching went; `key` is the SHA-256 of the address, which may be long.

    `platform_id` is the platform by whose limits it is fetched, None for an image that a person gave. `reason` and `values`
    are the message of the last failure. `picture_hash` is the picture that was made of it; it stays while later fetches fail
    for a while. `due_at` is when it is to be fetched or asked for again.
    """

    __tablename__ = "picture_sources"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str]
    platform_id: Mapped[str | None] = mapped_column(ForeignKey("platforms.id", ondelete="SET NULL"), index=True)
    state: Mapped[PictureState] = mapped_column(String(10), default=PictureState.WAITING)
    reason: Mapped[str | None]
    values: Mapped[Json] = mapped_column(default=dict)
    failures: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    due_at: Mapped[Instant] = mapped_column(UtcDateTime(), index=True)
    picture_hash: Mapped[str | None] = mapped_column(ForeignKey("pictures.hash", ondelete="SET NULL"), index=True)


class ListingPicture(Base):
    """Which image a listing may show: it is there exactly while a licence or a person allows it (see picture_rights.py)."""

    __tablename__ = "listing_pictures"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiatives.id", ondelete="CASCADE"), primary_key=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("picture_sources.key", ondelete="CASCADE"), index=True)
