"""Things that refer to each other: each is written out once, and in brief where a further thing names it.

So what is made of a page grows with the page, however many ways lead from one thing to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crawlers.markup.entities.entity import MAX_DEPTH, Entity

MAX_BRIEFS = 20_000
"""The number of briefs of a page; then things are only referred to."""
MAX_THINGS_IN_BRIEF = 40
MAX_VALUES = 20
MAX_CHARACTERS = 2_000
"""The number of values of one property in a brief, and the length of its texts."""


def opened(tops: Iterable[Entity], known: Callable[[Entity], Entity] = lambda thing: thing) -> list[Entity]:
    """The top-level things, each written out with the things among its values.

    `known` gives the thing that a reference such as {"@id": "#a"} names. A thing that is written out elsewhere stands in
    brief: with its own values and the things that it alone holds, while of further things in a list there is only a
    reference. A reference has the `@id`, `@type` and name of a thing; it also ends each cycle.
    """
    things = [known(top) for top in tops]
    opening = _Opening(known, {id(thing) for thing in things})
    return [opening.whole(thing, ()) for thing in things]


class _Opening:
    """Writes out the things of one page. `opened` are the ids (id()) of those that are written out somewhere."""

    def __init__(self, known: Callable[[Entity], Entity], opened: set[int]) -> None:
        self._known, self._opened = known, opened
        self._references: dict[int, Entity] = {}
        self._briefs = 0

    def whole(self, thing: Entity, path: tuple[int, ...]) -> Entity:
        """A thing with all its values; `path` holds the ids (id()) of the things around it."""
        self._opened.add(id(thing))
        return {name: self._value(value, (*path, id(thing))) for name, value in thing.items()}

    def _value(self, value: Any, path: tuple[int, ...]) -> Any:
        if isinstance(value, list):
            return [self._value(entry, path) for entry in value]
        if not _is_thing(value):
            return value
        thing = self._known(value)
        is_first = id(thing) not in self._opened and len(path) <= MAX_DEPTH
        return self.whole(thing, path) if is_first else self._brief(thing, {*path})

    def _brief(self, thing: Entity, around: set[int]) -> Entity:
        """A thing in brief; `around` holds the ids (id()) of the things that a reference stands for from now on."""
        if id(thing) in around or len(around) >= MAX_THINGS_IN_BRIEF or self._briefs >= MAX_BRIEFS:
            return self._reference(thing)
        around.add(id(thing))
        self._briefs += 1
        return {name: self._brief_value(value, around) for name, value in thing.items()}

    def _brief_value(self, value: Any, around: set[int]) -> Any:
        if isinstance(value, list):
            return [self._listed(entry, around) for entry in value[:MAX_VALUES]]
        if _is_thing(value):
            return self._brief(self._known(value), around)
        return value[:MAX_CHARACTERS] if isinstance(value, str) else value

    def _listed(self, value: Any, around: set[int]) -> Any:
        """One of several values in a brief: a thing with an `@id` is only referred to."""
        if _is_thing(value) and "@id" in value:
            return self._reference(self._known(value))
        return self._brief_value(value, around)

    def _reference(self, thing: Entity) -> Entity:
        return self._references.setdefault(id(thing), _reference_to(thing))


def _is_thing(value: Any) -> bool:
    return isinstance(value, dict) and "@value" not in value


def _reference_to(thing: Entity) -> Entity:
    name = thing.get("name")
    names = {"name": name[:MAX_CHARACTERS]} if isinstance(name, str) else {}
    return {key: thing[key] for key in ("@type", "@id") if key in thing} | names
