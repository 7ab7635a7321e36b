"""Searches as files, feeds and calendars: the page's own parameters, in full."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language
from platforma.web.context import absolute, services
from platforma.web.public.filters import query_of, today
from platforma.web.public.rows import listing_url
from platforma.web.public.take import results
from platforma.web.public.take.export import Export, content_disposition, disposition
from platforma.web.public.take.formats import FORMATS, Format
from platforma.web.public.take.ics import calendar, happening_of
from search.port import Query

blueprint = Blueprint("take", __name__, url_prefix=SITE)
OF_PAGES = frozenset(("page", "per_page", "after"))
"""Parameters that say which part of the results is shown: a file has them all."""
CACHE = "public, max-age=300"


@blueprint.get(f"/search.<any({', '.join(FORMATS)}):form>")
def export(form: str) -> Response:
    """The whole result of a search as a file. It begins only when all ids are found and the first listings are read."""
    query = _query()
    tag = _entity_tag(query, form)
    if request.if_none_match.contains_weak(tag):
        return _with_validators(Response(status=304), tag)
    made = _export(query, form)
    answer = Response(stream_with_context(made), mimetype=None, content_type=FORMATS[form].media_type)
    return _with_validators(answer, tag)
