"""A recipe as a form: the common keys as fields of their own, all others as YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self, get_args

import yaml

from crawlers.errors import Fault, RecipeError
from crawlers.recipe import NO_MAPPING, AdapterName, Recipe, parse_recipe
from platforma.catalogue.errors import N_
from platforma.catalogue.terms.unmapped import OUR_FIELDS
from platforma.web.forms import Form, TextField, VersionField
from vocabulary import FIELD_DIMENSIONS, load

ADAPTERS = tuple(name for name in get_args(AdapterName) if name != "file")
INTERVALS = ("daily", "weekly", "monthly")
OWN_FIELDS = ("platform", "title", "url", "adapter", "interval", "include", "exclude")
"""Keys that the form has fields for, or that cannot be changed."""
NO_LOOK = frozenset({"title", "interval", "limits", "expect", "licence", "values", "verified"})
"""Keys whose change needs no new look at the site."""
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

    title = TextField(filters=[str.strip])
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
        sector = defaults.pop("sectors")[0] if len(sectors) == 1 else ""
        rest |= {"defaults": defaults} if defaults else {}
        own = {name: str(recipe[name]) for name in ("title", "url", "adapter", "interval") if recipe.get(name)}
        patterns = {name: "\n".join(recipe.get(name) or ()) for name in ("include", "exclude")}
        return cls(data={**own, **patterns, "country": country, "sector": sector, "rest": to_yaml(rest), "seen": seen})

    def recipe(self, platform_id: str) -> dict[str, Any]:
        """The recipe that was typed, without what is the default anyway. Raises RecipeError."""
        rest = from_yaml(self.rest.data)
        if twice := [name for name in rest if name in OWN_FIELDS]:
            raise RecipeError(Fault(", ".join(map(str, twice)), ABOVE))
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
    """What a platform cannot be shown or read without."""
    if not recipe.title:
        yield Fault("title", NO_TITLE)
    if recipe.adapter != "file":
        try:
            Recipe.for_address(recipe.url)
        except RecipeError as error:
            yield from error.faults


def _unknown_ids(recipe: Recipe) -> Iterator[Fault]:
    """Values of closed lists that are on none of them: each record would only be told of."""
    chosen: list[tuple[str, str, str]] = []
    for dimension, pairs in recipe.values.items():
        chosen += [(f"values.{dimension}.{text}", dimension, id) for text, id in pairs.items() if id]
    for field, of_field in FIELD_DIMENSIONS.items():
        given = recipe.defaults.get(field) or ()
        chosen += [(f"defaults.{field}", of_field, str(id)) for id in (given if isinstance(given, list | tuple) else [given])]
    for key, name, id in chosen:
        if id not in load().ids(name):
            yield Fault(key, NO_ID, {"id": id})


def needs_a_trial(live: Mapping[str, Any], recipe: Mapping[str, Any]) -> bool:
    """Whether the difference between two recipes can only be seen by looking at the site anew."""
    changed = {name for name in live.keys() | recipe.keys() if live.get(name) != recipe.get(name)}
    is_imported = live.get("adapter") == recipe.get("adapter") == "file"
    return not is_imported and not changed <= NO_LOOK


def mapped_fields(form: Mapping[str, str]) -> dict[str, str]:
    """Of the mapping page's form: our field to the source's, for those that were chosen."""
    numbers = [name.removeprefix("field-") for name in form if name.startswith("field-")]
    chosen = {form[f"field-{number}"]: form.get(f"name-{number}", "") for number in numbers}
    return {ours: theirs for ours, theirs in chosen.items() if ours in OUR_FIELDS and theirs}


def sent_choices(form: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Of the mapping page's form what was chosen, by (dimension, text) of a value and by ("", name) of a field of the source."""
    chosen = {}
    for name, choice in form.items():
        what, _, number = name.partition("-")
        if what == "choice":
            chosen[form.get(f"dimension-{number}", ""), form.get(f"text-{number}", "")] = choice
        elif what == "field":
            chosen["", form.get(f"name-{number}", "")] = choice
    return chosen


def to_yaml(data: Mapping[str, Any]) -> str:
    """A mapping as people edit it; nothing for an empty one."""
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False) if data else ""


def from_yaml(text: str) -> dict[str, Any]:
    """The mapping that was typed. Raises RecipeError with the line that is wrong."""
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
