"""Each interface language is complete: catalogue, plurals, labels, texts; and nothing in a catalogue is stale."""

from __future__ import annotations

import subprocess
import sys
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.support import Translations

from platforma.settings import ROOT
from vocabulary import load
from vocabulary.languages import FALLBACK_LANGUAGE, LANGUAGES

TRANSLATED = [code for code in LANGUAGES if code != FALLBACK_LANGUAGE]
"""The languages with a catalogue: message ids are in the fallback language."""
TEXTS = ROOT / "templates" / "pages" / "texts"


def po(lang: str) -> Path:
    return ROOT / "translations" / lang / "LC_MESSAGES" / "messages.po"


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_every_message_of_code_and_templates_is_translated(tmp_path: Path) -> None:
    pot = tmp_path / "messages.pot"
    command = ["-m", "babel.messages.frontend", "-q", "extract", "-F", "translations/babel.cfg", "-k", "N_", "-o", str(pot), "."]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    needed = {message.id for message in catalogue(pot) if message.id}
    assert needed
    for lang in TRANSLATED:
        translated = {m.id for m in catalogue(po(lang)) if m.id and not m.fuzzy and all(strings(m))}
        assert needed - translated == set(), f"run make translations, then translate {lang}"
        assert translated - needed == set(), f"no longer used, in {lang}"


def strings(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


@pytest.mark.parametrize("lang", TRANSLATED)
def test_plural_forms_are_those_of_cldr(lang: str) -> None:
    """Two numbers have the same form in the catalogue just where CLDR puts them into the same category."""
    messages, category_of = catalogue(po(lang)), Locale.parse(lang).plural_form
    form_of = c2py(messages.plural_expr)
    pairs = {(category_of(number), form_of(number)) for number in range(1000)}
    assert len(pairs) == len({category for category, _ in pairs}) == len({form for _, form in pairs}) == messages.num_plurals


def test_every_language_has_its_texts_and_example_searches() -> None:
    names = {path.name.split(".")[0] for path in TEXTS.iterdir()}
    assert {path.name for path in TEXTS.iterdir()} == {f"{name}.{lang}.html" for name in names for lang in LANGUAGES}
    assert [load().example_searches(lang)[0] for lang in LANGUAGES] == list(LANGUAGES)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_placeholders_are_those_of_the_message(lang: str) -> None:
    messages = catalogue(po(lang))
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
