"""Clean text: no markup, no builder shortcodes, no cookie or read-more lines."""

from __future__ import annotations

import html
import re

import nh3

_SHORTCODE = re.compile(r"\[/?[a-z][a-z0-9_-]*(?:\s[^\]\[]*)?\]")
_BLOCK = re.compile(r"<(?:/?(?:p|div|h[1-6]|ul|ol|li|tr|table|section|article|blockquote|dl|dt|dd)\b[^>]*|br\s*/?)>", re.I)
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
