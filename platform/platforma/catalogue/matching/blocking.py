"""Blocking: keys of a record, of which two records of one thing share at least one, so that nobody compares all with all."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator

from platforma.catalogue.matching.names import Name, is_common
from platforma.catalogue.matching.profiles import Profile

MAX_CHARACTERS = 80
"""The length of a key; of longer ones the end is replaced by its hash."""
MIN_LETTERS_OF_WORD, MAX_WORDS = 4, 8
"""Words of a name with fewer letters, and those after so many, are no keys."""
MAX_NAMES_IN_PART = 2
"""Of so many names, in different languages, the beginning, the end and the initials are keys."""
END_LETTERS, MIN_COMPACT = 4, 5
"""So many first and last letters of a name without blanks are two keys, half of the letters of a short name: one slip leaves
one of them whole. Names with fewer letters than the second have too many others within one slip."""
CELL_DEGREES = 0.005
"""The height of a cell in degrees of latitude, about 560 m; it is twice as wide in degrees of longitude."""
RADIUS_KM = 0.3
KM_PER_DEGREE = 111.2


def blocking_keys(profile: Profile) -> frozenset[str]:
    """The blocking keys of a record, each with a prefix for its kind and at most MAX_CHARACTERS long.

    `n:` whole name without legal form, words sorted · `w:` a word of a name · `b:` and `f:` how a name begins and ends, with
    its country · `a:` initials of a name, or a name that may be such · `d:` own site, or own host of mail · `u:` profile on a
    host that everybody uses · `i:` register number · `e:` e-mail address · `t:` telephone · `c:` a cell of coordinates that a
    circle of RADIUS_KM around the point touches.
    """
    return frozenset(_short(key) for key in (*_name_keys(profile), *_contact_keys(profile), *_cell_keys(profile)))


def _name_keys(profile: Profile) -> Iterator[str]:
    telling = {name: [word for word in name.words if not is_common(word)] for name in profile.names}
    words = dict.fromkeys(word for words in telling.values() for word in words if len(word) >= MIN_LETTERS_OF_WORD)
    yield from (f"w:{word}" for word in list(words)[:MAX_WORDS])
    yield from (f"n:{name.key}" for name in profile.names if name.key)
    for name in profile.names[:MAX_NAMES_IN_PART]:
        yield from _end_keys("".join(telling[name]) or name.compact, profile.country)
        yield from _initial_keys(name)


def _end_keys(compact: str, country: str | None) -> Iterator[str]:
    if len(compact) >= MIN_COMPACT:
        letters = min(END_LETTERS, len(compact) // 2)
        yield f"b:{country or '-'}:{compact[:letters]}"
        yield f"f:{country or '-'}:{compact[-letters:]}"


def _initial_keys(name: Name) -> Iterator[str]:
    if len(name.words) >= 3:
        yield f"a:{''.join(word[0] for word in name.words)}"
        yield f"a:{name.initials}"
    elif len(name.words) == 1 and 3 <= len(name.words[0]) <= 6:
        yield f"a:{name.words[0]}"


def _contact_keys(profile: Profile) -> Iterator[str]:
    yield from (f"d:{site}" for site in sorted(profile.sites))
    yield from (f"u:{page}" for page in sorted(profile.common_pages))
    yield from (f"i:{scheme}:{number}" for scheme, number in profile.registers)
    yield from (f"t:{phone}" for phone in sorted(profile.phones))
    if profile.email:
        yield f"e:{profile.email}"
    if profile.mail_site:
        yield f"d:{profile.mail_site}"


def _cell_keys(profile: Profile) -> Iterator[str]:
    """The cells that the circle around an exact point touches: one to four, so that near points share one across a border."""
    if profile.lat is None or profile.lon is None or profile.is_area:
        return
    high = RADIUS_KM / KM_PER_DEGREE
    wide = high / max(0.1, math.cos(math.radians(profile.lat)))
    for row in _cells(profile.lat, high, CELL_DEGREES):
        for column in _cells(profile.lon, wide, 2 * CELL_DEGREES):
            yield f"c:{row}:{column}"


def _cells(degrees: float, radius: float, size: float) -> range:
    return range(math.floor((degrees - radius) / size), math.floor((degrees + radius) / size) + 1)


def _short(key: str) -> str:
    if len(key) <= MAX_CHARACTERS:
        return key
    return key[: MAX_CHARACTERS - 13] + "~" + hashlib.sha256(key.encode()).hexdigest()[:12]
