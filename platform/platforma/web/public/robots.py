"""Requests that no person makes: those of programs that say so, and of browsers that read ahead."""

from __future__ import annotations

import re

from flask import request

_ROBOTS = re.compile(
    r"^$|bot|crawl|spider|slurp|preview|scrap|monitor|headless|curl|wget|python|java/|go-http|okhttp|axios",
    re.IGNORECASE,
)
"""What stands in the User-Agent of programs, or nothing."""
_READS_AHEAD = re.compile("prefetch|prerender|preview", re.IGNORECASE)
_PURPOSES = ("Sec-Purpose", "Purpose", "X-Moz")
"""The headers in which browsers say that they read ahead."""


def is_robot() -> bool:
    """Whether no person looks at what this request asks for."""
    reads_ahead = any(_READS_AHEAD.search(request.headers.get(name, "")) for name in _PURPOSES)
    return reads_ahead or bool(_ROBOTS.search(request.headers.get("User-Agent", "")))
