"""The page for a search whose address has a parameter that cannot be understood: what is wrong, and the way on."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request

from platforma.i18n import current_language, number
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, MAX_QUESTION_CHARACTERS, heading, label_of
from platforma.web.public.parameters import BadRequest
from platforma.web.public.search_addresses import with_parameters
from platforma.web.public.search_frame import sort_label
from platforma.web.public.search_titles import when_label
from search.port import MAX_KM, MAX_RESULTS, SORTS, WHENS


def wrong_search_page(error: BadRequest) -> str:
    """The page that says what is wrong with the address, and leads to the same address put right and without the parameter."""
    meant = (_label(error, error.hint), _address(error, error.hint)) if error.hint else None
    return render_template(
        "pages/wrong_search.html",
        message=_message(error),
        meant=meant,
        without_url=_address(error, None),
        words=request.args.get("q", "")[:MAX_QUESTION_CHARACTERS],
    )


def _message(error: BadRequest) -> str:
    """What is wrong, with the filter as the page names it."""
    for definition in FILTERS:
        if definition.name == error.values.get("name") and "value" in error.values:
            return _("The filter “%(filter)s” has no value “%(value)s”.", filter=heading(definition), value=error.values["value"])
    return _in_words(str(error.values.get("name"))) or _(error.reason, **error.values)


def _in_words(name: str) -> str | None:
    """What a parameter may be, in the words that the page has for it; None where the error says that itself."""
    match name:
        case "when":
            return _("The time can be: %(values)s.", values=", ".join(when_label(when) for when in WHENS))
        case "sort":
            return _("Results can be sorted by: %(values)s.", values=", ".join(sort_label(sort) for sort in SORTS))
        case "km":
            return _("The distance is a whole number of kilometres, from 1 to %(most)s.", most=number(MAX_KM))
        case "page":
            return _("There is no such page of results. At most %(most)s results can be paged through.", most=number(MAX_RESULTS))
        case "area":
            return _("The part of the map cannot be read from this address.")
    return None


def _label(error: BadRequest, value: str) -> str:
    return label_of(str(error.values.get("name")), value, current_language(), {})


def _address(error: BadRequest, value: str | None) -> str:
    """The address of this search with another value in place of the wrong one; without the parameter for None.

    Without any parameter where the error does not say which is wrong.
    """
    name, wrong = str(error.values.get("name", "")), error.values.get("value")
    rest = [(key, text) for key, text in request.args.items(multi=True) if name and key != name]
    meant = {wrong: value, f"-{wrong}": f"-{value}"}
    kept = [meant.get(text, text) for text in request.args.getlist(name)] if value else []
    return with_parameters(request.path, urlencode([*rest, *((name, text) for text in kept)]))
