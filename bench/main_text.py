"""How well the main text of pages is told from its frame: `python -m bench.main_text FOLDER`.

FOLDER holds pages (.html) in which the elements with an attribute `data-gold` are what a person calls the main text. Recall:
share of these texts that are found whole; precision: share of the found words that are in them. A page's title (h1) counts
for neither. The attribute is taken away before a page is read. Also told: CPU milliseconds a page.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from crawlers.markup import Html
from crawlers.markup.elements import parse_html

TIMES = 20


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page with what its main text should be: `texts`, one for each gold element."""

    name: str
    markup: str
    titles: frozenset[str]
    texts: tuple[str, ...]

    @property
    def main_text(self) -> str:
        """What is read of the page, without its title."""
        lines = Html("https://name.example/page", self.markup).main_text.splitlines()
        return "\n".join(line for line in lines if line not in self.titles)

    def score(self) -> Score:
        """How well the page is read."""
        found = self.main_text
        letters = _letters(found)
        words, gold = _words(found), _words(" ".join(self.texts))
        recall = sum(_letters(text) in letters for text in self.texts) / len(self.texts)
        return Score(sum((words & gold).values()) / max(1, sum(words.values())), recall)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 0 where one of them is."""
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)


def gold_pages(folder: Path) -> list[GoldPage]:
    """The pages of a folder, by name."""
    return [_gold_page(path) for path in sorted(folder.glob("*.html"))]


def mean_f1(pages: list[GoldPage]) -> float:
    """The mean over the pages."""
    return fmean(page.score().f1 for page in pages)


def _gold_page(path: Path) -> GoldPage:
    markup = path.read_text(encoding="utf-8")
    root = parse_html(markup)
    texts = tuple(_line(element.text_content()) for element in root.xpath("//*[@data-gold]"))
    titles = frozenset(_line(element.text_content()) for element in root.iter("h1"))
    return GoldPage(path.stem, markup.replace(" data-gold", ""), titles, texts)


def _line(text: str) -> str:
    return " ".join(text.split())


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _cpu_ms(page: GoldPage) -> float:
    started = time.process_time()
    for _ in range(TIMES):
        _ = page.main_text
    return (time.process_time() - started) / TIMES * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    pages = gold_pages(parser.parse_args().folder)
    print("| page | precision | recall | F1 | CPU ms |\n|---|---|---|---|---|")
    for page in pages:
        score = page.score()
        print(f"| {page.name} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {_cpu_ms(page):.2f} |")
    print(f"\nMean F1 of {len(pages)} pages: {mean_f1(pages):.3f}")


if __name__ == "__main__":
    main()
