"""The description of the API names each address that there is; that it is true, tests/whole/test_scan.py tries."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from platforma.web.public.api.openapi import description

LENIENT = "/{lang}/search.{format}"
"""Described beside the API, of which it is no part."""


def open_paths(app: Flask) -> set[str]:
    """The addresses of open data, by the application itself."""
    rules = (rule.rule for rule in app.url_map.iter_rules())
    return {re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule) for rule in rules if rule.startswith(("/api/", "/dumps/"))}


def described_paths(app: Flask) -> set[str]:
    with app.test_request_context():
        paths: Any = description()["paths"]
    return set(paths)


def test_every_address_is_described(app: Flask) -> None:
    assert described_paths(app) - {LENIENT} == open_paths(app) - {"/api/v1/openapi.json"}


def test_whatever_is_asked_may_be_refused_for_a_while_and_for_its_length(app: Flask) -> None:
    with app.test_request_context():
        paths: Any = description()["paths"]
    assert all({"414", "503"} <= set(one["responses"]) for path in paths.values() for one in path.values())
