"""The script and the style of the widget, as they are sent."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import json

from platforma.web.context import services
from platforma.web.public.embed.colours import Palette
from platforma.web.shortening import shorter_script, shorter_style

VERSION = "1"
"""What the code on partners' pages relies on: the address of the script, and the attributes that it reads. It grows only when
code that is there already would no longer work; the script of the old version stays then."""


def script() -> str:
    """The script with its style sheet in it."""
    return _script(_folder())


def frame_style(palette: Palette) -> str:
    """The style sheet of a frame, with a partner's colours where there are any."""
    own = "".join(f"--{name}:{colour};" for name, colour in palette.items())
    return _frame_style(_folder()) + (f".widget.widget{{{own}}}" if own else "")


def source_of(style: str) -> str:
    """The source by which a content security policy lets one inline style sheet stand (CSP 3, hash sources)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


@cache
def _script(folder: Path) -> str:
    style = json.dumps(shorter_style(_text(folder, "widget.css")), ensure_ascii=False)
    return f'"use strict";\n{{\nconst STYLE = {style};\n{shorter_script(_text(folder, "widget.js"))}}}\n'


@cache
def _frame_style(folder: Path) -> str:
    return "".join(shorter_style(_text(folder, name)) for name in ("frame.css", "widget.css"))


def _folder() -> Path:
    return services().settings.static_dir / "embed"


def _text(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")
