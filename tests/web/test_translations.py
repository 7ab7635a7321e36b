"""The Latvian catalogue is complete, its plurals right, and nothing in it is stale."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.support import Translations

from platforma.settings import ROOT

PO = ROOT / "translations" / "lv" / "LC_MESSAGES" / "messages.po"


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_every_message_of_code_and_templates_is_translated(tmp_path: Path) -> None:
    pot = tmp_path / "messages.pot"
    command = ["-m", "babel.messages.frontend", "-q", "extract", "-F", "translations/babel.cfg", "-k", "N_", "-o", str(pot), "."]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    needed = {message.id for message in catalogue(pot) if message.id}
    assert needed
    translated = {
        m.id for m in catalogue(PO) if m.id and not m.fuzzy and all([m.string] if isinstance(m.string, str) else m.string or [""])
    }
    assert needed - translated == set(), "run make translations, then translate"
    assert translated - needed == set(), "no longer used"


def test_placeholders_are_those_of_the_message() -> None:
    messages = catalogue(PO)
    for message in messages:
        assert not list(message.check(messages)), message.id


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 rezultātu"), (1, "1 rezultāts"), (2, "2 rezultāti"), (10, "10 rezultātu"), (11, "11 rezultātu"),
     (21, "21 rezultāts"), (22, "22 rezultāti"), (111, "111 rezultātu"), (121, "121 rezultāts")],
)  # fmt: skip
def test_latvian_has_three_plural_forms(number: int, words: str) -> None:
    latvian = Translations.load(ROOT / "translations", ["lv"])
    text = latvian.ungettext("%(number)s result", "%(number)s results", number)
    assert text % {"number": number} == words
