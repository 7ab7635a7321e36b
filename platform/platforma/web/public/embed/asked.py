"""What a widget is asked to show: a search with a few lines of its results, whether with a field, and its colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from platforma.web.public.embed.colours import OWN, Look, Palette, look, own_palette
from platforma.web.public.filters import query_of
from platforma.web.public.parameters import BadRequest, whole_number
from platforma.web.public.take.export import first_page
from search.port import Query
from vocabulary.messages import N_

DEFAULT_LIMIT, MAX_LIMIT = 5, 20
LIMIT_FORM = N_("The number of lines is from 1 to %(most)s")
SETTINGS = ("field", "limit", "look", *OWN)
"""Parameters of the widget's own: the same in addresses and, after `data-`, in the code on a partner's page."""
_OF_PAGES = ("page", "per_page", "after")


@dataclass(frozen=True, slots=True)
class Asked:
    """A widget. `query` finds its lines, without facets; `palette` is empty where the colours are the site's."""

    query: Query
    has_field: bool
    look: Look
    palette: Palette


def asked(args: MultiDict[str, str], lang: str) -> Asked:
    """What the parameters of an address ask for. Raises BadRequest."""
    query = query_of(search_parameters(args), lang, per_page=limit(args))
    return Asked(replace(first_page(query), facets=()), args.get("field") == "1", look(args), own_palette(args))


def limit(args: MultiDict[str, str]) -> int:
    """How many lines it shows at most. Raises BadRequest."""
    try:
        return whole_number(args.get("limit") or str(DEFAULT_LIMIT), "limit", MAX_LIMIT)
    except BadRequest as error:
        raise BadRequest(LIMIT_FORM, name="limit", most=MAX_LIMIT) from error


def search_parameters(args: MultiDict[str, str]) -> MultiDict[str, str]:
    """The parameters of the search alone, without a page of it."""
    others = {*SETTINGS, *_OF_PAGES}
    return MultiDict([(name, value) for name, value in args.items(multi=True) if name not in others])


def settings(args: MultiDict[str, str]) -> Sequence[tuple[str, str]]:
    """The parameters of the widget's own that say something else than it does by itself."""
    defaults = {"limit": str(DEFAULT_LIMIT), "look": "auto", "field": "0"}
    found = ((name, args.get(name, "").strip()) for name in SETTINGS)
    return [(name, value) for name, value in found if value and value != defaults.get(name)]
