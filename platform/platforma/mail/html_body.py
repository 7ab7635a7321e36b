"""The HTML alternative of a mail, made of its plain text, so that both say the same.

The plain texts in templates/mail/ follow a few rules: blank lines part paragraphs, `* ` or `- ` begins an item of a list, a
line `--` begins the notes at the foot. A line that is an address of this site, or ends with one after `: `, is a link. Nothing
else becomes one: names and texts of other people are shown, never followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from platforma.addresses import Addresses
from platforma.i18n import current_language, force_locale
from platforma.mail.mail_text import render_mail
from platforma.settings import Settings

MAX_PART_CHARACTERS = 24
"""Longer parts of a path are not shown: a secret is nothing to read."""
FOOT = "--"
LINE = re.compile(r"(?:(?P<label>.+): )?(?P<url>\S+)")
"""An address with what it is called, or bare."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a paragraph or of an item; `url` is where it leads, None for a line that is no link."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `is_item`: an item of a list."""

    lines: Sequence[TextLine]
    is_item: bool = False

    @property
    def is_button(self) -> bool:
        """Whether it is nothing but a link: what the mail asks its reader to open."""
        return not self.is_item and len(self.lines) == 1 and self.lines[0].url is not None


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says, as runs of paragraphs or of items, in order; `notes` stand at its foot."""

    runs: Sequence[Sequence[Paragraph]]
    notes: Sequence[Paragraph]


def html_body(settings: Settings, text: str, *, subject: str, lang: str) -> str:
    """A whole HTML page that says what the plain text says. It loads nothing, and its styles are inline."""
    body = read_body(text, settings.base_url)
    with force_locale(lang, settings.translations_dir):
        start = Addresses(settings.base_url).start(current_language())
        return render_mail(settings.templates_dir, "frame.html", body=body, subject=subject, lang=lang, start=start)


def read_body(text: str, base_url: str) -> Body:
    """The paragraphs of a plain text; see the module for the rules."""
    blocks = [block.splitlines() for block in re.split(r"\n(?:[ \t]*\n)+", text.strip()) if block]
    foot = next((number for number, lines in enumerate(blocks) if lines[0].strip() == FOOT), len(blocks))
    notes = [lines[1:] if number == 0 else lines for number, lines in enumerate(blocks[foot:])]
    said = [paragraph for lines in blocks[:foot] for paragraph in _paragraphs(lines, base_url)]
    runs = [list(run) for _is_item, run in groupby(said, key=lambda paragraph: paragraph.is_item)]
    return Body(runs, [paragraph for lines in notes for paragraph in _paragraphs(lines, base_url)])


def _paragraphs(lines: Sequence[str], base_url: str) -> Iterator[Paragraph]:
    """The paragraph or the items of one block of lines; an item goes on in the lines that are indented."""
    part: list[str] = []
    for line in lines:
        if part and (_is_item(line) or (_is_item(part[0]) and not line.startswith(" "))):
            yield _paragraph(part, base_url)
            part = []
        part.append(line)
    if part:
        yield _paragraph(part, base_url)


def _paragraph(lines: Sequence[str], base_url: str) -> Paragraph:
    is_item = _is_item(lines[0])
    texts = [line.strip() for line in lines]
    if is_item:
        texts[0] = texts[0][2:].strip()
    return Paragraph(_linked([_read_line(text, base_url) for text in texts if text], is_item=is_item), is_item)


def _is_item(line: str) -> bool:
    return line.startswith(("* ", "- "))


def _read_line(text: str, base_url: str) -> TextLine:
    """The line; the text of a bare address is empty until _linked has joined it to words."""
    match = LINE.fullmatch(text)
    if match is None or not match["url"].startswith(f"{base_url}/"):
        return TextLine(text)
    return TextLine(match["label"] or "", match["url"])


def _linked(lines: Sequence[TextLine], *, is_item: bool) -> Sequence[TextLine]:
    """The lines, each bare address joined to its words: an item's first line, or the line before it where that ends with `:`."""
    joined: list[TextLine] = []
    for line in lines:
        if line.text or line.url is None:
            joined.append(line)
        elif is_item and joined and joined[0].url is None:
            joined[0] = TextLine(joined[0].text, line.url)
        elif joined and joined[-1].url is None and joined[-1].text.endswith(":"):
            joined[-1] = TextLine(joined[-1].text[:-1], line.url)
        else:
            joined.append(TextLine(_shown(line.url), line.url))
    return joined


def _shown(url: str) -> str:
    """An address to be read: without scheme and query, and without what is too long in it."""
    address = urlsplit(url)
    parts = (address.netloc, *address.path.strip("/").split("/"))
    return "/".join("…" if len(part) > MAX_PART_CHARACTERS and number else part for number, part in enumerate(parts))
