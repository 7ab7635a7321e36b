"""The page for a search whose address has a parameter that cannot be understood: what is wrong, and the way on."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request

from platforma.i18n import gettext as _
from platforma.web.public.blueprint import blueprint
from platforma.web.public.parameters import BadRequest
from platforma.web.public.search_frame import with_parameters


@blueprint.errorhandler(BadRequest)
def wrong_search(error: BadRequest) -> tuple[str, int]:
    """The page of the error, with status 400."""
    return render_template(
        "pages/wrong_search.html",
        message=_(error.reason, **error.values),
        hint=error.hint,
        hint_url=_address(error, error.hint) if error.hint else None,
        without_url=_address(error, None),
        words=request.args.get("q", "")[:500],
    ), 400


def _address(error: BadRequest, value: str | None) -> str:
    """The address of this search with another value of the wrong parameter; without the parameter for None.

    Without any parameter where the error does not say which is wrong.
    """
    name = str(error.values.get("name", ""))
    rest = [(key, text) for key, text in request.args.items(multi=True) if name and key != name]
    kept = [value if text == error.values.get("value") else text for text in request.args.getlist(name)] if value else []
    parameters = urlencode([*rest, *((name, text) for text in kept)])
    return with_parameters(request.path, parameters)
