"""Tables of the desk as CSV (RFC 4180): UTF-8 with a byte order mark, so that Excel reads Latvian letters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

BYTE_ORDER_MARK = "\ufeff"


def csv_response(rows: Iterable[Sequence[str]], file_name: str) -> Response:
    """The rows as a file to keep, sent as they are read; texts that a spreadsheet would run are guarded by who gives them."""
    answer = Response(stream_with_context(_lines(rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        file = io.StringIO(newline="")
        csv.writer(file).writerow(row)
        yield file.getvalue().encode("utf-8", "replace")
