"""The desk's searches in vain: one more name for a concept, a dismissal, and what a search finds now."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue.errors import BadState, BadValue, VersionConflict
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.terms import failed_searches, thesaurus
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import actor, next_skip, pressed, require_curator, services, skipped
from search.port import Query
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES

blueprint = Blueprint("vain_searches", __name__, url_prefix=f"{DESK}/searches")
blueprint.before_request(require_curator)
PAGE = 50
MAX_SHOWN = 3


@blueprint.get("/dismissed")
def dismissed(error: str = "") -> str:
    """The searches that were dismissed."""
    with services().database.reading() as session:
        searches = failed_searches.dismissed(session)
    return render_template("pages/desk/searches_dismissed.html", searches=searches, error=error)


@blueprint.post("/dismissed")
def decide() -> Response | tuple[str, int]:
    """Dismiss a search, or take that back."""
    act = {"dismiss": failed_searches.dismiss, "again": failed_searches.ask_again}[pressed("decision", "dismiss", "again")]
    words, lang = _asked(request.form)
    try:
        with services().database.writing() as session:
            act(session, words=words, lang=lang, actor=actor())
    except BadState as error:
        return dismissed(_(error.reason, **error.values)), 409
    return redirect(url_for("desk.searches"))


@blueprint.get("/name")
def choose() -> str:
    """The concepts of which the words of a search may be another name."""
    return _choice_page()


@blueprint.post("/name")
def add_name() -> Response | tuple[str, int]:
    """Make the words of a search another name of a concept."""
    words, lang = _asked(request.form)
    try:
        with services().database.writing() as session:
            thesaurus.add_name(
                session, concept_id=request.form.get("concept", ""), name=words, lang=lang,
                version=request.form.get("seen", 0, int), actor=actor(),
            )  # fmt: skip
    except BadValue as error:
        return _choice_page(_(error.reason, **error.values)), 400
    except VersionConflict:
        return _choice_page(_("Somebody else has changed this concept in the meantime. Look at it, and add the name again.")), 409
    services().thesaurus.refresh(now=True)
    return redirect(url_for("vain_searches.result", words=words, search_lang=lang))


@blueprint.get("/result")
def result() -> str:
    """What a search finds now."""
    words, lang = _asked(request.args)
    page = services().engine.search(Query(text=words, lang=lang, per_page=MAX_SHOWN, facets=(), when="all"))
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
    titles = [(listing, listing.title(current_language())) for listing in listings]
    return render_template("pages/desk/search_result.html", words=words, search_lang=lang, total=page.total, titles=titles)


def _choice_page(error: str = "") -> str:
    words, lang = _asked(request.values)
    wanted, skip = request.args.get("q", "")[:100], skipped()
    with services().database.reading() as session:
        matches = thesaurus.matching(thesaurus.concepts(session), wanted)
    return render_template(
        "pages/desk/search_name.html", words=words, search_lang=lang, wanted=wanted, concepts=matches[skip : skip + PAGE],
        next_skip=next_skip(skip, PAGE, len(matches)), error=error,
    )  # fmt: skip


def _asked(sent: Mapping[str, str]) -> tuple[str, str]:
    """The words of a search and its language, the default one where it is none of the interface's."""
    lang = sent.get("search_lang", "")
    return sent.get("words", "")[: failed_searches.MAX_QUERY_CHARACTERS], lang if lang in LANGUAGES else DEFAULT_LANGUAGE
