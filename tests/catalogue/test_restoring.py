"""An export that meets a directory: what was decided there stands, and what does not come in is named by its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawlers.errors import BadContent
from crawlers.record import Problem, Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files import incoming
from platforma.catalogue.listings import compose, duplicate_queue, duplicates, edits, judgements, listing_queries, removal
from platforma.catalogue.models import Initiative, JudgementVerdict, Platform, Value
from platforma.catalogue.models import Record as Row
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.directory import export, load, picture, say_as


def lines_of(catalogue: CatalogueFixture, folder: Path) -> list[dict[str, Any]]:
    path = export(catalogue, folder / "lines.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def written(folder: Path, lines: Iterable[dict[str, Any]], name: str = "in.jsonl") -> Path:
    (folder / name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return folder / name


def outline(problems: Iterable[Problem]) -> list[tuple[str, str | None, str | None]]:
    return [(problem.severity, problem.remote_id, problem.field) for problem in problems]


def listing(catalogue: CatalogueFixture, remote_id: str = "1") -> Initiative:
    """The listing of a record, with its values."""
    with catalogue.database.reading() as session:
        row = session.scalars(select(Row).where(Row.remote_id == remote_id)).one().initiative
        assert row.values is not None
        return row


def say(
    catalogue: CatalogueFixture, name: str, value: Any, *, lang: str = "", layer: str = "curator", remote_id: str = "1"
) -> None:
    row = listing(catalogue, remote_id)
    with catalogue.database.writing() as session:
        say_as(session, row, name, value, lang=lang, layer=layer)


def shown(catalogue: CatalogueFixture, name: str, remote_id: str = "1") -> Any:
    return listing(catalogue, remote_id).composed["fields"].get(name)


def test_words_of_people_stand_over_later_crawls(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([record("1", place="Ogre", country="LV", description={"lv": "Avots"}, tags=("a",))])
    say(catalogue, "place", "Talsi")
    say(catalogue, "tags", [])
    say(catalogue, "description", "", lang="lv")
    say(catalogue, "country", "EE", layer="owner")
    copy = another()
    load(copy, export(catalogue, tmp_path / "a.csv"))
    assert {(value.field, value.layer) for value in listing(copy).values} == {
        (n, "owner") for n in ("place", "tags", "description", "country")
    }
    later = [record("1", place="Rīga", country="LT", description={"lv": "Jauns"}, tags=("b",), phone="+371 67000000")]
    copy.crawl(later, "p")
    copy.load(later)
    composed = listing(copy).composed
    assert (composed["fields"]["place"], composed["fields"]["country"], composed["fields"]["phone"]) == (
        "Talsi",
        "EE",
        "+371 67000000",
    )
    assert "tags" not in composed["fields"]
    assert "lv" not in composed["texts"].get("description", {})


@pytest.mark.parametrize(("layer", "is_licensed"), [("curator", False), ("owner", True)])
def test_a_word_of_the_desk_does_not_license_the_whole_text(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path, layer: str, is_licensed: bool
) -> None:
    catalogue.load([record("1", place="Ogre")])
    say(catalogue, "place", "Talsi", layer=layer)
    copy = another()
    load(copy, export(catalogue, tmp_path / "a.jsonl"))
    assert [row.composed["licensed"] for row in (listing(catalogue), listing(copy))] == [is_licensed] * 2
    third = another()
    load(third, export(copy, tmp_path / "b.jsonl"))
    assert listing(third).composed["licensed"] is is_licensed


def test_a_word_over_which_the_desk_spoke_licenses_nothing() -> None:
    values = [
        Value(field="place", lang="", value=text, layer=layer, by="x") for layer, text in (("owner", "A"), ("curator", "B"))
    ]
    assert compose.compose([], values[:1])["licensed"]
    assert not compose.compose([], values)["licensed"]


def test_what_was_decided_here_stands(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1", place="Ogre"), record("2")])
    say(catalogue, "place", "Talsi")
    path = export(catalogue, tmp_path / "a.jsonl")
    say(catalogue, "place", "Cēsis")
    with catalogue.database.writing() as session:
        edits.refuse(session, public_id=listing(catalogue, "2").public_id, actor="c", reason="Nē")
    for _ in range(2):
        assert load(catalogue, path).problems == []
        assert (listing(catalogue, "2").state, shown(catalogue, "place")) == ("refused", "Cēsis")
        assert sorted((value.layer, value.value) for value in listing(catalogue).values) == [
            ("curator", "Cēsis"),
            ("owner", "Talsi"),
        ]
    assert load(catalogue, path).changed == 0


def test_what_was_read_since_the_export_stands_and_is_named(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1", place="Ogre"), record("2", place="Ogre")])
    path = export(catalogue, tmp_path / "a.jsonl")
    catalogue.load([record("1", place="Talsi"), record("2", place="Ogre")])
    report = load(catalogue, path)
    assert outline(report.problems) == [("warning", "line 1", "sources")]
    assert (shown(catalogue, "place"), report.unchanged) == ("Talsi", 2)


def test_a_cell_that_somebody_changed_comes_in(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1", place="Ogre", region="Vidzeme"), record("2")])
    (line, other) = lines_of(catalogue, tmp_path)
    line |= {"place": "Talsi", "region": "Kurzeme", "edited": {"region": "curator"}}
    report = load(catalogue, written(tmp_path, [line, other]))
    assert (report.changed, report.unchanged) == (1, 1)
    assert (shown(catalogue, "place"), shown(catalogue, "region")) == ("Talsi", "Kurzeme")
    catalogue.load([record("1", place="Rīga", region="Vidzeme")])
    assert (shown(catalogue, "place"), shown(catalogue, "region")) == ("Rīga", "Kurzeme")


def test_a_public_id_of_something_else_is_never_written_over(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([record("1"), record("2")])
    copy = another()
    copy.load([record("x", "Cits")], "q")
    lines = lines_of(catalogue, tmp_path)
    lines[0]["public_id"] = listing(copy, "x").public_id
    before = picture(copy)["listings"][lines[0]["public_id"]]
    report = load(copy, written(tmp_path, lines))
    assert (outline(report.problems), report.new, report.refused) == ([("refused", "line 1", "public_id")], 1, 1)
    assert picture(copy)["listings"][lines[0]["public_id"]] == before
    assert set(picture(copy)["records"]) == {("q", "x"), ("p", "2")}


def test_a_record_that_stands_here_under_another_id_is_not_doubled(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([record("1", place="Ogre")])
    say(catalogue, "place", "Talsi")
    copy = another()
    copy.load([record("1", place="Ogre")])
    own = listing(copy).public_id
    report = load(
        copy,
        written(
            tmp_path,
            [line | {"sources": [line["sources"][0] | {"last_seen_at": None}]} for line in lines_of(catalogue, tmp_path)],
        ),
    )
    assert (outline(report.problems), report.changed) == ([("warning", "line 1", "public_id")], 1)
    assert own in report.problems[0].message()
    assert (set(picture(copy)["listings"]), shown(copy, "place")) == ({own}, "Talsi")


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_what_was_removed_stays_out_and_is_named(catalogue: CatalogueFixture, tmp_path: Path, suffix: str) -> None:
    catalogue.load([record("1", "Lūgums"), record("2", "Paliek")])
    path, removed = export(catalogue, tmp_path / f"a{suffix}"), listing(catalogue).public_id
    with catalogue.database.writing() as session:
        removal.suppress(session, public_id=removed, actor="c", reason="r", key=secret_key(catalogue.settings))
    report = load(catalogue, path)
    assert (outline(report.problems)[0], report.refused, report.unchanged) == (
        ("refused", "line 1" if suffix == ".jsonl" else "line 2", "public_id"),
        1,
        1,
    )
    assert set(picture(catalogue)["records"]) == {("p", "2")}
    again = catalogue.load([record("1", "Lūgums"), record("2", "Paliek")])
    assert (outline(again.problems), again.refused, again.unchanged) == ([("refused", "1", "remote_id")], 1, 1)


def test_of_two_sources_only_the_removed_one_stays_out(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([record("1", "Abi", website="https://abi.example/")], "p")
    catalogue.load([record("2", "Abi", website="https://abi.example/", phone="+371 67000000")], "q")
    (line,) = lines_of(catalogue, tmp_path)
    copy = another()
    copy.load([record("2", "Cits nosaukums")], "q")
    with copy.database.writing() as session:
        removal.suppress(session, public_id=listing(copy, "2").public_id, actor="c", reason="r", key=secret_key(copy.settings))
    report = load(copy, written(tmp_path, [line]))
    assert (outline(report.problems), report.new) == ([("refused", "line 1", "sources")], 1)
    assert set(picture(copy)["records"]) == {("p", "1")}
    assert shown(copy, "phone") is None


def test_listings_that_were_not_joined_there_are_not_joined_here(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([record("1", "Viens", website="https://viens.example/")], "p")
    catalogue.load([record("2", "Cits", website="https://viens.example/")], "q")
    with catalogue.database.writing() as session:
        one, two = (listing(catalogue, id).public_id for id in "12")
        judgements.judge(session, one, two, JudgementVerdict.DIFFERENT, judgements.Word("c", utc_now()))
    catalogue.load([record("2", "Viens", website="https://viens.example/")], "q")
    copy = another()
    load(copy, export(catalogue, tmp_path / "a.jsonl"))
    with copy.database.writing() as session:
        assert duplicates.look_at_outdated(session, utc_now()) == 2
        assert duplicate_queue.waiting_pairs(session) == []
    assert {id: listing["state"] for id, listing in picture(copy)["listings"].items()} == dict.fromkeys(
        picture(catalogue)["listings"], "published"
    )


def test_a_listing_of_a_platform_that_is_not_approved_here_waits(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.load([record("1")])
    path, copy, empty = export(catalogue, tmp_path / "a.jsonl"), another(), another()
    copy.propose("p", approve=False)
    load(copy, path)
    load(empty, path)
    assert (listing(copy).state, listing(empty).state) == ("new", "published")


def test_a_platform_of_an_export_has_its_name_and_is_not_crawled(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.propose("p")
    with catalogue.database.writing() as session:
        platform = session.get_one(Platform, "p")
        platform.title, platform.licence = "Partneris", "CC0"
    catalogue.crawl([record("1")])
    copy = another()
    load(copy, export(catalogue, tmp_path / "a.csv"))
    with copy.database.reading() as session:
        platform = session.get_one(Platform, "p")
        assert (platform.title, platform.url, platform.licence) == ("Partneris", "https://p.example/", "CC0")
        assert (platform.state, platform.next_crawl_at, platform.recipe["adapter"]) == ("trusted", None, "file")
        assert listing_queries.listing(session, place_listing := listing(catalogue).public_id)
        assert place_listing in {row.public_id for row in listing_queries.newest(session, 5, "p")}


def test_with_a_platform_all_records_go_under_that_one(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.propose("p")
    catalogue.crawl([record("1", "No p", place="Ogre")])
    catalogue.load([record("1", "No q"), record("2", "Otrs")], "q")
    say(catalogue, "title", "Mainīts", lang="lv", remote_id="2")
    path, copy = export(catalogue, tmp_path / "a.csv"), another()
    for turn in range(2):
        report = load(copy, path, "viss")
        assert (report.problems, report.new, report.unchanged) == ([], 0 if turn else 4, 4 if turn else 0)
    own = next(id for id, listing in picture(catalogue)["listings"].items() if "kind" in listing["fields"])
    assert set(picture(copy)["records"]) == {("viss", "1"), ("viss", "q:1"), ("viss", "2"), ("viss", own)}
    assert set(picture(copy)["listings"]) == set(picture(catalogue)["listings"])
    assert set(picture(copy)["platforms"]) == {"viss"}
    assert listing(copy, "2").composed["texts"]["title"] == {"lv": "Mainīts"}
    assert load(catalogue, path, "p").new == 0


def test_records_go_under_the_platforms_that_they_name(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    named = [record("1", platform="p"), record("1", platform="q"), record("2"), record("3", platform="Nav id")]
    report = load(catalogue, written(tmp_path, [record.to_json() for record in named]))
    assert outline(report.problems) == [("refused", "line 3", "platform"), ("refused", "line 4", "platform")]
    assert set(picture(catalogue)["records"]) == {("p", "1"), ("q", "1")}
    assert load(catalogue, tmp_path / "in.jsonl", "viens").refused == 1
    assert {name for name in picture(catalogue)["records"] if name[0] == "viens"} == {("viens", id) for id in "123"}


def test_a_line_that_stands_twice_is_named(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1"), record("2")])
    first, second = lines_of(catalogue, tmp_path)
    other = second | {"public_id": "a" * 10, "sources": first["sources"]}
    plain = record("2", platform="p").to_json()
    report = load(catalogue, written(tmp_path, [first, second, first, other, plain]))
    assert outline(report.problems) == [
        ("refused", "line 3", "public_id"), ("refused", "line 4", "sources"), ("refused", "line 5", "remote_id"),
    ]  # fmt: skip
    assert [problem.values["line"] for problem in report.problems] == ["1", "1", "2"]


def test_a_table_that_people_wrote_is_taken_by_our_columns(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    text = (
        "\ufeffremote_id;title_lv;title_et;countries;lat;platform\n\n1;Viens;Üks;LV; EE;;p\n2;Divi;;LV;x;p\n3;Trīs;;Latvija;;p\n"
    )
    (tmp_path / "a.csv").write_text(text.replace("LV; EE", '"LV; EE"').replace("Divi;;LV;x", "Divi;;LV;56,9"), encoding="utf-8")
    report = load(catalogue, tmp_path / "a.csv")
    assert outline(report.problems) == [("refused", "line 4", "lat"), ("refused", "line 5", "countries")]
    row = listing(catalogue)
    assert (row.composed["texts"]["title"], row.composed["fields"]["countries"]) == ({"lv": "Viens", "et": "Üks"}, ["LV", "EE"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("remote_id,title_lv,nosaukums\n1,X,Y\n", "'nosaukums'"),
        ("remote_id,title_latviešu\n1,X\n", "'title_latviešu'"),
        ("remote_id,title_lv,title_lv\n1,X,Y\n", "twice"),
        ('remote_id,title_lv\n1,"X\n', "broken"),
        (b"remote_id,title_lv\n1,\xe2\n", "UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_as_a_whole(tmp_path: Path, text: str | bytes, says: str) -> None:
    (tmp_path / "a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadContent, match=says):
        list(incoming.read_lines(tmp_path / "a.csv", "p"))


@pytest.mark.parametrize("text", ["", "remote_id,title_lv\n", "\n\n"])
def test_an_empty_table_holds_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert list(incoming.read_lines(tmp_path / "a.csv", "p")) == []


def test_a_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("remote_id,title_lv\n1,X,Y\n2,X,\n", encoding="utf-8")
    problem, record = incoming.read_lines(tmp_path / "a.csv", "p")
    assert isinstance(problem, Problem)
    assert (problem.remote_id, isinstance(record, Record)) == ("line 2", True)


SOURCE = {"platform": "p", "remote_id": "1"}
BROKEN: list[tuple[str, Any, str]] = [
    ("public_id", "ABC", "public_id"), ("public_id", 5, "public_id"), ("public_id", None, "public_id"),
    ("state", "merged", "state"), ("state", "suppressed", "state"), ("state", 5, "state"),
    ("published_at", "vakar", "published_at"), ("published_at", "2024-05-01T10:00:00", "published_at"),
    ("edited", {"nope": "curator"}, "edited"), ("edited", {"title": "curator"}, "edited"), ("edited", {"place/lv": "curator"}, "edited"),
    ("edited", {"place": "king"}, "edited"), ("edited", ["place"], "edited"), ("edited", "place", "edited"),
    ("sources", "x", "sources"), ("sources", ["x"], "sources"), ("sources", [SOURCE | {"platform": "Nav id"}], "sources"),
    ("sources", [SOURCE | {"state": "lost"}], "sources"), ("sources", [SOURCE | {"more": 1}], "sources"),
    ("sources", [SOURCE | {"differs": {"lat": "x"}}], "lat"), ("sources", [SOURCE | {"differs": {"nope": 1}}], "nope"),
    ("sources", [SOURCE | {"url": "javascript:x"}], "url"), ("sources", [SOURCE | {"remote_id": ""}], "remote_id"),
    ("joined", [{"public_id": "x"}], "joined"), ("joined", [{"public_id": "b" * 10, "values": [{"field": "lat", "value": "x"}]}], "lat"),
    ("joined", [{"public_id": "b" * 10, "values": [{"field": "title/lv", "value": 5}]}], "title"),
    ("platforms", {"p": {"public_id": "b" * 10, "title": "x" * 201}}, "platforms"),
    ("platforms", {"p": {"public_id": "b" * 10, "title": "x", "url": "javascript:x"}}, "platforms"),
    ("platforms", {"p": {"public_id": "b" * 10, "title": "x", "rank": 2**31}}, "platforms"),
    ("about_platform", "Nav id", "about_platform"), ("reason", 5, "reason"), ("lat", "x", "lat"), ("nope", 1, "nope"), ("title", {}, "title"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "field"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_broken_line_is_one_refusal_of_its_field_and_the_rest_comes_in(
    tmp_path: Path, name: str, value: Any, field: str
) -> None:
    good = {"public_id": "a" * 10, "remote_id": "1", "platform": "p", "title": {"lv": "X"}, "sources": [SOURCE]}
    other = good | {"public_id": "c" * 10, "sources": [SOURCE | {"remote_id": "2"}]}
    path = written(tmp_path, [good | {name: value}, other])
    refusal, line = incoming.read_lines(path)
    assert isinstance(refusal, Problem), refusal
    assert (refusal.severity, refusal.remote_id, refusal.field) == ("refused", "line 1", field)
    assert refusal.message()
    assert not isinstance(line, Problem)


def test_broken_json_in_a_cell_is_a_refusal_of_its_column(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    catalogue.load([record("1"), record("2", identifiers=()), record("3")])
    rows = list(csv.DictReader(io.StringIO(export(catalogue, tmp_path / "a.csv").read_text(encoding="utf-8"))))
    rows[0]["sources"] = rows[0]["sources"][:20]
    rows[1]["identifiers"] = "LV-RE 1"
    with (tmp_path / "b.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    report = load(catalogue, tmp_path / "b.csv")
    assert (outline(report.problems), report.unchanged) == (
        [("refused", "line 2", "sources"), ("refused", "line 3", "identifiers")],
        1,
    )


def test_exports_of_before_are_taken_as_far_as_they_go(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    catalogue.propose("p")
    catalogue.crawl([record("1", url="https://p.example/1", place="Ogre", lat=56.9, lon=24.1)])
    names = (
        "public_id",
        "remote_id",
        "platform",
        "url",
        "title",
        "summary",
        "description",
        "kind",
        "country",
        "place",
        "lat",
        "lon",
        "website",
        "derived",
    )
    copy = another()
    report = load(copy, written(tmp_path, [{name: line[name] for name in names} for line in lines_of(catalogue, tmp_path)]))
    assert (report.new, report.problems) == (2, [])
    assert {id: (listing["texts"], listing["fields"]) for id, listing in picture(copy)["listings"].items()} == {
        id: (listing["texts"], listing["fields"]) for id, listing in picture(catalogue)["listings"].items()
    }
