"""Observations: what agrees and disagrees in two profiles, each with its amount and a sentence for people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from crawlers.values.places import distance_km
from platforma.catalogue.matching.likeness import NameLikeness, compare_names, word_likeness
from platforma.catalogue.matching.names import Name, weight
from platforma.catalogue.matching.profiles import RECURRING_KINDS, Profile
from vocabulary.messages import N_

Reason = tuple[str, Mapping[str, str]]
"""A message id and the values of its placeholders."""
NEAR_KM, NOT_NEAR_KM, FAR_KM, VERY_FAR_KM, TOWN_KM = 0.1, 2.0, 5.0, 100.0, 15.0
"""Distances: see near and far in weights.yaml; TOWN_KM is subtracted where a point is only that of a town."""
ALIKE, TRANSLATED = 0.5, 0.4
"""Names in different languages that share less than the first may be translations; what differs in them then tells so much."""
YEAR = re.compile(r"(?:19|20)\d\d")
DAY = len("2024-05-01")
SLIP = 0.3
"""How much a number that differs tells, where it may be a slip."""
NEIGHBOURS = 0.4
"""How different two towns are that lie close together; one may be a part of the other."""
MIN_TEXT_WORDS, LEAST_ALIKE, MOST_ALIKE = 8, 0.35, 0.85
METRES_UNTIL_KM = 2.0


class Observation(NamedTuple):
    """Something seen in two profiles: the weight's name, how much of it there is, and a reason unless it says nothing new."""

    feature: str
    amount: float
    reason: Reason | None = None


def is_one_town(left: Profile, right: Profile) -> bool:
    """Whether two things are in the same town, as their sources name it."""
    if left.town_id and left.town_id == right.town_id:
        return True
    return bool(left.town and right.town) and (left.town <= right.town or right.town <= left.town)


def kilometres(left: Profile, right: Profile) -> float | None:
    """The distance of two points; None where one is not known, or must be wrong, since both are at one address in one town.

    Where one is only a town's, it is 0 in the same town, and else what it could be less is taken off.
    """
    if left.lat is None or left.lon is None or right.lat is None or right.lon is None:
        return None
    is_area = left.is_area or right.is_area
    if is_area and is_one_town(left, right):
        return 0.0
    distance = distance_km(left.lat, left.lon, right.lat, right.lon)
    if is_area:
        return max(0.0, distance - TOWN_KM)
    is_wrong = distance > FAR_KM and bool(left.street) and is_one_town(left, right) and is_one_address(left, right)
    return None if is_wrong else distance


def is_one_address(left: Profile, right: Profile) -> bool:
    """Whether two streets share half their words, and the house is the same or one is not known; not where one has no street."""
    if not left.street or not right.street or (left.house and right.house and not left.house & right.house):
        return False
    shared = sum(map(weight, left.street & right.street)) or sum(
        any(word_likeness(a, b) for b in right.street) for a in left.street
    )
    return 2 * shared >= min(sum(map(weight, left.street)), sum(map(weight, right.street)))


def farness(distance: float | None) -> float:
    """0 for the same town, 1 from VERY_FAR_KM on."""
    if distance is None or distance <= FAR_KM:
        return 0.0
    return min(1.0, math.log(distance / FAR_KM) / math.log(VERY_FAR_KM / FAR_KM))


def best_names(left: Profile, right: Profile, distance: float | None) -> tuple[Name, Name, NameLikeness] | None:
    """The two titles, of any languages, that are most alike; None where one has no title."""
    is_together = is_one_town(left, right) if distance is None else distance < FAR_KM
    same_place = left.places | right.places if is_together else left.places & right.places
    compared = [(a, b, compare_names(a, b, same_place)) for a in left.names for b in right.names]
    return max(compared, key=lambda pair: pair[2].share - pair[2].clash - (pair[0].numbers != pair[1].numbers), default=None)


def observe_names(left: Name, right: Name, seen: NameLikeness, *, is_translated: bool) -> Iterator[Observation]:
    """What two names tell; less of what differs where they are in different languages."""
    values = {"left": left.text, "right": right.text}
    is_foreign = is_translated and seen.share < ALIKE
    telling = TRANSLATED if is_foreign else 1.0
    reason = (N_("the names are in different languages"), {}) if is_foreign else (_name_message(seen), values)
    yield Observation("name", telling * (2 * seen.share - 1), reason)
    if seen.clash:
        words = {"left": " ".join(seen.left_only), "right": " ".join(seen.right_only)}
        reason = (N_("each name has words that the other lacks: %(left)s – %(right)s"), words)
        yield Observation("name_clash", telling * min(1.0, seen.clash), reason)
    if seen.extra:
        yield Observation("name_extra", telling * min(1.5, seen.extra), _extra_reason(seen))
    if seen.common < 1 and not is_foreign and not (left.numbers and left.numbers == right.numbers):
        yield Observation("name_common", 1 - seen.common, (N_("others may have this name too"), {}))


def _extra_reason(seen: NameLikeness) -> Reason | None:
    """Which words only one name has; None where each has some, which name_clash tells."""
    if seen.left_only and seen.right_only:
        return None
    return N_("only one name has: %(words)s"), {"words": " ".join(seen.left_only or seen.right_only)}


def _name_message(seen: NameLikeness) -> str:
    if seen.share >= 1 and not seen.is_spelling:
        return N_("the names are the same: “%(left)s”, “%(right)s”")
    if not seen.left_only and not seen.right_only:
        return N_("the names are spelt differently: “%(left)s”, “%(right)s”")
    if seen.common:
        return N_("the names have words in common: “%(left)s”, “%(right)s”")
    return N_("the names differ: “%(left)s”, “%(right)s”")


def observe_numbers(left: Name, right: Name, *, is_all: bool) -> Iterator[Observation]:
    """Numbers in names. Where the names are all that is known (`is_all`), one that differs may be a slip, unless it is a year."""
    if left.numbers == right.numbers:
        return
    if left.numbers and right.numbers:
        is_year = any(YEAR.fullmatch(number) for number in left.numbers ^ right.numbers)
        values = {"left": ", ".join(sorted(left.numbers)), "right": ", ".join(sorted(right.numbers))}
        reason = (N_("the numbers in the names differ: %(left)s – %(right)s"), values)
        yield Observation("numbers_differ", SLIP if is_all and not is_year else 1.0, reason)
    else:
        numbers = {"numbers": ", ".join(sorted(left.numbers or right.numbers))}
        yield Observation("number_missing", 1.0, (N_("only one name has a number: %(numbers)s"), numbers))


def observe_registers(left: Profile, right: Profile) -> Iterator[Observation]:
    """Numbers in registers: the same, or another one in a register where both have one."""
    if same := set(left.registers) & set(right.registers):
        scheme, number = min(same)
        values = {"scheme": scheme, "number": number}
        yield Observation("register_same", 1.0, (N_("the same number in the register %(scheme)s: %(number)s"), values))
    elif both := {scheme for scheme, _ in left.registers} & {scheme for scheme, _ in right.registers}:
        scheme = min(both)
        numbers = {"left": dict(left.registers)[scheme], "right": dict(right.registers)[scheme], "scheme": scheme}
        yield Observation("register_differs", 1.0, (N_("two numbers in the register %(scheme)s: %(left)s – %(right)s"), numbers))


def observe_sites(left: Profile, right: Profile) -> Iterator[Observation]:
    """Web addresses: a page, a site, or a profile on a host that everybody uses."""
    if pages := left.pages & right.pages:
        yield Observation("page_same", 1.0, (N_("the same web address: %(address)s"), {"address": min(pages)}))
    elif common_pages := left.common_pages & right.common_pages:
        yield Observation("common_page_same", 1.0, (N_("the same web address: %(address)s"), {"address": min(common_pages)}))
    elif sites := left.sites & right.sites:
        yield Observation("site_same", 1.0, (N_("the same website: %(address)s"), {"address": min(sites)}))
    elif left.sites and right.sites:
        values = {"left": min(left.sites), "right": min(right.sites)}
        yield Observation("site_differs", 1.0, (N_("different websites: %(left)s – %(right)s"), values))


def observe_contacts(left: Profile, right: Profile) -> Iterator[Observation]:
    """E-mail addresses and telephones."""
    if left.email and left.email == right.email:
        yield Observation("email_same", 1.0, (N_("the same e-mail address: %(email)s"), {"email": left.email}))
    elif host := _mail_host_of_both(left, right):
        yield Observation("mail_host_same", 1.0, (N_("e-mail addresses of one host: %(host)s"), {"host": host}))
    if left.phones & right.phones:
        yield Observation("phone_same", 1.0, (N_("the same telephone number"), {}))
    elif left.phones and right.phones:
        yield Observation("phone_differs", 1.0, (N_("different telephone numbers"), {}))


def _mail_host_of_both(left: Profile, right: Profile) -> str | None:
    """The host of the e-mail of both, or of the e-mail of one where the other's site is, if the sites do not say it already."""
    if left.mail_site and left.mail_site == right.mail_site:
        return None if left.sites & right.sites else left.mail_site
    if left.sites and right.sites:
        return None
    hosts = ({left.mail_site} & right.sites) | ({right.mail_site} & left.sites)
    return next((host for host in sorted(hosts, key=str) if host), None)


def observe_place(left: Profile, right: Profile, distance: float | None) -> Iterator[Observation]:
    """Distance, address, town and country."""
    if distance is not None:
        yield from _observe_distance(distance, is_area=left.is_area or right.is_area)
    yield from _observe_address(left, right, distance)
    yield from _observe_town(left, right, distance)
    if left.country and right.country and left.country != right.country:
        values = {"left": left.country, "right": right.country}
        yield Observation("country_differs", 1.0, (N_("different countries: %(left)s – %(right)s"), values))


def _observe_distance(distance: float, *, is_area: bool) -> Iterator[Observation]:
    if distance <= NOT_NEAR_KM and not is_area:
        amount = min(1.0, (NOT_NEAR_KM - distance) / (NOT_NEAR_KM - NEAR_KM))
        metres = round(distance * 100) * 10
        message = N_("%(metres)s m apart") if metres else N_("the same point on the map")
        yield Observation("near", amount, (message, {"metres": str(metres)}))
    elif amount := farness(distance):
        yield Observation("far", amount, (N_("%(kilometres)s km apart"), {"kilometres": str(round(distance))}))


def _observe_town(left: Profile, right: Profile, distance: float | None) -> Iterator[Observation]:
    """The same or another town; nothing of another one where the points are near, or so far apart that these say it."""
    if not left.town or not right.town:
        return
    is_area = left.is_area or right.is_area
    if is_one_town(left, right):
        yield Observation("place_same", 1.0, (N_("the same town"), {}))
    elif distance is None or (distance <= FAR_KM and (is_area or distance > NOT_NEAR_KM)):
        values = {"left": " ".join(sorted(left.town)), "right": " ".join(sorted(right.town))}
        amount = 1.0 if distance is None else NEIGHBOURS
        yield Observation("place_differs", amount, (N_("different towns: %(left)s – %(right)s"), values))


def _observe_address(left: Profile, right: Profile, distance: float | None) -> Iterator[Observation]:
    """The same or another address; nothing of another one where the points are near or the house is the same."""
    if not left.street or not right.street or (distance or 0) > FAR_KM:
        return
    has_houses = bool(left.house and right.house)
    if is_one_address(left, right):
        yield Observation("address_same", 1.0 if has_houses else 0.7, (N_("the same address"), {}))
    elif not (left.house & right.house) and (distance is None or distance > NEAR_KM):
        yield Observation("address_differs", 1.0 if has_houses else 0.6, (N_("different addresses"), {}))


def observe_kind(left: Profile, right: Profile) -> Iterator[Observation]:
    """Legal forms, whether one is an organisation and the other its work, and for works, when they begin and whose they are."""
    if left.forms and right.forms and not left.forms & right.forms:
        yield Observation("legal_form_differs", 1.0, (N_("the legal forms differ"), {}))
    if left.is_work is not None and right.is_work is not None and left.is_work != right.is_work:
        yield Observation("kind_differs", 1.0, (N_("one is an organisation, the other a project, event or the like"), {}))
    if not (left.is_work or right.is_work):
        return
    yield from _observe_dates(left, right)
    if left.organisation and right.organisation:
        if left.organisation == right.organisation:
            yield Observation("organisation_same", 1.0, (N_("the same organisation runs both"), {}))
        else:
            yield Observation("organisation_differs", 1.0, (N_("they are run by different organisations"), {}))


def _observe_dates(left: Profile, right: Profile) -> Iterator[Observation]:
    """The first days, or where one is not known the last ones, as far as both are known."""
    is_recurring = bool({left.kind, right.kind} & RECURRING_KINDS)
    dates = [(left.start_date, right.start_date), (left.end_date, right.end_date)]
    known = [(a[:DAY], b[:DAY]) for a, b in dates if a and b]
    if not known:
        if is_recurring:
            yield Observation("date_missing", 1.0, (N_("one of them does not say when it is"), {}))
        return
    a, b = known[0]
    length = min(len(a), len(b))
    if a[:length] == b[:length]:
        yield Observation("dates_same", 1.0, (N_("the same date: %(date)s"), {"date": max(a, b, key=len)}))
    else:
        values = {"left": a, "right": b}
        feature = "dates_differ" if is_recurring else "project_dates_differ"
        yield Observation(feature, 1.0, (N_("different dates: %(left)s – %(right)s"), values))


def observe_texts(left: Profile, right: Profile) -> Iterator[Observation]:
    """How many words the texts share."""
    fewest = min(len(left.text), len(right.text))
    if fewest < MIN_TEXT_WORDS:
        return
    share = len(left.text & right.text) / fewest
    if share > LEAST_ALIKE:
        amount = min(1.0, (share - LEAST_ALIKE) / (MOST_ALIKE - LEAST_ALIKE))
        yield Observation("text_alike", amount, (N_("the texts have many words in common"), {}))
