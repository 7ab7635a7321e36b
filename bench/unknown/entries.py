"""The real records that fill the sites, and the country that each spelling in the sample means."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from dataclasses import dataclass
from html import escape
from pathlib import Path

COUNTRIES = {
    "AT": "AT Österreich Austria",
    "BE": "BE Belgique",
    "BG": "BG",
    "CY": "Cyprus",
    "CZ": "CZ",
    "DE": "DE Deutschland Germany",
    "DK": "DK Danmark",
    "EE": "EE Eesti Estonia Igaunija",
    "ES": "ES",
    "FI": "FI Finland Suomi",
    "FR": "FR France FRANCE",
    "GB": "GB England UK uk United_Kingdom",
    "GH": "Ghana",
    "GR": "GR Greece Ελλάδα",
    "HR": "HR Croatia",
    "HU": "HU Hungary",
    "IE": "IE",
    "IT": "IT Italy Italu",
    "KE": "Kenya",
    "LT": "LT Lietuva Lithuania",
    "LV": "LV Latvija Latvia LATVIJA",
    "MT": "Malta",
    "PL": "PL Poland Polska",
    "PT": "Portugal",
    "RO": "RO Romania România",
    "SE": "SE Sverige Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia SR",
    "UG": "Uganda",
}
SIZES = (20, 36)
CODES = {name.replace("_", " "): code for code, names in COUNTRIES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One initiative as the sample has it; `country` is the spelling of the source, None where it has none."""

    number: int
    name: str
    text: str
    country: str | None
    city: str | None
    website: str | None
    types: tuple[str, ...]
    lat: float
    lon: float

    @property
    def code(self) -> str | None:
        """ISO 3166-1 alpha-2, by the table above; None where the source has no country."""
        return CODES[self.country] if self.country else None

    @property
    def slug(self) -> str:
        """Latin letters of the name; names in other letters are named by number, as some systems do."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or f"entry-{self.number}"

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split("\n") if part.strip()]

    @property
    def html(self) -> str:
        """The text as escaped paragraphs."""
        return "\n".join(f"<p>{escape(part)}</p>" for part in self.paragraphs)

    @property
    def place(self) -> str:
        """City and country as printed, as far as known."""
        return ", ".join(part for part in (self.city, self.country) if part)

    @property
    def topics(self) -> str:
        return ", ".join(one.replace("_", " ") for one in self.types)

    def teaser(self, length: int = 140) -> str:
        """The beginning of the text, cut as list pages cut it."""
        flat = " ".join(self.paragraphs)
        return flat if len(flat) <= length else flat[:length].rsplit(" ", 1)[0] + "…"


def read_entries(path: Path) -> list[Entry]:
    """Entries of the sample that have a text; a file of JSON lines."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [_entry(number, row) for number, row in enumerate(rows, 1001) if (row["description"] or "").strip()]


def _entry(number: int, row: dict[str, object]) -> Entry:
    website = str(row["website"] or "").strip() or None
    return Entry(
        number=number,
        name=" ".join(str(row["name"]).split()),
        text=str(row["description"]),
        country=str(row["country_raw"] or "").strip() or None,
        city=str(row["city"] or "").strip() or None,
        website=website,
        types=tuple(row["types"] or ()),  # type: ignore[arg-type]
        lat=float(row["lat"]),  # type: ignore[arg-type]
        lon=float(row["lon"]),  # type: ignore[arg-type]
    )


def draw(entries: list[Entry], rng: random.Random, sizes: tuple[int, int] = SIZES) -> list[Entry]:
    """As many entries as lie between the two sizes, no two with one slug."""
    chosen = {entry.slug: entry for entry in rng.sample(entries, rng.randint(*sizes))}
    return list(chosen.values())
