"""A recipe as a form: the common keys as fields of their own, all others as YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self, get_args

import yaml

from crawlers.errors import Fault, RecipeError
from crawlers.recipe import NO_MAPPING, AdapterName, Recipe, parse_recipe
from platforma.catalogue.terms.unmapped import OUR_FIELDS
from platforma.web.forms import Form, TextField, VersionField
from vocabulary import FIELD_DIMENSIONS, load
from vocabulary.characters import without_controls
from vocabulary.messages import N_

ADAPTERS = tuple(name for name in get_args(AdapterName) if name != "file")
INTERVALS = ("daily", "weekly", "monthly")
OWN_FIELDS = ("platform", "title", "url", "adapter", "interval", "include", "exclude")
"""Keys that the form has fields for, or that cannot be changed."""
LIVE_AT_ONCE = frozenset({"title", "interval", "limits", "expect", "licence", "choices", "values", "verified"})
"""Keys whose change needs no trial crawl."""
MAX_YAML_CHARACTERS = 50_000
NO_TITLE = N_("give the platform a title")
NO_ID = N_("%(id)s is not on the list")
ABOVE = N_("this has a field of its own above; take it out of the YAML")
TOO_LONG = N_("the YAML is longer than %(most)s characters")
REFERENCES = N_("write values out: references (*name) are not taken")
BAD_LINE = N_("line %(line)s: this is no YAML: %(error)s")
BAD_YAML = N_("this is no YAML: %(error)s")


class RecipeForm(Form):
    """The common keys of a recipe, each by its name; `rest` is YAML, `seen` the newest version when the form was opened."""

    title = TextField(filters=[without_controls, str.strip])
    url = TextField(filters=[str.strip])
    adapter = TextField(default="auto", filters=[str.strip])
    interval = TextField(default="daily", filters=[str.strip])
    include = TextField(filters=[str.strip])
    exclude = TextField(filters=[str.strip])
    country = TextField(filters=[str.strip])
    sector = TextField(filters=[str.strip])
    rest = TextField()
    seen = VersionField()

    @classmethod
    def of(cls, recipe: Mapping[str, Any], seen: int) -> Self:
        """The form for a recipe."""
        rest = {name: value for name, value in recipe.items() if name not in OWN_FIELDS}
        defaults = dict(rest.pop("defaults", None) or {})
        country, sectors = defaults.pop("country", None) or "", defaults.get("sectors") or []
        is_offered = len(sectors) == 1 and sectors[0] in {term.id for term in load().terms("sector")}
        sector = defaults.pop("sectors")[0] if is_offered else ""
        rest |= {"defaults": defaults} if defaults else {}
        own = {name: str(recipe[name]) for name in ("title", "url", "adapter", "interval") if recipe.get(name)}
        patterns = {name: "\n".join(recipe.get(name) or ()) for name in ("include", "exclude")}
        return cls(data={**own, **patterns, "country": country, "sector": sector, "rest": to_yaml(rest), "seen": seen})

    def recipe(self, platform_id: str) -> dict[str, Any]:
        """The recipe that was typed, without what is the default anyway. Raises RecipeError."""
        rest = from_yaml(self.rest.data)
        if repeated := [name for name in rest if name in OWN_FIELDS]:
            raise RecipeError(Fault(", ".join(map(str, repeated)), ABOVE))
        defaults = rest.get("defaults") or {}
        if isinstance(defaults, dict):
            defaults |= {"country": self.country.data} if self.country.data else {}
            defaults |= {"sectors": [self.sector.data]} if self.sector.data else {}
        rest |= {"defaults": defaults} if defaults else {}
        own = {field.name: field.data for field in (self.title, self.url, self.adapter, self.interval)}
        patterns = {field.name: _lines(field.data) for field in (self.include, self.exclude)}
        checked = parse_recipe({**rest, **own, **patterns, "platform": platform_id}, platform_id)
        if faults := [*_missing(checked), *_unknown_ids(checked)]:
            raise RecipeError(*faults)
        return checked.model_dump(mode="json", exclude_defaults=True)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _missing(recipe: Recipe) -> Iterator[Fault]:
    """Faults of a recipe that lacks what showing and crawling a platform need: a title and an address."""
    if not recipe.title:
        yield Fault("title", NO_TITLE)
    if recipe.adapter != "file":
        try:
            Recipe.for_address(recipe.url)
        except RecipeError as error:
            yield from error.faults


def _unknown_ids(recipe: Recipe) -> Iterator[Fault]:
    """Ids that the recipe chooses and that are not on their closed list; without this, each record would get a warning."""
    chosen: list[tuple[str, str, str]] = []
    for dimension, pairs in recipe.values.items():
        chosen += [(f"values.{dimension}.{text}", dimension, id) for text, id in pairs.items() if id]
    for field, dimension in FIELD_DIMENSIONS.items():
        value = recipe.defaults.get(field) or ()
        ids = value if isinstance(value, list | tuple) else [value]
        chosen += [(f"defaults.{field}", dimension, str(id)) for id in ids]
    for key, list_name, id in chosen:
        if id not in load().ids(list_name):
            yield Fault(key, NO_ID, {"id": id})


def needs_a_trial(live: Mapping[str, Any], recipe: Mapping[str, Any]) -> bool:
    """Whether what changed between two recipes shows only in a crawl; what is imported from files has none."""
    changed = {name for name in live.keys() | recipe.keys() if live.get(name) != recipe.get(name)}
    is_imported = live.get("adapter") == recipe.get("adapter") == "file"
    return not is_imported and not changed <= LIVE_AT_ONCE


def mapped_fields(form: Mapping[str, str]) -> dict[str, str]:
    """From the mapping page's form: the chosen fields of ours, each to the source's field that fills it."""
    numbers = [name.removeprefix("field-") for name in form if name.startswith("field-")]
    chosen = {form[f"field-{number}"]: form.get(f"name-{number}", "") for number in numbers}
    return {ours: theirs for ours, theirs in chosen.items() if ours in OUR_FIELDS and theirs}


def sent_choices(form: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """From the mapping page's form: each choice, by (dimension, text) of a value or ("", name) of a field of the source."""
    choices = {}
    for name, choice in form.items():
        kind, _, number = name.partition("-")
        if kind == "choice":
            choices[form.get(f"dimension-{number}", ""), form.get(f"text-{number}", "")] = choice
        elif kind == "field":
            choices["", form.get(f"name-{number}", "")] = choice
    return choices


def to_yaml(data: Mapping[str, Any]) -> str:
    """A mapping as YAML; empty for an empty one."""
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False) if data else ""


def from_yaml(text: str) -> dict[str, Any]:
    """The mapping of a YAML text; empty for an empty one. Raises RecipeError, with the number of the line that is wrong."""
    if len(text) > MAX_YAML_CHARACTERS:
        raise RecipeError(Fault("", TOO_LONG, {"most": str(MAX_YAML_CHARACTERS)}))
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise RecipeError(Fault("", REFERENCES))
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        values = {"error": str(getattr(error, "problem", None) or error), "line": str(mark.line + 1 if mark else "")}
        raise RecipeError(Fault("", BAD_LINE if mark else BAD_YAML, values)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise RecipeError(Fault("", NO_MAPPING))
    return data
