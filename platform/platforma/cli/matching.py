"""The command `platforma match`: pairs of records in, a verdict on each out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click

from crawlers.record_checks import NO_JSON, NO_OBJECT, InvalidField, InvalidRecord, check, parse
from platforma.catalogue.matching.profiles import profile_of
from platforma.catalogue.matching.scoring import Comparison, Verdict, compare
from platforma.catalogue.matching.wording import sentences
from platforma.catalogue.shapes import RecordPayload
from platforma.cli.output import CommandFailed, problem_line, tell
from platforma.i18n import force_locale, gettext
from platforma.settings import Settings
from vocabulary.characters import without_controls

LABELS = ("same", "different")
NO_RECORD = "a line has a record as left and one as right"
NO_LABEL = "a label is same or different"
MEASURES = {"same": (Verdict.SAME,), "same or unsure": (Verdict.SAME, Verdict.UNSURE)}
"""What is measured on labelled pairs: which verdicts count as found, by the words for them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line: two records, which may be without an id, and what they are (LABELS) if the line says it."""

    left: RecordPayload
    right: RecordPayload
    label: str | None


def match(settings: Settings, file: Path, lang: str) -> None:
    """Print a line of JSON for each line of a file, in its order; of lines with labels also how good the verdicts are.

    The file - is standard input. A line that cannot be read is named on stderr, and has `{"error": …}` in its place. Raises
    CommandFailed if there was one.
    """
    verdicts: Counter[tuple[str, Verdict]] = Counter()
    unreadable = 0
    for number, pair in _pairs(file):
        if isinstance(pair, InvalidField):
            unreadable += 1
            line = problem_line(pair.refusal(number))
            tell(line)
            click.echo(json.dumps({"error": line}, ensure_ascii=False))
            continue
        comparison = compare(profile_of(pair.left), profile_of(pair.right))
        with force_locale(lang, settings.translations_dir):
            click.echo(json.dumps(_answer(comparison), ensure_ascii=False))
        if pair.label:
            verdicts[pair.label, comparison.verdict] += 1
    for line in _measures(verdicts):
        tell(line)
    if unreadable:
        raise CommandFailed(f"{unreadable} of the lines could not be read; the lines above say why")


def _answer(comparison: Comparison) -> dict[str, object]:
    reasons = sentences(comparison.reasons, gettext)
    return {"score": comparison.score, "verdict": comparison.verdict, "reasons": reasons}


def _pairs(file: Path) -> Iterator[tuple[int, Pair | InvalidField]]:
    """The number and content of each line that is not empty."""
    with click.open_file(str(file), "rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, _pair(line)


def _pair(line: bytes) -> Pair | InvalidField:
    try:
        data = parse(without_controls(line.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return InvalidField("", NO_JSON, {"error": str(error)})
    except InvalidRecord as error:
        return error.invalid_field
    if not isinstance(data, dict):
        return InvalidField("", NO_OBJECT)
    if data.get("label") not in (None, *LABELS):
        return InvalidField("label", NO_LABEL)
    for side in ("left", "right"):
        if invalid := _invalid_in(data.get(side), side):
            return invalid
    return Pair(cast(RecordPayload, data["left"]), cast(RecordPayload, data["right"]), data.get("label"))


def _invalid_in(record: Any, side: str) -> InvalidField | None:
    """Why one side of a pair is no record; None if it is one. A permanent id is not needed here."""
    if not isinstance(record, dict):
        return InvalidField(side, NO_RECORD)
    first = next(iter(check({"remote_id": "-", **record})), None)
    return InvalidField(f"{side}.{first.field}", first.reason, first.values) if first else None


def _measures(verdicts: Mapping[tuple[str, Verdict], int]) -> Iterator[str]:
    """A line for each of MEASURES; none without labels. Where nothing was found, precision is 1."""
    if not any(verdicts.values()):
        return
    for name, found in MEASURES.items():
        hits, mistakes = (sum(verdicts[label, verdict] for verdict in found) for label in LABELS)
        total = sum(verdicts["same", verdict] for verdict in Verdict)
        precision = hits / (hits + mistakes) if hits + mistakes else 1.0
        recall = hits / total if total else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        yield f"{name}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"
