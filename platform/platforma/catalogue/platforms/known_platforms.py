"""Which platform an address belongs to already, and the id of a new one."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain, count
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crawlers.values.addresses import canonical_address, host_of, is_common_host, same_site
from platforma.catalogue.models import Platform

MAX_ID_CHARACTERS = 60
_FRONT_PAGE = re.compile("(/[a-z]{2})?")
"""The canonical paths of a site's front page: none, or the folder of a language."""


def platform_of_address(session: Session, url: str) -> Platform | None:
    """The platform with this address, whatever its scheme, `www.`, capitals and final slash; None where there is none."""
    return _with_address(_of_site(session, url), url)


def platform_of_site(session: Session, url: str) -> Platform | None:
    """The platform that an address which somebody enters is about; None where it would be another one.

    Several registers may stand on one site, each with a path of its own. Where the site has a single platform, its front page
    and any other page of it are about the same: people give now the one, now the other.
    """
    of_site = _of_site(session, url)
    if (known := _with_address(of_site, url)) is not None:
        return known
    if len(of_site) == 1 and not is_common_host(host_of(url)) and (_is_front_page(url) or _is_front_page(of_site[0].url)):
        return of_site[0]
    return None


def free_id(session: Session, id: str) -> str:
    """The id, or where it is taken the first of `id-2`, `id-3` and so on that is not."""
    endings = chain([""], (f"-{number}" for number in count(2)))
    ids = (id[: MAX_ID_CHARACTERS - len(ending)] + ending for ending in endings)
    return next(one for one in ids if session.get(Platform, one) is None)


def _of_site(session: Session, url: str) -> list[Platform]:
    """The platforms on the site of an address, by id; the database looks for its host in their addresses."""
    host = host_of(url)
    if not host:
        return []
    has_host = or_(*(Platform.url.icontains(name, autoescape=True) for name in _written(host)))
    rows = session.scalars(select(Platform).where(has_host).order_by(Platform.id))
    return [row for row in rows if same_site(row.url, url)]


def _written(host: str) -> list[str]:
    """A host as addresses may have it: in ASCII, and in its own letters."""
    with suppress(UnicodeError):
        return [host, host.encode("ascii").decode("idna")]
    return [host]


def _with_address(platforms: list[Platform], url: str) -> Platform | None:
    key = _key(url)
    return next((one for one in platforms if _key(one.url) == key), None)


def _key(url: str) -> str:
    return canonical_address(url).lower()


def _is_front_page(url: str) -> bool:
    parts = urlsplit(_key(url))
    return not parts.query and _FRONT_PAGE.fullmatch(parts.path) is not None
