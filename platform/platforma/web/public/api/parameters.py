"""The parameters of searches by the API: one table checks them and describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.datastructures import MultiDict

from platforma.i18n import use_language
from platforma.web.public.filters import CLOSED_LISTS, FILTERS
from platforma.web.public.parameters import BadRequest
from search.port import MAX_KM, MAX_RESULTS, SORTS, WHENS
from vocabulary import UNKNOWN, Vocabulary, load
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES

MAX_PER_PAGE = 100
Schema = Mapping[str, object]
NUMBER = r"-?[0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the API: what it is about in English, its JSON schema, and an example that is understood."""

    about: str
    schema: Schema
    example: object

    @property
    def is_list(self) -> bool:
        """Whether it may repeat."""
        return self.schema["type"] == "array"


def _one_of(*values: str, default: str | None = None) -> Schema:
    return {"type": "string", "enum": list(values), **({} if default is None else {"default": default})}


LANG = Parameter("the reader's language: of labels, and first of texts", _one_of(*LANGUAGES, default=DEFAULT_LANGUAGE), "en")
PAGE = Parameter("from 1; page times per_page is at most 10000", {"type": "integer", "minimum": 1, "maximum": MAX_RESULTS}, 1)
_AREA = {"type": "string", "pattern": f"^{NUMBER}(,{NUMBER}){{3}}$"}
_SEARCH = {
    "q": Parameter('words, "phrases", -exclusion', {"type": "string"}, "maize"),
    "sort": Parameter("the order of the results", _one_of(*SORTS, default="relevance"), "name"),
    "exact": Parameter("1: only the words as typed, not what the vocabulary calls the same, nor mended", _one_of("0", "1"), "0"),
    "near": Parameter("id or name of a town, or latitude,longitude", {"type": "string", "minLength": 1}, "56.95,24.1"),
    "km": Parameter("how far around `near`", {"type": "integer", "minimum": 1, "maximum": MAX_KM, "default": 25}, 25),
    "area": Parameter("west,south,east,north in degrees", _AREA, "21,55,29,60"),
    "when": Parameter("current leaves out past events and closed calls", _one_of(*WHENS, default="current"), "all"),
    "past": Parameter("1: the same as when=all", _one_of("0", "1"), "1"),
}
_PAGES = {
    "page": PAGE,
    "per_page": Parameter("results on a page", {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE, "default": 20}, 20),
    "cursor": Parameter("what the answer before gave to read on, beyond 10000 too", {"type": "string", "minLength": 1}, "MjA6eA"),
}
_EXAMPLES = {"platform": "avots", "language": "lv", "place": "LV-riga"}


def search_parameters() -> dict[str, Parameter]:
    """The parameters that choose listings, as pages have them too, by name."""
    return _search_parameters(load())


@lru_cache(maxsize=1)
def _search_parameters(_vocabulary: Vocabulary) -> dict[str, Parameter]:
    return {**_SEARCH, **{one.name: Parameter(_about(one.about), _values(one.name), _example(one.name)) for one in FILTERS}}


def list_parameters() -> dict[str, Parameter]:
    """The parameters of a list of listings, by name."""
    return {"lang": LANG, **search_parameters(), **_PAGES}


def check(args: MultiDict[str, str], parameters: Mapping[str, Parameter]) -> str:
    """The reader's language. Raises BadRequest for what is no parameter, repeats, is empty, or is no choice of its own."""
    unknown = sorted(set(args) - set(parameters))
    if unknown:
        raise BadRequest(f"there is no parameter {', '.join(unknown)}; there are {', '.join(parameters)}")
    for name, values in args.lists():
        _check_values(name, values, parameters[name])
    lang = args.get("lang", DEFAULT_LANGUAGE)
    use_language(lang)
    return lang


def _check_values(name: str, values: list[str], parameter: Parameter) -> None:
    if len(values) > 1 and not parameter.is_list:
        raise BadRequest(f"{name} may be given only once")
    if name != "q" and not all(value.strip("-") for value in values):
        raise BadRequest(f"{name} has no value; leave it out")
    choices = parameter.schema.get("enum")
    if isinstance(choices, list) and values[0] not in choices:
        raise BadRequest(f"{name} is one of: {', '.join(choices)}")


def _about(about: str) -> str:
    return f"{about}; may repeat (any of), a leading - excludes, {UNKNOWN} for none"


def _values(name: str) -> Schema:
    """An array of ids, each of which may be excluded; of an open list any text but hyphens alone."""
    if name not in CLOSED_LISTS:
        return {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "[^-]"}}
    ids = [*sorted(load().ids(name)), UNKNOWN]
    return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": [*ids, *(f"-{id}" for id in ids)]}}


def _example(name: str) -> list[str]:
    return [_EXAMPLES[name]] if name in _EXAMPLES else [sorted(load().ids(name))[0]]
