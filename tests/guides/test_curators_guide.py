"""The curators' guide in both languages: the same structure, pictures that exist, and buttons as the interface names them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "guides"
NAMES = {"lv": "redaktoriem.md", "en": "curators.md"}
QUOTED = {"lv": re.compile(r"„([^”]+)”"), "en": re.compile(r"“([^”]+)”")}
PICTURE = re.compile(r"!\[([^]]*)\]\((pictures/([\w-]+)\.(\w\w)\.webp)\)")
STRUCTURE = re.compile(r"^(#+ |\d+\. |- |\| |!\[)", re.MULTILINE)


def text(lang: str) -> str:
    return (FOLDER / NAMES[lang]).read_text(encoding="utf-8")


def phrases(lang: str) -> set[str]:
    """All that the interface says in a language."""
    found: set[str] = set()
    with (ROOT / "translations/lv/LC_MESSAGES/messages.po").open("rb") as file:
        for message in read_po(file):
            said = message.string if lang == "lv" else message.id
            found |= {said} if isinstance(said, str) else set(said or ())
    return found


@pytest.mark.parametrize("lang", NAMES)
def test_every_quoted_button_is_one_of_the_interface(lang: str) -> None:
    unknown = sorted(set(QUOTED[lang].findall(text(lang))) - phrases(lang))
    assert not unknown, f"the interface says these otherwise: change {NAMES[lang]}, then `make guide`"


def test_both_languages_have_the_same_structure_and_the_same_buttons() -> None:
    latvian, english = text("lv"), text("en")
    assert STRUCTURE.findall(latvian) == STRUCTURE.findall(english)
    assert len(QUOTED["lv"].findall(latvian)) == len(QUOTED["en"].findall(english))


@pytest.mark.parametrize("lang", NAMES)
def test_every_picture_exists_says_what_it_shows_and_is_of_this_language(lang: str) -> None:
    shown = PICTURE.findall(text(lang))
    assert {path for _, path, _, _ in shown} == {str(path.relative_to(FOLDER)) for path in FOLDER.glob(f"pictures/*.{lang}.webp")}
    assert all(words and of == lang for words, _, _, of in shown)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_links_of_the_guides_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^):#]+)", path.read_text(encoding="utf-8"))
    assert links and not [link for link in links if not (path.parent / link).exists()]
