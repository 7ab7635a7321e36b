"""A table of 1,000 initiatives with 40 bad cells of 20 kinds, as an owner keeps it, and the same without its faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from crawlers.owner_tables import cells

HEADINGS = (
    "ID", "Nosaukums", "Nosaukums (angļu)", "Apraksts", "Veids", "Sektors", "Jomas", "Valsts", "Vieta", "Ģeogrāfiskais platums",
    "Ģeogrāfiskais garums", "Tīmekļa vietne", "E-pasts", "Tālrunis", "Sākums", "Beigas", "Attēls", "Piezīmes mums",
)  # fmt: skip
ROWS = 1_000
Row = dict[str, str]
Fault = tuple[int, str, str, str]
"""The number of the row as a spreadsheet shows it, the heading, what stands in the cell, and the reason that it is bad."""


WHOSE = "Saules Mēness Zvaigžņu Upes Ezera Meža Kalna Jūras Vēja Rīta Vakara Pļavas Akmens Liepu Ozolu Bērzu".split()
WHAT = "darbnīca dārzs skola teātris koris klubs bibliotēka ceptuve dzirnavas pagrabs".split()
WHERE = "Cēsīs Rīgā Valmierā Kuldīgā Ludzā Tukumā Madonā".split()


def name(number: int) -> str:
    """A name that no other row has and that is like few others."""
    return f"{WHOSE[number % 16]} {WHAT[number // 16 % 10]} {WHERE[number // 160 % 7]}"


def good_row(number: int) -> Row:
    """The row of an initiative, of which nothing is wrong."""
    texts = (
        f"T-{number}", name(number), f"{name(number)} (in English)",
        f"Te kaimiņi kopā labo lietas un māca to citiem, jau {number}. reizi.", "Organizācija", "nevalstiskais",
        "vide", "Latvija", "Cēsis", "57,3119", "25,2746", f"https://darbnica{number}.example", f"info@darbnica{number}.example",
        f"+371 67{number:06}", "2026-05-01", "2026-06-01", f"https://darbnica{number}.example/logo.png", "tikai mums",
    )  # fmt: skip
    return dict(zip(HEADINGS, texts, strict=True))


KINDS: Sequence[tuple[str, str, str]] = (
    ("Nosaukums", "", cells.NO_NAME),
    ("Nosaukums", "N" * 301, cells.LONG_NAME),
    ("Valsts", "Leiputrija", cells.NO_COUNTRY),
    ("Veids", "kaut kas", cells.NO_KIND),
    ("Sektors", "debesis", cells.NO_SECTOR),
    ("Tīmekļa vietne", "ftp://darbnica.example", cells.BAD_SCHEME),
    ("Tīmekļa vietne", "https://darb nica.example", cells.BLANKS),
    ("Tīmekļa vietne", "http://192.168.1.10/lapa", cells.PRIVATE_HOST),
    ("E-pasts", "info(at)", cells.BAD_EMAIL),
    ("Tālrunis", "12", cells.BAD_PHONE),
    ("Tālrunis", "3,71E+10", cells.MANGLED),
    ("Ģeogrāfiskais platums", "957,3119", cells.BAD_LATITUDE),
    ("Ģeogrāfiskais garums", "", cells.NO_LONGITUDE),
    ("Ģeogrāfiskais platums", "573119", cells.LOST_POINT),
    ("Sākums", "32.13.2026", cells.BAD_DATE),
    ("Beigas", "2020-01-01", cells.END_BEFORE_START),
    ("Vieta", "#N/A", cells.ERROR_VALUE),
    ("Apraksts", "a" * 10_001, cells.LONG_TEXT),
    ("Attēls", "logo.png", cells.BAD_IMAGE),
    ("Vieta", "Cē\x07sis", cells.CONTROLS),
)
"""What is made wrong in two rows each: the heading, what then stands in the cell, and the reason."""


def good_rows() -> list[Row]:
    """All rows without a fault."""
    return [good_row(number) for number in range(1, ROWS + 1)]


def bad_rows() -> tuple[list[Row], list[Fault]]:
    """The rows with 40 bad cells, and these in the order of the table."""
    rows = good_rows()
    faults: list[Fault] = []
    for turn, (heading, text, reason) in enumerate([*KINDS, *KINDS]):
        index = turn * 23
        rows[index] = rows[index] | {heading: text}
        if reason == cells.NO_NAME:
            rows[index] |= {"Nosaukums (angļu)": ""}
        column = "Ģeogrāfiskais platums" if reason == cells.NO_LONGITUDE else heading
        faults.append((index + 2, column, rows[index][column], reason))
    return rows, faults


def as_csv(rows: Sequence[Mapping[str, str]], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """The table as a text file."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, HEADINGS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The table as a workbook; what Excel shows as an error is one there, too."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Saraksts")
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading)
        for number, row in enumerate(rows, start=1):
            for column, heading in enumerate(HEADINGS):
                if row[heading] == "#N/A":
                    sheet.write_formula(number, column, "=NA()", None, "#N/A")
                else:
                    sheet.write_string(number, column, row[heading])
    return out.getvalue()


def letters(heading: str) -> str:
    """The letters of a column."""
    return "ABCDEFGHIJKLMNOPQR"[HEADINGS.index(heading)]
