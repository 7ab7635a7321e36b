"""The recipes that `crawl` is told to use, and crawling by them into a file, without a catalogue."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from crawlers.crawl import crawl
from crawlers.fetch.guard import check_address
from crawlers.recipe import Recipe, load_recipe
from crawlers.state import MemoryState
from platforma.cli.output import CommandFailed, problem_line, tell
from platforma.settings import Settings
from platforma.worker.recipe_run import polite_session


def recipe_of_options(settings: Settings, url: str | None, file: Path | None) -> Recipe | None:
    """The recipe of the file, for the address where one is given too; for an address alone, one to be discovered.

    None where neither is given. Raises RecipeError, and CrawlError for an address that may not be crawled.
    """
    if file:
        recipe = load_recipe(file)
        return recipe.model_copy(update={"url": url}) if url else recipe
    if url:
        return Recipe.for_address(check_address(url, allow_private=settings.crawl_private_hosts))
    return None


def crawl_to_file(settings: Settings, recipes: Sequence[Recipe], file: str) -> None:
    """Write the records, a JSON object a line; `-` is standard output. The file appears whole or not at all.

    Raises CommandFailed when a crawl failed.
    """
    failures: list[str] = []
    temporary = None if file == "-" else Path(f"{file}.part")
    with temporary.open("w", encoding="utf-8") if temporary else nullcontext(sys.stdout) as out:
        for recipe in recipes:
            failure = _write_records(settings, recipe, out)
            failures += [failure] if failure else []
    if temporary:
        temporary.replace(file)
    if failures:
        raise CommandFailed("; ".join(failures))


def _write_records(settings: Settings, recipe: Recipe, out: TextIO) -> str | None:
    """Crawl by a recipe and write the records; return why it failed, None if it did not."""
    state = MemoryState()
    with polite_session(settings) as session:
        result = crawl(recipe, session, state)
    for record in state.records.values():
        out.write(json.dumps(record.to_json(), ensure_ascii=False) + "\n")
    for problem in state.problems:
        tell(problem_line(problem))
    tell(f"{recipe.platform}: {len(state.records)} records, {result.refused} refused")
    return result.failure
