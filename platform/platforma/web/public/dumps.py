"""The whole catalogue as files by the writers of searches; their sizes are known, and parts of them can be asked for."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, json, request
from werkzeug.wsgi import FileWrapper

from platforma.catalogue import totals
from platforma.web.context import services
from platforma.web.public.api.answers import checked_by_content
from platforma.web.public.api.parameters import LANG, check
from platforma.web.public.dcat import catalogue_record
from platforma.web.public.dump_files import DumpFile, dump_file
from platforma.web.public.take.answering import CACHE
from platforma.web.public.take.export import content_disposition
from platforma.web.public.take.formats import FORMATS
from platforma.web.public.take.turns import take_turn
from search.port import Query, SearchError
from vocabulary.languages import DEFAULT_LANGUAGE

blueprint = Blueprint("dumps", __name__, url_prefix="/dumps")
DUMPED = ("csv", "jsonl", "jsonld", "geojson")
PIECE_BYTES = 65_536
LARGE_BYTES = 1_000_000
"""A file of so many bytes is sent in its turn."""
_ANY = f"<any({', '.join(DUMPED)}):format>"


@blueprint.get(f"/initiatives.{_ANY}")
def dump(format: str) -> Response:
    """Every listing that visitors may see, past ones too, the newest first."""
    return _answer(dump_file(_everything(), format, packed=False), FORMATS[format].media_type)


@blueprint.get(f"/initiatives.{_ANY}.gz")
def packed_dump(format: str) -> Response:
    """The same, packed with gzip as a file of its own."""
    return _answer(dump_file(_everything(), format, packed=True), "application/gzip")


@blueprint.get("/catalog.jsonld")
def catalog() -> Response:
    """What the dumps are about, by DCAT-AP 3, with the sizes of those that are made."""
    check(request.args, {})
    with services().database.reading() as session:
        updated_at = totals.updated_at(session)
    answer = Response(json.dumps(catalogue_record(updated_at, DUMPED, _sizes())), content_type="application/ld+json")
    return checked_by_content(answer, updated_at)


def _answer(file: DumpFile, media_type: str) -> Response:
    """The file, the part of it that is asked for (206), or 304 where the asker has it. Raises SearchError and NoTurn.

    A file that is not made yet has no size: who asks for its head alone gets none.
    """
    answer = Response(content_type=media_type)
    _describe(answer, file)
    if request.if_none_match.contains_weak(file.tag):
        answer.status_code = 304
    elif request.method == "HEAD" and file.size_bytes is None:
        answer.response = iter(())
    else:
        try:
            _fill(answer, file)
        except BaseException:
            answer.close()
            raise
    return answer


def _describe(answer: Response, file: DumpFile) -> None:
    name = f"platforma-{file.query.today}.{file.format}{'.gz' if file.packed else ''}"
    answer.headers["Content-Disposition"] = content_disposition(name, name)
    answer.headers["Cache-Control"] = CACHE
    answer.accept_ranges = "bytes"
    answer.set_etag(file.tag)


def _fill(answer: Response, file: DumpFile) -> None:
    """Have the answer send the file, or the part that is asked for. Raises NoTurn, RequestedRangeNotSatisfiable (416)."""
    if file.size_bytes is None:
        with closing(take_turn()):
            file.made()
    opened = file.made().open("rb")
    answer.call_on_close(opened.close)
    answer.response = FileWrapper(opened, PIECE_BYTES)
    made = os.fstat(opened.fileno())
    answer.content_length = made.st_size
    answer.last_modified = datetime.fromtimestamp(made.st_mtime, UTC)
    answer.make_conditional(request, accept_ranges=True, complete_length=made.st_size)
    if made.st_size >= LARGE_BYTES:
        turn = take_turn()
        answer.call_on_close(turn.close)
        answer.response = turn.sending(answer.response)


def _everything() -> Query:
    """The query that finds every listing. Raises BadRequest for a language that is none of ours."""
    return _all_in(check(request.args, {"lang": LANG}))


def _all_in(lang: str) -> Query:
    today = datetime.now(ZoneInfo(str(current_app.config["TIME_ZONE"]))).date()
    return Query(lang=lang, when="all", sort="newest", facets=(), today=today)


def _sizes() -> dict[tuple[str, bool], int]:
    """The sizes in bytes of the dumps that are made, by format and whether they are packed; none without the engine."""
    try:
        files = [dump_file(_all_in(DEFAULT_LANGUAGE), format, packed=packed) for format in DUMPED for packed in (False, True)]
    except SearchError:
        return {}
    return {(file.format, file.packed): size for file in files if (size := file.size_bytes) is not None}
