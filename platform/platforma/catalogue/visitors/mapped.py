"""What was read of a site, mapped by choices of its fields: records, problems and unknown words anew, without another fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from crawlers.normalise import Normaliser
from crawlers.normalise.meanings import BAD_COUNTRY, BAD_KIND, BAD_VALUE
from crawlers.recipe import parse_recipe
from crawlers.record import Problem, RawRecord
from crawlers.values.own_fields import OwnFields, own_fields
from crawlers.values.raw_fields import all_texts
from platforma.catalogue.visitors.readings import FoundProblem, FoundWord, Result
from vocabulary import FIELD_DIMENSIONS, load

MAX_TEXT_CHARACTERS = 1_000
"""Of a text of a source that is stored to be shown mapped otherwise; a row shows no more of one."""
MAX_OWN_FIELDS, MAX_OWN_CHARACTERS = 60, 8_000
"""So many fields of the source, with so many characters in all, are stored of one entry."""
UNKNOWN_WORDS = (BAD_KIND, BAD_VALUE, BAD_COUNTRY)
MAX_WORDS = 12
"""So many words that we do not know are asked about, the most frequent; the others wait for the curators."""


def bounded_raw(raw: RawRecord) -> RawRecord:
    """What an entry was made of, cut to what a page needs to show it mapped otherwise: long texts end early."""
    fields = {name: _cut(value) for name, value in raw.fields.items()}
    translations = {lang: {name: _cut(text) for name, text in texts.items()} for lang, texts in raw.translations.items()}
    return replace(raw, fields=fields, translations=translations, source={"facts": _bounded(own_fields(raw.source))})


def mapped(result: Result, fields: Mapping[str, str]) -> Result:
    """The result with its fields chosen (own name to ours, "" for not taken). Entries that have no name by it are left out."""
    return remade(result, fields) if fields else result


def remade(result: Result, fields: Mapping[str, str]) -> Result:
    """The same, with each record made anew also where nothing was chosen. Raises RecipeError where two fill one of ours."""
    recipe = {"platform": "look", **result.recipe, "choices": {name: ours or None for name, ours in fields.items()}}
    normaliser = Normaliser(parse_recipe(recipe))
    records = [record for raw in result.raws if (record := normaliser.record(raw))]
    problems = normaliser.take_problems()
    return replace(result, records=records, problems=grouped(problems), words=unknown_words(problems))


def unknown_words(problems: Iterable[Problem]) -> list[FoundWord]:
    """The words for kinds, sectors, themes and countries that were not understood, the most frequent first."""
    remote_ids: dict[tuple[str, str], dict[str, None]] = {}
    for problem in problems:
        if problem.reason in UNKNOWN_WORDS and problem.field and problem.value and problem.remote_id:
            key = FIELD_DIMENSIONS.get(problem.field, problem.field), problem.value
            remote_ids.setdefault(key, {})[problem.remote_id] = None
    ranked = sorted(remote_ids, key=lambda key: (-len(remote_ids[key]), key))[:MAX_WORDS]
    return [FoundWord(*key, list(remote_ids[key]), _suggestion(*key)) for key in ranked]


def grouped(problems: Iterable[Problem]) -> list[FoundProblem]:
    """Problems of one reason and field as one, the most frequent first."""
    listed = list(problems)
    counts = Counter((problem.reason, problem.field or "") for problem in listed)
    examples = {(problem.reason, problem.field or ""): problem for problem in reversed(listed)}
    return [
        FoundProblem(
            reason, examples[reason, name].values, name, count, examples[reason, name].url, examples[reason, name].value or ""
        )
        for (reason, name), count in counts.most_common()
    ]


def _suggestion(dimension: str, text: str) -> str:
    near = load().nearest(dimension, text)
    return near.id if near and near.is_sure else ""


def _bounded(fields: OwnFields) -> OwnFields:
    """The first fields, as far as they fit."""
    kept: OwnFields = {}
    characters = 0
    for name, value in list(fields.items())[:MAX_OWN_FIELDS]:
        cut = _cut(value)
        characters += sum(map(len, all_texts(cut)))
        if characters > MAX_OWN_CHARACTERS:
            break
        kept[name] = cut
    return kept


def _cut(value: Any) -> Any:
    """A text, or each of a list, cut to MAX_TEXT_CHARACTERS; at most 30 of a list; any other value as it is."""
    if isinstance(value, list | tuple):
        return [_cut(part) for part in value[:30]]
    return value[:MAX_TEXT_CHARACTERS] if isinstance(value, str) else value
