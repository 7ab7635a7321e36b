"""Files by the command line: what export writes, import takes, and what goes wrong is one clear line."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from crawlers.importing import isolation
from crawlers.isolation import readers
from crawlers.isolation.readers import Readers
from platforma.catalogue.files import formats
from platforma.cli.main import main
from tests.whole.processes import command

LINES = (
    {"remote_id": "1", "platform": "mans", "title": {"lv": "=Dārzs", "et": "Aed"}, "lat": 56.9, "lon": 24.1,
     "identifiers": [{"scheme": "LV-RE", "value": "4000"}]},
    {"remote_id": "2", "platform": "mans", "title": {"en": "Garden"}, "countries": ["LV", "EE"], "raw": {"a": 1}},
)  # fmt: skip


def written(folder: Path, *lines: object) -> str:
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return str(folder / "in.jsonl")


@pytest.mark.parametrize("suffix", formats.FORMATS)
def test_an_export_goes_to_another_directory_and_back(tmp_path: Path, suffix: str) -> None:
    first, second = (str(tmp_path / f"{name}{suffix}") for name in "ab")
    here, there = tmp_path / "here", tmp_path / "there"
    assert command("import", written(tmp_path, *LINES), data=here).stderr.endswith(
        "in.jsonl: new 2, changed 0, unchanged 0, refused 0\n"
    )
    assert command("export", first, data=here).stderr == f"2 listings written to {first}\n"
    done = command("import", first, data=there)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(f"a{suffix}: new 2, changed 0, unchanged 0, refused 0\n")
    assert command("export", second, data=there).returncode == 0
    assert Path(second).read_bytes() == Path(first).read_bytes()
    assert "unchanged 2" in command("import", first, data=here).stderr
    nightly = command("crawl", data=there)
    assert (nightly.returncode, "no approved platform" in nightly.stderr) == (0, True), nightly.stderr


@pytest.mark.parametrize("suffix", [".xlsx", ".geojson", ".jsonld"])
def test_the_whole_catalogue_is_written_as_the_site_gives_it_away(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"all{suffix}"
    command("import", written(tmp_path, *LINES), data=tmp_path / "here")
    done = command("export", str(file), "--lang", "en", data=tmp_path / "here")
    assert (done.returncode, done.stderr) == (0, f"2 listings written to {file}\n")
    if suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Results").to_python()
        assert [row[0] for row in rows] == ["Title", "=Dārzs", "Garden"]
    else:
        found = json.loads(file.read_text(encoding="utf-8"))
        listed = found["features"] if suffix == ".geojson" else found["mainEntity"]["itemListElement"]
        assert len(listed) == (1 if suffix == ".geojson" else 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.jsonl", "here", file.name])


def test_refused_lines_are_named_and_the_rest_comes_in(tmp_path: Path) -> None:
    file = written(tmp_path, {**LINES[0], "lat": "56.9"}, LINES[1], {**LINES[0], "remote_id": "3", "platform": None})
    done = command("import", file, data=tmp_path)
    assert (done.returncode, done.stderr.splitlines()) == (
        0,
        [
            "refused: line 1 lat: this is a number of degrees",
            "refused: line 3 platform: say with --platform under which platform it goes (small letters, digits, hyphens)",
            "in.jsonl: new 1, changed 0, unchanged 0, refused 2",
        ],
    )


@pytest.mark.parametrize(
    ("death", "says"),
    [("FOREVER", "takes too long"), ("MEMORY", "takes too much memory"), ("CRASH", "ended the program that reads it")],
)
@pytest.mark.parametrize("has_recipe", [True, False])
def test_a_file_that_ends_its_reader_is_one_clear_line_and_nothing_comes_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, death: str, says: str, has_recipe: bool
) -> None:
    script = Path(__file__).parents[1] / "crawlers" / "dying_reader.py"
    monkeypatch.setattr(readers, "COMMAND", (sys.executable, str(script)))
    monkeypatch.setattr(isolation, "READERS", processes := Readers())
    lines: list[dict[str, object]] = [{**LINES[0], "remote_id": str(number), "name": f"Dārzs {number}"} for number in range(250)]
    lines[220]["raw"] = {"a": f"KILL-{death}"}
    (tmp_path / "r.yaml").write_text("platform: p\nurl: https://p.example/\nadapter: file\n", encoding="utf-8")
    recipe = ["--recipe", str(tmp_path / "r.yaml")] if has_recipe else []
    data = tmp_path / "data"
    done = CliRunner().invoke(main, ["import", written(tmp_path, *lines), *recipe], env={"PLATFORMA_DATA_DIR": str(data)})
    processes.end()
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: in.jsonl: this file") and says in line
    assert not data.exists()


def test_a_table_that_unpacks_to_too_much_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("platform: p\nurl: https://p.example/\nadapter: file\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml", '<worksheet><sheetData><row><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        )
    done = command("import", str(tmp_path / "a.xlsx"), "--recipe", str(tmp_path / "r.yaml"), data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: a.xlsx: this workbook unpacks to too much") and done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_file_without_records_says_so(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("platform: p\nurl: https://p.example/\nadapter: file\n", encoding="utf-8")
    (tmp_path / "a.json").write_text("[[], []]", encoding="utf-8")
    done = command("import", str(tmp_path / "a.json"), "--recipe", str(tmp_path / "r.yaml"), data=tmp_path / "data")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Error: nothing of a.json is a record or a row of a table"


def test_an_import_of_which_nothing_came_in_has_failed(tmp_path: Path) -> None:
    done = command("import", written(tmp_path, {**LINES[0], "lat": None, "title": {}}), data=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("refused: line 1 title: ")
    assert done.stderr.splitlines()[-1] == "Error: nothing of in.jsonl came in; the lines above say why"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("export", "a.pdf"), 1, "Error: a.pdf: the name ends in .jsonl, .csv, .xlsx, .geojson or .jsonld"),
        (("import", "a.xlsx"), 1, "Error: a.xlsx: without --recipe the name ends in .jsonl or .csv"),
        (("import", "a.csv"), 1, "Error: a.csv: there is no field for the column 'nosaukums'"),
        (("import", "a.csv", "--platform", "Nav id"), 2, "at most 60 small letters, digits and hyphens"),
        (("import", "nav.jsonl"), 2, "does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, says: str
) -> None:
    for name in ("a.csv", "a.xlsx"):
        (tmp_path / name).write_text("nosaukums\nX\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = command(*words, data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert code == 2 or len(done.stderr.splitlines()) == 1
    assert words[0] == "export" or not (tmp_path / "data" / "platforma.sqlite").exists()
