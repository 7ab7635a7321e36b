"""Which visits of listings are counted: pages that a person opened, and links on them that lead on to other sites."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from platforma.catalogue.partners.visit_tally import Act
from platforma.i18n import today
from platforma.web.context import services, signed_in
from platforma.web.public.limits import MinuteLimit
from platforma.web.public.robots import is_robot
from vocabulary.languages import LANGUAGES

MAX_CLICKS_A_MINUTE = 60
"""So many clicks of one network are counted in a minute."""
CLICKS = {"website": Act.GOES_TO_WEBSITE, "source": Act.GOES_TO_SOURCE}
"""Where a link leads, as the pages of listings say it."""
_PUBLIC_ID = re.compile("[a-z2-7]{10}")
_RESULTS = re.compile(f"/({'|'.join(LANGUAGES)})/(search|table|map)")
NAVIGATES, SAME_ORIGIN = "navigate", "same-origin"
"""What browsers say of a page that is opened, and of a request that a page of the same site sends (Fetch Metadata)."""
blueprint = Blueprint("visits", __name__)


@blueprint.record
def limit_clicks(setup: BlueprintSetupState) -> None:
    """Give the application a limit of its own."""
    setup.app.extensions["click limit"] = MinuteLimit(MAX_CLICKS_A_MINUTE)


def note_opening(public_id: str) -> None:
    """Count that the page of a listing is opened, and the words of the results that led there: not for robots that say so,
    browsers that read ahead or keep a copy, and whoever is signed in, who is of the staff or of a platform."""
    is_page = request.method == "GET" and request.headers.get("Sec-Fetch-Mode", NAVIGATES) == NAVIGATES
    if is_page and _is_visitor():
        services().visits.note(public_id, Act.OPENS, today(), searched=_searched())


@blueprint.post("/clicks")
def click() -> Response:
    """Count a click from the page of a listing to another site; the answer is the same whether it was counted or not."""
    public_id, act = request.form.get("listing", ""), CLICKS.get(request.form.get("leads", ""))
    if act is not None and _PUBLIC_ID.fullmatch(public_id) and _is_from_here() and _is_visitor() and _is_within_limit():
        services().visits.note(public_id, act, today())
    return Response(status=204)


def _is_visitor() -> bool:
    """Whether visits are counted here, and a person without an account sends this request."""
    return services().settings.visit_counts and not is_robot() and signed_in() is None


def _is_from_here() -> bool:
    """Whether a page of this site sends this request."""
    return request.headers.get("Sec-Fetch-Site", SAME_ORIGIN) == SAME_ORIGIN and _is_own(
        request.headers.get("Origin", "").rpartition("/")[2]
    )


def _is_within_limit() -> bool:
    limit: MinuteLimit = current_app.extensions["click limit"]
    return limit.admits(request.remote_addr or "")


def _searched() -> str:
    """The words of the search whose results led to this page; empty where something else did."""
    try:
        address = urlsplit(request.referrer or "")
        words = parse_qs(address.query, max_num_fields=100).get("q", [""])[0]
    except ValueError:
        return ""
    is_of_results = _RESULTS.fullmatch(address.path.removeprefix(request.script_root))
    return words if is_of_results and _is_own(address.netloc) else ""


def _is_own(host: str) -> bool:
    """Whether a host with its port is that of this site."""
    return host in (request.host, urlsplit(services().settings.base_url).netloc)
