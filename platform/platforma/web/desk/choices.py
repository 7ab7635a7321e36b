"""The filters of the staff's list: from an address to a choice, back to an address, and in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from werkzeug.datastructures import MultiDict

from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.lists.choosing import SORTS, WITHOUT, Choice
from platforma.i18n import current_language, language_name, pgettext
from platforma.i18n import gettext as _
from platforma.web.desk.viewmodels import terms
from platforma.web.labels import dimension_label, field_label
from vocabulary import load
from vocabulary.folding import name_key
from vocabulary.languages import LANGUAGES

DIMENSIONS = ("kind", "sector", "theme", "country")
MAX_WORDS_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Box:
    """A filter with a list to choose from: the name of its parameter, its label, what is chosen, and (id, label) of all."""

    name: str
    label: str
    chosen: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A filter that is on or off; `value` is that of its parameter where it is on."""

    name: str
    value: str
    label: str
    is_on: bool


def choice_of(sent: MultiDict[str, str]) -> Choice:
    """The choice that an address or a form asks for; what cannot be understood is left out."""
    terms_of = {name: _among(sent.get(name, ""), (*load().ids(name), "unknown")) for name in DIMENSIONS}
    return Choice(
        state=_among(sent.get("state", ""), list(InitiativeState)),
        platform=sent.get("platform", ""),
        kind=terms_of["kind"],
        sector=terms_of["sector"],
        theme=terms_of["theme"],
        country=terms_of["country"],
        missing=_among(sent.get("missing", ""), LANGUAGES),
        words=sent.get("q", "").strip()[:MAX_WORDS_CHARACTERS],
        without=tuple(name for name in WITHOUT if name in sent.getlist("without")),
        by_person=bool(sent.get("person")),
        in_queue=bool(sent.get("queue")),
        since=since_of(sent.get("since", "")),
        is_listed=bool(sent.get("listed")),
    )


def _among(value: str, known: Collection[str]) -> str:
    return value if value in known else ""


def since_of(text: str) -> datetime | None:
    """The beginning of a day such as 2026-05-31, in UTC; None for anything else."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return None


def sort_of(sent: MultiDict[str, str]) -> str:
    """The order that an address asks for: one of SORTS, by title where it asks for none."""
    return sent.get("sort", "") if sent.get("sort", "") in SORTS else SORTS[0]


def parameters(choice: Choice, sort: str = SORTS[0]) -> dict[str, Any]:
    """The parameters of the address of a choice, without those that are empty."""
    texts = {"q": choice.words, **{name: getattr(choice, name) for name in ("state", "platform", *DIMENSIONS, "missing")}}
    ticks = {"person": "1" if choice.by_person else "", "queue": "1" if choice.in_queue else ""}
    ticks |= {"listed": "1" if choice.is_listed else ""}
    since = {"since": choice.since.date().isoformat() if choice.since else "", "sort": sort if sort != SORTS[0] else ""}
    filled: dict[str, Any] = {name: value for name, value in (texts | ticks | since).items() if value}
    return filled | ({"without": list(choice.without)} if choice.without else {})


def boxes(choice: Choice, platforms: Mapping[str, str]) -> list[Box]:
    """The filters with lists, with names in the reader's order."""
    found = [Box("platform", _("Source"), choice.platform, _by_name(list(platforms.items())))]
    for name in DIMENSIONS:
        options = (*terms(name), ("unknown", _("unknown")))
        found.append(Box(name, dimension_label(name), getattr(choice, name), options))
    languages = tuple((code, language_name(code)) for code in LANGUAGES)
    return [*found, Box("missing", _("No title in"), choice.missing, languages)]


def ticks(choice: Choice) -> list[Tick]:
    """The filters that are on or off."""
    return [
        *(Tick("without", name, without_label(name), name in choice.without) for name in WITHOUT),
        Tick("person", "1", _("changed by a person"), choice.by_person),
        Tick("listed", "1", _("visitors find it"), choice.is_listed),
        Tick("queue", "1", _("among the duplicates that wait"), choice.in_queue),
    ]


def words_of(choice: Choice, platforms: Mapping[str, str]) -> list[str]:
    """What is chosen, in words, a line for each filter."""
    said = [_("“%(words)s”", words=choice.words)] if choice.words else []
    said += [states_label(choice.state)] if choice.state else []
    for box in boxes(choice, platforms):
        said += [f"{box.label}: {dict(box.options).get(box.chosen, box.chosen)}"] if box.chosen else []
    said += [tick.label for tick in ticks(choice) if tick.is_on]
    if choice.since:
        said.append(_("new since %(day)s", day=choice.since.date().isoformat()))
    return said


def state_label(state: str) -> str:
    """What state a listing is in, in a word."""
    return {
        "new": pgettext("listing", "new"),
        "published": pgettext("listing", "public"),
        "refused": pgettext("listing", "refused"),
        "archived": pgettext("listing", "archived"),
        "merged": pgettext("listing", "joined with another"),
        "suppressed": pgettext("listing", "removed"),
    }.get(state, state)


def states_label(state: str) -> str:
    """What state listings are in, in a word that stands beside their number; all of them for an empty one."""
    return {
        "": pgettext("listings", "all"),
        "new": pgettext("listings", "new"),
        "published": pgettext("listings", "public"),
        "refused": pgettext("listings", "refused"),
        "archived": pgettext("listings", "archived"),
        "merged": pgettext("listings", "joined with another"),
        "suppressed": pgettext("listings", "removed"),
    }.get(state, state)


def without_label(name: str) -> str:
    """The filter of listings that lack something."""
    return {
        "sector": _("without a sector"),
        "theme": _("without a theme"),
        "country": _("without a country"),
        "place": _("without a place"),
    }.get(name, field_label(name))


def _by_name(options: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    lang = current_language()
    return tuple(sorted(options, key=lambda option: (name_key(option[1], lang), option[0])))
