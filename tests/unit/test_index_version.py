"""The version of an index: derived, so that a change of fields or analysis makes a new index without anybody's doing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.analysis import latvian
from search.analysis import version as analysis_version
from search.engines.elastic.mapping import FIELD_MAPPINGS, index_body
from search.engines.embedded.schema import FIELD_OPTIONS, schema_definition
from search.index import fields, version
from search.index.fields import Field
from search.index.version import index_version
from tests.contract.corpus import changed

ROOT = Path(__file__).parents[2]
MAPPINGS: dict[str, Callable[[], object]] = {"embedded": schema_definition, "elastic": index_body}


@pytest.fixture(params=sorted(MAPPINGS))
def current(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Tells the version of an engine's index as the code is now."""
    mapping = MAPPINGS[request.param]
    return lambda: index_version(mapping())


def test_a_version_can_stand_in_the_name_of_a_folder_and_of_an_index(current: Callable[[], str]) -> None:
    assert current() == current()
    assert current()[0] == "v" and set(current()[1:]) <= set("0123456789abcdef") and len(current()) == 13


@pytest.mark.parametrize(
    "replaced",
    [
        (*fields.FIELDS, Field("another", "terms")),
        fields.FIELDS[:-1],
        tuple(Field("title_words", "text") if field.name == "title_keys" else field for field in fields.FIELDS),
        tuple(Field("whole", "facet") if field.name == "whole" else field for field in fields.FIELDS),
    ],
    ids=["added", "removed", "renamed", "of another kind"],
)
def test_a_change_of_a_field_changes_it(
    current: Callable[[], str], monkeypatch: pytest.MonkeyPatch, replaced: tuple[Field, ...]
) -> None:
    before = current()
    monkeypatch.setattr(fields, "FIELDS", replaced)
    assert current() != before


def test_a_change_of_an_engines_mapping_changes_that_of_this_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: index_version(mapping()) for name, mapping in MAPPINGS.items()}
    monkeypatch.setitem(FIELD_OPTIONS, "sort_key", ("add_text_field", {"tokenizer_name": "raw", "fast": True}))
    assert index_version(schema_definition()) != before["embedded"]
    assert index_version(index_body()) == before["elastic"]
    monkeypatch.setitem(FIELD_MAPPINGS, "integer", {"type": "long"})
    assert index_version(index_body()) != before["elastic"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("latvian.py", '("st", "s")', '("st", "z")'),
        ("chain.py", '"lt": "lithuanian", ', ""),
        ("hunspell.py", "prefix + reading.form", "reading.form"),
        ("folding.py", '"ł": "l"', '"ł": "w"'),
    ],
)
def test_a_change_of_the_analysis_changes_it(
    current: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, old: str, new: str
) -> None:
    before = current()
    monkeypatch.setattr(analysis_version, "SOURCES", changed(analysis_version.SOURCES, name, old, new, tmp_path))
    assert current() != before


def test_a_change_of_the_code_that_fills_the_fields_changes_it(
    current: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = current()
    monkeypatch.setattr(
        version,
        "SOURCES",
        changed(version.SOURCES, "fields.py", "MAX_NAME_CHARACTERS = 200", "MAX_NAME_CHARACTERS = 99", tmp_path),
    )
    assert current() != before


@pytest.mark.parametrize("name", ["lv_LV.dic", "lv_LV.aff"])
def test_another_dictionary_changes_it(
    current: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    before = current()
    files = [path if path.name != name else tmp_path / name for path in latvian.dictionary_files()]
    (tmp_path / name).write_bytes(b"# other\n")
    monkeypatch.setattr(latvian, "dictionary_files", lambda: files)
    other = current()
    monkeypatch.setattr(latvian, "dictionary_files", list[Path])
    assert len({before, other, current()}) == 3


@pytest.mark.parametrize("library", ["simplemma.__version__", "unicodedata.unidata_version"])
def test_another_version_of_a_library_changes_it(
    current: Callable[[], str], monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    before = current()
    monkeypatch.setattr(library, "0.0")
    assert current() != before


def test_each_module_of_the_analysis_and_of_the_index_counts_except_the_boosts() -> None:
    assert {path.name for path in analysis_version.SOURCES} >= {
        "chain.py",
        "latvian.py",
        "hunspell.py",
        "lemmas.py",
        "folding.py",
    }
    assert {path.name for path in version.SOURCES} >= {"fields.py", "ordering.py"}
    assert "boosts.py" not in {path.name for path in version.SOURCES}


def test_where_the_files_are_does_not_matter(tmp_path: Path) -> None:
    sources = analysis_version.SOURCES
    copies = [changed([path], path.name, "", "", tmp_path)[0] for path in reversed(sources)]
    assert analysis_version.digest_of_files(copies) == analysis_version.digest_of_files(sources)


def test_two_processes_agree(tmp_path: Path) -> None:
    code = (
        "from search.index.version import index_version\n"
        "from search.engines.elastic.mapping import index_body\n"
        "from search.engines.embedded.schema import schema_definition\n"
        "print(index_version(schema_definition()), index_version(index_body()))"
    )
    versions = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, folder in (("1", ROOT), ("2", tmp_path))
    }
    assert versions == {f"{index_version(schema_definition())} {index_version(index_body())}\n"}
