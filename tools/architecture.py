"""Draw docs/architecture.svg from the imports of the product: `python tools/architecture.py [--check]`.

A box is a folder, or a module that stands directly in a package. A line from a box leads down to what it imports; what
can be reached through another box has no line of its own. With `--check` nothing is written, and exit code 1 says that the
picture is out of date.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "architecture.svg"
SOURCES = {
    "crawlers": ROOT / "crawlers",
    "platforma": ROOT / "platform" / "platforma",
    "search": ROOT / "search",
    "vocabulary": ROOT / "platform" / "vocabulary",
}
PARTED = {"platforma.catalogue", "platforma.web"}
"""Folders whose own folders are boxes too."""
LEFT_OUT = {
    "platforma.migrations",
    "platforma.demo",
    "platforma.processes",
    "platforma.locks",
    "platforma.secret_key",
    "platforma.__main__",
    "platforma.catalogue.errors",
    "crawlers.errors",
    "crawlers.reasons",
    "crawlers.clock",
    "crawlers.recipe_errors",
    "search.messages",
}
"""What nearly everything imports, or nothing does: it would only add lines."""
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 150, 44, 16, 36, 20
COLOURS = {"crawlers": "#e3f0e4", "platforma": "#e4ebf7", "search": "#f8ecd9", "vocabulary": "#eee6f4"}

Graph = dict[str, set[str]]


def box_of(module: str) -> str:
    """The box in which a module stands: its folder, or itself where it stands directly in a package."""
    parts = module.split(".")
    if len(parts) == 2:
        return parts[0] if parts[0] == "vocabulary" or parts[1] == "__init__" else f"{module}.py"
    is_parted = ".".join(parts[:2]) in PARTED and len(parts) > 3
    return ".".join(parts[: 3 if is_parted else 2])


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the product with its path; of a package's `__init__` the name ends in `__init__`."""
    for package, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            name = ".".join((package, *path.relative_to(folder).with_suffix("").parts))
            if not any(f"{name}.".startswith(f"{left_out}.") for left_out in LEFT_OUT):
                yield name, path


def imports_of(path: Path) -> Iterator[str]:
    """The dotted names that a file imports; `from a import b` gives a.b.b, so that its box is that of a.b or of a."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in SOURCES:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def folder_graph() -> Graph:
    """Box → the boxes that it imports from, without itself."""
    files = {name.removesuffix(".__init__"): (name, path) for name, path in modules()}
    graph: Graph = defaultdict(set)
    for name, path in files.values():
        box = box_of(name)
        if name.endswith("__init__") and box in SOURCES and box != "vocabulary":
            continue
        graph[box]
        for imported in imports_of(path):
            target = imported if imported in files else imported.rpartition(".")[0]
            if target in files:
                graph[box].add(box_of(files[target][0]))
    return {box: targets - {box} for box, targets in graph.items()}


def joined(graph: Graph) -> Graph:
    """The graph with boxes that import each other as one, their names joined by a line break."""
    reach = {box: reachable(graph, box) for box in graph}
    groups = {box: "\n".join(sorted({box, *(other for other in reach[box] if box in reach[other])})) for box in graph}
    merged: Graph = defaultdict(set)
    for box, targets in graph.items():
        merged[groups[box]] |= {groups[target] for target in targets} - {groups[box]}
    return dict(merged)


def reachable(graph: Graph, start: str) -> set[str]:
    """What can be reached from a box by one import or more."""
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        box = waiting.pop()
        if box not in found:
            found.add(box)
            waiting += graph[box]
    return found


def reduced(graph: Graph) -> Graph:
    """The graph without imports of what another import leads to as well (transitive reduction)."""
    reach = {box: reachable(graph, box) for box in graph}
    return {box: {t for t in targets if not any(t in reach[o] for o in targets - {t})} for box, targets in graph.items()}


def levels(graph: Graph) -> dict[str, int]:
    """How high each box stands: one above the highest that it imports; 1 for what imports nothing, 0 for the vocabulary."""
    height: dict[str, int] = {}
    for box in TopologicalSorter(graph).static_order():
        height[box] = max((height[target] for target in graph[box]), default=0) + (box != "vocabulary")
    return height


def placed(graph: Graph) -> dict[str, tuple[float, float]]:
    """The upper left corner of each box: a row for each level, a band of columns for each package."""
    rows: dict[tuple[int, str], list[str]] = defaultdict(list)
    height = levels(graph)
    for box in sorted(graph):
        rows[height[box], package_of(box)].append(box)
    widest = {name: max((len(boxes) for (_, package), boxes in rows.items() if package == name), default=0) for name in SOURCES}
    starts, at = {}, float(MARGIN)
    for name in ("crawlers", "platforma", "search"):
        starts[name] = at
        at += widest[name] * (BOX_WIDTH + GAP_X) + GAP_X
    starts["vocabulary"] = starts["platforma"]
    widest["vocabulary"] = widest["platforma"]
    top = max(height.values())
    corners = {}
    for (level, package), boxes in rows.items():
        shift = (widest[package] - len(boxes)) * (BOX_WIDTH + GAP_X) / 2
        for number, box in enumerate(boxes):
            x = starts[package] + shift + number * (BOX_WIDTH + GAP_X)
            corners[box] = (x, MARGIN + (top - level) * (BOX_HEIGHT + GAP_Y))
    return corners


def package_of(box: str) -> str:
    """The package of a box."""
    return box.split(".", 1)[0]


def label_of(box: str) -> list[str]:
    """The lines of a box's text: the paths of its folders or its module."""
    return [name.replace(".", "/").removesuffix("/py") + (".py" if name.endswith(".py") else "/") for name in box.split("\n")]


def lines(graph: Graph, corners: dict[str, tuple[float, float]]) -> Iterator[str]:
    """The lines from each box down to those that it imports."""
    for box in sorted(graph):
        for target in sorted(graph[box]):
            (x, y), (to_x, to_y) = corners[box], corners[target]
            begin, end = (x + BOX_WIDTH / 2, y + BOX_HEIGHT), (to_x + BOX_WIDTH / 2, to_y - 3)
            bend = (end[1] - begin[1]) / 2
            yield (
                f'<path d="M{begin[0]:g} {begin[1]:g}C{begin[0]:g} {begin[1] + bend:g} {end[0]:g} {end[1] - bend:g}'
                f' {end[0]:g} {end[1]:g}"/>'
            )


def shapes(corners: dict[str, tuple[float, float]]) -> Iterator[str]:
    """The boxes without their texts."""
    for box, (x, y) in sorted(corners.items()):
        yield f'<rect x="{x:g}" y="{y:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="4" fill="{COLOURS[package_of(box)]}"/>'


def labels(corners: dict[str, tuple[float, float]]) -> Iterator[str]:
    """The texts of the boxes, a line for each name."""
    for box, (x, y) in sorted(corners.items()):
        names = label_of(box)
        for number, name in enumerate(names):
            middle = y + BOX_HEIGHT / 2 + 4 + (number - (len(names) - 1) / 2) * 13
            yield f'<text x="{x + BOX_WIDTH / 2:g}" y="{middle:g}">{escape(name.removeprefix("platforma/"))}</text>'


def drawn() -> str:
    """The picture of the imports as they are."""
    graph = joined(folder_graph())
    corners = placed(graph)
    width = max(x for x, _ in corners.values()) + BOX_WIDTH + MARGIN
    height = max(y for _, y in corners.values()) + BOX_HEIGHT + MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        ' aria-label="Folders, each above what it imports" font-family="sans-serif" font-size="11" text-anchor="middle">'
        '<defs><marker id="a" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">'
        '<path d="M0 0L6 3L0 6z" fill="#555"/></marker></defs>'
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>'
    )
    groups = (
        ('fill="none" stroke="#888" marker-end="url(#a)"', lines(reduced(graph), corners)),
        ('stroke="#777"', shapes(corners)),
        ('fill="#000"', labels(corners)),
    )
    return "\n".join((head, *(part for style, parts in groups for part in (f"<g {style}>", *parts, "</g>")), "</svg>\n"))


def main() -> None:
    """Write the picture, or with --check compare it."""
    text = drawn()
    if "--check" not in sys.argv[1:]:
        PICTURE.write_text(text, encoding="utf-8")
    elif PICTURE.read_text(encoding="utf-8") != text:
        sys.exit("docs/architecture.svg is out of date; run: make picture")


if __name__ == "__main__":
    main()
