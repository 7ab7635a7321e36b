"""Rendering the templates of mails, with or without a web request."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from platforma.i18n import add_gettext


def render_mail(templates_dir: Path, name: str, **values: object) -> str:
    """The template `mail/{name}` as plain text, in the language in force (see i18n.force_locale)."""
    return _environment(templates_dir).get_template(f"mail/{name}").render(values)


@cache
def _environment(templates_dir: Path) -> Environment:
    loader = FileSystemLoader(str(templates_dir))
    environment = Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True)
    add_gettext(environment)
    return environment
