"""Leaving the directory: explained first, with the listings or without them, and asked once more before it is done."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.partners import own_listings, own_platforms, own_steps
from platforma.web.context import actor, pressed, services
from platforma.web.partner.access import blueprint, led_back, own_platform_id

WAYS = ("with", "without")
"""Whether the listings are taken out with the platform, or stay without it."""


@blueprint.get(f"{OWN_PLATFORM}leave")
def leave(public_id: str) -> str:
    """What leaving means; with `?listings=` the one question that is left."""
    id, way = own_platform_id(public_id), request.args.get("listings", "")
    with services().database.reading() as session:
        found, count = own_platforms.own_platform(session, id), own_listings.public_count(session, id)
    return render_template("pages/members/leave.html", platform=found, count=count, way=way if way in WAYS else "")


@blueprint.post(f"{OWN_PLATFORM}leave")
def left(public_id: str) -> Response:
    """Leave."""
    id = own_platform_id(public_id)
    keeps = pressed("listings", *WAYS) == "without"
    with services().database.writing() as session:
        own_steps.leave(session, platform_id=id, actor=actor(), keeps_listings=keeps)
    return led_back(public_id, "part" if keeps else "leave")
