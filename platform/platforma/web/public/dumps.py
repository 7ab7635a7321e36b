"""The whole catalogue as files: the same writers as those of searches, without a search, and packed on demand."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, json, request

from platforma.catalogue import totals
from platforma.web.context import services
from platforma.web.public.api.answers import checked_by_content
from platforma.web.public.api.parameters import LANG, check
from platforma.web.public.dcat import catalogue_record
from platforma.web.public.take.answering import file_answer
from platforma.web.public.take.export import content_disposition
from platforma.web.public.take.formats import FORMATS
from search.port import Query

blueprint = Blueprint("dumps", __name__, url_prefix="/dumps")
DUMPED = ("csv", "jsonl", "jsonld", "geojson")
GZIP = 16 + zlib.MAX_WBITS
_ANY = f"<any({', '.join(DUMPED)}):format>"


@blueprint.get(f"/initiatives.{_ANY}")
def dump(format: str) -> Response:
    """Every listing that visitors may see, past ones too, the newest first."""
    return _dumped(format, "")


@blueprint.get(f"/initiatives.{_ANY}.gz")
def packed_dump(format: str) -> Response:
    """The same, packed with gzip as a file of its own."""
    answer = _dumped(format, ".gz")
    if answer.status_code == 200 and request.method != "HEAD":
        answer.response = gzipped(answer.iter_encoded())
    answer.content_type = "application/gzip"
    return answer


@blueprint.get("/catalog.jsonld")
def catalog() -> Response:
    """What the dumps are about, by DCAT-AP 3."""
    check(request.args, {})
    with services().database.reading() as session:
        updated_at = totals.updated_at(session)
    record = catalogue_record(updated_at, DUMPED)
    answer = Response(json.dumps(record), content_type="application/ld+json")
    return checked_by_content(answer, updated_at)


def gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip file (RFC 1952), the same for the same pieces."""
    packer = zlib.compressobj(wbits=GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _dumped(format: str, packing: str) -> Response:
    """The file of a format under a name of its own, which ends in `packing`."""
    query = _everything()
    answer = file_answer(query, format, FORMATS[format])
    name = f"platforma-{query.today}.{format}{packing}"
    answer.headers["Content-Disposition"] = content_disposition(name, name)
    return answer


def _everything() -> Query:
    """The query that finds every listing. Raises BadRequest for a language that is none of ours."""
    lang = check(request.args, {"lang": LANG})
    today = datetime.now(ZoneInfo(str(current_app.config["TIME_ZONE"]))).date()
    return Query(lang=lang, when="all", sort="newest", facets=(), today=today)
