"""Rules of the layout that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeGuard, get_args

import yaml
from pydantic import BaseModel

from crawlers.recipe import Pick, Recipe, parse_recipe
from platforma.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("platform", "crawlers", "search")


def test_platform_is_no_package() -> None:
    """A package of that name would shadow the standard library's module."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    subprocess.run([sys.executable, "-c", "import platform, uuid; platform.system()"], cwd=ROOT, check=True)


def test_every_locked_package_has_its_hashes_and_no_address() -> None:
    locks = sorted((*(ROOT / "requirements").glob("*.lock"), *(ROOT / "platform/platforma/installing").glob("*.lock")))
    assert sorted(lock.stem for lock in locks) == ["bench", "build", "dev", "dictionary", "gazetteer", "meaning", "runtime"]
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text
        entries = re.split(r"^(?=[A-Za-z0-9][\w.-]*==)", text, flags=re.M)[1:]
        assert entries
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_functions_do_one_thing() -> None:
    files = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "migrations" not in p.parts]
    sizes = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1  # type: ignore[operator]
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert [name for name, size in sizes.items() if size > 50] == []
    assert sorted(sizes.values())[int(len(sizes) * 0.9)] <= 25


@cache
def imported_by(path: Path) -> set[str]:
    """Dotted names that a file imports; `from a import b` gives a.b."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {f"{node.module or ''}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return whole | parts


def modules() -> dict[str, Path]:
    """The modules of the product by their dotted names."""
    tops = {"platforma": ROOT / "platform", "vocabulary": ROOT / "platform", "crawlers": ROOT, "search": ROOT}
    paths = ((path, base) for top, base in tops.items() for path in (base / top).rglob("*.py") if "migrations" not in path.parts)
    return {".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__"): path for path, base in paths}


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = modules()
    graph = {
        name: {m for i in imported_by(path) for m in (i, i.rpartition(".")[0]) if m in names} for name, path in names.items()
    }
    packages = {name for name, path in names.items() if path.name == "__init__.py"}
    sorter = TopologicalSorter({name: found - packages - {name} for name, found in graph.items() if name not in packages})
    sorter.prepare()


def test_no_view_names_the_type_of_a_database_session() -> None:
    """A view opens a transaction and calls the catalogue's functions in it; what is typed as a session could query by itself."""
    views = {name: imported_by(path) for name, path in modules().items() if name.startswith("platforma.web")}
    assert {name for name, imports in views.items() if "platforma.catalogue.database.Session" in imports} == set()


ADDRESS_BY_HAND = re.compile(r"(^|\s|\{[^{}]*base[^{}]*\})/(lv|en|\{[^{}]*\blang\b[^{}]*\}|<[\w(), ]*:?lang>)(/|$)")
"""A path that begins with a language, alone or after the site's address: `/lv/…`, `/{lang}/…`, `{base_url}/{lang}/…`."""


def texts_of(path: Path) -> Iterator[str]:
    """Every string of a file that is no docstring; of a formatted one the source, with placeholders as {…}."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    formatted = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    yield from ("".join(map(source_of, node.values)) for node in formatted)
    others = {piece for node in formatted for piece in ast.walk(node)} | {n.value for n in nodes if isinstance(n, ast.Expr)}
    yield from (
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in others
    )


def source_of(piece: ast.expr) -> str:
    """A piece of a formatted string."""
    return f"{{{ast.unparse(piece.value)}}}" if isinstance(piece, ast.FormattedValue) else str(ast.literal_eval(piece))


def test_addresses_of_pages_are_built_in_one_module() -> None:
    """Everything else takes them from url_for, or from platforma.addresses where there is no request."""
    files = {name: path for name, path in modules().items() if name.startswith("platforma.") and name != "platforma.addresses"}
    own = {name: path for name, path in files.items() if not name.startswith("platforma.demo.")}  # that has other people's sites
    by_hand = {f"{name}: {text}" for name, path in own.items() for text in texts_of(path) if ADDRESS_BY_HAND.search(text)}
    assert by_hand == set()


def test_an_address_by_hand_is_noticed(tmp_path: Path) -> None:
    wrong = [
        "f'{base}/{lang}/desk'",
        "f'/{voice.lang}/desk/{id}'",
        "'/lv/search'",
        "f'/en/{page}'",
        "'/<lang:lang>/desk'",
        "'/<any(lv, en):lang>'",
    ]
    right = ["'/desk'", "f'{field}/{lang}'", "f'{start}initiatives/{id}'", "'lv/LC_MESSAGES'", "f'{lang}-{id}'"]
    for number, source in enumerate([*wrong, *right]):
        path = tmp_path / f"{number}.py"
        path.write_text(f"text = {source}\n", encoding="utf-8")
        assert [bool(ADDRESS_BY_HAND.search(text)) for text in texts_of(path)] == [source in wrong], source


def test_no_module_has_the_name_of_one_of_the_standard_library() -> None:
    own = {name.rpartition(".")[2] for name in modules()} - {"__main__"}
    assert own & sys.stdlib_module_names == set()


def test_every_folder_says_what_lives_there_and_what_may_not() -> None:
    for name, path in modules().items():
        if path.name == "__init__.py":
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            assert 40 < len(text) < 400, name


TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))


def test_no_module_imports_a_test_module() -> None:
    names = {path.relative_to(ROOT): imported_by(path) for path in TEST_FILES}
    wrong = {
        f"{path} imports {name}"
        for path, found in names.items()
        for name in found
        if re.search(r"(^|\.)(test_|conftest\b)", name)
    }
    assert wrong == set(), "put what they share into a helper module or, as a fixture, into conftest"


def test_only_the_tests_of_quality_use_the_benches() -> None:
    using = {path.parent.name for path in TEST_FILES if any(name.split(".")[0] == "bench" for name in imported_by(path))}
    assert using == {"quality"}


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    internal = {"templates_dir", "translations_dir", "static_dir"}
    for name in set(Settings.model_fields) - internal:
        assert f"PLATFORMA_{name.upper()}" in text, name


def keys_of_recipes(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every key of a recipe by its path; * stands for the name of a field of ours."""
    for name, info in model.model_fields.items():
        inner = next((one for one in (info.annotation, *get_args(info.annotation)) if is_model(one)), None)
        if inner is not Pick and inner:
            yield from keys_of_recipes(inner, f"{path}{name}.")
        else:
            yield path + name
            yield from keys_of_recipes(inner, f"{path}{name}.*.") if inner else ()


def is_model(one: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(one, type) and issubclass(one, BaseModel)


def test_every_key_of_a_recipe_is_documented_with_an_example_that_works() -> None:
    text = (ROOT / "docs" / "crawling.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.*]+)` \| ([^|]+) \| `([^`]+)` \|$", text, flags=re.M)
    assert [key for key, _, _ in rows] == list(dict.fromkeys(key for key, _, _ in rows))
    assert sorted(key for key, _, _ in rows) == sorted(keys_of_recipes(Recipe))
    for key, _, example in rows:
        given = yaml.safe_load(example)
        recipe = parse_recipe({"platform": "x"} | given)
        defaults = Recipe(platform="x")
        assert recipe.model_dump() != defaults.model_dump(), key
        found = given
        for name in key.split("."):
            found = next(iter(found.values())) if name == "*" else found[name]


def test_what_checks_are_told_to_ignore_has_a_reason() -> None:
    files = [path for folder in (*PACKAGES, "tools") for path in (ROOT / folder).rglob("*.py")]
    lines = [(path.name, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    ignoring = [(name, line) for name, line in lines if re.search(r"# (noqa|type: ignore)", line)]
    assert ignoring
    assert [
        (name, line)
        for name, line in ignoring
        if not re.search(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\]) +[-–#] ?\w", line)
    ] == []


def test_the_picture_of_the_imports_is_up_to_date() -> None:
    run = subprocess.run([sys.executable, "tools/architecture.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_links_and_paths_in_papers_lead_somewhere() -> None:
    """Of Markdown files: links to files of ours, and paths of modules and folders in back quotes."""
    bases = (ROOT, ROOT / "platform", ROOT / "platform" / "platforma")
    wrong = []
    for paper in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        text = paper.read_text(encoding="utf-8")
        wrong += [
            (paper.name, link) for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if not (paper.parent / link).exists()
        ]
        paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text) if paper.name != "CHANGELOG.md" else []
        ours = [path for path in paths if any((base / path.split("/")[0]).exists() for base in bases)]
        wrong += [(paper.name, path) for path in ours if not any((base / path).exists() for base in bases)]
    assert wrong == []


SMALL_MODULES = {"basis.py", "errors.py", "reasons.py", "recipe_errors.py", "record_checks.py"}
"""Modules of the crawlers whose names say enough."""


def test_the_table_of_the_crawlers_names_each_of_their_modules_and_no_other() -> None:
    text = (ROOT / "docs" / "crawling.md").read_text(encoding="utf-8").partition("## Where things are")[2]
    first_cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("|")]
    named = {name.rstrip("/") for cell in first_cells for name in re.findall(r"`([\w./]+)`", cell)} - {"crawlers"}
    there = {path.name for path in (ROOT / "crawlers").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named == there - {"__init__.py", *SMALL_MODULES}


def test_alerts_and_dashboard_ask_for_numbers_that_exist() -> None:
    told = set(re.findall(r"`(platforma_\w+)`", (ROOT / "docs/operations.md").read_text()))
    for name in ("alerts.yml", "dashboard.json"):
        asked = set(re.findall(r"\bplatforma_\w+", (ROOT / "deploy" / name).read_text()))
        assert asked
        assert {re.sub(r"_bucket$", "", number) for number in asked} <= told, name
