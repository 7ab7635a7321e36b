"""Files that come in without a recipe: records, and lines of an export, each under the platform that it goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crawlers.errors import BadContent
from crawlers.importing import SAME_NAME, to_record
from crawlers.messages import N_
from crawlers.record import Problem, Record
from crawlers.record_checks import PLATFORM_ID, InvalidField
from platforma.catalogue.files.exchange import ExportLine, SourcePart, is_export, parse_line
from platforma.catalogue.files.formats import FORMATS

NO_FORMAT = N_("without --recipe the name ends in .jsonl or .csv, as export writes them; with one also in .json, .geojson, .xlsx")
NO_PLATFORM = N_("say with --platform under which platform it goes (small letters, digits, hyphens)")
BAD_PLATFORM = N_("the id of a platform is at most 60 small letters, digits and hyphens")


def read_lines(path: Path, platform_id: str | None = None) -> Iterator[Record | ExportLine | Problem]:
    """What a file holds, in its order; each record names its platform, which is `platform_id` for all where it is given.

    Raises BadContent when the whole file cannot be read.
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
    """Whom the lines so far were, so that none comes in twice: the numbers of the lines by public id, and by platform and
    remote id."""

    platform_id: str | None
    listings: dict[str, int] = field(default_factory=dict)
    records: dict[tuple[str, str], int] = field(default_factory=dict)

    def record(self, record: Record, number: int) -> Record | Problem:
        """The record under its platform."""
        target = self.platform_id or record.platform
        if not target:
            return InvalidField("platform", NO_PLATFORM).refusal(number)
        if not PLATFORM_ID.fullmatch(target):
            return InvalidField("platform", BAD_PLATFORM).refusal(number)
        former = self.records.setdefault((target, record.remote_id), number)
        return replace(record, platform=target) if former == number else _same("remote_id", former, number)

    def line(self, line: ExportLine) -> ExportLine | Problem:
        """The line with its sources under their platforms."""
        former = self.listings.setdefault(line.listing.public_id, line.number)
        if former != line.number:
            return _same("public_id", former, line.number)
        if self.platform_id:
            line = self._under(line, self.platform_id)
        for source in line.listing.sources:
            former = self.records.setdefault((source.platform, source.remote_id), line.number)
            if former != line.number:
                return _same("sources", former, line.number)
        return line

    def _under(self, line: ExportLine, platform_id: str) -> ExportLine:
        """The line with all its records under one platform; a listing without any is a record of its own."""
        changed: dict[str, Any] = {"platforms": {}, "about_platform": None}
        own = line.listing.sources
        if not own:
            own, changed["edited"] = (SourcePart(platform=platform_id, remote_id=line.listing.public_id),), {}
        names = [{"platform": platform_id, "remote_id": self._free(one, platform_id)} for one in own]
        changed["sources"] = tuple(one.model_copy(update=name) for one, name in zip(own, names, strict=True))
        formerly = frozenset((one.platform, one.remote_id) for one in line.listing.sources)
        return line.model_copy(update={"listing": line.listing.model_copy(update=changed), "formerly": formerly})

    def _free(self, source: SourcePart, platform_id: str) -> str:
        """The source's remote id; with its platform before it where another platform's record has the same."""
        is_taken = source.platform != platform_id and (platform_id, source.remote_id) in self.records
        return f"{source.platform}:{source.remote_id}" if is_taken else source.remote_id


def _same(name: str, former: int, number: int) -> Problem:
    return InvalidField(name, SAME_NAME, {"line": str(former)}).refusal(number)
