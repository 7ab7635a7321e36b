"""The badge: its picture, and the page with its code for a listing or a platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from platforma.addresses import SITE
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, fixed_url
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.drawing.badge import BadgeColours, badge_style, badge_svg
from platforma.web.public.embed.colours import DARK, LIGHT, LOOKS, Look, Palette, look
from platforma.web.public.embed.places import Place, places
from platforma.web.public.embed.script import source_of
from platforma.web.public.embed.snippets import badge_code, origin, places_code
from platforma.web.public.embed.views import for_other_sites
from platforma.web.public.rows import listing_url

blueprint = Blueprint("badge", __name__, url_prefix=SITE)
KEPT_FOR_A_DAY = "public, max-age=86400"


@dataclass(frozen=True, slots=True)
class Badged:
    """What a badge is of: its title, our page of it, absolute, and where else it can be found. `title` is empty for the site."""

    title: str
    address: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class BadgePage:
    """The page: each badge as (look, address of the picture without a host, code), and the code of a list of all places."""

    of: Badged
    badges: Sequence[tuple[Look, str, str]]
    places_code: str
    policy: str


@blueprint.get("/badge.svg")
def picture() -> Response:
    """The badge in the language of the address. Raises BadRequest for a `look` that there is not."""
    style = _style(look(request.args))
    svg = badge_svg(_("Find us in the directory"), _("Platform of Platforms"), current_language(), style)
    answer = Response(svg, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = f"default-src 'none'; style-src {source_of(style)}"
    return for_other_sites(answer, KEPT_FOR_A_DAY)


@blueprint.get("/badge")
def page() -> str:
    """The badge of the listing or platform that the address names, of the site without one. Raises NotFound and Suppressed."""
    of = _badged()
    site, lang = _("Platform of Platforms"), current_language()
    alt = f"{_('Find us in the directory')} {site}"
    pictures = [(one, _picture_url(one)) for one in LOOKS]
    return render_template(
        "pages/badge.html",
        page=BadgePage(
            of=of,
            badges=[(one, url, badge_code(of.address, lang, absolute(url), alt)) for one, url in pictures],
            places_code=places_code(lang, [(site, of.address), *of.places]),
            policy=f"img-src {origin()}",
        ),
    )


def _badged() -> Badged:
    with services().database.reading() as session:
        if public_id := request.args.get("platform"):
            card = platform_queries.platform_card(session, public_id, counts={})
            own = listing_queries.listing_of_platform(session, card.id)
            address = url_for("directory.platform", public_id=card.public_id, slug=card.slug)
            return Badged(card.title, absolute(address), places(own, but=card.id) if own else [])
        if public_id := request.args.get("listing"):
            listing = _listing(listing_queries.listing(session, public_id))
            return Badged(listing.title(current_language()).text, absolute(listing_url(listing)), places(listing))
    return Badged("", absolute(fixed_url("directory.start")), [])


def _listing(asked: Listing | listing_queries.Moved) -> Listing:
    """The listing; where it was joined with another one, the request ends here, with a redirect to the badge of that one."""
    if isinstance(asked, listing_queries.Moved):
        abort(redirect(url_for("badge.page", listing=asked.public_id), 301))
    return asked


def _picture_url(look: Look) -> str:
    return url_for("badge.picture", look=look) if look != "auto" else url_for("badge.picture")


def _style(look: Look) -> str:
    light, dark = _colours(LIGHT), _colours(DARK)
    return badge_style(light, dark) if look == "auto" else badge_style(dark if look == "dark" else light)


def _colours(palette: Palette) -> BadgeColours:
    return BadgeColours(palette["ground"], palette["edge"], palette["links"], palette["quiet"])
