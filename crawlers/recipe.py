"""The recipe: how one platform is crawled. YAML or JSON, strict keys, errors that name the key."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import soupsieve
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_serializer, model_validator

from crawlers.errors import Fault, RecipeError
from crawlers.messages import N_
from crawlers.recipe_errors import explained, fault
from crawlers.values.hours import NO_WINDOW, parse_window
from crawlers.values.labels import FIELDS

AdapterName = Literal[
    "auto", "wordpress", "structured", "sitemap", "feed", "table", "json", "ckan", "calendar", "murmurations", "gogocarto",
    "html", "file",
]  # fmt: skip
Dimension = Literal["kind", "sector", "theme", "country"]
"""The closed lists of the vocabulary whose ids a recipe maps values to."""
RECIPES = Path(__file__).parent / "recipes"
ONE_WAY = N_('write a CSS selector such as "h2", one with an attribute such as "a@href", or {label: "Country"}')
NO_FIELD = N_("there is no field %(name)s; known: %(known)s")
NEAR_FIELD = N_("there is no field %(name)s; did you mean %(near)s?")
NO_PATTERN = N_("'%(pattern)s' is no regular expression: %(error)s")
NO_CSS = N_("'%(css)s' is no CSS selector: %(error)s")
NO_ADDRESS = N_("'%(url)s' is no address; it looks like https://name.lv")
NO_MAPPING = N_("write one key a line, such as licence: CC-BY-4.0")
NO_YAML = N_("this is no YAML in UTF-8: %(error)s")


class Strict(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Strict):
    """How far a crawl goes, and when.

    Seconds of delay count between two requests to one origin. `ports` may be asked beside 80 and 443. `hours` is the
    window in which crawls begin and run, such as `22-6`, by the installation's time zone; None: at any hour.
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
            raise fault(NO_WINDOW, window=str(hours)) from error
        return hours


class Expect(Strict):
    """How many records a healthy crawl finds; outside of it the crawl is held."""

    min: int | None = None
    max: int | None = None


class Pick(Strict):
    """What to take for one field: `css` selects elements ("" is the page or block itself), of which the text or an
    `attribute` is taken; or `label` names a labelled fact. A recipe writes "h2", "a.site@href" or {label: "Country"}.
    """

    css: str = ""
    attribute: str | None = None
    label: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if match := re.fullmatch(r"(.*?)@([\w:-]+)", value.strip()):
            return {"css": match[1], "attribute": match[2]}
        return {"css": value.strip()}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.label) == bool(self.css or self.attribute):
            raise fault(ONE_WAY)
        _check_css(self.css)
        return self

    @model_serializer
    def _as_text(self) -> str | dict[str, str]:
        return {"label": self.label} if self.label else self.css + (f"@{self.attribute}" if self.attribute else "")


class HtmlRecipe(Strict):
    """How pages are read by CSS selectors.

    `entries` selects the links to the pages of single initiatives on the list pages; without it the list pages themselves
    are read. The list pages are the recipe's addresses, or what `lists` selects there: links to list pages, such as one
    for each country. `next` selects the links to further list pages. `blocks` selects the
    parts of a page that each tell one initiative; a selected heading (or dt) takes along what follows it. Without it a
    page tells one. `fields` says where our fields stand in a page or block; the others are found by labels.
    """

    lists: str = ""
    entries: str = ""
    next: str = ""
    blocks: str = ""
    fields: dict[str, Pick] = {}

    @field_validator("lists", "entries", "next", "blocks")
    @classmethod
    def _selectors(cls, css: str) -> str:
        _check_css(css)
        return css

    @field_validator("fields")
    @classmethod
    def _names(cls, fields: dict[str, Pick]) -> dict[str, Pick]:
        known = sorted(set(FIELDS.values()))
        for name in fields.keys() - set(known):
            if near := difflib.get_close_matches(name, known, 1):
                raise fault(NEAR_FIELD, name=name, near=near[0])
            raise fault(NO_FIELD, name=name, known=", ".join(known))
        return fields


class CkanRecipe(Strict):
    """What of a CKAN portal is taken.

    `datasets` names those whose resources are registers of initiatives, a row each; `query` finds further ones, as the
    portal's own search does. With `is_catalogue` the datasets found are the records themselves, not their rows.
    """

    datasets: tuple[str, ...] = ()
    query: str = ""
    is_catalogue: bool = False


class Recipe(Strict):
    """How a platform is crawled.

    `fields` maps our field names to the source's own (a column, a JSON key, a label on the page). `values` maps, per
    kind, sector, theme or country, what the source writes to our id. `defaults` holds values for all records that say
    nothing. `languages` maps a BCP 47 tag to the path prefix of that language ("" for the root). `types` are the
    WordPress types to take, `key` the column that names a row of a table for good. `sheets` are the sheets of a workbook to
    take (all with a known header, when empty). `records` is the dotted path to the list in a JSON answer, such as
    `data.items` (the longest list of objects, when empty); `is_paged`: whether further pages of it are looked for.
    `date_order` tells how dates such as 03/04/2015 are meant, which are left out without it. `interval` is how often it is
    crawled.
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

    @field_validator("include", "exclude")
    @classmethod
    def _patterns(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise fault(NO_PATTERN, pattern=pattern, error=str(error)) from error
        return patterns

    @classmethod
    def for_address(cls, url: str) -> Recipe:
        """The recipe of an address of which nothing is known yet. Raises RecipeError."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise RecipeError(Fault("url", NO_ADDRESS, {"url": url})) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RecipeError(Fault("url", NO_ADDRESS, {"url": url}))
        name = f"{parts.hostname}-{port}" if port else parts.hostname
        platform = re.sub(r"[^a-z0-9]+", "-", name.lower().removeprefix("www.")).strip("-")[:60]
        return cls(platform=platform or "site", title=parts.hostname, url=url)

    def to_yaml(self) -> str:
        """The recipe as a file holds it, without what is the default anyway."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def parse_recipe(data: Any, name: str = "recipe") -> Recipe:
    """A recipe from its JSON value. Raises RecipeError naming every wrong key, with the nearest one that exists."""
    if not isinstance(data, dict):
        raise RecipeError(Fault("", NO_MAPPING), name=name)
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        faults = (explained(one, _keys_at(one["loc"][:-1])) for one in error.errors())
        raise RecipeError(*faults, name=name) from error


def load_recipe(path: Path) -> Recipe:
    """The recipe in a YAML (or JSON) file. Raises RecipeError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RecipeError(Fault("", NO_YAML, {"error": " ".join(str(error).split())}), name=path.name) from error
    return parse_recipe(data, path.name)


def seed_recipes() -> list[dict[str, Any]]:
    """The seed recipes that come with the package, as JSON values, by platform; those for files only are left out."""
    recipes = [load_recipe(path) for path in sorted(RECIPES.glob("*.yaml"))]
    return [one.model_dump(mode="json", exclude_defaults=True) for one in recipes if one.url]


def _check_css(css: str) -> None:
    try:
        if css:
            soupsieve.compile(css)
    except soupsieve.SelectorSyntaxError as error:
        raise fault(NO_CSS, css=css, error=str(error).splitlines()[0]) from error


def _keys_at(location: tuple[Any, ...]) -> list[str]:
    inner: dict[Any, type[BaseModel]] = {"limits": Limits, "expect": Expect, "html": HtmlRecipe, "ckan": CkanRecipe}
    model = inner.get(location[0], Recipe) if location else Recipe
    model = Pick if location[:2] == ("html", "fields") else model
    return list(model.model_fields)
