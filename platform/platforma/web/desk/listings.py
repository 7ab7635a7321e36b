"""The desk's new listings, which wait for a decision."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import totals
from platforma.catalogue.listings import edits, listing_queries
from platforma.catalogue.listings.shown_pairs import likely_same
from platforma.i18n import current_language, today
from platforma.web.context import actor, next_skip, pressed, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import carry_out
from platforma.web.desk.joined_pages import LikelyLine
from platforma.web.public.rows import row

LISTINGS_PER_PAGE = 20


@blueprint.get("/listings")
def listings() -> str:
    skip = skipped()
    with services().database.reading() as session:
        listings = listing_queries.new_listings(session, limit=LISTINGS_PER_PAGE, offset=skip)
        likely = likely_same(session, [listing.public_id for listing in listings])
        total = totals.new_listings_count(session)
    return render_template(
        "pages/desk/listings.html", rows=[(listing, row(listing, current_language(), today=today())) for listing in listings],
        likely_lines={id: [LikelyLine.of(one) for one in found] for id, found in likely.items()},
        total=total, skip=skip, next_skip=next_skip(skip, LISTINGS_PER_PAGE, total),
    )  # fmt: skip


@blueprint.post("/initiatives/<public_id>/decision")
def decide_listing(public_id: str) -> Response | tuple[str, int]:
    """Publish or refuse a new listing."""
    decision = pressed("decision", "publish", "refuse")

    def decide() -> None:
        with services().database.writing() as session:
            if decision == "publish":
                edits.publish(session, public_id=public_id, actor=actor())
            else:
                edits.refuse(session, public_id=public_id, actor=actor(), reason=request.form.get("reason", ""))

    return carry_out(decide, url_for("desk.listings"))
