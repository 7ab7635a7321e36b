"""Words that visitors read: none of the phrases that editors struck out, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = (
    "nothing need be done", "mend", "mended", "anew", "alike", "Look into your mail", "the keeper of this site",
    "This page is not for you", "Throw it away", "thrown away", "taken in", "concluded from", "stands for nothing of ours",
    "stand for nothing of ours", "looked for in vain", "told", "the nearest",
)  # fmt: skip
LATVIAN = (
    "Pa laukiem", "slēgti konkursi", "secināts no", "vienu reizi trīsdesmit", "par kuriem tas bija", "brīdi nav pieejama", "pārlūkošana",
    "Esmu pārliecināts", "esat pārliecināts", "Kaut kas vēl jāpārskata", "kā trūkst", "neko neatdod", "nelaiž iekšā", "neskatās", "kā nākas",
    "noteikt pašiem", "vietnes uzturētājam", "tajā valodā: angļu", "atjaunots:",
    "ziņojums", "ziņojumi", "ziņojumu",
)  # fmt: skip


def has(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE) is not None


def messages() -> Iterator[tuple[str, str]]:
    """Each message's English and Latvian forms."""
    with (ROOT / "translations/lv/LC_MESSAGES/messages.po").open("rb") as file:
        for message in read_po(file):
            texts = [(part,) if isinstance(part, str) else tuple(part or ()) for part in (message.id, message.string)]
            if message.id:
                yield " | ".join(texts[0]), " | ".join(texts[1])


def prose(lang: str) -> Iterator[str]:
    for path in sorted((ROOT / "templates/pages/texts").glob(f"*.{lang}.html")):
        yield path.read_text(encoding="utf-8")


def test_english_is_plain() -> None:
    texts = [english for english, _ in messages()] + list(prose("en"))
    assert [(phrase, text[:100]) for text in texts for phrase in ENGLISH if has(text, phrase)] == []


def test_latvian_reads_as_an_editor_would_write_it() -> None:
    texts = [latvian for _, latvian in messages()] + list(prose("lv"))
    assert [(phrase, text[:100]) for text in texts for phrase in LATVIAN if has(text, phrase)] == []
