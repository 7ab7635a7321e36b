"""View models of registering: how far a reading has come, and what it found, as visitors would see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crawlers.discovery.remarks import OF_LIST
from crawlers.reasons import Reason
from crawlers.record import Record
from platforma.catalogue.enums import ReadingState
from platforma.catalogue.visitors.readings import Result
from platforma.catalogue.visitors.site_looks import DIMENSIONS, Choices, Look
from platforma.i18n import current_language, gettext, ngettext, number
from platforma.i18n import gettext as _
from platforma.mail.owner_words import owner_reason
from platforma.web.public.addition_pages import preview
from platforma.web.public.choice_fields import ChoiceField, choice_of_all, field_choices, word_choices
from platforma.web.public.geography.region_map import RegionMap, region_map
from platforma.web.public.rows import Row
from search.port import FacetCount
from vocabulary.messages import N_

SHOWN_AT_ONCE = 5
"""So many rows stand open; the others are one press away."""
GAPS = {
    "description": N_("Without a description: %(num)s of %(all)s; say in a sentence at each entry what it does and for whom"),
    "place": N_("Without a place: %(num)s of %(all)s, so they are not on the map; write the town at each entry"),
    "themes": N_("Without a theme: %(num)s of %(all)s; write the field of work at each entry, or leave it to the curators"),
}
"""What entries may lack, with what its owner can do; what is chosen for all is asked for in the form instead."""
ORGANISATIONS = (None, "organisation", "social_enterprise", "support_organisation")
"""The kinds that a site with one entry may tell of, when it is the site of that one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a reading in words; `is_done`, or what is being done now."""

    text: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class LookPage:
    """What a reading found. `count` says how many entries there are and how many are shown; `reason` is why there are none.

    `single` is the name of the only entry, where the site seems to be one organisation's own; None else.
    """

    url: str
    title: str
    site: str
    count: str
    rows: Sequence[Row]
    region: RegionMap | None
    remarks: Sequence[Reason]
    choices: Sequence[ChoiceField]
    words: Sequence[ChoiceField]
    fields: Sequence[ChoiceField]
    single: str | None
    reason: Reason | None


def steps(look: Look) -> list[Step]:
    """What was done and is being done, the first first."""
    if look.state == ReadingState.WAITING:
        waiting = ngettext("%(num)s site is read before yours", "%(num)s sites are read before yours", look.before)
        return [Step(waiting if look.before else _("Your site is read in a moment"), False)]
    if not look.pages:
        return [Step(_("We open your site"), False)]
    opened = Step(_("We opened your site"), True)
    if look.expected is None:
        pages = ngettext("We look for lists: %(num)s page so far", "We look for lists: %(num)s pages so far", look.pages)
        return [opened, Step(pages, False)]
    found = ngettext("We found a list of about %(num)s entry", "We found a list of about %(num)s entries", look.expected)
    return [opened, Step(found, True), Step(_("We read the first entries"), False)]


def look_page(look: Look, sent: Choices | None = None, max_rows: int | None = None) -> LookPage:
    """The view model of an ended look; the records are shown with what was chosen for all, the first `max_rows` as rows.

    `sent` are choices that were refused: the questions show them, the records what was chosen before.
    """
    result, asked = look.result or Result(), sent or look.choices
    records = [look.choices.shown(record, result) for record in result.records]
    return LookPage(
        url=look.url,
        title=asked.title,
        site=result.title,
        count=_count(result),
        rows=[
            replace(preview(record), url=record.url or record.website or look.url or "#found") for record in records[:max_rows]
        ],
        region=_region(records),
        remarks=[*_problems(result), *_gaps(records)],
        choices=[field for name in DIMENSIONS if (field := choice_of_all(name, result, asked))],
        words=word_choices(result, asked),
        fields=field_choices(result, asked),
        single=_single(result),
        reason=None if result.records else owner_reason(look.reason),
    )


def _address(record: Record, look: Look) -> str:
    """Where the name of an entry leads: its page, its own site, or the list that is looked at."""
    return record.url or record.website or look.url or "#found"


def _count(result: Result) -> str:
    shown = len(result.records)
    if result.expected <= shown:
        return ngettext("%(num)s entry", "%(num)s entries", shown)
    if result.is_open_ended:
        return _("More than %(shown)s entries; the first %(shown)s are shown", shown=number(shown))
    return ngettext(
        "About %(num)s entry; the first %(shown)s are shown", "About %(num)s entries; the first %(shown)s are shown",
        result.expected, shown=number(shown),
    )  # fmt: skip


def _region(records: Sequence[Record]) -> RegionMap | None:
    """The map of the countries where the entries have their seats; None where none names one."""
    counts = Counter(record.country for record in records if record.country)
    facets = [FacetCount(code, count) for code, count in counts.most_common()]
    return region_map(facets, current_language(), lambda _code: "#found") if facets else None


def _problems(result: Result) -> Iterator[Reason]:
    """What could not be read, each wording once, with how many entries it is about and an example."""
    counts: Counter[Reason] = Counter()
    examples: dict[Reason, str] = {}
    is_asked = {word.text for word in result.words}
    for problem in result.problems:
        if problem.value in is_asked:
            continue
        reason = owner_reason(problem.reason, problem.values)
        if problem.reason in OF_LIST:
            yield reason
            continue
        counts[reason] += problem.count
        examples.setdefault(reason, problem.value)
    for reason, count in counts.most_common():
        about = ngettext("%(num)s entry", "%(num)s entries", count)
        example = _("For example: “%(value)s”.", value=examples[reason]) if examples[reason] else ""
        yield Reason(f"{reason.what.removesuffix('.')} ({about}). {example}".strip(), reason.advice)


def _gaps(records: Sequence[Record]) -> Iterator[Reason]:
    for name, message in GAPS.items():
        missing = sum(not getattr(record, name) for record in records)
        if missing and records:
            yield Reason.from_text(gettext(message, num=number(missing), all=number(len(records))))


def _single(result: Result) -> str | None:
    records = result.records
    if len(records) != 1 or records[0].kind not in ORGANISATIONS:
        return None
    return next(iter(records[0].title.values()), None)
