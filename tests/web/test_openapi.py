"""The description of the API is true: whatever a program asks by it is answered as it says."""

from __future__ import annotations

import re
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import (
    ChecksConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core.result import Ok

from platforma.web.public.api.openapi import description

EXAMPLES_EACH = 4
LENIENT = "/{lang}/search.{format}"
"""Exports take the parameters of pages, which leave out what they do not know."""
BY_COMBINATION = ["2xx", "3xx", "400", "404"]
"""Values that are right alone may not be so together (page and cursor), or name nothing (a town): no schema says that."""


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


def test_whatever_is_asked_by_the_description_is_answered_as_it_says(app: Flask) -> None:
    """All checks of schemathesis, with data that fits the schemas and data that does not, the same in every run."""
    acceptance = PositiveDataAcceptanceConfig(expected_statuses=BY_COMBINATION)
    project = ProjectConfig(checks=ChecksConfig(positive_data_acceptance=acceptance))
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    tried = set()
    for operation in (result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)):
        can_be_wrong = operation.path != LENIENT and bool(operation.definition.raw["parameters"])
        for mode in list(GenerationMode) if can_be_wrong else [GenerationMode.POSITIVE]:
            ask(operation.as_strategy(generation_mode=mode))
        tried.add(operation.path)
    assert tried == described_paths(app)


def ask(cases: Any) -> None:
    """Ask for some cases and check every answer. Raises what is wrong with one."""

    @seed(1)
    @settings(
        max_examples=EXAMPLES_EACH, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(case=cases)
    def check(case: Any) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})  # its client asks for packed answers, but reads none

    check()
