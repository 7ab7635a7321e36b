"""Interface languages stand in vocabulary/languages.py and nowhere else, so that one line adds another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from vocabulary.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "platform" / "vocabulary" / "languages.py"
PACKAGES = ("platform", "crawlers", "search")
WITHOUT = ("migrations", "demo")
"""Migrations tell of former times, and the demonstration sites publish in these very languages."""
CODES = set(LANGUAGES)


def lists_of_languages(code: str) -> Iterator[int]:
    """The lines where a literal holds several interface languages and nothing else, or one of them is a default value."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(keys=parts):
                if all(map(_is_code, parts)) and len(parts) > 1:
                    yield node.lineno
            case ast.arguments(defaults=defaults, kw_defaults=kw_defaults):
                yield from (part.lineno for part in (*defaults, *kw_defaults) if part and _is_code(part))
            case ast.AnnAssign(value=value) if _is_code(value):
                yield node.lineno
            case ast.Constant(value=str(text)) if "<any(lv" in text:
                yield node.lineno


def _is_code(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value in CODES


def test_no_module_lists_the_interface_languages() -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if not set(WITHOUT) & set(path.parts)]
    lines = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in files
        if path != TABLE
        for line in lists_of_languages(path.read_text(encoding="utf-8"))
    }
    assert lines == set(), "take them from vocabulary.languages"


@pytest.mark.parametrize(
    "code", ['L = ("lv", "en")', 'L = {"en": 1, "lv": 2}', 'def f(lang="lv"): ...', 'class C:\n    lang: str = "en"', 'P = "/<any(lv, en):lang>"']
)  # fmt: skip
def test_a_list_of_languages_is_noticed(code: str) -> None:
    assert list(lists_of_languages(code))
