"""How much of the schema.org data of pages is read: `python -m bench.structured FOLDER`.

FOLDER holds sdo_cases_quarter.jsonl, a JSON object a line: {"notation", "html": page, "expect": [{"type", "props"}]}.
A property is right when some thing of that type on the page, be it the value of another one, has all of the properties
expected so far of it; dotted names go into the value. Counted are properties.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawlers.markup import Html
from crawlers.markup.entities import Entity, all_entities, as_list


@dataclass(slots=True)
class Count:
    """Properties read right, of those expected."""

    right: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0


def measure(folder: Path, wrong: list[str] | None = None) -> dict[str, Count]:
    """Right properties by notation; what was not read is appended to `wrong`."""
    counts: dict[str, Count] = defaultdict(Count)
    for line in (folder / "sdo_cases_quarter.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        page = Html("https://page.example/", (folder / case["html"]).read_text(encoding="utf-8"))
        things = list(all_entities(page.entities))
        for expected in case["expect"]:
            of_type = [thing for thing in things if expected["type"] in thing["@type"]]
            best = max((_right(thing, expected["props"]) for thing in of_type), key=len, default=set())
            counts[case["notation"]].right += len(best)
            counts[case["notation"]].of += len(expected["props"])
            if wrong is not None and (lost := expected["props"].keys() - best):
                wrong.append(f"{case['id']}: {expected['type']} {sorted(lost)}")
    return counts


def _right(thing: Entity, props: dict[str, str]) -> set[str]:
    return {name for name, text in props.items() if _plain(text) in map(_plain, _at(thing, name.split(".")))}


def _at(value: Any, path: list[str]) -> list[str]:
    """The texts at a path of property names."""
    if not path:
        inner = value.get("@value", value.get("name", value.get("@id"))) if isinstance(value, dict) else value
        return [str(one) for one in as_list(inner)]
    found = [one for holder in as_list(value) if isinstance(holder, dict) for one in as_list(holder.get(path[0]))]
    return [text for one in found for text in _at(one, path[1:])]


def _plain(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    wrong: list[str] = []
    for notation, count in measure(Path(sys.argv[1]), wrong).items():
        print(f"{notation}: {count.right} of {count.of} properties ({count.share:.3f})")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
