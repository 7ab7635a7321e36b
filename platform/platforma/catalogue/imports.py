"""Imports by a recipe: what they keep, so that a changed mapping needs no new import."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crawlers.files import Mapped
from crawlers.recipe import Recipe
from crawlers.record import Record
from platforma.catalogue import recipes
from platforma.catalogue.crawl_store import UNMAPPED, without_nul
from platforma.catalogue.models import Platform, StagedRecord

STUB = frozenset({"platform", "title", "url", "adapter"})
"""The keys of the recipe that a platform has from an import without one."""


def keep_recipe(session: Session, platform: Platform, recipe: Recipe, *, actor: str) -> bool:
    """Make the recipe of an import the platform's own; whether the records of such imports can be mapped anew by it.

    They cannot where the platform is crawled: its recipe reads its site. A recipe that people changed stands, and what
    comes in is mapped anew by it.
    """
    if platform.recipe.get("adapter") != "file":
        return False
    ours = recipe.model_dump(mode="json", exclude_defaults=True) | {"platform": platform.id, "adapter": "file"}
    is_untouched = platform.recipe.keys() <= STUB or platform.seed_hash == recipes.recipe_hash(platform.recipe)
    if is_untouched and platform.recipe != ours:
        recipes.replace_live(session, platform, ours, actor=actor)
    if is_untouched:
        platform.seed_hash = recipes.recipe_hash(platform.recipe)
        platform.title = recipe.title or platform.title
    else:
        platform.is_mapping_due = True
    session.flush()
    return True


def staged(record: Record, mapped: Mapped | None) -> StagedRecord:
    """A record of an import, as ingest takes it in, with what it was made of."""
    row = StagedRecord(remote_id=record.remote_id, hash=record.content_hash(), payload=without_nul(record.to_json()))
    if mapped is not None:
        told = [(UNMAPPED.get(one.field or ""), one.value) for one in mapped.problems if one.severity == "warning"]
        row.source = without_nul(mapped.raw.to_json())
        row.unmapped = without_nul([[dimension, text] for dimension, text in told if dimension and text]) or None
    return row
