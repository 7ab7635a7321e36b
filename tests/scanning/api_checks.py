"""Checks of ours that schemathesis makes of each answer, beside its own; it loads this module by its name (see api.py)."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response

from tests.scanning import checks


@schemathesis.check
def says_when_to_come_back(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """A site that refuses says when it may be asked again."""
    assert response.status_code != 503 or response.headers.get("retry-after"), "503 without Retry-After"


@schemathesis.check
def tells_nothing_of_the_inside(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """No traceback and no file of the machine."""
    content = response.content or b""
    assert checks.TRACE.encode() not in content and checks.SECRET_LINE.encode() not in content, "the inside of the program"
