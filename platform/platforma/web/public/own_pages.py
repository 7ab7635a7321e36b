"""Where to go after signing in: the page that asked for it, if it is one of this site and nothing else."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from platforma.addresses import DESK

MAX_ADDRESS_CHARACTERS = 1000
PATH_AND_QUERY = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*(?:\?[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*)?")
"""What a browser takes for a path of this very host: no host, scheme, backslash, blank, control character or fragment."""
IN_PATH = re.compile(r"[^\\%\x00-\x20\x7f]*")
"""What may stand in the path once it is decoded: nothing that could be decoded or understood otherwise once more."""
NOT_LED_TO = ("account", "static")


def own_page(text: str | None) -> str | None:
    """The path with its query when it is a page of this site that can be read by GET; None for anything else."""
    if not text or len(text) > MAX_ADDRESS_CHARACTERS or not PATH_AND_QUERY.fullmatch(text):
        return None
    path = unquote(text.partition("?")[0])
    if "//" in path or not IN_PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        return None
    return text if _is_page(path) else None


def is_of_desk(page: str) -> bool:
    """Whether only the staff may see the page, which is one of this site."""
    rule = _rule(unquote(page.partition("?")[0]))
    return rule is not None and rule.rule.startswith(f"{DESK}/")


def _is_page(path: str) -> bool:
    """Whether the path, as it stands, is that of a page that exists in each language."""
    rule = _rule(path)
    return rule is not None and "lang" in rule.arguments and rule.endpoint.partition(".")[0] not in NOT_LED_TO


def _rule(path: str) -> Rule | None:
    """The rule by which the site answers GET requests of the path; None where it does not, or leads elsewhere."""
    try:
        return current_app.url_map.bind(request.host).match(path, method="GET", return_rule=True)[0]
    except (HTTPException, RequestRedirect):
        return None
