"""The import and export commands."""

from __future__ import annotations

import json
from pathlib import Path

from crawlers.importing.isolation import read_file_apart
from crawlers.recipe import load_recipe
from platforma.catalogue.files import exporting, formats, imports, incoming
from platforma.catalogue.terms import thesaurus
from platforma.catalogue.terms.skos import skos
from platforma.cli.output import SHELL, CommandFailed, problem_line, tell
from platforma.services import open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index

SITE_SUFFIXES = (".xlsx", ".geojson", ".jsonld")
"""Formats that are written as the site gives them away; no import takes them back."""
EXPORT_SUFFIXES = (*formats.FORMATS, *SITE_SUFFIXES)


def import_file(settings: Settings, file: Path, *, platform_id: str | None, recipe_file: Path | None) -> None:
    """Import a file and index it. Raises CommandFailed when no line came in."""
    mapping = imports.ImportMapping(load_recipe(recipe_file), {}) if recipe_file else None
    lines = read_file_apart(file, mapping.recipe, mapping.mapped) if mapping else incoming.read_lines(file, platform_id)
    items = list(lines)  # before anything is opened, so that a file of no use leaves no trace
    target = platform_id or (mapping.recipe.platform if mapping else None)
    with open_services(settings) as services:
        report = imports.import_records(
            services.database, target, items, actor=SHELL, secret_key=services.secret_key, mapping=mapping
        )
        ensure_index(services)
    for problem in report.problems:
        tell(problem_line(problem))
    imported = report.new + report.changed + report.unchanged
    tell(f"{file.name}: new {report.new}, changed {report.changed}, unchanged {report.unchanged}, refused {report.refused}")
    if not imported:
        why = "came in; the lines above say why" if report.problems else "is a record or a row of a table"
        raise CommandFailed(f"nothing of {file.name} {why}")


def export_file(settings: Settings, file: Path, lang: str, *, include_all: bool) -> None:
    """Write the published listings, or all but the suppressed ones, to a file of the format that its suffix names.

    `lang` is the language of headings and labels, where a format has them.
    """
    if file.suffix.lower() not in EXPORT_SUFFIXES:
        raise CommandFailed(f"{file.name}: the name ends in {', '.join(EXPORT_SUFFIXES[:-1])} or {EXPORT_SUFFIXES[-1]}")
    with open_services(settings) as services:
        if file.suffix.lower() in SITE_SUFFIXES:
            from platforma.cli import site_files  # brings the web's libraries, for which no other command should wait

            total = site_files.export_as_site(services, file, lang, include_all=include_all)
        else:
            with services.database.snapshot() as session:
                total = exporting.export(session, file, include_all=include_all)
    tell(f"{total} listings written to {file}")


def export_thesaurus(settings: Settings, file: Path) -> None:
    """Write the thesaurus as curators have it to a .jsonld file, in the terms of SKOS."""
    if file.suffix.lower() != ".jsonld":
        raise CommandFailed(f"{file.name}: the name ends in .jsonld")
    with open_services(settings) as services, services.database.reading() as session:
        concepts = thesaurus.concepts(session)
    data = skos(concepts, f"{settings.base_url.rstrip('/')}/thesaurus")
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    tell(f"{len(concepts)} concepts written to {file}")
