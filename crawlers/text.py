"""Clean text: no markup, no builder shortcodes, no cookie or read-more lines; languages told from the text itself."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

import nh3
from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("lv", "lt", "et", "en", "de", "pl", "sv", "da", "fi", "no", "ru", "uk", "is")
"""What people of the region write in; py3langid's `no` is BCP 47's `nb` here."""
SURE, LIKELY = 0.95, 0.6
LONG_LETTERS = 20
_SHORTCODE = re.compile(r"\[/?[a-z][a-z0-9_-]*(?:\s[^\]\[]*)?\]")
_BLOCK = re.compile(r"<(?:/?(?:p|div|h[1-6]|ul|ol|li|tr|table|section|article|blockquote|dl|dt|dd)\b[^<>]*|br\s*/?)>", re.I)
_NOISE = re.compile(
    r"^(read more|lasīt vairāk|lasīt tālāk|skatīt vairāk|loe edasi|skaityti daugiau|czytaj więcej|læs mere|läs mer|lue lisää"
    r"|mehr lesen|continue reading|share this|dalīties)\b.{0,40}$"
    r"|^.{0,60}\b(uses cookies|izmanto sīkdatnes|izmantojam sīkdatnes|we use cookies|sīkdatņu politika|accept all cookies)\b.*$",
    re.IGNORECASE,
)


def plain(markup: str | None) -> str:
    """HTML or text as plain paragraphs parted by newlines; empty for None. Shortcodes and noise lines are dropped."""
    if not markup:
        return ""
    spaced = _BLOCK.sub("\n", markup)
    text = html.unescape(nh3.clean(spaced, tags=set())) if "<" in spaced or "&" in spaced else spaced
    text = _SHORTCODE.sub(" ", html.unescape(text)).replace("\xa0", " ").replace("\x00", "")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line and not _NOISE.match(line))


def one_line(markup: str | None) -> str:
    """The plain text on one line."""
    return " ".join(plain(markup).split())


def shorten(text: str, most: int) -> str:
    """At most so many characters, cut at a word with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"


def language_of(text: str, hint: str | None = None) -> str:
    """The language of a text (BCP 47): by the text where it is clear enough for its length, else the hint, else `und`."""
    base = (hint or "").split("-")[0].split("_")[0].lower()
    usable = _tag(base) if base in (*LANGUAGES, "nb") else None
    code, probability = _identifier().classify(text[:2000])
    is_long = sum(c.isalpha() for c in text) >= LONG_LETTERS
    enough = SURE if usable or not is_long else LIKELY
    return _tag(code) if probability >= enough and (is_long or not usable) else usable or "und"


def _tag(code: str) -> str:
    return "nb" if code == "no" else code


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
