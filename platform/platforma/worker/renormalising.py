"""Renormalising: after the mapping changed, records are made anew from what is stored of their sources, without a fetch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from crawlers.normalise import Normaliser
from crawlers.normalise.choices import with_named_fields
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import RawRecord
from crawlers.record import Record as CrawledRecord
from crawlers.state import CrawlResult
from platforma.catalogue.database import Database
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.listings.listing import TEXT_FIELDS
from platforma.catalogue.models import CrawlPurpose, PageMemory, Platform, Record, RecordState
from platforma.catalogue.platforms import platform_queries, recipes
from platforma.catalogue.platforms.coverage_changes import update_coverage
from platforma.services import Services

BATCH = 200


def renormalise(services: Services, platform_id: str) -> CrawlReport:
    """Normalise the platform's records by its recipe as it is now, and ingest what changed. Raises RecipeError.

    Records whose source is not stored (imports without a recipe, crawls of older versions) stay as they are; the next
    crawl reads them anew.
    """
    database = services.database
    with database.writing() as session:
        recipe = parse_recipe(platform_queries.recipe_of(session, platform_id), platform_id)
        session.get_one(Platform, platform_id).is_mapping_due = False
        is_chosen_anew = recipes.choices_before(session, platform_id) != recipe.choices
    stored = staging.start_crawl(database, platform_id, purpose=CrawlPurpose.MAPPING)
    total, unmapped_ids = 0, set()
    normaliser = Normaliser(recipe)
    for raw, former, remote_id in _stored_records(database, platform_id):
        record = normaliser.record(with_named_fields(raw, recipe.fields)) if raw else None
        for problem in normaliser.take_problems():
            stored.problem(problem)
        if record is None or raw is None:
            unmapped_ids.add(remote_id)
            continue
        stored.stage(_merge_former(record, former, recipe, is_chosen_anew=is_chosen_anew), None, raw)
        total += 1
        stored.progress(total, None)
    result = CrawlResult(complete=False, found=total, refused=0)
    report = crawl_end.finish_crawl(database, stored, result, secret_key=services.secret_key)
    _mark_pages_read(database, report, unmapped_ids)
    with database.writing() as session:
        update_coverage(session, platform_id)
    return report


def _stored_records(database: Database, platform_id: str) -> Iterator[tuple[RawRecord | None, CrawledRecord, str]]:
    """What was read (None where it is not stored), the record made of it, and its remote id, of all that is listed."""
    last_id = 0
    while True:
        query = select(Record.id, Record.remote_id, Record.source, Record.payload)
        is_next = Record.platform_id == platform_id, Record.state == RecordState.SEEN, Record.id > last_id
        with database.reading() as session:
            rows = session.execute(query.where(*is_next).order_by(Record.id).limit(BATCH)).all()
        if not rows:
            return
        for _, remote_id, source, payload in rows:
            yield (RawRecord.from_json(source) if source else None), CrawledRecord.from_json(payload), remote_id
        last_id = rows[-1].id


def _merge_former(record: CrawledRecord, former: CrawledRecord, recipe: Recipe, *, is_chosen_anew: bool) -> CrawledRecord:
    """The record under its former id, with its former texts in languages that come from another page of the source.

    Where a text may be taken from another field than before, the former texts are not kept.
    """
    merged = replace(record, remote_id=former.remote_id, fetched_at=former.fetched_at)
    if is_chosen_anew or recipe.choices or recipe.fields.keys() & set(TEXT_FIELDS):
        return merged
    texts: dict[str, Any] = {name: {**getattr(former, name), **getattr(record, name)} for name in TEXT_FIELDS}
    return replace(merged, **texts, languages=tuple(sorted({*former.languages, *record.languages})))


def _mark_pages_read(database: Database, report: CrawlReport, unmapped_ids: set[str]) -> None:
    """Mark pages whose records were all renormalised as read by the new recipe, so that they are not fetched again.

    A page without records is not marked: it may give some by the new recipe.
    """
    platform_id = report.platform_id
    with database.writing() as session:
        pages = session.execute(select(PageMemory.url, PageMemory.remote_ids).where(PageMemory.platform_id == platform_id))
        urls = [url for url, remote_ids in pages if remote_ids and not unmapped_ids.intersection(remote_ids)]
        for start in range(0, len(urls), BATCH):
            is_in_batch = PageMemory.platform_id == platform_id, PageMemory.url.in_(urls[start : start + BATCH])
            session.execute(update(PageMemory).where(*is_in_batch).values(recipe_version=report.recipe_version))
