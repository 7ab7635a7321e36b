"""Fetching the images that listings may show: politely, a platform's by its own limits, one process at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from crawlers.clock import CLOCK, Clock
from crawlers.errors import AddressRefused, BadContent, BadStatus, FetchError, RobotsForbid, SiteGivenUp, Stopped, TooLarge
from crawlers.fetch import PoliteSession
from crawlers.fetch.transport import never
from crawlers.images.fetching import MAX_BYTES, FetchedImage, fetch_image
from crawlers.images.recoding import WebpPicture
from crawlers.recipe import Limits
from crawlers.state import PageValidators
from crawlers.values.addresses import site_of
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.models import Platform
from platforma.catalogue.pictures import fetched
from platforma.catalogue.pictures.fetched import DueImage, Encoded
from platforma.catalogue.platforms import leases
from platforma.catalogue.platforms.schedule import is_open
from platforma.locks import LockHeld, lock
from platforma.services import Services
from platforma.worker.due import hosts_of, hours_of
from platforma.worker.recipe_run import polite_session

log = logging.getLogger(__name__)
AT_ONCE = 200
"""The most addresses of one turn; what is left waits for the next, which begins within a minute."""
BUSY_PAUSE = timedelta(minutes=10)
"""How long an address waits whose site is being crawled, or may not be asked at this hour."""
FINAL = (AddressRefused, RobotsForbid, BadContent, TooLarge)
"""Errors that no second try would change: what the address gave before is no longer shown."""


def fetch_due_pictures(services: Services, stop: Callable[[], bool] = never, clock: Clock = CLOCK) -> int:
    """Fetch the images that are due, at most AT_ONCE; return how many were asked for. All pauses are by `clock`.

    Returns 0 while another process fetches. Every result is stored at once, so that a stop loses nothing.
    """
    try:
        with lock(services.settings, "pictures", wait=False):
            return sum(turn.run(stop, clock) for turn in _due_turns(services))
    except LockHeld:
        return 0


@dataclass(frozen=True, slots=True)
class _Turn:
    """The due images of one platform, or of people; `may_run` is False while its site must not be asked."""

    services: Services
    images: Sequence[DueImage]
    limits: Limits
    may_run: bool

    def run(self, stop: Callable[[], bool], clock: Clock) -> int:
        """Fetch them one by one; return how many were asked for."""
        if not self.may_run:
            _postpone(self.services.database, self.images, BUSY_PAUSE)
            return 0
        with polite_session(self.services.settings, clock) as session:
            session.stop, session.limits = stop, self.limits
            try:
                self._fetch_all(session)
            except Stopped:
                log.info("fetching pictures was stopped")
        return session.pages

    def _fetch_all(self, session: PoliteSession) -> None:
        """Fetch the images; those of a site that was given up wait for another day."""
        given_up: set[str] = set()
        for image in self.images:
            site = site_of(image.url)
            if site in given_up:
                _postpone(self.services.database, [image], fetched.FIRST_RETRY)
                continue
            try:
                _fetch_one(self.services.database, session, image)
            except SiteGivenUp as error:
                given_up.add(site)
                _store_failure(self.services.database, image, error)


def _due_turns(services: Services) -> list[_Turn]:
    """What is due now, a turn for each platform; the images of people come first."""
    with services.database.reading() as session:
        due = sorted(fetched.due_images(session, utc_now(), AT_ONCE), key=lambda image: image.platform_id or "")
        by_platform = groupby(due, key=lambda image: image.platform_id)
        return [_turn(services, session.get(Platform, id) if id else None, images) for id, images in by_platform]


def _turn(services: Services, platform: Platform | None, images: Iterable[DueImage]) -> _Turn:
    known = platform.recipe.get("limits") or {} if platform else {}
    limits = Limits(
        bytes_per_page=MAX_BYTES,
        delay_seconds=known.get("delay_seconds"),
        timeout_seconds=known.get("timeout_seconds", 20),
        ports=tuple(known.get("ports", ())),
    )
    return _Turn(services, list(images), limits, platform is None or _may_be_asked(services, platform))


def _may_be_asked(services: Services, platform: Platform) -> bool:
    """Whether it is one of the platform's hours, and nobody crawls it or its hosts just now."""
    now = utc_now()
    with services.database.reading() as session:
        is_free = leases.is_free(session, platform.id, hosts_of(platform), now)
    return is_free and is_open(now, hours_of(platform), services.settings.time_zone)


def _fetch_one(database: Database, session: PoliteSession, image: DueImage) -> None:
    """Fetch one image and store the result; an address that fails for now is tried again another day. Raises SiteGivenUp."""
    has_picture = image.content_hash is not None
    validators = PageValidators(image.etag, image.last_modified, image.content_hash) if has_picture else None
    try:
        result = fetch_image(session, image.url, validators)
    except FetchError as error:
        _store_failure(database, image, error)
    else:
        _store(database, image, result)


def _store(database: Database, image: DueImage, result: FetchedImage) -> None:
    with database.writing() as session:
        if result.image is None:
            fetched.confirm_picture(session, image.key, utc_now())
            return
        known = result.validators
        seen = replace(image, etag=known.etag, last_modified=known.last_modified, content_hash=known.content_hash)
        thumb, page = _encoded(result.image.thumb), _encoded(result.image.page)
        fetched.keep_picture(session, seen, thumb, page, utc_now())


def _store_failure(database: Database, image: DueImage, error: FetchError | SiteGivenUp) -> None:
    is_final = isinstance(error, FINAL) or (isinstance(error, BadStatus) and error.is_gone)
    note = fetched.refuse_picture if is_final else fetched.note_failure
    with database.writing() as session:
        note(session, image.key, error.reason, error.values, utc_now())


def _postpone(database: Database, images: Sequence[DueImage], pause: timedelta) -> None:
    with database.writing() as session:
        fetched.postpone(session, [image.key for image in images], utc_now() + pause)


def _encoded(picture: WebpPicture) -> Encoded:
    return Encoded(picture.width, picture.height, picture.data)
