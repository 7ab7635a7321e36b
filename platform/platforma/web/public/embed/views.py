"""The widget: its script, what the script asks for, and the same as a frame.

Only here may other sites show a page of ours in a frame: it sets no cookie, looks at none, and its one form searches.
"""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, abort, json, render_template, request, url_for

from platforma.addresses import SITE
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.errors import message_of, status_of
from platforma.web.packing import accepted_encoding, packed_for_good
from platforma.web.public.api.answers import search_tag, with_tag
from platforma.web.public.embed.asked import Asked, asked
from platforma.web.public.embed.lines import lines, words
from platforma.web.public.embed.script import VERSION, frame_style, script, source_of
from platforma.web.public.open_answers import terms_address
from platforma.web.public.parameters import BadRequest
from search.port import SearchError

blueprint = Blueprint("embed", __name__)
KEPT_FOR_AN_HOUR = "public, max-age=3600"
POLICY = "default-src 'none'; style-src {style}; form-action 'self'; base-uri 'none'; frame-ancestors *"


@blueprint.get("/embed/<version>.js")
def script_file(version: str) -> Response:
    """The script of the widget, to be asked for again within the hour; 404 for a version that never was."""
    if version != VERSION:
        abort(404)
    content = script().encode()
    answer = Response(content, mimetype="text/javascript")
    if encoding := accepted_encoding():
        answer.set_data(packed_for_good(content, encoding))
        answer.content_encoding = encoding
    return for_other_sites(answer, KEPT_FOR_AN_HOUR)


@blueprint.get(f"{SITE}/embed.json")
def answer() -> Response:
    """What a widget of these parameters shows, as JSON. Raises BadRequest and SearchError."""
    it = asked(request.args, current_language())
    tag = _tag(it)
    if request.if_none_match.contains_weak(tag):
        return with_tag(Response(status=304), tag)
    shown = {**asdict(lines(it.query)), "words": words(), "look": it.look, "palette": it.palette, "licence": terms_address()}
    return with_tag(Response(json.dumps(shown), mimetype="application/json"), tag)


@blueprint.get(f"{SITE}/embed")
def frame() -> Response:
    """The widget as a page for a frame of any site; what is wrong is said in the frame."""
    try:
        it = asked(request.args, current_language())
        tag = _tag(it)
        if request.if_none_match.contains_weak(tag):
            return with_tag(Response(status=304), tag)
        return with_tag(_in_frame(it), tag)
    except (BadRequest, SearchError) as error:
        return _failed(error)


def for_other_sites(answer: Response, cache: str) -> Response:
    """A file that pages of other sites may load, also those that isolate themselves (COEP), with an entity tag of its content."""
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = cache
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _tag(it: Asked) -> str:
    return search_tag("embed", request.full_path, str(it.query.today))


def _in_frame(it: Asked) -> Response:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "q"]
    shown = {"shown": lines(it.query), "kept": kept, "typed": it.query.text if it.has_field else None}
    return _page(frame_style(it.palette), look=it.look, **shown)


def _failed(error: Exception) -> Response:
    """A frame that says what is wrong, and leads to the search."""
    status = status_of(error)
    message = _(error.reason, **error.values) if isinstance(error, BadRequest) else message_of(status)[0]
    answer = _page(frame_style({}), look="auto", failed=message)
    answer.status_code = status
    return answer


def _page(style: str, **shown: object) -> Response:
    page = render_template("embed/frame.html", style=style, action=url_for("embed.frame"), words=words(), **shown)
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY.format(style=source_of(style))
    return answer
