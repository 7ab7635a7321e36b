"""What ids stand for: the platforms of the directory, and the vocabulary in every language."""

from __future__ import annotations

from flask import Response, request

from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.i18n import fixed_url
from platforma.web.context import absolute, services
from platforma.web.public.api.answers import checked_by_content, json_answer
from platforma.web.public.api.blueprint import blueprint
from platforma.web.public.api.parameters import LANG, check
from platforma.web.public.filters import CLOSED_LISTS
from vocabulary import load
from vocabulary.languages import LANGUAGES


@blueprint.get("/platforms")
def platforms() -> Response:
    """The platforms whose listings are here, by title."""
    check(request.args, {"lang": LANG})
    with services().database.reading() as session:
        cards = platform_queries.public_platforms(session)
    return checked_by_content(json_answer({"platforms": [_platform(card) for card in cards]}))


@blueprint.get("/vocabulary")
def vocabulary() -> Response:
    """The ids of every closed list, each with its label by language."""
    check(request.args, {"lang": LANG})
    return checked_by_content(json_answer({name: _terms(name) for name in CLOSED_LISTS}))


def _platform(card: PlatformCard) -> dict[str, object]:
    return {
        "id": card.id,
        "title": card.title,
        "website": card.url,
        "initiatives": card.initiatives,
        "licence": card.licence,
        "url": absolute(fixed_url("directory.platform", public_id=card.public_id, slug=card.slug)),
    }


def _terms(name: str) -> list[dict[str, object]]:
    return [
        {"id": term.id, "label": {lang: load().label(name, term.id, lang) for lang in LANGUAGES}} for term in load().terms(name)
    ]
