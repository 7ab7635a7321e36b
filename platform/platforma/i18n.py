"""Languages: which there are, the reader's, translations, and dates, numbers and names as each language writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request, url_for
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.routing import AnyConverter, Map

from vocabulary.languages import DEFAULT_LANGUAGE, FALLBACK_LANGUAGE, LANGUAGES

Case = Literal["nominative", "genitive", "locative", "dative"]
CASE_ENDINGS: Mapping[str, Mapping[Case, Sequence[tuple[str, str]]]] = {
    "lv": {
        "genitive": (("lis", "ļa"), ("is", "a"), ("s", "a")),
        "locative": (("is", "ī"), ("s", "ā")),
        "dative": (("is", "im"), ("s", "am")),
    },
}
"""What endings of the months' names become in each case, by language; languages without cases have none."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A language with its messages, and the path at which the site is mounted, empty for none: what texts and addresses go by."""

    lang: str
    messages: NullTranslations
    mounted_at: str


_IN_FORCE: ContextVar[InForce | None] = ContextVar("language in force", default=None)
"""Set by force_locale and for a request with a language; kept apart from the request, as a page asks for it hundreds of times."""


class LanguageConverter(AnyConverter):
    """The converter `lang` of addresses: `<lang:lang>` takes the code of any interface language."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, *LANGUAGES)


def init_app(app: Flask, translations_dir: Path, time_zone: str) -> None:
    """Take the language from the first part of each address, and give the templates their filters."""
    app.url_map.converters["lang"] = LanguageConverter
    app.config["TRANSLATIONS_DIR"], app.config["TIME_ZONE"] = translations_dir, ZoneInfo(time_zone)
    add_gettext(app.jinja_env)
    app.jinja_env.filters.update(day=day, number=number, language_name=language_name)
    app.jinja_env.globals.update(
        current_language=current_language,
        alternates=alternates,
        canonical_addresses=canonical_addresses,
        languages=LANGUAGES,
        language_names=language_names,
        territory_locale=territory_locale,
        today=today,
    )

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
        use_language((values or {}).pop("lang", None))

    @app.teardown_request
    def end_language(_error: BaseException | None) -> None:
        _IN_FORCE.set(None)

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, object]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_language()


def add_gettext(environment: Environment) -> None:
    """Give the templates of a Jinja environment gettext, in the language that is in force when they are rendered."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(gettext, _plural_form, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined] # the i18n extension adds it
    environment.globals["_"] = _template_gettext  # the extension's own takes three calls to the same end


def use_language(lang: object) -> None:
    """Have this request answered in a language; None, or what is no interface language, leaves it to current_language."""
    g.lang = lang
    _IN_FORCE.set(_of_request(lang) if isinstance(lang, str) and lang in LANGUAGES else None)


def current_language() -> str:
    """The language in force: a forced one, else that of the address, also of a page not found, else what the browser asks for.

    The default outside a request.
    """
    return _in_force().lang


def other_languages() -> list[tuple[str, str]]:
    """Code and own name of each interface language but the one in force."""
    return [(code, name) for code, name in LANGUAGES.items() if code != current_language()]


def _in_force() -> InForce:
    return _IN_FORCE.get() or _of_request(_language_of_request())


def _of_request(lang: str) -> InForce:
    return InForce(lang, _messages(lang), request.script_root if has_request_context() else "")


def _language_of_request() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE
    code = g.get("lang")
    if code in LANGUAGES:
        return str(code)
    first_part = request.path.split("/")[1]
    return first_part if first_part in LANGUAGES else preferred_language()


def preferred_language() -> str:
    """The interface language of the highest quality in Accept-Language (RFC 9110, 12.5.4); of equals, the first that it names.

    FALLBACK_LANGUAGE where the browser accepts none of them.
    """
    qualities: dict[str, float] = {}
    for tag, quality in request.accept_languages:
        code = tag.replace("_", "-").partition("-")[0].lower()
        qualities[code] = max(quality, qualities.get(code, 0))
    of_others = qualities.pop("*", 0)
    qualities = {code: quality for code, quality in qualities.items() if code in LANGUAGES}
    for code in (FALLBACK_LANGUAGE, *LANGUAGES):
        qualities.setdefault(code, of_others)
    best = max(qualities, key=lambda code: qualities[code])
    return best if qualities[best] else FALLBACK_LANGUAGE


def alternates() -> dict[str, str]:
    """The addresses of this page in each language, without a host; empty where it cannot be read by GET."""
    is_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if not is_page or request.endpoint is None or request.view_args is None or not g.get("lang"):
        return {}
    addresses = {code: url_for(request.endpoint, **{**request.view_args, "lang": code}) for code in LANGUAGES}
    query = urlencode(list(request.args.items(multi=True)))
    return {code: f"{address}?{query}" for code, address in addresses.items()} if query else addresses


def canonical_addresses() -> dict[str, str]:
    """The addresses of this page in each language and as `x-default`, for search engines: without parameters or a host.

    `x-default` is where the language is chosen by the browser, else the page in FALLBACK_LANGUAGE. Empty where alternates() is.
    """
    addresses = {code: address.partition("?")[0] for code, address in alternates().items()}
    if not addresses:
        return {}
    chooses_language = request.endpoint == "directory.start"
    return {**addresses, "x-default": url_for("feeds.choose_language") if chooses_language else addresses[FALLBACK_LANGUAGE]}


def fixed_url(endpoint: str, **values: str) -> str:
    """The address of a page in the reader's language, without a host; cached, so only for pages of which there are few."""
    in_force = _in_force()
    return _fixed_url(in_force.mounted_at, in_force.lang, endpoint, tuple(values.items()))


def gettext(message: str, **values: object) -> str:
    """The message in the reader's language, with its named placeholders filled."""
    text = _in_force().messages.ugettext(message)
    return text % values if values else text


def pgettext(context: str, message: str) -> str:
    """The message in the reader's language where one word of English is several: `context` says of what it is said."""
    return str(_in_force().messages.upgettext(context, message))


@pass_eval_context
def _template_gettext(context: EvalContext, message: str, **values: object) -> str:
    """As gettext, for templates: values are escaped where the template is, and `%%` stands for `%`."""
    if context.autoescape and not values:
        return markup_message(message)
    text = _in_force().messages.ugettext(message)
    return (Markup(text) if context.autoescape else text) % values  # noqa: S704 - messages are ours


def markup_message(message: str) -> Markup:
    """A message that has no placeholders, as a template writes it: `%%` stands for `%`."""
    return _without_values(_in_force().messages, message)


@lru_cache(maxsize=5_000)
def _without_values(messages: NullTranslations, message: str) -> Markup:
    """A message that has no placeholders, for templates; a page has a hundred of them."""
    return Markup(messages.ugettext(message)) % {}  # noqa: S704 - messages are ours


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The message in the plural form of the reader's language for a number, with `%(num)s` and its other placeholders filled."""
    return _plural_form(one, many, num) % {"num": num, **values}


def _plural_form(one: str, many: str, num: int) -> str:
    """As ngettext, with its placeholders: the templates' extension fills them."""
    return _in_force().messages.ungettext(one, many, num)


@contextmanager
def force_locale(lang: str | None, translations_dir: Path | None = None) -> Iterator[None]:
    """Inside, everything is in this language (the default for None), as for a mail to somebody other than the page's reader.

    Outside a web application the folder of the catalogues must be given: PLATFORMA_TRANSLATIONS_DIR of the settings.
    """
    known = lang if lang in LANGUAGES else DEFAULT_LANGUAGE
    mounted_at = request.script_root if has_request_context() else ""
    token = _IN_FORCE.set(InForce(known, _messages(known, translations_dir), mounted_at))
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def today() -> date:
    """The day that it is in the site's time zone."""
    return datetime.now(current_app.config["TIME_ZONE"]).date()


def day(moment: datetime | date | None, case: Case = "nominative", *, with_year: bool = True) -> str:
    """A day in the site's time zone, as `2026. gada 23. novembris` or `23 November 2026`; empty for None.

    `case` is the grammatical one, in languages that have cases: `locative` for a day on which something is (`23. novembrī`),
    `dative` for one until which (`23. novembrim`), `genitive` for one since which (`23. novembra`).
    """
    if moment is None:
        return ""
    local = moment.astimezone(current_app.config["TIME_ZONE"]).date() if isinstance(moment, datetime) else moment
    return _written_day(local, current_language(), case, with_year=with_year)


@lru_cache(maxsize=5_000)
def _written_day(local: date, lang: str, case: Case, *, with_year: bool) -> str:
    locale = _locale(lang)
    text = format_date(local, "long", locale=locale) if with_year else format_skeleton("MMMMd", local, locale=locale)
    return _in_case(text, lang, case)


def short_month(moment: date) -> str:
    """The month's name, abbreviated as the language does: `nov.`, `Nov`."""
    return _short_month(moment, current_language())


@lru_cache(maxsize=2_000)
def _short_month(moment: date, lang: str) -> str:
    return str(format_date(moment, "MMM", locale=_locale(lang)))


def medium_day(text: str) -> str:
    """The day of an ISO 8601 date, shortly, as in a table: `2026. gada 23. nov.`; without a day as instant() gives it."""
    try:
        return format_date(date.fromisoformat(text[:10]), "medium", locale=_locale(current_language()))
    except ValueError:
        return instant(text)


def _in_case(text: str, lang: str, case: Case) -> str:
    """A day, which ends in the name of its month, in a grammatical case."""
    for nominative, ending in CASE_ENDINGS.get(lang, {}).get(case, ()):
        if text.endswith(nominative):
            return text.removesuffix(nominative) + ending
    return text


def instant(text: str, case: Case = "nominative") -> str:
    """An ISO 8601 date of a record as the language writes it, to its precision; a time keeps its own offset.

    `case` as for day(), where the text is a day or a month. A year alone, and text that is no date, are returned unchanged.
    """
    locale = _locale(current_language())
    try:
        if len(text) == len("2024-05"):
            pattern = locale.date_formats["long"].pattern.replace("d. ", "").replace("d ", "")
            return _in_case(format_date(date.fromisoformat(f"{text}-01"), pattern, locale=locale), current_language(), case)
        if "T" in text:
            moment = datetime.fromisoformat(text)
            return f"{format_date(moment, 'long', locale=locale)}, {moment:%H:%M}"
        return text if text.isdigit() else _written_day(date.fromisoformat(text), current_language(), case, with_year=True)
    except ValueError:
        return text


def number(value: int) -> str:
    """A whole number with the language's separators."""
    return str(value) if 0 <= value < 1000 else _grouped(value, current_language())


@lru_cache(maxsize=20_000)
def _grouped(value: int, lang: str) -> str:
    return str(format_decimal(value, locale=_locale(lang)))


def decimal(value: float) -> str:
    """A number with at most two decimals, as the language writes it."""
    return format_decimal(round(value, 2), format="0.##", locale=_locale(current_language()))


def joined(names: Sequence[str]) -> str:
    """Names as they are listed within a sentence: `Estonia, Latvia and Lithuania`; empty for none."""
    return format_list(list(names), locale=_locale(current_language())) if names else ""


def language_name(code: str | None) -> str:
    """The name of a language in the reader's language; the code itself where CLDR has no name for it."""
    names = Locale.parse(current_language()).languages
    return str(names.get((code or "und").split("-")[0], code or ""))


@cache
def territory_locale(lang: str) -> str:
    """The locale of an interface language with a territory, as Open Graph writes it: `lv_LV`, `en_GB`."""
    return f"{lang}_{_locale(lang).territory or Locale.parse(get_global('likely_subtags')[lang]).territory}"


def language_names() -> str:
    """The interface languages in the reader's language, as they are listed within a sentence: `Latvian and English`."""
    return joined([language_name(code) for code in LANGUAGES])


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse("en_GB" if lang == "en" else lang)


@lru_cache(maxsize=1_000)
def _fixed_url(_mounted_at: str, _lang: str, endpoint: str, values: tuple[tuple[str, str], ...]) -> str:
    chosen: dict[str, Any] = dict(values)
    return url_for(endpoint, **chosen)


def _messages(lang: str, folder: Path | None = None) -> NullTranslations:
    """The messages of a language, by default those of the application in whose context this is; as they stand without one."""
    return _load(folder or (current_app.config["TRANSLATIONS_DIR"] if current_app else None), lang)


@cache
def _load(folder: Path | None, lang: str) -> NullTranslations:
    return Translations.load(folder, [lang]) if folder and lang != FALLBACK_LANGUAGE else NullTranslations()


def lang_attribute(lang: str | None) -> Markup:
    """` lang="…"` for a text that is not in the reader's language; nothing for one that is, or of no known language."""
    return _lang_attribute(lang) if lang and lang != current_language() else _NO_ATTRIBUTE


_NO_ATTRIBUTE = Markup("")


@lru_cache(maxsize=1_000)
def _lang_attribute(lang: str) -> Markup:
    return Markup(' lang="{}"').format(lang)
