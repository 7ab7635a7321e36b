"""`python -m bench.plot docs/performance.md docs/performance.svg`: the growth of the page's time, drawn from the table.

Both axes are logarithmic: listings from left to right, milliseconds (p50) from bottom to top.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 360, 60, 40
ROW = re.compile(r"^\| ([\d,]+) \| ([^|]+) \| ([\d.]+) /", re.M)
STROKES = ("0", "6 3", "2 3")


def main() -> None:
    source, target = (Path(name) for name in sys.argv[1:3])
    target.write_text(drawn(read(source.read_text(encoding="utf-8"))), encoding="utf-8")


def read(text: str) -> dict[str, list[tuple[int, float]]]:
    """Points by program: (listings, milliseconds)."""
    points: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for size, name, milliseconds in ROW.findall(text):
        points[name.strip()].append((int(size.replace(",", "")), float(milliseconds)))
    return points


def drawn(points: dict[str, list[tuple[int, float]]]) -> str:
    """An SVG picture."""
    sizes = sorted({size for line in points.values() for size, _ in line})
    low, high = math.log10(sizes[0]) - 0.1, math.log10(sizes[-1]) + 0.6

    def at(size: int, milliseconds: float) -> tuple[float, float]:
        x = LEFT + (math.log10(size) - low) / (high - low) * (WIDTH - LEFT)
        return round(x, 1), round(HEIGHT - BOTTOM - math.log10(milliseconds) / 3 * (HEIGHT - BOTTOM - 20), 1)

    parts = [text(4, 14, "ms"), text(WIDTH - 70, HEIGHT - 8, "listings")]
    for milliseconds in (1, 10, 100, 1000):
        y = at(sizes[0], milliseconds)[1]
        parts += [f'<path d="M{LEFT} {y}H{WIDTH}" stroke="#cfd6d6"/>', text(8, y + 4, f"{milliseconds:,}")]
    parts += [text(at(size, 1)[0] - 20, HEIGHT - 22, f"{size:,}") for size in sizes]
    for number, (name, line) in enumerate(points.items()):
        places = [at(*point) for point in line]
        path = "M" + "L".join(f"{x} {y}" for x, y in places)
        parts.append(f'<path d="{path}" fill="none" stroke="#0b5563" stroke-width="2" stroke-dasharray="{STROKES[number % 3]}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="#0b5563"/>' for x, y in places]
        parts.append(text(places[-1][0] + 6, places[-1][1] + 4, name))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
    return head + f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fdfcf9"/>' + "".join(parts) + "</svg>\n"


def text(x: float, y: float, words: str) -> str:
    return f'<text x="{x}" y="{y}" fill="#1c2426">{words}</text>'


if __name__ == "__main__":
    main()
