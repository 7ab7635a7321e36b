"""Mapping anew: after the mapping changed, records are normalised from what was stored of them, without a new fetch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe, parse_recipe
from crawlers.record import RawRecord
from crawlers.record import Record as Crawled
from crawlers.state import CrawlResult
from platforma.catalogue.database import Database
from platforma.catalogue.ingest import crawl_end, staging
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.listings.listing import TEXT_FIELDS
from platforma.catalogue.models import CrawlPurpose, PageMemory, Platform, Record, RecordState
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.platforms.field_coverage import source_facts, update_coverage
from platforma.secret_key import secret_key
from platforma.settings import Settings

BATCH = 200


def renormalise(database: Database, platform_id: str, *, settings: Settings) -> CrawlReport:
    """Normalise the platform's records by its recipe as it is now, and take in what changed. Raises RecipeError.

    Records of which too little is stored (imports without a recipe, crawls of older versions) stay; the next crawl reads
    them anew.
    """
    with database.writing() as session:
        recipe = parse_recipe(platform_queries.recipe_of(session, platform_id), platform_id)
        session.get_one(Platform, platform_id).is_mapping_due = False
    stored = staging.start_crawl(database, platform_id, purpose=CrawlPurpose.MAPPING)
    total, left = 0, set()
    normaliser = Normaliser(recipe)
    for raw, former, remote_id in _stored(database, platform_id):
        record = normaliser.record(_with_fields(raw, recipe)) if raw else None
        for problem in normaliser.problems:
            stored.problem(problem)
        normaliser.problems.clear()
        if record is None or raw is None:
            left.add(remote_id)
            continue
        stored.stage(_as_known(record, former, recipe), None, raw)
        total += 1
        stored.progress(total, None)
    result = CrawlResult(complete=False, found=total, refused=0)
    report = crawl_end.finish_crawl(database, stored, result, secret_key=secret_key(settings))
    _pages_are_of(database, platform_id, report.recipe_version, left)
    with database.writing() as session:
        update_coverage(session, platform_id)
    return report


def _stored(database: Database, platform_id: str) -> Iterator[tuple[RawRecord | None, Crawled, str]]:
    """(what was read, the record made of it, its remote id) of all that the platform publishes, by id."""
    last = 0
    while True:
        query = select(Record.id, Record.remote_id, Record.source, Record.payload)
        is_next = Record.platform_id == platform_id, Record.state == RecordState.SEEN, Record.id > last
        with database.reading() as session:
            rows = session.execute(query.where(*is_next).order_by(Record.id).limit(BATCH)).all()
        if not rows:
            return
        for _, remote_id, source, payload in rows:
            yield (RawRecord.from_json(source) if source else None), Crawled.from_json(payload), remote_id
        last = rows[-1].id


def _as_known(record: Crawled, former: Crawled, recipe: Recipe) -> Crawled:
    """The record under its id, with its texts in languages that another page of the source gave it."""
    known = replace(record, remote_id=former.remote_id, fetched_at=former.fetched_at)
    if recipe.fields.keys() & set(TEXT_FIELDS):
        return known
    texts: dict[str, Any] = {name: {**getattr(former, name), **getattr(record, name)} for name in TEXT_FIELDS}
    return replace(known, **texts, languages=tuple(sorted({*former.languages, *record.languages})))


def _with_fields(raw: RawRecord, recipe: Recipe) -> RawRecord:
    """The raw record with the source's fields that the recipe maps by name."""
    facts = source_facts(raw.source)
    return replace(raw, fields=raw.fields | {ours: facts[theirs] for ours, theirs in recipe.fields.items() if facts.get(theirs)})


def _pages_are_of(database: Database, platform_id: str, version: int, left: set[str]) -> None:
    """Pages whose records were all mapped anew count as read by the new recipe, so that they are not fetched again.

    A page that gave none may give some by the new recipe.
    """
    with database.writing() as session:
        pages = session.execute(select(PageMemory.url, PageMemory.remote_ids).where(PageMemory.platform_id == platform_id))
        urls = [url for url, remote_ids in pages if remote_ids and not left.intersection(remote_ids)]
        for start in range(0, len(urls), BATCH):
            some = PageMemory.platform_id == platform_id, PageMemory.url.in_(urls[start : start + BATCH])
            session.execute(update(PageMemory).where(*some).values(recipe_version=version))
