"""How often the language of a text is told rightly: `python -m bench.language FILE` on texts with their language.

FILE holds JSON lines {"kind", "lang", "text"}, `no` standing for Norwegian. For each kind: the share told rightly, the
share of Latvian texts told rightly, the share left undecided, the share right of those decided, and texts a second.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawlers.texts.language import language_of


@dataclass(frozen=True, slots=True)
class Telling:
    """Shares between 0 and 1."""

    right: float
    right_latvian: float
    undecided: float
    right_of_decided: float


def measure(texts: Iterable[tuple[str, str]]) -> Telling:
    """Measure on pairs of text and BCP 47 tag."""
    told = [(tag, language_of(text)) for text, tag in texts]
    return Telling(
        right=_share(told),
        right_latvian=_share([pair for pair in told if pair[0] == "lv"]),
        undecided=sum(answer == "und" for _, answer in told) / len(told),
        right_of_decided=_share([pair for pair in told if pair[1] != "und"]),
    )


def read_texts(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Text and tag by kind of text."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kinds.setdefault(row["kind"], []).append((row["text"], "nb" if row["lang"] == "no" else row["lang"]))
    return kinds


def _share(told: Sequence[tuple[str, str]]) -> float:
    return sum(wanted == answer for wanted, answer in told) / len(told)


def main() -> None:
    print("| texts | right | Latvian right | undecided | right of decided | a second |\n|---|---|---|---|---|---|")
    for kind, texts in read_texts(Path(sys.argv[1])).items():
        language_of(texts[0][0])
        start = time.perf_counter()
        found = measure(texts)
        speed = len(texts) / (time.perf_counter() - start)
        shares = (found.right, found.right_latvian, found.undecided, found.right_of_decided)
        print(f"| {kind} | " + " | ".join(f"{share:.3f}" for share in shares) + f" | {speed:,.0f} |")


if __name__ == "__main__":
    main()
