"""Reports of crawls: whose they are, and how problems are grouped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from crawlers.record import Problem
from platforma.catalogue.errors import NotFound
from platforma.catalogue.ingest import full_reports
from platforma.catalogue.ingest.reports import grouped
from platforma.catalogue.ingest.staging import store_problems
from tests.rules.rows import add_crawl

WARNING, REFUSAL = Problem("warning", "b", field="place"), Problem("refused", "a")


def full_report(session: Session, crawl_id: int, platform_id: str | None) -> object:
    return full_reports.full_report(session, crawl_id, secret_key=b"key", limit=10, platform_id=platform_id).problems


@pytest.mark.parametrize("read", [full_report, full_reports.all_problems])
def test_a_crawl_of_another_platform_is_not_found(session: Session, read: Callable[[Session, int, str | None], object]) -> None:
    crawl = add_crawl(session, "p")
    store_problems(session, crawl.id, [WARNING, REFUSAL])
    session.flush()
    assert read(session, crawl.id, "p") == read(session, crawl.id, None) == (REFUSAL, WARNING)
    for crawl_id, platform_id in ((crawl.id, "other"), (crawl.id + 1, "p"), (crawl.id + 1, None)):
        with pytest.raises(NotFound):
            read(session, crawl_id, platform_id)


def test_groups_are_by_severity_reason_and_field_refusals_first_then_the_most_frequent() -> None:
    rare, other_field = Problem("warning", "c"), Problem("warning", "b", field="email")
    groups = grouped((rare, WARNING, other_field, WARNING, REFUSAL, WARNING, WARNING))
    assert [(group.reason, group.field, group.count, len(group.examples)) for group in groups] == [
        ("a", None, 1, 1),
        ("b", "place", 4, 3),
        ("b", "email", 1, 1),
        ("c", None, 1, 1),
    ]
