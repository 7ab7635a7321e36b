"""Pages, style sheets and scripts without what only their authors read: comments, indentation, blanks that mean nothing."""

from __future__ import annotations

import re

from jinja2.ext import Extension

STRING_OR_COMMENT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/""", re.DOTALL)
INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
OWN_LINES = re.compile(r"^[ \t]+|^//.*\n", re.MULTILINE)


class WithoutIndentation(Extension):
    """Takes the indentation out of templates when they are compiled; what they show stays as it is."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - as Jinja calls it
        return INDENTATION.sub("", source)


def shorter_style(text: str) -> str:
    """A style sheet that means the same; strings stay as they are."""
    pieces = STRING_OR_COMMENT.split(text)
    return "".join(_without_blanks(piece) if number % 2 == 0 else piece or "" for number, piece in enumerate(pieces)).strip()


def shorter_script(text: str) -> str:
    """A script that means the same, in as many statements and lines; no text in backquotes may go over several lines."""
    return OWN_LINES.sub("", OWN_LINES.sub("", text))


def _without_blanks(css: str) -> str:
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    return re.sub(r"(?<=[\w)]): ", ":", css).replace(";}", "}")
