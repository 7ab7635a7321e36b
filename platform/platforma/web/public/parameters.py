"""Single parameters of addresses: numbers, places and areas, and the error for what cannot be understood."""

from __future__ import annotations

import math

from platforma.web.public.places import town_named
from search.port import MAX_KM, MAX_RESULTS, Area, Near
from vocabulary.messages import N_

DEFAULT_KM = 25
AREA_FORM = N_("area is west,south,east,north in degrees, such as 21,55.6,28.3,58.1")
NUMBER_FORM = N_("%(name)s is a whole number from 1 to %(most)s")


class BadRequest(Exception):
    """A parameter of an address that cannot be understood. `reason` is a message id, `values` fill its placeholders.

    `hint` is the value that was probably meant, None where nobody can tell; it fills a placeholder too. The text of the error is
    English.
    """

    def __init__(self, reason: str, hint: str | None = None, **values: object) -> None:
        filled = {**values, "hint": hint} if hint else values
        super().__init__(reason % filled if filled else reason)
        self.reason, self.hint, self.values = reason, hint, filled


def whole_number(text: str, name: str, most: int = MAX_RESULTS) -> int:
    """A whole number from 1 to `most`. Raises BadRequest, which names the parameter."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise BadRequest(NUMBER_FORM, name=name, most=most)
    return int(text)


def area(text: str) -> Area | None:
    """The rectangle `west,south,east,north` in degrees; None for an empty text. Raises BadRequest."""
    if not text:
        return None
    numbers = _degrees(text)
    if len(numbers) != 4:
        raise BadRequest(AREA_FORM, name="area")
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadRequest(AREA_FORM, name="area")
    return Area(west, south, east, north)


def near(text: str, km_text: str) -> Near | None:
    """The circle around a town, named in any language or by its id, or around a point `lat,lon`; None for an empty text.

    Raises BadRequest.
    """
    km = whole_number(km_text, "km", MAX_KM) if km_text else DEFAULT_KM
    if not text.strip():
        return None
    numbers = _degrees(text)
    if len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180:
        return Near(numbers[0], numbers[1], km)
    town = town_named(text)
    if town is None:
        raise BadRequest(N_("The place “%(place)s” is not found"), name="near", place=text[:80])
    return Near(town.lat, town.lon, km, town.id)


def _degrees(text: str) -> list[float]:
    """The numbers of a list with commas; none where a part is no finite number."""
    try:
        numbers = [float(part) for part in text[:200].split(",")]
    except ValueError:
        return []
    return numbers if all(math.isfinite(number) for number in numbers) else []
