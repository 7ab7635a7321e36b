"""What export writes, import takes: the same directory elsewhere, and nothing new where it came from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.record import Identifier, Record
from platforma.catalogue.files import formats
from tests.catalogue import emptying
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.directory import export, load, picture, settle
from vocabulary import load as vocabulary
from vocabulary.characters import without_controls

EVERY_SUFFIX = pytest.mark.parametrize("suffix", formats.FORMATS)
UNTOLD = {".csv": ("raw",)}
"""What a form of file leaves out of records."""
MANY = 1800
DIGITS = str.maketrans("0189", "abcd")
"""Digits that no public id has."""


@EVERY_SUFFIX
def test_an_export_in_an_empty_directory_is_the_same_directory(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path, suffix: str
) -> None:
    settle(catalogue, 40)
    first = export(catalogue, tmp_path / f"a{suffix}")
    copy = another()
    report = load(copy, first)
    assert (report.problems, report.changed, report.unchanged) == ([], 0, 0)
    before, after = (picture(catalogue, UNTOLD.get(suffix, ())) for catalogue in (catalogue, copy))
    for part in before:
        assert after[part] == before[part], part
    assert export(copy, tmp_path / f"b{suffix}").read_bytes() == first.read_bytes()
    assert load(copy, first).unchanged == report.new
    assert export(copy, tmp_path / f"c{suffix}").read_bytes() == first.read_bytes()


@EVERY_SUFFIX
def test_an_export_changes_nothing_where_it_came_from(catalogue: CatalogueFixture, tmp_path: Path, suffix: str) -> None:
    settle(catalogue, 20)
    first, before = export(catalogue, tmp_path / f"a{suffix}"), picture(catalogue)
    for _ in range(2):
        report = load(catalogue, first)
        assert (report.new, report.changed, report.problems) == (0, 0, [])
        assert picture(catalogue) == before
    assert export(catalogue, tmp_path / f"b{suffix}").read_bytes() == first.read_bytes()


@EVERY_SUFFIX
def test_without_all_only_what_is_published_goes_out(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path, suffix: str
) -> None:
    settle(catalogue, 10)
    copy = another()
    load(copy, export(catalogue, tmp_path / f"a{suffix}", include_all=False))
    there = picture(catalogue)["listings"]
    assert {id for id, listing in there.items() if listing["state"] in ("published", "merged")} == set(picture(copy)["listings"])


def test_a_large_directory_comes_back_as_it_went(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    settle(catalogue, 45)
    lines = list(map(json.loads, export(catalogue, tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()))
    many = [line for turn in range(MANY // len(lines)) for line in (_anew(original, turn) for original in lines) if line]
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in many), encoding="utf-8")
    copy = another()
    report = load(copy, tmp_path / "many.jsonl")
    assert (report.new, report.problems) == (len(many), [])
    assert export(copy, tmp_path / "again.jsonl").read_bytes() == (tmp_path / "many.jsonl").read_bytes()


def _anew(line: dict[str, Any], turn: int) -> dict[str, Any] | None:
    """The line as one of another listing; None for a platform's own, of which there is one."""
    if turn and line["about_platform"]:
        return None
    for part in (line, *line["joined"], *line["judged"], *line["sources"]):
        for name in ("public_id", "listing", "left", "right"):
            if part.get(name):
                part[name] = f"{part[name][:7]}{turn:03}".translate(DIGITS)
    for part in (line, *line["sources"]):
        if line["platform"]:
            part["remote_id"] = f"{part['remote_id'].split('/')[0]}/{turn}"
        else:
            part["remote_id"] = part.get("public_id")
    return json.loads(json.dumps(line))  # type: ignore[no-any-return]


def test_an_original_title_stays_the_first_however_often_it_is_stored(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([Record("1", title={"sv": "Gård", "et": "Aed", "en": "Garden"})])
    copy = another()
    load(copy, export(catalogue, tmp_path / "a.csv"))
    for either in (catalogue, copy):
        (listing,) = picture(either)["listings"].values()
        assert (listing["original_lang"], listing["slug"]) == ("sv", "gard")
        ((_, source),) = picture(catalogue)["records"].items()
        assert list(source["payload"]["title"]) == ["sv", "et", "en"]


WORDS = st.text(st.characters(), min_size=1, max_size=12).map(without_controls).filter(bool) | st.sampled_from(
    ["=1", "'=1", "'x", "-5", "@a", "a; b", '["a"]', "\r\n", "\ttab", 'a"b', "a,b", "\\;", "; ", "[", "{}"]
)
FULL = WORDS.filter(str.strip)
TEXTS = st.dictionaries(st.sampled_from(["lv", "en", "et", "zh-Hans", "und"]), FULL, max_size=3)
LISTS = st.lists(FULL, max_size=3).map(tuple)
ADDRESSES = st.sampled_from(["https://x.example/", "http://y.example/a?b=c;d#e", "https://õ.example/=1"])
DATES = st.sampled_from(["2024", "2024-05", "2024-05-01", "2024-05-01T10:00+03:00"])
INSTANTS = st.sampled_from(["2024-05-01T10:00:00Z", "2024-05-01T10:00:00.5Z"])


def ids(dimension: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(vocabulary().ids(dimension)))


def several(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(texts, max_size=3, unique=True).map(tuple)


ANY: dict[str, st.SearchStrategy[Any]] = {
    "remote_id": FULL,
    "url": ADDRESSES,
    "kind": ids("kind"),
    "title": TEXTS.filter(bool),
    "summary": TEXTS,
    "description": TEXTS,
    "country": ids("country"),
    "countries": several(ids("country")),
    "lat": st.floats(-90, 90),
    "lon": st.floats(-180, 180),
    "sectors": several(ids("sector")),
    "themes": several(ids("theme")),
    "identifiers": st.lists(st.builds(Identifier, FULL, FULL), max_size=2).map(tuple),
    "tags": LISTS,
    "website": ADDRESSES,
    "same_as": several(ADDRESSES),
    "email": st.just("info@x.example"),
    "image": ADDRESSES,
    "start_date": DATES,
    "end_date": DATES,
    "languages": several(st.sampled_from(["lv", "zh-Hans"])),
    "source_changed_at": INSTANTS,
    "platform": st.just("p"),
    "fetched_at": INSTANTS,
    "derived": st.dictionaries(st.sampled_from(["sectors", "lat", "kind"]), WORDS, max_size=2),
    "raw": st.dictionaries(WORDS, st.integers() | WORDS | st.lists(st.booleans()), max_size=2),
} | dict.fromkeys(("region", "place", "address", "legal_form", "organisation", "phone", "licence"), WORDS)
NEEDED = ("remote_id", "title")
RECORDS = st.fixed_dictionaries(
    {name: ANY[name] for name in NEEDED}, optional={name: values for name, values in ANY.items() if name not in NEEDED}
)


def test_every_field_of_the_record_is_tried() -> None:
    assert set(ANY) == {field.name for field in fields(Record)}


@EVERY_SUFFIX
def test_any_record_comes_back_as_it_went(tmp_path: Path, suffix: str) -> None:
    """The two catalogues are emptied for each example: to make them anew would take most of the time."""
    first, second = (CatalogueFixture(f"sqlite:///{tmp_path / name}.sqlite", tmp_path) for name in ("first", "second"))

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(RECORDS, min_size=1, max_size=10, unique_by=lambda record: record["remote_id"]))
    def comes_back(some: list[dict[str, Any]]) -> None:
        _empty(first)
        _empty(second)
        first.load([Record(**record) for record in some], "p")
        load(second, export(first, tmp_path / f"a{suffix}"))
        assert picture(second, UNTOLD.get(suffix, ())) == picture(first, UNTOLD.get(suffix, ()))
        assert export(second, tmp_path / f"b{suffix}").read_bytes() == (tmp_path / f"a{suffix}").read_bytes()

    comes_back()
    first.database.dispose()
    second.database.dispose()


def _empty(catalogue: CatalogueFixture) -> None:
    with catalogue.database.writing() as session:
        emptying.empty(session)
