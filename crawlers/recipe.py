"""The recipe: how one platform is crawled. It is YAML or JSON with strict keys; errors name the key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import soupsieve
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_serializer, model_validator

from crawlers.errors import Fault, RecipeError
from crawlers.recipe_errors import invalid_value, to_fault
from crawlers.values.addresses import written_host_of
from crawlers.values.hours import NO_WINDOW, parse_window
from crawlers.values.labels import FIELDS
from vocabulary import Dimension
from vocabulary.messages import N_

AdapterName = Literal[
    "auto", "wordpress", "structured", "sitemap", "feed", "table", "json", "ckan", "calendar", "murmurations", "gogocarto",
    "html", "file",
]  # fmt: skip
RECIPES = Path(__file__).parent / "recipes"
ONE_WAY = N_('write a CSS selector such as "h2", one with an attribute such as "a@href", or {label: "Country"}')
NO_FIELD = N_("there is no field %(name)s; known: %(known)s")
NEAR_FIELD = N_("there is no field %(name)s; did you mean %(near)s?")
CHOSEN_TWICE = N_("two fields of the source are chosen for %(name)s; choose one of them")
NO_PATTERN = N_("'%(pattern)s' is no regular expression: %(error)s")
NO_CSS = N_("'%(css)s' is no CSS selector: %(error)s")
NO_ADDRESS = N_("'%(url)s' is no address; it looks like https://name.lv")
NO_MAPPING = N_("write one key a line, such as licence: CC-BY-4.0")
NO_YAML = N_("this is no YAML in UTF-8: %(error)s")


class Strict(BaseModel):
    """A model in which unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Strict):
    """The limits of a crawl.

    `pages` and `seconds` limit the whole crawl, `bytes_per_page` the size of a page. `delay_seconds` is the delay between
    two requests to one origin, `timeout_seconds` the longest silence of a server. `ports` are allowed besides 80 and 443.
    `hours` is the window in which crawls begin and run, such as `22-6`, in the installation's time zone; None: any hour.
    """

    pages: int = Field(default=2000, ge=1, le=100_000)
    seconds: int = Field(default=3600, ge=1)
    bytes_per_page: int = Field(default=10_000_000, ge=1000)
    delay_seconds: float | None = Field(default=None, ge=0, le=600)
    timeout_seconds: float = Field(default=20, gt=0, le=300)
    ports: tuple[Annotated[int, Field(ge=1, le=65_535)], ...] = Field(default=(), max_length=20)
    hours: str | None = None

    @field_validator("hours")
    @classmethod
    def _window(cls, hours: str | None) -> str | None:
        try:
            if hours is not None:
                parse_window(hours)
        except ValueError as error:
            raise invalid_value(NO_WINDOW, window=str(hours)) from error
        return hours


class Expect(Strict):
    """What a healthy crawl finds. A crawl with fewer records than `min` or more than `max` is held for a person.

    So is one in which more than `changes` percent of the known records have another title, or lost a field.
    """

    min: int | None = None
    max: int | None = None
    changes: int | None = Field(default=None, ge=0, le=100)


class Pick(Strict):
    """Where one field stands in a page: in elements, or in a labelled fact.

    `css` selects the elements ("" is the page or block itself), whose text or `attribute` is taken; `label` names the fact.
    A recipe writes "h2", "a.site@href" or {label: "Country"}.
    """

    css: str = ""
    attribute: str | None = None
    label: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if match := re.fullmatch(r"(.*?)@([\w:-]+)", value.strip()):
            return {"css": match[1], "attribute": match[2]}
        return {"css": value.strip()}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.label) == bool(self.css or self.attribute):
            raise invalid_value(ONE_WAY)
        _check_css(self.css)
        return self

    @model_serializer
    def _as_text(self) -> str | dict[str, str]:
        return {"label": self.label} if self.label else self.css + (f"@{self.attribute}" if self.attribute else "")


class HtmlRecipe(Strict):
    """CSS selectors by which pages are read.

    List pages are the recipe's addresses; with `lists`, the pages that its links lead to, such as one for each country.
    `next` selects the links to further list pages. `entries` selects the links from list pages to pages of single
    initiatives; without it the list pages are read themselves. `blocks` selects the parts of a page that hold one initiative
    each; a selected heading (or dt) includes what follows it. `lines` selects elements whose lines each hold the name of one.
    Without either a page holds one initiative. `fields` maps our
    fields to their place in a page or block; other fields are found by labels.
    """

    lists: str = ""
    entries: str = ""
    next: str = ""
    blocks: str = ""
    lines: str = ""
    fields: dict[str, Pick] = {}

    @field_validator("lists", "entries", "next", "blocks", "lines")
    @classmethod
    def _selectors(cls, css: str) -> str:
        _check_css(css)
        return css

    @field_validator("fields")
    @classmethod
    def _names(cls, fields: dict[str, Pick]) -> dict[str, Pick]:
        _check_names(fields)
        return fields


class CkanRecipe(Strict):
    """Which datasets of a CKAN portal are taken.

    `datasets` names datasets whose resources list initiatives, one in each row; `query` finds further ones with the
    portal's search. With `is_catalogue` the datasets are the records, not their rows.
    """

    datasets: tuple[str, ...] = ()
    query: str = ""
    is_catalogue: bool = False


class Recipe(Strict):
    """How a platform is crawled.

    What to read: `addresses` are the pages to start from (`url` if empty), `include` and `exclude` regular expressions for
    addresses. `types` are the WordPress types, `sheets` the sheets of a workbook (if empty, all with a known header).
    `records` is the dotted path to the list in a JSON response, such as `data.items` (if empty, the longest list of
    objects); `is_paged`: its further pages are read too. `key` is the column that identifies a row of a table.

    How to understand it: `fields` maps our field names to the source's (a column, a JSON key, a label on the page).
    `values` maps, for each kind, sector, theme or country, the source's word to our id, or to None to ignore it.
    `choices` maps fields of the source, by its own names, to the field of ours that each fills instead, or to None: it is not
    taken. `@title` is what the reading itself found for our field title, `@summary` what it found for summary, and so on.
    `defaults` are values for fields that are empty in a record. `languages` maps a BCP 47 tag to the path prefix of that
    language ("" for the root). `date_order` is the order in dates such as 03/04/2015, which are ignored without it.

    `interval` is the time between crawls.
    """

    platform: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
    title: str = ""
    url: str = ""
    adapter: AdapterName = "auto"
    addresses: tuple[str, ...] = ()
    languages: dict[str, str] = {}
    types: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    choices: dict[str, str | None] = {}
    values: dict[Dimension, dict[str, str | None]] = {}
    defaults: dict[str, Any] = {}
    key: str | None = None
    sheets: tuple[str, ...] = ()
    records: str = ""
    is_paged: bool = True
    html: HtmlRecipe = HtmlRecipe()
    ckan: CkanRecipe = CkanRecipe()
    interval: Literal["daily", "weekly", "monthly"] = "daily"
    limits: Limits = Limits()
    expect: Expect = Expect()
    date_order: Literal["dmy", "mdy"] | None = None
    licence: str | None = None
    verified: bool = False

    @field_validator("choices")
    @classmethod
    def _choices(cls, choices: dict[str, str | None]) -> dict[str, str | None]:
        chosen = [ours for ours in choices.values() if ours]
        _check_names(chosen)
        if repeated := next((ours for ours in chosen if chosen.count(ours) > 1), None):
            raise invalid_value(CHOSEN_TWICE, name=repeated)
        return choices

    @field_validator("include", "exclude")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise invalid_value(NO_PATTERN, pattern=pattern, error=str(error)) from error
        return patterns

    @classmethod
    def for_address(cls, url: str) -> Recipe:
        """Return a recipe for an address about which nothing else is known. Raises RecipeError if it is malformed."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise RecipeError(Fault("url", NO_ADDRESS, {"url": url})) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RecipeError(Fault("url", NO_ADDRESS, {"url": url}))
        host = written_host_of(url)
        name = f"{host}-{port}" if port else host
        platform = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60]
        return cls(platform=platform or "site", title=parts.hostname, url=url)

    def to_yaml(self) -> str:
        """Return the recipe as YAML, without keys that have their default value."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def parse_recipe(data: object, name: str = "recipe") -> Recipe:
    """Return the recipe of a JSON value. Raises RecipeError with a fault for each invalid key; `name` is that of the recipe."""
    if not isinstance(data, dict):
        raise RecipeError(Fault("", NO_MAPPING), name=name)
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        faults = (to_fault(detail, _keys_at(detail["loc"][:-1])) for detail in error.errors())
        raise RecipeError(*faults, name=name) from error


def load_recipe(path: Path) -> Recipe:
    """Return the recipe of a YAML or JSON file. Raises RecipeError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RecipeError(Fault("", NO_YAML, {"error": " ".join(str(error).split())}), name=path.name) from error
    return parse_recipe(data, path.name)


def seed_recipes() -> list[dict[str, Any]]:
    """Return the recipes that come with the package as JSON objects, by platform; those for local files are left out."""
    recipes = [load_recipe(path) for path in sorted(RECIPES.glob("*.yaml"))]
    return [recipe.model_dump(mode="json", exclude_defaults=True) for recipe in recipes if recipe.url]


def _check_css(css: str) -> None:
    """Raise the error of a validator if a text is no CSS selector."""
    try:
        if css:
            soupsieve.compile(css)
    except soupsieve.SelectorSyntaxError as error:
        raise invalid_value(NO_CSS, css=css, error=str(error).splitlines()[0]) from error


def _check_names(names: Iterable[str]) -> None:
    """Raise the error of a validator for the first name that is of no field of ours."""
    known = sorted(set(FIELDS.values()))
    for name in names:
        if name in known:
            continue
        if near := difflib.get_close_matches(name, known, 1):
            raise invalid_value(NEAR_FIELD, name=name, near=near[0])
        raise invalid_value(NO_FIELD, name=name, known=", ".join(known))


def _keys_at(location: tuple[str | int, ...]) -> list[str]:
    """Return the keys that exist at a location in a recipe, such as ("limits",)."""
    inner: dict[str | int, type[BaseModel]] = {"limits": Limits, "expect": Expect, "html": HtmlRecipe, "ckan": CkanRecipe}
    model = inner.get(location[0], Recipe) if location else Recipe
    model = Pick if location[:2] == ("html", "fields") else model
    return list(model.model_fields)
