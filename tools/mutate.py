"""Mutation tests of the rules: change each rule by one letter and see whether its fast tests notice.

mutmut does the changing, in a copy under .mutation. The copy is laid out as mutmut wants it: a module's name is its path
below `src`, which our folder named `platform` would break. mutmut leaves properties and constants of modules alone, and both
hold rules here: in the copy, properties are written as assignments, and this script changes the constants itself.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STAGE = ROOT / ".mutation"
SOURCES = ("platform/platforma", "platform/vocabulary", "crawlers", "search")
NOTICED = {1, 3, 24, -24, 36, 152, 255}
"""Exit codes by which mutmut says that a test failed, or that the code ran for ever."""
SETUP = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/{module}"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
track_dependencies = false
use_git_change_detection = false
[tool.pytest.ini_options]
pythonpath = [".", "src"]
addopts = "--import-mode=importlib"
"""
PROPERTY = re.compile(
    r"^(?P<pad> +)@(?P<decorator>(?:cached_)?property)\n"
    r"(?P<body>(?P=pad)def (?P<name>\w+)\(.*\n(?:(?:(?P=pad) .*)?\n)+?)(?=(?P=pad)\S|\S|\Z)",
    re.M,
)
KEY = re.compile(r".*\.x(?:_|ǁ\w+ǁ)(?P<function>\w+)__mutmut_\d+")


@dataclass
class Outcome:
    """What became of the changes of one module; `survivors` are differences as text."""

    total: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 1 - len(self.survivors) / self.total if self.total else 1.0


def main() -> int:
    """Run the modules named, or all of pyproject's [tool.mutate]; 1 where one has too many survivors."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutate"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="modules by the end of their path, such as compose or search/plan")
    parser.add_argument("--tests", nargs="+", help="run these tests instead of the module's own")
    given = parser.parse_args()
    chosen = {path: tests for path, tests in settings["modules"].items() if _is_meant(path, given.names)}
    if not chosen:
        parser.error(f"no such module; there are {', '.join(settings['modules'])}")
    outcomes = {path: run(path, given.tests or tests) for path, tests in chosen.items()}
    for path, outcome in outcomes.items():
        print(f"{path}: {outcome.total - len(outcome.survivors)} of {outcome.total} noticed, {outcome.share:.1%}")
    return int(any(outcome.share < settings["least_share"] for outcome in outcomes.values()))


def run(path: str, tests: Sequence[str]) -> Outcome:
    """Change one module in all ways, each time with these tests."""
    module = path.removeprefix("platform/")
    _stage(module, tests)
    outcome = Outcome()
    process = subprocess.run([_command("mutmut"), "run"], cwd=STAGE, capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"{path}: {process.stdout[-3000:]}{process.stderr[-3000:]}")
    meta = json.loads((STAGE / "mutants" / "src" / f"{module}.meta").read_text(encoding="utf-8"))
    for key, code in meta["exit_code_by_key"].items():
        outcome.total += 1
        if code not in NOTICED:
            outcome.survivors.append(_difference(key))
    for name, source in constants_changed((ROOT / path).read_text(encoding="utf-8")):
        outcome.total += 1
        if not _is_noticed(module, source, tests):
            outcome.survivors.append(name)
    for survivor in outcome.survivors:
        print(f"survived in {path}: {survivor}", flush=True)
    return outcome


def constants_changed(source: str) -> Iterator[tuple[str, str]]:
    """The module with one constant changed, each way it can be; first what was changed, as text."""
    tree = ast.parse(source)
    for place, node in enumerate(tree.body):
        if _is_constant(node):
            for changed in _variants(node.value):  # type: ignore[attr-defined] # the kind of node is known from its fields
                other = copy.deepcopy(tree)
                other.body[place].value = changed  # type: ignore[attr-defined] # the kind of node is known from its fields
                yield f"{ast.unparse(node)} -> {ast.unparse(other.body[place])}", ast.unparse(other)


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    (target, *_) = node.targets
    return isinstance(target, ast.Name) and target.id.lstrip("_").isupper()


def _variants(node: ast.expr) -> Iterator[ast.expr]:
    """A value with one number changed, one truth turned, one member taken out, or the members the other way round."""
    match node:
        case ast.Constant(value=value):
            yield from map(ast.Constant, _other_values(value))
        case ast.Tuple(elts=members) | ast.Set(elts=members) | ast.List(elts=members):
            if len(members) > 1:
                yield from (_with(node, "elts", members[:place] + members[place + 1 :]) for place in range(len(members)))
                yield from (_with(node, "elts", members[::-1]) for _ in range(isinstance(node, ast.Tuple)))
            yield from _inside(node, "elts", members)
        case ast.Dict(values=values):
            yield from _inside(node, "values", values)
        case ast.Call(keywords=keywords):
            for place, keyword in enumerate(keywords):
                for value in _variants(keyword.value):
                    changed = ast.keyword(keyword.arg, value)
                    yield _with(node, "keywords", [*keywords[:place], changed, *keywords[place + 1 :]])


def _other_values(value: object) -> tuple[object, ...]:
    """Texts stay: they are messages and names."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return value + 1, value - 1
    return (value * 1.5, value / 1.5) if isinstance(value, float) else ()


def _inside(node: ast.expr, name: str, members: Sequence[ast.expr]) -> Iterator[ast.expr]:
    for place, member in enumerate(members):
        for changed in _variants(member):
            yield _with(node, name, [*members[:place], changed, *members[place + 1 :]])


def _with(node: ast.expr, name: str, value: Any) -> ast.expr:
    changed = copy.copy(node)
    setattr(changed, name, value)
    return changed


def _stage(module: str, tests: Sequence[str]) -> None:
    """Lay the copy out anew."""
    shutil.rmtree(STAGE, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "target")
    for source in SOURCES:
        shutil.copytree(ROOT / source, STAGE / "src" / Path(source).name, ignore=skipped)
    for name in ("tests", "bench", "templates", "translations"):
        shutil.copytree(ROOT / name, STAGE / name, ignore=skipped)
    shutil.copytree(ROOT / "tests", STAGE / "mutants" / "tests", ignore=skipped)
    path = STAGE / "src" / module
    path.write_text(properties_assigned(path.read_text(encoding="utf-8")), encoding="utf-8")
    (STAGE / "pyproject.toml").write_text(SETUP.format(module=module, tests=json.dumps(list(tests))), encoding="utf-8")


def properties_assigned(source: str) -> str:
    """The source with `@property` and `@cached_property` written as assignments below the function; mutmut changes that then."""

    def assigned(match: re.Match[str]) -> str:
        return f"{match['body'].rstrip()}\n{match['pad']}{match['name']} = {match['decorator']}({match['name']})\n\n"

    return PROPERTY.sub(assigned, source)


def _is_noticed(module: str, source: str, tests: Sequence[str]) -> bool:
    """Whether these tests fail with this source in the module's place."""
    path = STAGE / "mutants" / "src" / module
    path.write_text(source, encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(words, cwd=STAGE / "mutants", env=_environment(), capture_output=True).returncode == 1


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": "src", "MUTANT_UNDER_TEST": ""}


def _difference(key: str) -> str:
    """What a mutant changed: the lines taken out and put in, with the name of the function."""
    shown = subprocess.run([_command("mutmut"), "show", key], cwd=STAGE, capture_output=True, text=True, check=True).stdout
    lines = [line for line in shown.splitlines() if re.match(r"[-+](?![-+])", line)]
    name = KEY.fullmatch(key)
    return "\n".join([f"{name['function'] if name else key}", *(f"    {line}" for line in lines)])


def _command(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _is_meant(path: str, names: Sequence[str]) -> bool:
    return not names or any(path.removesuffix(".py").endswith(name.removesuffix(".py")) for name in names)


if __name__ == "__main__":
    sys.exit(main())
