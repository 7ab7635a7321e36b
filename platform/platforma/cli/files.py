"""The import and export commands."""

from __future__ import annotations

from pathlib import Path

from crawlers.importing import read_file
from crawlers.recipe import load_recipe
from platforma.catalogue.files import exporting, imports, incoming
from platforma.cli.output import SHELL, CommandFailed, problem_line, tell
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index


def import_file(settings: Settings, file: Path, *, platform_id: str | None, recipe_file: Path | None) -> None:
    """Import a file and index it. Raises CommandFailed when no line came in."""
    mapping = imports.ImportMapping(load_recipe(recipe_file), {}) if recipe_file else None
    items = read_file(file, mapping.recipe, mapping.mapped) if mapping else incoming.read_lines(file, platform_id)
    target = platform_id or (mapping.recipe.platform if mapping else None)
    with open_services(settings) as services:
        report = imports.import_records(
            services.database, target, list(items), actor=SHELL, secret_key=services.secret_key, mapping=mapping
        )
        ensure_index(services)
    for problem in report.problems:
        tell(problem_line(problem))
    imported = report.new + report.changed + report.unchanged
    tell(f"{file.name}: new {report.new}, changed {report.changed}, unchanged {report.unchanged}, refused {report.refused}")
    if not imported:
        raise CommandFailed(f"nothing of {file.name} came in; the lines above say why")


def export_file(settings: Settings, file: Path, *, include_all: bool) -> None:
    """Write the published listings, or all but the suppressed ones, to a file of the format that its suffix names."""
    with open_services(settings) as services, services.database.reading() as session:
        total = exporting.export(session, file, include_all=include_all)
    tell(f"{total} listings written to {file}")
