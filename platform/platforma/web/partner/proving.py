"""Showing that one runs the site of one's platform: by a code that is put on the site, and looked for when the partner asks."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response

from crawlers.websites.proving import FILE, META_NAME
from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.partners import own_platforms
from platforma.catalogue.people import proofs
from platforma.web.context import actor, services
from platforma.web.crawl_views import reason_of
from platforma.web.partner.access import blueprint, led_back_to, own_platform_id
from platforma.web.proof_words import proof_line

RELOAD_SECONDS = 3
"""After this time the page looks again whether its site was looked at."""


@blueprint.get(f"{OWN_PLATFORM}proof")
def proof(public_id: str) -> Response:
    """What is shown already, the code and where it goes, and what came of the last look; it reloads while a look is due."""
    id = own_platform_id(public_id)
    with services().database.reading() as session:
        found, question = own_platforms.own_platform(session, id), proofs.question_of(session, id)
        standing = proofs.proofs_of(session, id)
    is_due = question is not None and question.looked_at is None
    missed = reason_of(question.reason, question.values) if question is not None and question.reason else None
    page = render_template(
        "pages/members/proof.html", platform=found, proofs=[proof_line(one) for one in standing], is_due=is_due, missed=missed,
        code=proofs.site_code(services().secret_key, public_id), file=FILE, meta_name=META_NAME,
    )  # fmt: skip
    return Response(page, mimetype="text/html", headers={"Refresh": str(RELOAD_SECONDS)} if is_due else {})


@blueprint.post(f"{OWN_PLATFORM}proof")
def look(public_id: str) -> Response:
    """Have the site looked at for the code."""
    id = own_platform_id(public_id)
    with services().database.writing() as session:
        proofs.ask(session, subject=id, by=actor())
    return led_back_to(url_for("members.proof", public_id=public_id))
