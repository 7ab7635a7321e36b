"""The page for a search whose address has a parameter that cannot be understood: what is wrong, and the way on."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request

from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.public.filters import FILTERS, MAX_QUESTION_CHARACTERS, heading, label_of
from platforma.web.public.parameters import BadRequest
from platforma.web.public.search_frame import with_parameters


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
    return _(error.reason, **error.values)


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
