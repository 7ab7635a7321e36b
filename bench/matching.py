"""How matching does: `python -m bench.matching` on labelled pairs, and on real records as if two platforms published them.

Reads pairs_dev.jsonl and susy_sample_400.jsonl from the folder in PLATFORMA_SHARED_DATA (default ../shared/data). Of each real
record there is a second copy, of five kinds in rotation (KINDS). Records that are put together from two real ones make the heap
larger, with names, sites and places that nearly agree. Prints what blocking keys and comparison make of it.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bench import refitting
from platforma.catalogue.matching.blocking import blocking_keys
from platforma.catalogue.matching.profiles import Profile, profile_of
from platforma.catalogue.matching.scoring import Verdict, compare
from platforma.catalogue.shapes import RecordPayload
from vocabulary import load

MOST_SHARING = 60
"""A word that more records share is no reason to compare them."""
MOVED_DEGREES = 0.0126
"""1.4 km to the north."""
FOUND = (Verdict.SAME, Verdict.UNSURE)


def shared_data() -> Path:
    """The folder with the data to measure on."""
    return Path(os.environ.get("PLATFORMA_SHARED_DATA", "../shared/data"))


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1, between 0 and 1; precision is 1 where nothing was found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)

    def __str__(self) -> str:
        return f"{self.precision:.3f} / {self.recall:.3f} / **{self.f1:.3f}**"


Pair = tuple[Profile, Profile, bool]
"""Two records, and whether they are the same."""


def labelled_pairs(path: Path) -> dict[str, list[Pair]]:
    """The pairs of a file of JSON lines {"set", "left", "right", "label"}, by set."""
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pairs[row["set"]].append((profile_of(row["left"]), profile_of(row["right"]), row["label"] == "same"))
    return dict(pairs)


def quality(pairs: Iterable[Pair], found: Sequence[Verdict]) -> Quality:
    """How well the pairs with one of these verdicts are those that are the same."""
    counts = Counter((is_same, compare(left, right).verdict in found) for left, right, is_same in pairs)
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    return Quality(right / (right + wrong) if right + wrong else 1.0, right / (right + missed or 1))


def real_records(path: Path) -> list[RecordPayload]:
    """The records of a file of the SUSY map as the record contract has them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_payload(json.loads(line)) for line in lines]


def _payload(row: Mapping[str, Any]) -> RecordPayload:
    street = " ".join(filter(None, (row["street"], row["housenumber"])))
    website = row["website"] or None
    payload = {
        "remote_id": row["id"],
        "kind": "organisation",
        "title": {"und": row["name"]},
        "description": {"und": row["description"]} if row["description"] else {},
        "country": load().find_country(row["country_raw"] or ""),
        "place": row["city"],
        "address": ", ".join(filter(None, (street, row["postcode"], row["city"]))) or None,
        "lat": row["lat"],
        "lon": row["lon"],
        "website": website if website and website.startswith("http") else None,
    }
    return cast(RecordPayload, payload)


def _identical(payload: RecordPayload) -> None:
    """Leave the copy as it is."""


def _other_scheme(payload: RecordPayload) -> None:
    website = payload["website"]
    if website:
        scheme, _, rest = website.partition("://")
        payload["website"] = f"{'http' if scheme == 'https' else 'https'}://{rest.rstrip('/')}{'' if rest.endswith('/') else '/'}"


def _moved(payload: RecordPayload) -> None:
    if payload["lat"] is not None:
        payload["lat"] += MOVED_DEGREES


def _misspelt(payload: RecordPayload) -> None:
    """One letter of the longest word left out."""
    title = payload["title"]["und"]
    longest = max(title.split(), key=len)
    middle = len(longest) // 2
    payload["title"] = {"und": title.replace(longest, longest[:middle] + longest[middle + 1 :], 1)}


def _bare(payload: RecordPayload) -> None:
    payload["website"], payload["description"] = None, {}


KINDS: Mapping[str, Callable[[RecordPayload], None]] = {
    "identical": _identical,
    "http and https, slash": _other_scheme,
    "point moved by 1.4 km": _moved,
    "a letter missing": _misspelt,
    "website and text missing": _bare,
}


def copy_of(payload: RecordPayload, kind: str) -> RecordPayload:
    """A second copy of a record, of a kind of KINDS."""
    copy = cast(RecordPayload, dict(payload))
    KINDS[kind](copy)
    return copy


def two_platforms(records: Sequence[RecordPayload]) -> tuple[list[Profile], list[Profile]]:
    """The records as one platform has them, and their second copies as another does, in the same order."""
    kinds = list(KINDS)
    left = [profile_of(record) for record in records]
    return left, [profile_of(copy_of(record, kinds[number % len(kinds)])) for number, record in enumerate(records)]


def put_together(records: Sequence[RecordPayload], step: int) -> Iterator[RecordPayload]:
    """As many records again: the place of one, a name with words of two others, one of these two's text and maybe site."""
    for number, place in enumerate(records):
        record, other = (records[(number + times * step) % len(records)] for times in (1, 2))
        words, other_words = record["title"]["und"].split(), other["title"]["und"].split()
        title = " ".join([*other_words[:-1], words[-1]] if len(other_words) > 1 else [*other_words, words[-1]])
        made: dict[str, Any] = {**place, "title": {"und": title}, "remote_id": f"{place['remote_id']}-{step}"}
        made["website"] = other["website"] if number % 3 == 0 else None
        made["description"] = other["description"]
        yield cast(RecordPayload, made)


def candidates(left: Sequence[Profile], right: Sequence[Profile], without: str = "") -> list[tuple[int, int]]:
    """The pairs of positions that share a blocking key; keys that more than MOST_SHARING records of a platform share do not
    count, nor do those of one kind, such as `w`."""
    by_key: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, profiles in enumerate((left, right)):
        for position, profile in enumerate(profiles):
            for key in blocking_keys(profile):
                if key.partition(":")[0] != without:
                    by_key[key][side].append(position)
    few = (sides for sides in by_key.values() if len(sides[0]) + len(sides[1]) <= 2 * MOST_SHARING)
    return sorted({(a, b) for sides in few for a in sides[0] for b in sides[1]})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--refit", action="store_true", help="also measure in five folds, as shipped and fitted anew")
    parser.add_argument("--show", action="store_true", help="also print the pairs that are judged wrongly or asked besides")
    chosen = parser.parse_args()
    pairs = labelled_pairs(shared_data() / "pairs_dev.jsonl")
    _measure_pairs(pairs)
    if chosen.refit:
        refitting.run(pairs)
    records = real_records(shared_data() / "susy_sample_400.jsonl")
    _measure_copies("400 real records", records, show=chosen.show)
    more = [*records, *(made for step in (7, 31, 113) for made in put_together(records, step))]
    _measure_copies(f"{len(more)} with records put together", more, show=chosen.show)
    _measure_keys(more)


def _measure_pairs(sets: Mapping[str, list[Pair]]) -> None:
    print("| labelled pairs | same / different | found: P / R / F1 | same alone: P / R / F1 |\n|---|---|---|---|")
    for name, pairs in sets.items():
        same = sum(is_same for _, _, is_same in pairs)
        print(f"| {name} | {same} / {len(pairs) - same} | {quality(pairs, FOUND)} | {quality(pairs, (Verdict.SAME,))} |")
    everything = [pair for pairs in sets.values() for pair in pairs]
    started = time.process_time()
    for left, right, _ in everything:
        compare(left, right)
    print(f"\n{(time.process_time() - started) / len(everything) * 1e6:.0f} µs a pair\n")


def _measure_copies(title: str, records: Sequence[RecordPayload], *, show: bool) -> None:
    kinds = list(KINDS)
    left, right = two_platforms(records)
    pairs = candidates(left, right)
    right_ones, wrong_ones = Counter[tuple[str, Verdict]](), Counter[Verdict]()
    for a, b in pairs:
        verdict = compare(left[a], right[b]).verdict
        if a == b:
            right_ones[kinds[a % len(kinds)], verdict] += 1
        else:
            wrong_ones[verdict] += 1
            if show and verdict != Verdict.DIFFERENT:
                _show(verdict, left[a], right[b])
        if show and a == b and verdict == Verdict.DIFFERENT:
            _show(verdict, left[a], right[b])
    _print_copies(title, len(records), right_ones)
    keys = [len(blocking_keys(profile)) for profile in left]
    print(
        f"\nOther pairs: {wrong_ones[Verdict.SAME]} same, {wrong_ones[Verdict.UNSURE]} unsure. Keys a record: mean"
        f" {sum(keys) / len(keys):.1f}, most {max(keys)}. Pairs compared: {len(pairs) / len(records):.1f} a record.\n"
    )


def _measure_keys(records: Sequence[RecordPayload]) -> None:
    """Print what each kind of key is worth: what would be missing without it."""
    left, right = two_platforms(records)
    pairs = candidates(left, right)
    copies = sum(a == b for a, b in pairs)
    print("| kind of key | copies that only it finds | pairs that only it brings |\n|---|---|---|")
    for kind in sorted({key.partition(":")[0] for profile in left for key in blocking_keys(profile)}):
        others = candidates(left, right, without=kind)
        print(f"| {kind} | {copies - sum(a == b for a, b in others)} | {len(pairs) - len(others)} of {len(pairs)} |")


def _print_copies(title: str, total: int, verdicts: Mapping[tuple[str, Verdict], int]) -> None:
    print(f"| {title}: second copy | same | unsure | different | never compared |\n|---|---|---|---|---|")
    for number, kind in enumerate(KINDS):
        copies = len(range(number, total, len(KINDS)))
        counts = [verdicts[kind, verdict] for verdict in Verdict]
        print(f"| {kind} | {' | '.join(map(str, counts))} | {copies - sum(counts)} |")


def _show(verdict: Verdict, left: Profile, right: Profile) -> None:
    print(f"- {verdict}: {left.names[0].text} – {right.names[0].text}", compare(left, right))


if __name__ == "__main__":
    main()
