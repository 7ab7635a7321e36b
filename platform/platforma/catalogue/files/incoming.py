"""Reading files that are imported without a recipe: records, and lines of an export, each under its platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crawlers.errors import BadContent
from crawlers.importing.reading import SAME_NAME, to_record
from crawlers.record import Problem, Record
from crawlers.record_checks import PLATFORM_ID, InvalidField
from platforma.catalogue.files.exchange import ExportLine, SourcePart, is_export, parse_line
from platforma.catalogue.files.formats import FORMATS
from vocabulary.messages import N_

NO_FORMAT = N_("without --recipe the name ends in .jsonl or .csv, as export writes them; with one also in .json, .geojson, .xlsx")
NO_PLATFORM = N_("say with --platform under which platform it goes (small letters, digits, hyphens)")
BAD_PLATFORM = N_("the id of a platform is at most 60 small letters, digits and hyphens")


def read_lines(path: Path, platform_id: str | None = None) -> Iterator[Record | ExportLine | Problem]:
    """The lines of a file in its order, as records, lines of an export, or problems.

    Each record names its platform; with a `platform_id` all are under this one. Raises BadContent where the file is
    unreadable.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise BadContent(path.name, NO_FORMAT)
    names = _UniqueNames(platform_id)
    for number, data in form.read(path):
        item = _item(data, number)
        if isinstance(item, ExportLine):
            yield names.line(item)
        else:
            yield item if isinstance(item, Problem) else names.record(item, number)


def _item(data: Any, number: int) -> Record | ExportLine | Problem:
    if isinstance(data, Problem):
        return data
    return parse_line(data, number) if is_export(data) else to_record(data, number)


@dataclass(slots=True)
class _UniqueNames:
    """Check that no listing and no record is in a file twice.

    The numbers of earlier lines are in `listings` by public id, and in `records` by platform and remote id.
    """

    platform_id: str | None
    listings: dict[str, int] = field(default_factory=dict)
    records: dict[tuple[str, str], int] = field(default_factory=dict)

    def record(self, record: Record, number: int) -> Record | Problem:
        """The record under its platform; a Problem where it names none, or is there twice."""
        target = self.platform_id or record.platform
        if not target:
            return InvalidField("platform", NO_PLATFORM).refusal(number)
        if not PLATFORM_ID.fullmatch(target):
            return InvalidField("platform", BAD_PLATFORM).refusal(number)
        former = self.records.setdefault((target, record.remote_id), number)
        return replace(record, platform=target) if former == number else _duplicate("remote_id", former, number)

    def line(self, line: ExportLine) -> ExportLine | Problem:
        """The line with its sources under their platforms; a Problem where the listing or a source is there twice."""
        former = self.listings.setdefault(line.listing.public_id, line.number)
        if former != line.number:
            return _duplicate("public_id", former, line.number)
        if self.platform_id:
            line = self._under(line, self.platform_id)
        for source in line.listing.sources:
            former = self.records.setdefault((source.platform, source.remote_id), line.number)
            if former != line.number:
                return _duplicate("sources", former, line.number)
        return line

    def _under(self, line: ExportLine, platform_id: str) -> ExportLine:
        """The line with all its sources under one platform; a listing without sources becomes a source of its own."""
        changed: dict[str, Any] = {"platforms": {}, "about_platform": None}
        sources = line.listing.sources
        if not sources:
            sources, changed["edited"] = (SourcePart(platform=platform_id, remote_id=line.listing.public_id),), {}
        names = [{"platform": platform_id, "remote_id": self._free_id(source, platform_id)} for source in sources]
        changed["sources"] = tuple(source.model_copy(update=name) for source, name in zip(sources, names, strict=True))
        formerly = frozenset((source.platform, source.remote_id) for source in line.listing.sources)
        return line.model_copy(update={"listing": line.listing.model_copy(update=changed), "formerly": formerly})

    def _free_id(self, source: SourcePart, platform_id: str) -> str:
        """The source's remote id, prefixed with its platform where another platform's record has the same id."""
        is_taken = source.platform != platform_id and (platform_id, source.remote_id) in self.records
        return f"{source.platform}:{source.remote_id}" if is_taken else source.remote_id


def _duplicate(name: str, former: int, number: int) -> Problem:
    return InvalidField(name, SAME_NAME, {"line": str(former)}).refusal(number)
